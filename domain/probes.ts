import { probeOf } from './criterion';
import { allItems } from './launch-state';
import type { Plan, ProbeCheck } from './plan';

/** A check of a plan that an activity runs, and whose it is. */
export interface Probe {
  /** Absent: a criterion that is watched after the launch. */
  item?: string;
  criterion: string;
  title: string;
  check: ProbeCheck;
}

/** A check that a worker would not run, and why: one sentence each, without a full stop. */
export interface CheckRefusal extends Omit<Probe, 'check'> {
  type: string;
  reasons: string[];
}

/** Every check of a plan that looks at the world: those of items, of `noGo` and of `postLaunch`. */
export function probesOf(plan: Plan): Probe[] {
  const ofItems = allItems(plan).flatMap(({ id, criteria }) => criteria.map((criterion) => ({ item: id, criterion })));
  const afterwards = (plan.launch.postLaunch?.criteria ?? []).map((criterion) => ({ item: undefined, criterion }));
  return [...ofItems, ...afterwards].flatMap(({ item, criterion }) => {
    const check = probeOf(criterion);
    return check
      ? [{ ...(item === undefined ? {} : { item }), criterion: criterion.id, title: criterion.title, check }]
      : [];
  });
}
