import { instantAt } from './intervals';
import type { CriterionContext, CriterionProgress, CriterionState } from './criterion';
import { criterionState, decidersOf, isOwner, NO_PROGRESS } from './criterion';
import type { Fall, ItemState, ItemStatus } from './item-state';
import { criteriaOf, suspends } from './item-state';
import { quorumState } from './people';
import type { Criterion } from './plan';

export function contextOf(state: ItemState, now: number, criterion?: Criterion): CriterionContext {
  return {
    people: state.plan.people,
    item: state.plan.item,
    owners: state.owners,
    now,
    computed: criterion && state.situation.computed[criterion.id],
  };
}

export function progressOf(state: Pick<ItemState, 'progress'>, criterion: Criterion): CriterionProgress {
  return (Object.hasOwn(state.progress, criterion.id) && state.progress[criterion.id]) || NO_PROGRESS;
}

export function stateOf(state: ItemState, criterion: Criterion, now: number): CriterionState {
  return criterionState(criterion, progressOf(state, criterion), contextOf(state, now, criterion));
}

/** Until when nobody looks at a criterion, where that is still to come. */
export function notBefore({ plan, situation }: ItemState, { from }: Criterion, now: number): number | undefined {
  const at = from && instantAt(plan.calendar, from, situation.launchAt);
  return at !== undefined && now < at ? at : undefined;
}

export function isOwnerOf(state: ItemState, by: string, at: number): boolean {
  return isOwner(state.plan.people, state.owners, { by, at });
}

/** Whether the item's work is over for now. */
export function isSettled(status: ItemStatus): boolean {
  return status === 'resolved' || status === 'waived';
}

/** The option on which the deciders agree, if they do. */
export function agreedOption(state: ItemState): string | undefined {
  const { decision } = state.plan.item;
  const wanted = decidersOf(state.plan.item, state.owners);
  return decision?.options.find(({ id }) => {
    const answers = state.choices.filter(({ option }) => option === id);
    return quorumState(state.plan.people, wanted, answers).met;
  })?.id;
}

/** Why a settled item no longer is. A fall that suspends sign-offs comes before one that does not. */
export function fallOf(state: ItemState, now: number): { kind: Fall; text: string } | undefined {
  const { decision } = state.plan.item;
  if (decision && !state.chosen) return { kind: 'undecided', text: 'the choice was taken back' };
  const criteria = criteriaOf(state.plan.item, state).map((each) => [each, stateOf(state, each, now)] as const);
  // What cannot be told reopens nothing that was met; it never carried what was only waived.
  const isUncovered = state.status === 'waived' && criteria.every(([, found]) => found !== 'waived');
  const falls = criteria.flatMap(([criterion, found]) => {
    if (found === 'met' || found === 'waived') return [];
    if (!isUncovered && (found === 'inconclusive' || found === 'errored')) return [];
    return [{ kind: kindOfFall(state, criterion, found), text: `'${criterion.title}' is ${found}` }];
  });
  return falls.find(({ kind }) => suspends(kind)) ?? falls[0];
}

function kindOfFall(state: ItemState, criterion: Criterion, found: CriterionState): Fall {
  const { waiver, measured, retracted } = progressOf(state, criterion);
  if (retracted) return 'retracted';
  if (state.status === 'waived' && waiver) return 'waiver-expired';
  if (criterion.check?.type === 'items' || measured?.outcome === 'failed') return 'regressed';
  // Of a waived item's criterion nothing was ever said: it is its waiver that was taken back.
  return state.status === 'waived' && found === 'unknown' ? 'retracted' : 'stale';
}

/**
 * A fall that suspends sign-offs, of an item that had fallen before for a milder reason. What failed all along, under
 * a waiver say, is no news.
 */
export function worseFall(state: ItemState, now: number): { kind: Fall; text: string } | undefined {
  const { fell } = state;
  if (!fell || suspends(fell.kind) || isSettled(state.status)) return undefined;
  const worse = criteriaOf(state.plan.item, state).find((criterion) => {
    const { measured, changes, retracted } = progressOf(state, criterion);
    const failed = measured?.outcome === 'failed' && (changes[changes.length - 1] ?? -Infinity) >= fell.at;
    return (failed || (retracted?.at ?? -Infinity) >= fell.at) && stateOf(state, criterion, now) !== 'met';
  });
  if (!worse) return undefined;
  const kind = progressOf(state, worse).retracted ? 'retracted' : 'regressed';
  return { kind, text: `'${worse.title}' is ${stateOf(state, worse, now)}` };
}
