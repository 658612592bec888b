import { openDatabase, type Database } from '../../prisma/database';
import { createDeliveryStore } from '../../prisma/deliveries';
import { createPages } from '../../prisma/pages';
import { createStore } from '../../prisma/store';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { until } from '../support/until';

/** What pages ask stays as quick as it was, however much there is: no question reads a large table from end to end. */
const ROWS = 20_000;
const LAUNCHES = 10;
const LARGE = ['Fact', 'Measurement', 'Delivery'] as const;
/** A page, and what an index may show besides. */
const MOST_READ = 3_000;

let own: FreshDatabase;

beforeAll(async () => {
  own = await freshDatabase();
  await own.admin(`
    INSERT INTO "Launch" ("id", "seq", "title", "revision", "phase", "launchAt", "plan")
    SELECT 'launch-' || n, 1, 'Launch', 1, 'preparing', now(), '{}' FROM generate_series(0, ${LAUNCHES - 1}) n`);
  await own.admin(`
    INSERT INTO "Item" ("launchId", "id", "seq", "kind", "title", "status", "owners")
    SELECT 'launch-' || l, 'ITEM-' || i, 1, 'task', 'Item', 'open', '{dev}'
    FROM generate_series(0, ${LAUNCHES - 1}) l, generate_series(0, 49) i`);
  // As launches write: items' facts and rows in between, the launch's own now and then.
  await own.admin(`
    INSERT INTO "Fact" ("launchId", "workflowId", "firstRunId", "seq", "itemId", "type", "at", "body")
    SELECT 'launch-' || n % ${LAUNCHES}, 'workflow-' || n % 500, 'run', CASE WHEN n % 3 = 0 THEN NULL ELSE n END,
      CASE WHEN n % 40 < 10 THEN NULL ELSE 'ITEM-' || n / 10 % 50 END,
      CASE WHEN n % 3 = 0 THEN 'row' WHEN n % 200 < 10 THEN 'standup' WHEN n % 2 = 0 THEN 'measured' ELSE 'moved' END,
      now(), jsonb_build_object('text', repeat('x', 300))
    FROM generate_series(1, ${ROWS}) n`);
  await own.admin(`
    INSERT INTO "Measurement" ("launchId", "itemId", "criterionId", "check", "begunAt", "at", "ms", "outcome", "seen", "changed")
    SELECT 'launch-' || n % ${LAUNCHES}, 'ITEM-' || n / 10 % 50, 'up', 'digest', now(), now(), 5, 'passed', 'it answered', n % 9 = 0
    FROM generate_series(1, ${ROWS}) n`);
  await own.admin(`
    INSERT INTO "Delivery" ("key", "launchId", "noticeKey", "channelId", "channelType", "address", "people", "notice", "route", "urgent")
    SELECT 'key-' || n, 'launch-' || n % ${LAUNCHES}, 'notice-' || n, 'log', 'log', 'log', '{dev}',
      '{"key":"k","to":["dev"],"about":"A","subject":"s","text":"t","urgent":false}', '[]', false
    FROM generate_series(1, ${ROWS}) n`);
  await own.admin('ANALYZE');
}, 120_000);

interface Read {
  whole: number;
  rows: number;
}

/** How often a table was read from end to end so far, and how many of its rows were. */
async function readSoFar(): Promise<Map<string, Read>> {
  const rows = await own.admin<{ table: string; whole: string; rows: string }>(`
    SELECT relname AS "table", seq_scan AS whole, seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows
    FROM pg_stat_user_tables`);
  return new Map(rows.map(({ table, whole, rows: read }) => [table, { whole: Number(whole), rows: Number(read) }]));
}

/** Sessions hand in what they have counted when they end. */
async function countedOf(work: (database: Database) => Promise<unknown>): Promise<Map<string, Read>> {
  const before = await readSoFar();
  const database = openDatabase(own.url);
  await work(database);
  await database.close();
  await until('its sessions to end', async () => {
    const [left] = await own.admin<{ n: string }>(
      `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = '${own.name}' AND application_name = 'launch-director'`
    );
    return Number(left?.n) === 0;
  });
  const after = await readSoFar();
  return new Map(
    LARGE.map((table) => {
      const [was, is] = [before.get(table)!, after.get(table)!];
      return [table, { whole: is.whole - was.whole, rows: is.rows - was.rows }];
    })
  );
}

const LAUNCH = 'launch-3';
const middle = String(ROWS / 2);
const all = new Map(Array.from({ length: LAUNCHES }, (_, n) => [`launch-${n}`, String(ROWS - 50)]));

test.each<[string, (database: Database) => Promise<unknown>]>([
  ['the list of launches', (db) => createPages(db).launches({ limit: 50 })],
  ['how far a ledger goes', (db) => createPages(db).reach(LAUNCH)],
  ['an earlier plan', (db) => createPages(db).plan(LAUNCH, 1)],
  ['facts from the beginning', (db) => createPages(db).facts({ launch: LAUNCH, limit: 100 })],
  ['facts from the middle', (db) => createPages(db).facts({ launch: LAUNCH, after: middle, limit: 100 })],
  ['facts of a type', (db) => createPages(db).facts({ launch: LAUNCH, type: 'moved', limit: 100 })],
  ['facts of an item', (db) => createPages(db).facts({ launch: LAUNCH, item: 'ITEM-7', limit: 100 })],
  ['the newest facts', (db) => createStore(db).newestFacts(LAUNCH, { limit: 50 })],
  ['new facts of all that is watched', (db) => createPages(db).newFacts(all)],
  ['the last measurement', (db) => createPages(db).lastMeasurement()],
  ['new measurements', (db) => createPages(db).newMeasurements([...all.keys()], String(ROWS - 50))],
  [
    'the measurements of a criterion',
    (db) => createStore(db).measurements({ launch: LAUNCH, item: 'ITEM-7', criterion: 'up', limit: 100 }),
  ],
  ['the items of a launch', (db) => createStore(db).items(LAUNCH)],
  ['standups', (db) => createStore(db).standups(LAUNCH, 20)],
  ['messages of a launch', (db) => createDeliveryStore(db).list({ launch: LAUNCH, limit: 100 })],
  ['messages of a launch that has none', (db) => createDeliveryStore(db).list({ launch: 'launch-none', limit: 100 })],
  ['boards that are out of date', (db) => createPages(db).staleBoards(20, [])],
])('%s: read by an index, no more than is shown', async (_what, work) => {
  const counted = await countedOf(work);
  for (const table of LARGE) {
    const { whole, rows } = counted.get(table)!;
    expect([table, whole]).toEqual([table, 0]);
    expect(rows).toBeLessThan(MOST_READ);
  }
});

test('what is counted here is counted: a question without an index reads it all', async () => {
  const counted = await countedOf((db) => db.client.$queryRaw`SELECT count(*) FROM "Fact" WHERE "body"->>'text' = 'y'`);
  expect(counted.get('Fact')).toEqual({ whole: expect.any(Number), rows: ROWS });
  expect(counted.get('Fact')!.whole).toBeGreaterThan(0);
});
