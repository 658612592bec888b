import type { Launches } from '../../client/launches';
import { readLaunches, registryOf, type Reading } from '../../client/metrics';
import { boardOf, type Board } from '../../domain/board';
import { initialLaunchState } from '../../domain/launch-state';
import type { Metric } from '../../domain/plan';
import { item, NOON, planOf } from '../support/plans';
import { valuesOf } from '../support/exposition';

function boardWith(metrics: Metric[]): Board {
  const items = [item('A', { kind: 'blocker' }), item('B', { kind: 'blocker' }), item('C')];
  return boardOf(initialLaunchState(planOf({ items, must: ['A', 'B'], plan: { metrics } }), NOON), NOON);
}

const shares: Metric[] = [
  {
    id: 'blockers',
    title: 'Blockers resolved',
    measure: 'resolved-share',
    where: { kind: 'blocker' },
    target: { op: '>=', value: 95, unit: '%' },
    by: { at: NOON },
  },
  { id: 'late "now"\\\n', title: 'Overdue', measure: 'overdue', target: { op: '=', value: 0 } },
  { id: 'none', title: 'Nothing to measure', measure: 'resolved-share', where: { kind: 'decision' } },
];

async function exposed(reading: Reading) {
  return valuesOf(await registryOf(reading).metrics());
}

test('metrics of a board: shares in exact parts, counts, targets and dates, whatever the ids', async () => {
  const board = { ...boardWith(shares), launchAt: '2025-10-29T12:00:00.000Z' };
  board.metrics[0]!.counted = 1;
  expect(await exposed({ isWhole: true, launches: [{ id: 'shop', board }] })).toEqual({
    'scrape_ok{}': 1,
    'launch_read{launch=shop}': 1,
    'launch_timestamp_seconds{launch=shop}': Date.UTC(2025, 9, 29, 12) / 1_000,
    'musts_open{launch=shop}': 2,
    'metric_ratio{launch=shop,metric=blockers}': 0.5,
    'metric_counted{launch=shop,metric=blockers}': 1,
    'metric_of{launch=shop,metric=blockers}': 2,
    'metric_met{launch=shop,metric=blockers}': 0,
    'metric_due_timestamp_seconds{launch=shop,metric=blockers}': NOON / 1_000,
    'metric_counted{launch=shop,metric=late "now"\\\n}': 0,
    'metric_met{launch=shop,metric=late "now"\\\n}': 1,
    'metric_counted{launch=shop,metric=none}': 0,
    'metric_of{launch=shop,metric=none}': 0,
  });
});

test('a launch that did not answer has nothing but that', async () => {
  const launches = [
    { id: 'shop', board: boardWith([]) },
    { id: 'gone', board: null },
  ];
  const values = await exposed({ isWhole: false, launches });
  expect(values).toMatchObject({ 'scrape_ok{}': 0, 'launch_read{launch=shop}': 1, 'launch_read{launch=gone}': 0 });
  expect(Object.keys(values).filter((key) => key.includes('gone'))).toEqual(['launch_read{launch=gone}']);
});

/** Only what a reading asks for. */
function launchesOf(ids: string[], board: (id: string) => Promise<Board>): Pick<Launches, 'list' | 'board'> {
  const summary = { running: true, startedAt: '', closedAt: null, phase: null };
  const all = ids.map((id) => ({ ...summary, id, verdict: null, launchAt: null, mustOpen: null }));
  return { list: ({ limit = 50 } = {}) => Promise.resolve(all.slice(0, limit)), board };
}

const never = new Promise<never>(() => undefined);

test('one that fails and one that never answers are missing; the others are there', async () => {
  const board = boardWith([]);
  const answers: { [id: string]: () => Promise<Board> } = {
    fails: () => Promise.reject(new Error('no worker')),
    hangs: () => never,
  };
  const ids = ['fails', 'hangs', ...Array.from({ length: 30 }, (_, n) => `good-${n}`)];
  const reading = await readLaunches(
    launchesOf(ids, (id) => answers[id]?.() ?? Promise.resolve(board)),
    200
  );
  expect(reading.isWhole).toBe(false);
  expect(reading.launches.filter((each) => each.board === null).map(({ id }) => id)).toEqual(['fails', 'hangs']);
});

test('where all hang it ends all the same', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `hangs-${n}`);
  const reading = await readLaunches(
    launchesOf(ids, () => never),
    50
  );
  expect(reading).toEqual({ isWhole: false, launches: ids.map((id) => ({ id, board: null })) });
});

test.each([
  ['fails', () => Promise.reject(new Error('away'))],
  ['hangs', () => never],
])('where the list %s there is nothing, and it says so', async (_what, list) => {
  const reading = await readLaunches({ list, board: () => never }, 50);
  expect(await exposed(reading)).toEqual({ 'scrape_ok{}': 0 });
});

test('more launches than are read is not all of it', async () => {
  const ids = Array.from({ length: 1_200 }, (_, n) => `l-${n}`);
  const reading = await readLaunches(launchesOf(ids, () => Promise.resolve(boardWith([]))));
  expect(reading.isWhole).toBe(false);
});

test('no launch runs: that is all of it', async () => {
  expect(await exposed(await readLaunches(launchesOf([], () => never)))).toEqual({ 'scrape_ok{}': 1 });
});
