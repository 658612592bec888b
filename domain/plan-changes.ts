import { canonicalJson } from './digest';
import { withItem } from './reported';
import type { Item, Plan } from './plan';
import { GATES } from './plan';

/** What an amendment changes, by ids. */
export interface PlanChanges {
  added: string[];
  removed: string[];
  changed: Array<{
    item: string;
    /** Criteria that are others now: what was known of them no longer counts. */
    criteria: string[];
  }>;
  /** Other parts of the plan, by their keys. */
  parts: string[];
}

/** What changes with every revision, or is compared item by item. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['revision', 'calendar', 'items']);

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson({ is: one ?? null }) === canonicalJson({ is: other ?? null });
}

function changedCriteria(before: Item, after: Item): string[] {
  const all = new Map([...before.criteria, ...after.criteria].map(({ id }) => [id, true]));
  const of = ({ criteria }: Item, id: string) => criteria.find((each) => each.id === id);
  return [...all.keys()].filter((id) => !isSame(of(before, id), of(after, id)));
}

export function planChanges(before: Plan, after: Plan): PlanChanges {
  const known = new Map(before.items.map((item) => [item.id, item]));
  const wanted = new Set(after.items.map(({ id }) => id));
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])] as Array<keyof Plan>;
  return {
    added: after.items.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    removed: before.items.filter(({ id }) => !wanted.has(id)).map(({ id }) => id),
    changed: after.items.flatMap((item) => {
      const former = known.get(item.id);
      return !former || isSame(former, item) ? [] : [{ item: item.id, criteria: changedCriteria(former, item) }];
    }),
    parts: keys.filter((key) => !NOT_COMPARED.has(key) && !isSame(before[key], after[key])),
  };
}

export function isUnchanged({ added, removed, changed, parts }: PlanChanges): boolean {
  return [added, removed, changed, parts].every(({ length }) => length === 0);
}

/**
 * The plan that takes the place of the one that a launch runs: its id and its date stay, and so do the blockers that
 * were reported and accepted (`accepted`, by id), of which no document knows.
 */
export function inPlaceOf(before: Plan, after: Plan, accepted: readonly string[]): Plan {
  const next = { ...after, id: before.id, launch: { ...after.launch, at: before.launch.at } };
  const missing = before.items.filter(({ id }) => accepted.includes(id) && !after.items.some((item) => item.id === id));
  const gateOf = (id: string) => GATES.find((gate) => before.gates[gate].some(({ item }) => item === id)) ?? 'must';
  const whole = missing.reduce((plan, item) => withItem(plan, item, gateOf(item.id)), next);
  return { ...whole, revision: before.revision };
}
