import type { CriterionState, Outcome } from './criterion';
import type { Watch } from './plan';

/** The state that the outcome which counts gives an automatic criterion. Only `passed` is met. */
export const STATE_OF_OUTCOME: { [outcome in Outcome]: CriterionState } = {
  passed: 'met',
  failed: 'unmet',
  inconclusive: 'inconclusive',
  errored: 'errored',
};

/** Runs in a row, from the watch's own limits and the damping of a target that flaps. */
type Need = (watch: Watch, damping: number) => number;
type Row = { [found in Outcome]: Need };

const once: Need = () => 1;
const damped: Need = (_, damping) => damping;
const passes: Need = ({ consecutive }, damping) => consecutive * damping;
const failures: Need = ({ failureLimit }) => failureLimit;
const failuresDamped: Need = ({ failureLimit }, damping) => failureLimit * damping;
/** No change: what is found is what is known. */
const same: Need = once;

/**
 * How many runs in a row change what is known (rows) to what they find (columns). Fails closed: leaving `passed` is never
 * damped, reaching it always is, and what cannot be told counts at once.
 */
const CHANGES: { [known in Outcome | 'nothing']: Row } = {
  nothing: { passed: passes, failed: once, inconclusive: once, errored: once },
  passed: { passed: same, failed: failures, inconclusive: once, errored: once },
  failed: { passed: passes, failed: same, inconclusive: damped, errored: damped },
  inconclusive: { passed: passes, failed: failuresDamped, inconclusive: same, errored: damped },
  errored: { passed: passes, failed: failuresDamped, inconclusive: damped, errored: same },
};

/** The final poll has no damping, and anything but a pass counts at once. */
const POLLED: Row = { passed: ({ consecutive }) => consecutive, failed: once, inconclusive: once, errored: once };

function inNumbers(row: Row, watch: Watch, damping: number): { [found in Outcome]: number } {
  return {
    passed: row.passed(watch, damping),
    failed: row.failed(watch, damping),
    inconclusive: row.inconclusive(watch, damping),
    errored: row.errored(watch, damping),
  };
}

/** What a watch needs to see, as often in a row, to change what is known. */
export function neededFrom(known: Outcome | null, watch: Watch, damping: number): { [found in Outcome]: number } {
  return inNumbers(CHANGES[known ?? 'nothing'], watch, damping);
}

/** The same for the final poll. */
export function neededInPoll(watch: Watch): { [found in Outcome]: number } {
  return inNumbers(POLLED, watch, 1);
}
