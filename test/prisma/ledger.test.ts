import fc from 'fast-check';
import pg from 'pg';
import type { FactBatch, FactRecord, ItemRow, LaunchRow, LedgerHead } from '../../domain/ledger';
import type { Json } from '../../domain/plan';
import { openDatabase, type Database } from '../../prisma/database';
import { createLedger, type Ledger } from '../../prisma/ledger';
import { createStore, type Store } from '../../prisma/store';
import { freshDatabase } from '../support/database';

let database: Database;
let store: Store;
let ledger: Ledger;
/** Whoever owns the tables: nothing in the database keeps that user from anything. */
let owner: pg.Client;

beforeAll(async () => {
  const { url } = await freshDatabase();
  database = openDatabase(url);
  store = createStore(database);
  ledger = createLedger(database);
  owner = new pg.Client(url);
  await owner.connect();
  // What a tampering hand would do first.
  await owner.query(`ALTER TABLE "Fact" DROP CONSTRAINT "Fact_pkey", DROP CONSTRAINT "Fact_launchId_fkey"`);
  await owner.query(`DROP INDEX "Fact_launchId_number_key", "Fact_workflowId_firstRunId_seq_key"`);
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

let launches = 0;
const ENTRIES = 9;

/** A launch with nine entries: facts of the launch and of an item, and their rows. */
async function recorded(): Promise<{ launch: string; heads: LedgerHead[] }> {
  const launch = `launch-${++launches}`;
  const fact = (seq: number): FactRecord => {
    return { seq, at: 1_700_000_000_000 + seq, type: 'noted', body: { seq, one: 1, small: 1e-7, text: 'a "1.0" \\' } };
  };
  const launchRow = (phase: string, plan?: Json): LaunchRow => {
    return { kind: 'launch', title: 'Storefront', revision: 1, phase, launchAt: 1_800_000_000_000, plan };
  };
  const item: ItemRow = { kind: 'item', id: 'A', itemKind: 'task', title: 'A', status: 'open', owners: ['dev'] };
  const ofLaunch = { launch, workflow: { id: `launch:${launch}`, firstRunId: 'run' } };
  const ofItem = { launch, workflow: { id: `launch:${launch}:item:A`, firstRunId: 'run' }, item: 'A' };
  const batches: FactBatch[] = [
    { ...ofLaunch, facts: [fact(0)], row: launchRow('preparing', { items: [1.5] }), rowSeq: 1 },
    { ...ofItem, facts: [fact(0), fact(1)], row: item, rowSeq: 2 },
    { ...ofLaunch, facts: [fact(1), fact(2)], row: launchRow('preparing'), rowSeq: 3 },
    { ...ofItem, facts: [fact(2)], row: { ...item, status: 'resolved' }, rowSeq: 4 },
  ];
  const heads: LedgerHead[] = [];
  for (const batch of batches) heads.push((await store.recordFacts(batch)).head);
  expect(heads.map(({ number }) => number)).toEqual([2, 5, 7, 9]);
  return { launch, heads };
}

const findings = async (launch: string, kept: LedgerHead[] = []) =>
  (
    await ledger.verify(
      launch,
      kept.map((head) => ({ ...head, from: 'somebody' }))
    )
  ).findings.map(({ code, number }) => `${code} ${number}`);
const at = (n: number) => `"launchId" = $1 AND "number" = ${n}`;

test('a chain as it was written holds, with every head that it has had', async () => {
  const { launch, heads } = await recorded();
  const report = await ledger.verify(
    launch,
    heads.map((head) => ({ ...head, from: 'a batch' }))
  );
  expect(report).toMatchObject({ launch, entries: ENTRIES, head: heads[3], findings: [], vouchedTo: ENTRIES });
});

test('a launch of which there is nothing has an empty chain, and whoever knows better says so', async () => {
  const { heads } = await recorded();
  expect(await ledger.verify('nothing')).toMatchObject({ entries: 0, findings: [], head: { number: 0 } });
  expect(await findings('nothing', [heads[0]!])).toEqual(['CUT 1']);
});

/** Each changes as little as its column can be changed. */
const CHANGES: { [column: string]: string } = {
  position: '"position" + 1000000',
  workflowId: `"workflowId" || ' '`,
  firstRunId: `overlay("firstRunId" placing 'R' from 1)`,
  seq: 'CASE WHEN "seq" IS NULL THEN 0 ELSE NULL END',
  itemId: `CASE WHEN "itemId" IS NULL THEN '' ELSE NULL END`,
  type: `upper(left("type", 1)) || substr("type", 2)`,
  at: `"at" + interval '1 millisecond'`,
  body: `CASE WHEN "body" ? 'one' THEN jsonb_set("body", '{one}', '1.0') ELSE jsonb_set("body", '{row,title}', '"a"') END`,
  recordedAt: `"recordedAt" - interval '1 millisecond'`,
  previous: `translate("previous", left("previous", 1), 'x')`,
  hash: `translate("hash", left("hash", 1), 'x')`,
};

test('every column of an entry is covered', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'Fact'`
  );
  const covered = [...Object.keys(CHANGES), 'launchId', 'number'];
  expect(rows.map(({ name }) => name).sort()).toEqual(covered.sort());
});

const anyEntry = fc.integer({ min: 1, max: ENTRIES });

test('one changed byte of any column of any entry is found, and the entry is named', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(CHANGES)), anyEntry, async (column, number) => {
      const { launch } = await recorded();
      const { rowCount } = await owner.query(`UPDATE "Fact" SET "${column}" = ${CHANGES[column]} WHERE ${at(number)}`, [
        launch,
      ]);
      expect(rowCount).toBe(1);
      expect(await findings(launch)).toEqual([`CHANGED ${number}`]);
    }),
    { numRuns: 60 }
  );
}, 120_000);

test.each<[string, string]>([
  ['the number 1 as 1.0', `jsonb_set("body", '{one}', '1.0')`],
  ['a number beyond what is read', `jsonb_set("body", '{one}', '1.00000000000000000000001')`],
  ['a date that is none', `"body"`],
])('a change is found that reads as what was there: %s', async (name, body) => {
  const { launch } = await recorded();
  const more = name.startsWith('a date') ? `, "at" = 'infinity'` : '';
  await owner.query(`UPDATE "Fact" SET "body" = ${body}${more} WHERE ${at(3)}`, [launch]);
  expect(await findings(launch)).toEqual(['CHANGED 3']);
});

test.each<[string, string]>([
  ['what is nested deeper than JSON can be written', `(repeat('[', 6000) || repeat(']', 6000))::jsonb`],
  ['a text of many megabytes', `to_jsonb(repeat('a', 16000000))`],
  ['a text of more than anything that is written', `to_jsonb(repeat('a', 110000000))`],
])(
  'an entry is named whatever was put in: %s',
  async (_, body) => {
    const { launch } = await recorded();
    await owner.query(`UPDATE "Fact" SET "body" = ${body} WHERE ${at(3)}`, [launch]);
    expect(await findings(launch)).toEqual(['CHANGED 3']);
  },
  60_000
);

test('an export leaves out what cannot be written as JSON, and says that it was changed', async () => {
  const { launch } = await recorded();
  const deep = `(repeat('[', 6000) || repeat(']', 6000))::jsonb`;
  await owner.query(`UPDATE "Fact" SET "body" = ${deep} WHERE ${at(3)}`, [launch]);
  const exported: number[] = [];
  const to = { begin: async () => {}, write: async ({ number }: { number: number }) => void exported.push(number) };
  expect((await ledger.export(launch, to)).findings).toMatchObject([{ code: 'CHANGED', number: 3 }]);
  expect(exported).toEqual([1, 2, 4, 5, 6, 7, 8, 9]);
});

test('a row that was changed to none keeps nobody from being told so, and nothing is made anew', async () => {
  const { launch } = await recorded();
  await owner.query(`UPDATE "Fact" SET "body" = 'null' WHERE "launchId" = $1 AND "type" = 'row'`, [launch]);
  const { report, differed } = await ledger.rebuild(launch);
  expect([report.broken, differed]).toEqual([3, []]);
});

test('entries whose launch was removed are a ledger still, and it does not hold', async () => {
  const { launch } = await recorded();
  await owner.query(`DELETE FROM "Item" WHERE "launchId" = $1`, [launch]);
  await owner.query(`DELETE FROM "Launch" WHERE "id" = $1`, [launch]);
  expect(await ledger.launches()).toContain(launch);
  expect(await findings(launch)).toEqual([`HEAD ${ENTRIES}`]);
});

test('dropped entries are found, and named', async () => {
  await fc.assert(
    fc.asyncProperty(anyEntry, fc.integer({ min: 1, max: 3 }), async (from, count) => {
      const { launch } = await recorded();
      const to = Math.min(ENTRIES, from + count - 1);
      await owner.query(`DELETE FROM "Fact" WHERE "launchId" = $1 AND "number" BETWEEN ${from} AND ${to}`, [launch]);
      expect(await findings(launch)).toEqual([`${to === ENTRIES ? 'CUT' : 'MISSING'} ${from}`]);
    }),
    { numRuns: 25 }
  );
}, 120_000);

test('swapped entries are found, and named', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyEntry, { minLength: 2, maxLength: 2 }),
      fc.boolean(),
      async (pair, withLinks) => {
        const { launch } = await recorded();
        const [a, b] = pair.sort((x, y) => x - y) as [number, number];
        const links = withLinks ? '' : `, "previous" = o."previous", "hash" = o."hash"`;
        await owner.query(
          `UPDATE "Fact" f SET "number" = o."number"${links} FROM "Fact" o
         WHERE f."launchId" = $1 AND o."launchId" = $1
           AND ((f."number" = ${a} AND o."number" = ${b}) OR (f."number" = ${b} AND o."number" = ${a}))`,
          [launch]
        );
        expect(await findings(launch)).toEqual([`CHANGED ${a}`, `CHANGED ${b}`]);
      }
    ),
    { numRuns: 25 }
  );
}, 120_000);

const columns = '"workflowId", "firstRunId", "itemId", "type", "at", "body", "recordedAt", "previous", "hash"';

test.each<[string, string, string[]]>([
  ['a copy of an entry in its own place', `INSERT INTO "Fact" SELECT * FROM "Fact" WHERE ${at(4)}`, ['TWICE 4']],
  [
    'one before the first',
    `INSERT INTO "Fact" ("launchId", "number", ${columns}) SELECT "launchId", 0, ${columns} FROM "Fact" WHERE ${at(4)}`,
    ['TWICE 0'],
  ],
  [
    'one after the last',
    `INSERT INTO "Fact" ("launchId", "number", ${columns}) SELECT "launchId", 10, ${columns} FROM "Fact" WHERE ${at(4)}`,
    ['CHANGED 10', 'HEAD 10'],
  ],
  [
    'one outside of the chain',
    `INSERT INTO "Fact" ("launchId", ${columns}) SELECT "launchId", ${columns} FROM "Fact" WHERE ${at(4)}`,
    ['UNCHAINED 0'],
  ],
  ['an entry taken out of the chain', `UPDATE "Fact" SET "number" = NULL WHERE ${at(4)}`, ['MISSING 4', 'UNCHAINED 0']],
  [
    'an entry moved far away',
    `UPDATE "Fact" SET "number" = 2000000000 WHERE ${at(4)}`,
    ['MISSING 4', 'MISSING 10', 'CHANGED 2000000000', 'HEAD 2000000000'],
  ],
  ['a changed head', `UPDATE "Launch" SET "headHash" = repeat('0', 64) WHERE "id" = $1`, ['HEAD 9']],
  ['a head of earlier', `UPDATE "Launch" SET "headNumber" = 3 WHERE "id" = $1`, ['HEAD 9']],
])('%s is found', async (_, sql, expected) => {
  const { launch } = await recorded();
  await owner.query(sql, [launch]);
  expect(await findings(launch)).toEqual(expected);
});

test("an entry moved to another launch is missing in one and does not fit the other's chain", async () => {
  const [one, other] = [await recorded(), await recorded()];
  await owner.query(`UPDATE "Fact" SET "launchId" = '${other.launch}' WHERE ${at(9)}`, [one.launch]);
  expect(await findings(one.launch)).toEqual(['CUT 9']);
  expect(await findings(other.launch)).toContain('TWICE 9');
});

test('a tail cut off together with the head is found up to the last head that was kept outside', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: ENTRIES - 1 }), async (left) => {
      const { launch, heads } = await recorded();
      await owner.query(`DELETE FROM "Fact" WHERE "launchId" = $1 AND "number" > ${left}`, [launch]);
      await owner.query(
        `UPDATE "Launch" SET "headNumber" = ${left}, "headHash" = (SELECT "hash" FROM "Fact" WHERE ${at(left)}) WHERE "id" = $1`,
        [launch]
      );
      for (const kept of heads)
        expect(await findings(launch, [kept])).toEqual(kept.number > left ? [`CUT ${left + 1}`] : []);
    }),
    { numRuns: 12 }
  );
}, 120_000);

test('a chain that begins elsewhere than its head is not written on: the facts wait', async () => {
  const { url } = await freshDatabase();
  const sound = openDatabase(url);
  const batch = { launch: 'x', workflow: { id: 'x', firstRunId: 'run' }, rowSeq: 0 };
  const fact = (seq: number) => ({ seq, at: 0, type: 'noted', body: {} });
  await createStore(sound).recordFacts({ ...batch, facts: [fact(0), fact(1)] });
  await sound.client.launch.updateMany({ data: { headNumber: 0, headHash: null } });
  const attempt = createStore(sound).recordFacts({ ...batch, facts: [fact(2)] });
  await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });
  await expect(attempt).rejects.toThrow("'launch ledger verify' says what is wrong");
  await sound.close();
});
