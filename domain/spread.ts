import type { Item, Plan } from './plan';
import { SECOND } from './units';

/** So many items may wake together; each further as many take a second more. */
const WAKING_TOGETHER = 20;

/** What items have in common whose clocks may come at one instant, to the second. */
function sharedClocks({ deadline, sla, criteria }: Item): Set<string> {
  const instants = [deadline, ...criteria.map(({ from }) => from)].flatMap((instant) => (instant ? [instant.at] : []));
  const limits = [sla.respond, sla.resolve].flatMap((limit) => (limit === undefined ? [] : [limit]));
  return new Set([
    ...instants.map((at) => `at ${Math.floor(at / SECOND)}`),
    // Of what opens together.
    ...limits.map((limit) => `after ${Math.floor(limit / SECOND)}`),
  ]);
}

const counts = new WeakMap<Plan, Map<string, number>>();

function countsOf(plan: Plan): Map<string, number> {
  const known = counts.get(plan);
  if (known) return known;
  const found = new Map<string, number>();
  for (const item of plan.items) for (const key of sharedClocks(item)) found.set(key, (found.get(key) ?? 0) + 1);
  counts.set(plan, found);
  return found;
}

/** From 0 to 1, evenly and far apart for ids that are alike: FNV-1a, then the last step of MurmurHash3. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return ((sum ^ (sum >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * How much later than their instants an item's clocks wake it, in ms: nothing, unless so many items of the plan have one
 * in common that they would hold each other up. Whole seconds apart, so that an item more seldom changes it for all.
 */
export function spreadOf(plan: Plan, item: Item): number {
  const known = countsOf(plan);
  const together = Math.max(1, ...[...sharedClocks(item)].map((key) => known.get(key) ?? 1));
  return Math.round(hash(item.id) * Math.floor((together - 1) / WAKING_TOGETHER) * SECOND);
}
