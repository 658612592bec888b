import type { ReactNode } from 'react';
import type { LaunchCommandName } from '../../../domain/commands';
import type { PossibleAction } from '../api/types';

/** What people say to a launch by a form in a dialog: its button, the line beside it, the dialog's title. */
export const LAUNCH_FORMS: { readonly [type in LaunchCommandName]?: { button: string; about: string; title: string } } = {
  reportBlocker: { button: 'Report blocker', about: 'By the template; the authority reviews it.', title: 'Report a blocker' },
  reviewBlocker: { button: 'Review reports', about: 'Accept a reported blocker, or reject it.', title: 'Review reported blockers' },
  hold: { button: 'Hold', about: 'Stops the clock until released.', title: 'Hold the launch' },
  release: { button: 'Release', about: 'Takes the hold away.', title: 'Release the hold' },
  reschedule: { button: 'Move the date', about: 'Shows what moves before it does.', title: 'Move the launch date' },
  retryActions: { button: 'Try again', about: 'What follows the verdict and failed.', title: 'Try the failed action again' },
  cancel: { button: 'Cancel the launch', about: 'Ends it for good.', title: 'Cancel the launch' },
};

interface Props {
  type: LaunchCommandName;
  /** As the rules answered for the reader; `choices` are answers or reports. */
  action: PossibleAction;
  /** Called when it was accepted, or given up. */
  close: () => void;
}

/** The form of one command to the launch; the dialog around it is the caller's. */
export function LaunchForm({ type }: Props): ReactNode {
  return <p>{type}</p>;
}
