import { compilePlan } from '../../plan/compile';
import { validatePlan } from '../../plan/validate';
import { wasInFlight } from '../support/chaos';
import { differences, rehearsed, type Happened } from '../support/chaos-expected';
import { AFTER_MS, chaosDocument, SPEED } from '../support/chaos-plan';

/** The judge of the chaos test finds what it is there to find. */
const NOW = Date.UTC(2027, 2, 3, 10);
const { document } = validatePlan(chaosDocument(NOW, 2), { file: 'chaos.yaml', now: NOW });
const plan = compilePlan(document!, { now: NOW, speed: SPEED });
const rules = rehearsed(plan, plan.launch.at + AFTER_MS);
const { happened } = rules;
const told = happened.flatMap(({ type }, index) => (type === 'told' ? [index] : []));
const repeats = told.filter((index) => happened[index]!.notice!.key.includes(':respond:0:1:'));
const chain = repeats.filter((index) => happened[index]!.of === 'DRACO-SUPPORT');

const clean = { missing: [], extra: [], early: [] };
const judged = (actual: readonly Happened[]) => differences(rules, actual);
const changed = (at: number, change: (each: Happened) => Happened[]): Happened[] =>
  happened.flatMap((each, index) => (index === at ? change(each) : [each]));

test('what the rules say is what they say', () => {
  expect(told.length).toBeGreaterThan(100);
  expect(chain.length).toBeGreaterThan(5);
  expect(judged(happened)).toEqual(clean);
});

test.each([
  ['the first step of a chain', () => told[0]!],
  ['the last repeat', () => chain.at(-1)!],
  ['a reminder', () => happened.findIndex(({ type }) => type === 'reminded')],
  ['what silence takes', () => happened.findIndex(({ how }) => how === 'silent')],
  ['the announcement', () => happened.findIndex(({ type }) => type === 'announced')],
  ['the verdict', () => happened.findIndex(({ type, how }) => type === 'decided' && !how)],
])('lost: %s', (_, which) => {
  expect(judged(changed(which(), () => [])).missing).toHaveLength(1);
});

test('lost in the middle of a chain: the next one is not where it should be', () => {
  expect(judged(changed(chain[2]!, () => [])).extra).toHaveLength(1);
});

test('twice, and before its time', () => {
  expect(judged(changed(told[0]!, (each) => [each, each])).extra).toHaveLength(1);
  expect(judged(changed(told[0]!, (each) => [{ ...each, at: each.at - 1 }])).early).toHaveLength(1);
});

test('in flight: received and not answered when a worker was killed, or answered just then', () => {
  const kills = [{ part: 'worker', at: 10_000 } as const];
  const came = { id: 'k', says: '', notices: [], at: 9_500 };
  expect(wasInFlight(came, kills)).toBe(true);
  expect(wasInFlight({ ...came, answeredAt: 9_900 }, kills)).toBe(true);
  expect(wasInFlight({ ...came, at: 5_000, answeredAt: 5_100 }, kills)).toBe(false);
  expect(wasInFlight({ ...came, at: 13_000 }, kills)).toBe(false);
  expect(wasInFlight(came, [{ part: 'temporal', at: 10_000 }])).toBe(false);
});
