export { admissionWorkflow } from './admission';
export { itemWorkflow } from './item';
export { launchWorkflow } from './launch';
export { standupWorkflow } from './standup';
