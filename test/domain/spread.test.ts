import type { Item } from '../../domain/plan';
import { spreadOf } from '../../domain/spread';
import { HOUR, SECOND } from '../../domain/units';
import { human, item, NOON, planOf } from '../support/plans';

const many = (count: number, more: (n: number) => Partial<Item>): Item[] =>
  Array.from({ length: count }, (_, n) => item(`ITEM-${n}`, more(n)));

function spreads(items: Item[]): number[] {
  const plan = planOf({ items, must: [] });
  return items.map((each) => spreadOf(plan, each));
}

/** The most within one second. */
function busiest(values: number[]): number {
  return Math.max(...values.map((from) => values.filter((at) => at >= from && at < from + SECOND).length));
}

test.each([
  ['each has an instant of its own', many(300, (n) => ({ deadline: { at: NOON + n * SECOND } }))],
  ['twenty have one in common', many(20, () => ({ deadline: { at: NOON } }))],
  ['nobody has a clock', many(300, () => ({}))],
])('where %s every clock is on time', (_what, items) => {
  expect(Math.max(...spreads(items))).toBe(0);
});

test.each<[string, Partial<Item>]>([
  ['deadline', { deadline: { at: NOON } }],
  ['time to answer', { sla: { clock: 'wall', respond: HOUR } }],
  ['time to resolve', { sla: { clock: 'business', resolve: HOUR } }],
  ['beginning of a criterion', { criteria: [human('done', ['dev'], { from: { at: NOON } })] }],
])('300 items with one %s are spread over 14 s, evenly although their ids are alike', (_what, more) => {
  const values = spreads(many(300, () => more));
  expect(Math.min(...values)).toBeLessThan(SECOND);
  expect(Math.max(...values)).toBeLessThanOrEqual(14 * SECOND);
  expect(Math.max(...values)).toBeGreaterThan(13 * SECOND);
  expect(busiest(values)).toBeLessThan(45);
});

test('only those that share an instant are spread, and one more changes nothing for them', () => {
  const crowd = (size: number) => many(size, () => ({ deadline: { at: NOON } }));
  const alone = item('ALONE', { deadline: { at: NOON + HOUR } });
  const [before, after] = [spreads([...crowd(30), alone]), spreads([...crowd(31), alone])];
  expect(before.at(-1)).toBe(0);
  expect(after.slice(0, 30)).toEqual(before.slice(0, 30));
  expect(Math.max(...before)).toBeGreaterThan(0);
});
