import { MockActivityEnvironment } from '@temporalio/testing';
import { createCheckActivities } from '../../activities/checks';
import { createMeasurementLog, type MeasurementLog } from '../../activities/measurements';
import type { CheckRun } from '../../activities/types';
import type { Measurement, Outcome } from '../../domain/criterion';
import { digestOf } from '../../domain/digest';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/units';
import { openDatabase, type Database } from '../../prisma/database';
import { LedgerError } from '../../prisma/errors';
import { createStore, type Store } from '../../prisma/store';
import { localAccess } from '../support/access';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { until } from '../support/until';
import { httpTarget } from './checks/target';

const NOW = Date.UTC(2025, 9, 27, 12);

let fresh: FreshDatabase;
let database: Database;
let store: Store;
let launches = 0;
let launch: string;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url);
  store = createStore(database);
});
afterAll(() => database.close());
beforeEach(() => {
  launch = `launch-${++launches}`;
});

function runOf(criterion = 'up', known: Outcome | null = 'failed'): CheckRun {
  const need = { passed: 1, failed: 1, inconclusive: 1, errored: 1 };
  const spec = { check: { type: 'http', url: 'http://127.0.0.1:1/' }, every: SECOND, timeout: 2_000, known, need };
  return { launch, item: 'A', criterion, spec: { ...spec, tellAfterErrors: 0 } };
}

function found(outcome: Outcome, at: number, seen = `${outcome} at ${at}`): Omit<Measurement, 'inRow'> {
  return { outcome, begunAt: at - 12, at, seen };
}

const stored = (criterion = 'up') => store.measurements({ launch, item: 'A', criterion });

interface Watched {
  log: MeasurementLog;
  warnings: string[];
  /** Calls of the store that reached for the database. */
  statements: number;
  /** Until it is taken back, each call fails as when nobody answers. */
  away: boolean;
}

function logOver(now = (): number => NOW, into: Store = store): Watched {
  const watched: Watched = { log: undefined as never, warnings: [], statements: 0, away: false };
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    watched.statements++;
    if (watched.away) throw new LedgerError('DATABASE_UNREACHABLE', 'nobody answers');
    return await work();
  };
  watched.log = createMeasurementLog({
    store: {
      recordMeasurements: (rows) => reach(() => into.recordMeasurements(rows)),
      pruneMeasurements: (old) => reach(() => into.pruneMeasurements(old)),
    },
    now,
    log: { warn: (_: unknown, message?: string) => void watched.warnings.push(message ?? '') },
  });
  return watched;
}

test('a run comes back as it was, with how long it took, its check, and whether it was news', async () => {
  const { log } = logOver();
  const seen = 'a \\u0000 in it, \0 and half a pair \ud83d, 漢字';
  log.note(runOf(), found('passed', NOW, seen), 'failed');
  await log.close();
  expect(await stored()).toEqual([
    {
      id: expect.stringMatching(/^\d+$/) as string,
      launch,
      item: 'A',
      criterion: 'up',
      check: digestOf(runOf().spec.check),
      begunAt: NOW - 12,
      at: NOW,
      ms: 12,
      outcome: 'passed',
      seen,
      changed: true,
    },
  ]);
});

test('a change is always kept; what is unchanged once a minute, over all attempts and watches', async () => {
  const { log } = logOver();
  const outcomes: Outcome[] = ['failed', 'failed', 'failed', 'failed', 'passed', 'passed', 'passed', 'failed'];
  let before: Outcome | null = null;
  for (const [index, outcome] of outcomes.entries()) {
    log.note(runOf('up', 'failed'), found(outcome, NOW + index * 25 * SECOND), before);
    before = outcome;
  }
  await log.close();
  const rows = (await stored()).map(({ at, outcome, changed }) => [(at - NOW) / SECOND, outcome, changed]);
  expect(rows).toEqual([
    [0, 'failed', true],
    [75, 'failed', false],
    [100, 'passed', true],
    [175, 'failed', true],
  ]);
});

test('the final poll, which begins without knowing anything, is no news of itself', async () => {
  const { log } = logOver();
  log.note(runOf(), found('passed', NOW), 'failed');
  log.note(runOf('up', null), found('passed', NOW + SECOND), null);
  await log.close();
  expect(await stored()).toHaveLength(1);
});

test('a clock that was put back does not silence the log', async () => {
  const { log } = logOver();
  log.note(runOf(), found('failed', NOW), 'failed');
  log.note(runOf(), found('failed', NOW - DAY), 'failed');
  await log.close();
  expect(await stored()).toHaveLength(2);
});

test('a thousand criteria looked at every second for a minute cost a few statements', async () => {
  let now = NOW;
  const watched = logOver(() => now);
  for (let second = 0; second < 60; second++) {
    now = NOW + second * SECOND;
    for (let n = 0; n < 1_000; n++) watched.log.note(runOf(`c${n}`), found('failed', now), 'failed');
  }
  await until('they are written', async () => (await stored('c999')).length > 0);
  await watched.log.close();
  const [{ count }] = (await fresh.admin<{ count: number }>(
    `SELECT count(*)::int AS count FROM "Measurement" WHERE "launchId" = '${launch}'`
  )) as [{ count: number }];
  expect([count, watched.statements]).toEqual([1_000, expect.any(Number)]);
  expect(watched.statements).toBeLessThanOrEqual(4);
});

test('a database that is away holds nothing up; what waited is written when it is back', async () => {
  const watched = logOver();
  watched.away = true;
  watched.log.note(runOf('early'), found('failed', NOW), null);
  await until('it was tried', () => watched.warnings.length > 0);
  for (let n = 0; n < 100; n++) watched.log.note(runOf(`c${n}`), found('failed', NOW), null);
  watched.away = false;
  await watched.log.close();
  expect(watched.warnings).toEqual(['Measurements cannot be stored now; they wait']);
  expect([(await stored('early')).length, (await stored('c99')).length]).toEqual([1, 1]);
});

test('a real database that takes nothing for a while, and whose connections break, loses nothing', async () => {
  const own = await freshDatabase();
  const ownDatabase = openDatabase(own.url);
  const watched = logOver(() => NOW, createStore(ownDatabase));
  await own.admin('REVOKE INSERT ON "Measurement" FROM launch_app');
  watched.log.note(runOf('early'), found('failed', NOW), null);
  await until('it was tried', () => watched.warnings.length > 0);
  await own.admin('GRANT INSERT ON "Measurement" TO launch_app');
  await own.admin(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${own.name}' AND pid <> pg_backend_pid()`
  );
  watched.log.note(runOf('late'), found('failed', NOW), null);
  await until('it is written', async () => (await ownDatabase.client.measurement.count()) === 2);
  expect(watched.warnings).toHaveLength(1);
  await watched.log.close();
  await ownDatabase.close();
});

test('what waits is bounded: the oldest are dropped, with one warning', async () => {
  const watched = logOver();
  watched.away = true;
  for (let n = 0; n < 6_000; n++) watched.log.note(runOf(`c${n}`), found('failed', NOW), null);
  expect(watched.warnings).toEqual(['Measurements are dropped: too many wait']);
  watched.away = false;
  await watched.log.close();
  expect([(await stored('c0')).length, (await stored('c999')).length, (await stored('c1000')).length]).toEqual([
    0, 0, 1,
  ]);
  expect((await stored('c5999')).length).toBe(1);
  expect(watched.warnings).toHaveLength(1);
});

test('closing while the database is away ends, and says what is lost', async () => {
  const watched = logOver();
  watched.away = true;
  watched.log.note(runOf(), found('failed', NOW), null);
  await watched.log.close();
  expect(watched.warnings).toEqual([
    'Measurements cannot be stored now; they wait',
    'Measurements are dropped: this worker stops',
  ]);
});

test('rows that the database refuses for good do not keep the others waiting', async () => {
  const watched = logOver();
  watched.log.note(runOf('bad'), { ...found('failed', NOW), at: NOW + 1e15 }, null);
  await until('it was refused', () => watched.warnings.length > 0);
  watched.log.note(runOf('good'), found('failed', NOW), null);
  await watched.log.close();
  expect([(await stored('bad')).length, (await stored('good')).length]).toEqual([0, 1]);
});

test('old runs that were no news are removed, a batch with each write; changes stay', async () => {
  const own = openDatabase((await freshDatabase()).url);
  const ownStore = createStore(own);
  const old = logOver(() => NOW, ownStore);
  for (let n = 0; n < 1_500; n++) old.log.note(runOf(`c${n}`), found('failed', NOW - DAY), 'failed');
  old.log.note(runOf(), found('failed', NOW), null);
  old.log.note(runOf(), found('failed', NOW + HOUR), 'failed');
  old.log.note(runOf(), found('failed', NOW + 2 * HOUR), 'failed');
  await old.log.close();
  const now = NOW + 7 * DAY + HOUR + MINUTE;
  const later = logOver(() => now, ownStore);
  const rows = () => own.client.measurement.findMany({ orderBy: { id: 'asc' } });
  later.log.note(runOf(), found('failed', now), 'failed');
  await until('a batch is gone', async () => (await rows()).length === 504);
  later.log.note(runOf(), found('failed', now + HOUR), 'failed');
  await later.log.close();
  expect((await rows()).map(({ at, changed }) => [(at.getTime() - NOW) / HOUR, changed])).toEqual([
    [0, true],
    [2, false],
    [(now - NOW) / HOUR, false],
    [(now - NOW) / HOUR + 1, false],
  ]);
  await own.close();
});

test('they are read page by page', async () => {
  const { log } = logOver();
  for (let n = 0; n < 5; n++) log.note(runOf(), found('failed', NOW + n * HOUR), 'failed');
  await log.close();
  const first = await store.measurements({ launch, item: 'A', criterion: 'up', limit: 2 });
  const rest = await store.measurements({ launch, item: 'A', criterion: 'up', after: first[1]!.id });
  expect([...first, ...rest].map(({ at }) => (at - NOW) / HOUR)).toEqual([0, 1, 2, 3, 4]);
  expect(await store.measurements({ launch: 'another', item: 'A', criterion: 'up' })).toEqual([]);
});

test('of each criterion that is asked for the last one, of what never ran none', async () => {
  const { log } = logOver();
  for (const criterion of ['up', 'fast', 'other'])
    for (let n = 0; n < 3; n++) log.note(runOf(criterion), found('failed', NOW + n * HOUR), 'failed');
  await log.close();
  const asked = ['up', 'fast', 'never'].map((criterion) => ({ item: 'A', criterion }));
  const last = await store.lastMeasurements(launch, asked);
  expect(last.map(({ criterion, at }) => [criterion, (at - NOW) / HOUR]).sort()).toEqual([
    ['fast', 2],
    ['up', 2],
  ]);
  expect(await store.lastMeasurements('another', asked)).toEqual([]);
  expect(await store.lastMeasurements(launch, [])).toEqual([]);
});

test('each attempt of a wait and each single look is noted, with what was known before', async () => {
  const target = await httpTarget((_, response) => void response.writeHead(502).end());
  const noted: Array<[string, Outcome | null]> = [];
  const activities = createCheckActivities({
    access: localAccess(__dirname),
    env: () => undefined,
    now: () => NOW,
    measurements: { note: (_, { outcome }, before) => void noted.push([outcome, before]) },
  });
  const run = runOf('up', 'failed');
  run.spec.check = { type: 'http', url: target.url };
  const left = { n: 2, outcome: 'passed', begunAt: 1, at: 2, seen: '' };
  await new MockActivityEnvironment({ heartbeatDetails: left }).run(activities.awaitCheck, run).catch(() => undefined);
  await new MockActivityEnvironment().run(activities.measure, run);
  await target.close();
  expect(noted).toEqual([
    ['failed', 'passed'],
    ['failed', 'failed'],
  ]);
});
