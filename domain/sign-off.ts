import { basisOf } from './criterion';
import { digestOf } from './digest';
import type { ItemView } from './item-view';
import { indexOf, reportOn, viewItem } from './item-view';
import type { LaunchState, SignOff } from './launch-state';
import { answersFor, quorumState } from './people';
import type { Json } from './plan';

export type SignOffState = 'counts' | 'suspended' | 'void' | 'no';

export function signOffState(signOff: SignOff): SignOffState {
  if (signOff.answer === 'no') return 'no';
  if (signOff.void) return 'void';
  return signOff.fallen.length > 0 ? 'suspended' : 'counts';
}

/** Whoever resolved, attested or waived a must; they do not sign where the plan separates duties. */
export function excludedSigners(state: LaunchState): Set<string> {
  if (!state.plan.launch.separation) return new Set();
  return new Set(state.plan.gates.must.flatMap(({ item }) => reportOn(state, item)?.touchedBy ?? []));
}

/** The sign-offs that count now. */
export function countingAnswers(state: LaunchState): SignOff[] {
  const excluded = excludedSigners(state);
  return state.signOffs.filter((signOff) => signOffState(signOff) === 'counts' && !excluded.has(signOff.by));
}

/** Roles of the authority whose sign-off is missing; suspended and void ones do not count. */
export function missingSignOffs(state: LaunchState): string[] {
  const { authority } = state.plan.launch;
  const { met, missing } = quorumState(state.plan.people, authority, countingAnswers(state));
  return met
    ? []
    : missing.length > 0
      ? missing
      : [...authority.by, ...(authority.by.length === 0 ? ['authority'] : [])];
}

export function isOfAuthority(state: LaunchState, by: string, at: number): boolean {
  return state.plan.launch.authority.by.some((role) => answersFor(state.plan.people, { by, at }, role));
}

/** What a must rests on, for the digest: states and grounds, no times and no values. */
function groundsOf(view: ItemView): Json {
  return {
    item: view.item.id,
    ok: view.ok,
    chosen: view.report?.chosen?.option ?? null,
    criteria: view.criteria.map(({ criterion, progress, state }) => ({
      id: criterion.id,
      state: state === 'met' || state === 'waived' ? state : 'open',
      by: state === 'met' ? basisOf(criterion, progress) : null,
      waiver: state === 'waived' ? digestOf(progress.waiver ?? null) : null,
    })),
  };
}

export interface Signed {
  digest: string;
  launchAt: number;
  revision: number;
  musts: Json[];
  unmetShoulds: string[];
}

/**
 * What a signature stands for: a hash over date, revision, each must's state and what made it met, waivers and unmet
 * shoulds. A repeated measurement does not change it.
 */
export function signedNow(state: LaunchState, now: number): Signed {
  const { items } = indexOf(state.plan);
  const view = ({ item }: { item: string }) => {
    const found = items.get(item);
    return found && viewItem(state, found, { now });
  };
  const musts = state.plan.gates.must.map((entry) => {
    const found = view(entry);
    return found ? groundsOf(found) : { item: entry.item, ok: false };
  });
  const unmetShoulds = state.plan.gates.should.filter((entry) => !view(entry)?.ok).map(({ item }) => item);
  const content = { launchAt: state.launchAt, revision: state.plan.revision, musts, unmetShoulds };
  return { digest: digestOf(content), ...content };
}
