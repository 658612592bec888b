import type { ItemCommand, LaunchCommand } from './commands';
import { agreedOption, isSettled } from './item';
import { spokenBy } from './speakers';
import type { ItemState } from './item-state';
import type { LaunchState } from './launch-state';
import { phaseOf } from './launch-state';
import { findReport } from './reported';
import { excludedSigners, missingSignOffs } from './sign-off';
import { instantText } from './text';

function signedText(state: LaunchState, { by, answer }: LaunchCommand & { type: 'signOff' }): string {
  if (answer === 'withdraw') return `${by} has withdrawn the answer`;
  if (answer === 'no') return `${by} says no: the launch cannot go until ${by} withdraws it`;
  if (excludedSigners(state).has(by)) {
    return `${by} has signed off, and it does not count: ${by} has given their word on a must, and the plan separates duties (launch.separation)`;
  }
  const missing = missingSignOffs(state);
  return `${by} has signed off; ${missing.length === 0 ? 'nobody else is awaited' : `still awaited: ${missing.join(', ')}`}`;
}

function reviewedText(state: LaunchState, command: LaunchCommand & { type: 'reviewBlocker' }): string {
  const { accept } = command;
  const report = findReport(state, command.report)?.id ?? command.report;
  if (!accept) return `${report} is rejected; it is kept with its reason`;
  return `${report} is accepted: it is an item of revision ${state.plan.revision}`;
}

/** What an accepted command has done to the launch, in one sentence for a person; `state` is the launch after it. */
export function launchAnswer(state: LaunchState, given: LaunchCommand): string {
  const { plan } = state;
  const command = spokenBy(given, plan.people);
  switch (command.type) {
    case 'signOff':
      return signedText(state, command);
    case 'hold':
      return `${plan.id} is held by ${command.by}; it cannot go until the authority releases it`;
    case 'release':
      return `${plan.id} is held no longer; it is ${phaseOf(state)}`;
    case 'reschedule':
      return `${plan.id} launches on ${instantText(plan.calendar, state.launchAt)}; sign-offs are wanted anew`;
    case 'reportBlocker': {
      const id = state.reported.at(-1)?.id ?? 'it';
      return `reported as ${id}; until it is reviewed the launch cannot be GO`;
    }
    case 'reviewBlocker':
      return reviewedText(state, command);
    case 'amend':
      return `${plan.id} runs revision ${plan.revision}`;
    case 'retryActions':
      return command.skip === undefined
        ? `${plan.id} goes on with what follows GO, at the action that failed`
        : `action ${command.skip} of GO is skipped, which is kept with its reason; ${plan.id} goes on behind it`;
    case 'cancel':
      return state.verdict?.value === 'GO' ? `${plan.id} is over; its verdict stays GO` : `${plan.id} is cancelled`;
  }
}

/** The same for an item; `state` is the item after it. */
export function itemAnswer(state: ItemState, command: ItemCommand): string {
  const { id } = state.plan.item;
  const then = `${id} is ${state.status}`;
  switch (command.type) {
    case 'attest':
      return isSettled(state.status) ? then : `noted; ${then}`;
    case 'decide':
      return agreedOption(state) === undefined && !state.chosen
        ? `noted; ${id} is not decided yet`
        : `${id} is decided: ${state.chosen?.option}`;
    case 'assign':
      return `${id} is owned by ${state.owners.join(', ')}`;
    case 'comment':
      return `noted beside ${id}`;
    case 'acknowledge':
    case 'retract':
    case 'resolve':
    case 'waive':
    case 'reopen':
    case 'verifyNow':
      return then;
  }
}
