import fc from 'fast-check';
import pg from 'pg';
import type { FactBatch } from '../../domain/ledger';
import type { Json } from '../../domain/plan';
import { openDatabase, type Database } from '../../prisma/database';
import { createLedger } from '../../prisma/ledger';
import { createStore } from '../../prisma/store';
import { freshDatabase } from '../support/database';

/** Two pools, as two workers have them. */
let databases: [Database, Database];
let owner: pg.Client;

beforeAll(async () => {
  const { url } = await freshDatabase();
  databases = [openDatabase(url), openDatabase(url)];
  owner = new pg.Client(url);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await Promise.all(databases.map((database) => database.close()));
});

let launches = 0;
const newLaunch = (): string => `launch-${++launches}`;

/** What a workflow has come to after each of its facts: states repeat, and some come without a fact. */
interface Step {
  isFact: boolean;
  state: number;
  plan: boolean;
}
const step = fc.record({ isFact: fc.boolean(), state: fc.nat(2), plan: fc.boolean() });
const ODD = 'NUL \0, half a \ud83d, \\u0000';

/** The batch that a workflow sends after `upTo` steps, with its facts from `from` on. */
function batchOf(
  launch: string,
  who: number,
  { steps, from, upTo }: { steps: Step[]; from: number; upTo: number }
): FactBatch {
  const done = steps.slice(0, upTo);
  const facts = done.flatMap((each, at) => (each.isFact ? [{ at, type: 'noted', body: { state: each.state } }] : []));
  const { state = 0, plan = false } = done.at(-1) ?? {};
  const common = { facts: facts.map((fact, seq) => ({ ...fact, seq })).slice(from), rowSeq: upTo };
  const workflow = { id: `launch:${launch}:${who}`, firstRunId: 'run' };
  if (who === 0) {
    const verdict = state === 2 ? { value: 'GO' as const, at: 5 } : undefined;
    const row = {
      kind: 'launch' as const,
      title: ODD,
      revision: state,
      phase: `phase ${state}`,
      launchAt: state,
      verdict,
    };
    const given: { plan?: Json } = plan ? { plan: { state, [ODD]: [1, 0.5, { __proto__: null }] as Json } } : {};
    return { launch, workflow, ...common, row: { ...row, ...given } };
  }
  const id = `${ODD}-${who}`;
  const row = {
    kind: 'item' as const,
    id,
    itemKind: 'task' as const,
    title: ODD,
    status: `status ${state}`,
    owners: [ODD],
  };
  const more = state === 1 ? { priority: 'P0' as const, deadline: 7 } : {};
  return { launch, workflow, item: id, ...common, row: { ...row, ...more } };
}

/** What three workflows send: batches overlap, are repeated and overtake each other, by two workers at once. */
const sent = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 3 }).chain((all) =>
  fc
    .array(fc.record({ who: fc.nat(2), from: fc.nat(3), upTo: fc.integer({ min: 1, max: 6 }) }), {
      minLength: 1,
      maxLength: 14,
    })
    .map((cuts) =>
      cuts.map(({ who, from, upTo }) => ({ who, steps: all[who]!, from, upTo: Math.min(upTo, all[who]!.length) }))
    )
);

async function stateOf(launch: string) {
  const store = createStore(databases[0]);
  const { updatedAt: _, ...row } = (await store.launch(launch)) ?? { updatedAt: 0 };
  const items = (await store.items(launch)).map(({ updatedAt: __, ...item }) => item);
  return { row, items };
}

const SCRAMBLE = [
  `UPDATE "Launch" SET "title" = 'other', "phase" = 'launched', "verdict" = 'GO', "verdictAt" = now(), "plan" = '{}' WHERE "id" = $1`,
  `DELETE FROM "Item" WHERE "launchId" = $1 AND "id" LIKE '%1'`,
  `UPDATE "Item" SET "status" = 'resolved', "owners" = '{}', "deadline" = now() WHERE "launchId" = $1`,
  `INSERT INTO "Item" ("launchId", "id", "seq", "kind", "title", "status") VALUES ($1, 'INVENTED', 9, 'task', '', '')`,
];

test('rows rebuilt from the ledger are those in place, however the workflows wrote', async () => {
  let scrambled = 0;
  await fc.assert(
    fc.asyncProperty(sent, fc.boolean(), async (all, together) => {
      const launch = newLaunch();
      const send = (each: (typeof all)[number], n: number) =>
        createStore(databases[n % 2]!).recordFacts(batchOf(launch, each.who, each));
      if (together) await Promise.all(all.map(send));
      else for (const [n, each] of all.entries()) await send(each, n);

      const before = await stateOf(launch);
      const ledger = createLedger(databases[0]);
      expect(await ledger.rebuild(launch)).toMatchObject({ report: { broken: 0 }, differed: [] });
      for (const sql of SCRAMBLE) await owner.query(sql, [launch]);
      const { differed } = await ledger.rebuild(launch);
      expect(differed.map(({ row }) => row)).toContain('item INVENTED');
      scrambled += differed.length;
      expect(await stateOf(launch)).toEqual(before);
      expect(await ledger.rebuild(launch)).toMatchObject({ differed: [] });
      expect(await ledger.verify(launch)).toMatchObject({ broken: 0 });
    }),
    { numRuns: 40 }
  );
  expect(scrambled).toBeGreaterThan(80);
}, 120_000);

test('a row whose count was put beyond every state takes new ones again', async () => {
  const launch = newLaunch();
  const store = createStore(databases[0]);
  const steps = [0, 1].map((state) => ({ isFact: true, state, plan: false }));
  for (const who of [0, 1]) await store.recordFacts(batchOf(launch, who, { steps, from: 0, upTo: 1 }));
  await owner.query(`UPDATE "Launch" SET "seq" = 2147483647 WHERE "id" = $1`, [launch]);
  await owner.query(`UPDATE "Item" SET "seq" = 2147483647 WHERE "launchId" = $1`, [launch]);
  await createLedger(databases[0]).rebuild(launch);
  for (const who of [0, 1]) await store.recordFacts(batchOf(launch, who, { steps, from: 1, upTo: 2 }));
  expect(await stateOf(launch)).toMatchObject({ row: { phase: 'phase 1' }, items: [{ status: 'status 1' }] });
});

test('a state that says nothing new is no entry, and an old one is none either', async () => {
  const launch = newLaunch();
  const store = createStore(databases[0]);
  const steps = [0, 0, 1, 0].map((state) => ({ isFact: false, state, plan: true }));
  const numbers: number[] = [];
  for (const upTo of [1, 2, 2, 4, 3])
    numbers.push((await store.recordFacts(batchOf(launch, 0, { steps, from: 0, upTo }))).head.number);
  expect(numbers).toEqual([1, 1, 1, 1, 1]);
  expect((await store.recordFacts(batchOf(launch, 1, { steps: steps.slice(2), from: 0, upTo: 1 }))).head.number).toBe(
    2
  );
});

test('nothing is rebuilt from a ledger that is broken', async () => {
  const launch = newLaunch();
  const steps = [0, 1].map((state) => ({ isFact: true, state, plan: false }));
  await createStore(databases[0]).recordFacts(batchOf(launch, 0, { steps, from: 0, upTo: 2 }));
  await owner.query(
    `UPDATE "Fact" SET "body" = jsonb_set("body", '{row,phase}', '"launched"') WHERE "launchId" = $1 AND "seq" IS NULL`,
    [launch]
  );
  const rebuilt = await createLedger(databases[0]).rebuild(launch);
  expect(rebuilt).toMatchObject({ report: { findings: [{ code: 'CHANGED', number: 3 }] }, differed: [] });
  expect(await createStore(databases[0]).launch(launch)).toMatchObject({ phase: 'phase 1' });
});

test('what a workflow writes after a rebuild counts as before it', async () => {
  const launch = newLaunch();
  const store = createStore(databases[0]);
  const steps = [0, 0, 0, 1].map((state) => ({ isFact: false, state, plan: false }));
  const send = (upTo: number) => store.recordFacts(batchOf(launch, 1, { steps, from: 0, upTo }));
  await send(1);
  await send(3);
  await owner.query(`UPDATE "Item" SET "status" = 'x' WHERE "launchId" = $1`, [launch]);
  await createLedger(databases[0]).rebuild(launch);
  await send(2);
  expect(await store.items(launch)).toMatchObject([{ status: 'status 0' }]);
  await send(4);
  expect(await store.items(launch)).toMatchObject([{ status: 'status 1' }]);
});
