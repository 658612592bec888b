import type { ReactNode } from 'react';
import type { LaunchCommandName } from '../../../domain/commands';
import { Cancel, Hold, Release } from './hold';
import type { LaunchFormProps } from './launch-form-props';
import { ReportBlocker } from './report-blocker';
import { Reschedule } from './reschedule';
import { RetryActions } from './retry-actions';
import { ReviewBlocker } from './review-blocker';

interface LaunchFormWords {
  button: string;
  about: string;
  title: string;
}

/** What people say to a launch by a form in a dialog: its button, the line beside it, the dialog's title. */
export const LAUNCH_FORMS: { readonly [type in LaunchCommandName]?: LaunchFormWords } = {
  reportBlocker: {
    button: 'Report blocker',
    about: 'By the template; the authority reviews it.',
    title: 'Report a blocker',
  },
  reviewBlocker: {
    button: 'Review reports',
    about: 'Accept a reported blocker, or reject it.',
    title: 'Review reported blockers',
  },
  hold: { button: 'Hold', about: 'Stops the clock until released.', title: 'Hold the launch' },
  release: { button: 'Release', about: 'Takes the hold away.', title: 'Release the hold' },
  reschedule: { button: 'Move the date', about: 'Shows what moves before it does.', title: 'Move the launch date' },
  retryActions: {
    button: 'Try again',
    about: 'What follows the verdict and failed.',
    title: 'Try the failed action again',
  },
  cancel: { button: 'Cancel the launch', about: 'Ends it for good.', title: 'Cancel the launch' },
};

const FORMS: { readonly [type in LaunchCommandName]?: (props: LaunchFormProps) => ReactNode } = {
  reportBlocker: ReportBlocker,
  reviewBlocker: ReviewBlocker,
  hold: Hold,
  release: Release,
  reschedule: Reschedule,
  retryActions: RetryActions,
  cancel: Cancel,
};

/** The form of one command to the launch; the dialog around it is the caller's. */
export function LaunchForm({ type, action, close }: LaunchFormProps & { type: LaunchCommandName }): ReactNode {
  const Form = FORMS[type];
  return Form ? <Form action={action} close={close} /> : null;
}
