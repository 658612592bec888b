import type { Json } from '../../domain/plan';
import { initialLaunchState } from '../../domain/launch-state';
import { composeStandup } from '../../domain/standup';
import { DAY } from '../../domain/units';
import { openDatabase, type Database } from '../../prisma/database';
import { createStore, type Store } from '../../prisma/store';
import { freshDatabase } from '../support/database';
import { item, NOON, planOf } from '../support/plans';

let database: Database;
let store: Store;

beforeAll(async () => {
  const { url } = await freshDatabase();
  database = openDatabase(url);
  store = createStore(database);
});
afterAll(() => database.close());

const standupAt = (now: number, title = 'Do A') =>
  composeStandup(initialLaunchState(planOf({ items: [item('A', { title, kind: 'blocker' })] }), NOON), { now });

async function write(launch: string, bodies: Array<{ type: string; body: unknown }>, of = 'standup'): Promise<void> {
  const facts = bodies.map(({ type, body }, seq) => ({ seq, at: NOON + seq, type, body: body as Json }));
  await store.recordFacts({ launch, workflow: { id: `launch:${launch}:${of}`, firstRunId: 'run' }, facts, rowSeq: 0 });
}

test('standups are read as they were sent, the last one first', async () => {
  const sent = [
    standupAt(NOON, 'Ünïcode \u0000 and half a pair \ud800'),
    standupAt(NOON + DAY),
    standupAt(NOON + 2 * DAY),
  ];
  await write(
    'read',
    sent.map((standup) => ({ type: 'standup', body: { standup } }))
  );
  expect(await store.standups('read')).toEqual(JSON.parse(JSON.stringify(sent.toReversed())));
  expect(await store.standups('read', 1)).toMatchObject([{ at: sent[2]!.at }]);
});

test('other launches, other facts and what is no standup are not among them', async () => {
  const body = { standup: standupAt(NOON) };
  await write('one', [
    { type: 'noted', body },
    { type: 'standup', body: { standup: { text: 7 } } },
    { type: 'standup', body: null },
  ]);
  await write('one', [{ type: 'standup', body }], 'item:standup');
  await write('other', [{ type: 'standup', body }]);
  expect(await store.standups('one')).toEqual([]);
  expect(await store.standups('nosuch')).toEqual([]);
  expect(await store.standups('other')).toHaveLength(1);
});
