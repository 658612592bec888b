import pg from 'pg';
import { pino } from 'pino';
import type { FactRecord, LedgerHead } from '../../domain/ledger';
import { Verifier, type Verified } from '../../gateway/verifier';
import { openDatabase, type Database } from '../../prisma/database';
import { createLedger, type Ledger } from '../../prisma/ledger';
import { createStore, type Store } from '../../prisma/store';
import { freshDatabase } from '../support/database';
import { until } from '../support/until';

let database: Database;
let store: Store;
let ledger: Ledger;
/** Whoever owns the tables: nothing in the database keeps that user from anything. */
let owner: pg.Client;
const opened: Verifier[] = [];
const kept = new Map<string, LedgerHead>();

beforeAll(async () => {
  const { url } = await freshDatabase();
  database = openDatabase(url);
  store = createStore(database);
  ledger = createLedger(database);
  owner = new pg.Client(url);
  await owner.connect();
});
afterAll(async () => {
  for (const verifier of opened) await verifier.stop();
  await owner.end();
  await database.close();
});

let launches = 0;

/** Writes entries of a launch, one batch of facts. */
async function write(launch: string, from: number, count: number): Promise<LedgerHead> {
  const facts = Array.from({ length: count }, (_, at): FactRecord => {
    return { seq: from + at, at: 1_700_000_000_000 + at, type: 'noted', body: { number: from + at } };
  });
  const workflow = { id: `launch:${launch}`, firstRunId: 'run' };
  return (await store.recordFacts({ launch, workflow, facts, rowSeq: 1 })).head;
}

function verifier(everyMs = 20): Verifier {
  const made = new Verifier({
    ledger,
    keptHead: async (launch) => {
      const head = kept.get(launch);
      return head && { ...head, from: 'the running launch' };
    },
    log: pino({ level: 'silent' }),
    everyMs,
  });
  made.start();
  opened.push(made);
  return made;
}

const shown = (of: Verifier, launch: string, fits: (verified: Verified) => boolean): Promise<Verified> =>
  until(`the ledger of ${launch}`, () => {
    const verified = of.of(launch);
    return fits(verified) ? verified : undefined;
  });
const found = ({ findings }: Verified) => findings.map(({ code, number }) => `${code} ${number}`);
const change = (launch: string, number: number) =>
  owner.query(`UPDATE "Fact" SET "type" = 'changed' WHERE "launchId" = $1 AND "number" = $2`, [launch, number]);

test('nobody waits: at first nothing is known, then all of it, then also what is written later', async () => {
  const launch = `v${++launches}`;
  const head = await write(launch, 0, 5);
  const watching = verifier();
  expect(watching.of(launch)).toMatchObject({ state: 'checking', verified: null, wholeAt: null });
  const first = await shown(watching, launch, ({ state }) => state === 'sound');
  expect(first).toMatchObject({ verified: { number: 5, head: `5:${head.hash}` }, vouched: null, broken: 0 });
  expect(first.wholeAt).toBe(first.verified?.at);
  const later = await write(launch, 5, 2);
  const second = await shown(watching, launch, ({ verified }) => verified?.number === 7);
  expect(second).toMatchObject({ state: 'sound', verified: { head: `7:${later.hash}` } });
});

test.each([1, 3, 6])('a changed entry is found, also long after it was verified: %i', async (number) => {
  const launch = `v${++launches}`;
  await write(launch, 0, 6);
  const watching = verifier();
  await shown(watching, launch, ({ state }) => state === 'sound');
  await change(launch, number);
  const broken = await shown(watching, launch, ({ state }) => state === 'broken');
  expect(found(broken)).toContain(`CHANGED ${number}`);
  // What was known before it is told still.
  expect(broken.verified?.number).toBe(6);
  // Put back, the whole is read again, and holds.
  await owner.query(`UPDATE "Fact" SET "type" = 'noted' WHERE "launchId" = $1`, [launch]);
  expect(await shown(watching, launch, ({ state }) => state === 'sound')).toMatchObject({ broken: 0, findings: [] });
});

test('an entry that is dropped from the middle is found where it was', async () => {
  const launch = `v${++launches}`;
  await write(launch, 0, 6);
  await owner.query(`DELETE FROM "Fact" WHERE "launchId" = $1 AND "number" = 3`, [launch]);
  expect(found(await shown(verifier(), launch, ({ state }) => state === 'broken'))).toEqual(['MISSING 3']);
});

async function cutTo(launch: string, head: LedgerHead): Promise<void> {
  await owner.query(`DELETE FROM "Fact" WHERE "launchId" = $1 AND "number" > $2`, [launch, head.number]);
  await owner.query(`UPDATE "Launch" SET "headNumber" = $2, "headHash" = $3 WHERE "id" = $1`, [
    launch,
    head.number,
    head.hash,
  ]);
}

test('what is cut off the end is found by the head that was verified before, and stays found', async () => {
  const launch = `v${++launches}`;
  const before = await write(launch, 0, 4);
  await write(launch, 4, 2);
  const watching = verifier();
  await shown(watching, launch, ({ state }) => state === 'sound');
  await cutTo(launch, before);
  const broken = await shown(watching, launch, ({ state }) => state === 'broken');
  // At the next checks the chain by itself holds, from its first entry to its last.
  const only = await shown(
    watching,
    launch,
    ({ broken: count, findings: [first] }) => count === 1 && first?.number === 5
  );
  expect(broken.verified?.number).toBe(6);
  expect(only.findings).toEqual([
    { code: 'CUT', number: 5, text: 'entries 5 to 6 are missing from the end: this gateway vouches for 6' },
  ]);
});

test('what Temporal keeps vouches for a ledger that nobody here has seen', async () => {
  const launch = `v${++launches}`;
  const before = await write(launch, 0, 4);
  const head = await write(launch, 4, 2);
  kept.set(launch, before);
  const held = await shown(verifier(), launch, ({ state }) => state !== 'checking');
  expect(held).toMatchObject({ state: 'sound', vouched: { number: 4, from: 'the running launch', holds: true } });
  kept.set(launch, head);
  await cutTo(launch, before);
  const cut = await shown(verifier(), launch, ({ state }) => state !== 'checking');
  expect(cut).toMatchObject({ state: 'broken', vouched: { number: 6, holds: false } });
  expect(found(cut)).toEqual(['CUT 5']);
});

test('rows before the first number do not keep it from the end', async () => {
  const launch = `v${++launches}`;
  await write(launch, 0, 3);
  await owner.query(
    `INSERT INTO "Fact" ("launchId", "workflowId", "firstRunId", "seq", "type", "at", "body", "number", "previous", "hash")
     SELECT $1, 'x', 'x', n, 'noted', now(), '{}', -n, '', '' FROM generate_series(1, 1200) AS n`,
    [launch]
  );
  const broken = await shown(verifier(), launch, ({ state }) => state === 'broken');
  expect(found(broken)).toContain('TWICE -1200');
  expect(broken.findings).toHaveLength(20);
});
