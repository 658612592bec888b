export { itemWorkflow } from './item';
export { launchWorkflow } from './launch';
