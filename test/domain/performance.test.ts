import { assess } from '../../domain/assess';
import { boardOf } from '../../domain/board';
import { dependencyOrder } from '../../domain/graph';
import type { Plan } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { item, NOON, planOf } from '../support/plans';

/** Milliseconds on a machine that does nothing else; here others may be at work, and swc's code is not warm. */
const BUDGET = 5;

/** A chain of items, every second one a must, with a count over all of them. */
function big(count: number): Plan {
  const items = Array.from({ length: count }, (_, index) =>
    item(`I${index}`, { after: index % 10 === 0 ? [] : [`I${index - 1}`], priority: 'P0' })
  );
  const must = items.filter((_, index) => index % 2 === 0).map(({ id }) => id);
  return planOf({ items, must, should: items.slice(0, 50).map(({ id }) => id) });
}

/** The fastest of several, in ms: what the machine's other work adds is not ours. */
function fastest(work: () => void): number {
  const times = Array.from({ length: 40 }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return Math.min(...times);
}

test('assess is linear, and fast for 1,000 items', () => {
  const states = [250, 1_000, 2_000].map((count) => new Rehearsal(big(count), NOON).world.launch);
  const [eighth, half, whole] = states.map((state) => fastest(() => assess(state, NOON))) as [number, number, number];
  const board = fastest(() => boardOf(states[1]!, NOON));
  process.stdout.write(
    `assess: 1,000 items ${half.toFixed(2)} ms (budget ${BUDGET}), 2,000 items x${(whole / half).toFixed(2)}; board of 1,000 ${board.toFixed(2)} ms\n`
  );
  // Eight times as much; its square would be 64 times.
  expect(whole / eighth).toBeLessThan(30);
});

test('the order of 20,000 items that all wait for one is found at once', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `I${index}`);
  const edges = (id: string) => (id === 'I0' ? [] : ['I0']);
  expect(fastest(() => dependencyOrder(ids, edges))).toBeLessThan(500);
});
