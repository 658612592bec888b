import type { Measurement } from './criterion';
import { isAutomatic, isWaived, probeOf, watchSpec } from './criterion';
import { notBefore, progressOf, stateOf } from './item-judge';
import type { ItemState } from './item-state';
import { criteriaOf } from './item-state';
import type { Criterion } from './plan';
import type { Refusal } from './refusal';
import { refusal } from './refusal';
import { isoText } from './text';

/** One look at a check by hand, as it is answered to whoever asked for it. */
export interface LookedAt extends Omit<Measurement, 'inRow'> {
  criterion: string;
  /** Nobody looks at the criterion before then, epoch ms: this look was not recorded. */
  notBefore?: number;
  /** Passes in a row that make it met, where this pass alone did not. */
  needsInRow?: number;
}

const LONGEST_SEEN = 300;

/** A look with what it means for its criterion; `state` has taken it in. */
export function lookedAt(
  state: ItemState,
  criterion: Criterion,
  { measurement, now }: { measurement: Measurement; now: number }
): LookedAt {
  const { outcome, begunAt, at, seen } = measurement;
  const look: LookedAt = { criterion: criterion.id, outcome, begunAt, at, seen };
  const from = notBefore(state, criterion, now);
  if (from !== undefined) return { ...look, notBefore: from };
  const probe = probeOf(criterion);
  if (outcome !== 'passed' || stateOf(state, criterion, now) === 'met' || !probe || !criterion.watch) return look;
  return { ...look, needsInRow: watchSpec(probe, criterion.watch, progressOf(state, criterion)).need.passed };
}

function meaningOf({ notBefore: from, needsInRow }: LookedAt): string {
  if (from !== undefined) return `, not recorded: not looked at before ${isoText(from)}`;
  return needsInRow === undefined ? '' : `, met after ${needsInRow} passes in a row`;
}

/** Each outcome with what was seen, cut so that answers kept by their keys stay small. */
export function lookedText(looked: readonly LookedAt[]): string {
  const inShort = (seen: string) => (seen.length > LONGEST_SEEN ? `${seen.slice(0, LONGEST_SEEN)}…` : seen);
  return looked
    .map((each) => `${each.criterion}: ${each.outcome} (${inShort(each.seen)}${meaningOf(each)})`)
    .join('; ');
}

/**
 * Why a `resolve` is refused once it has looked: each check must be met, and have passed just now. A failure that the
 * watch's `failureLimit` would still bear is one that whoever resolves has seen.
 */
export function refuseLooked(state: ItemState, looked: readonly LookedAt[], now: number): Refusal | undefined {
  const wrong = criteriaOf(state.plan.item, state).flatMap((criterion) => {
    if (!isAutomatic(criterion) || isWaived(progressOf(state, criterion), now)) return [];
    const look = looked.find((each) => each.criterion === criterion.id);
    const is = stateOf(state, criterion, now);
    if (is === 'met' && (!look || look.outcome === 'passed')) return [];
    return [look ? lookedText([look]) : `${criterion.id}: ${is}`];
  });
  return wrong.length > 0 ? refusal('UNMET', `measured and not met: ${wrong.join('; ')}`) : undefined;
}
