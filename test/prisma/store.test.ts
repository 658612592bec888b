import fc from 'fast-check';
import type { FactBatch, ItemRow, LaunchRow, FactRecord, LedgerEntry } from '../../domain/ledger';
import type { Json } from '../../domain/plan';
import { openDatabase } from '../../prisma/database';
import type { Database } from '../../prisma/database';
import { createStore } from '../../prisma/store';
import type { Store } from '../../prisma/store';
import { freshDatabase } from '../support/database';

/** Two pools, as two workers have them. */
let databases: [Database, Database];
let store: Store;
let other: Store;

beforeAll(async () => {
  const { url } = await freshDatabase();
  databases = [openDatabase(url), openDatabase(url)];
  store = createStore(databases[0]);
  other = createStore(databases[1]);
});
afterAll(() => Promise.all(databases.map((database) => database.close())));

let launches = 0;
const newLaunch = (): string => `launch-${++launches}`;

const factOf = (seq: number): FactRecord => ({ seq, at: 1_700_000_000_000 + seq, type: 'noted', body: { seq } });
const factsTo = (count: number): FactRecord[] => Array.from({ length: count }, (_, seq) => factOf(seq));

function batchOf(launch: string, facts: FactRecord[], more: Partial<FactBatch> = {}): FactBatch {
  return { launch, workflow: { id: `launch:${launch}`, firstRunId: 'run' }, facts, rowSeq: 0, ...more };
}

const launchRow = (phase: string, plan?: Json): LaunchRow => {
  return { kind: 'launch', title: 'Storefront 2.0', revision: 1, phase, launchAt: 1_800_000_000_000, plan };
};
const itemRow = (id: string, status: string): ItemRow => {
  return { kind: 'item', id, itemKind: 'blocker', title: 'Staging', status, owners: ['devops'], priority: 'P0' };
};

/** What a fact says, without when and where it was written. */
const content = ({ workflow, seq, item, type, at, body }: LedgerEntry) => ({ workflow, seq, item, type, at, body });
const bySeq = (a: LedgerEntry, b: LedgerEntry): number => a.seq - b.seq;

test('facts come back as they were given, in the order of writing', async () => {
  const launch = newLaunch();
  const { position } = await store.recordFacts(batchOf(launch, factsTo(3), { item: 'BLOCKER' }));
  const entries = await store.facts(launch);
  expect(entries.map(content)).toEqual(
    factsTo(3).map((fact) => ({ ...fact, item: 'BLOCKER', workflow: { id: `launch:${launch}`, firstRunId: 'run' } }))
  );
  expect(entries.at(-1)?.position).toBe(position);
});

test('the newest facts come first, page by page, of an item or a type where one is asked for', async () => {
  const launch = newLaunch();
  await store.recordFacts(batchOf(launch, factsTo(3), { row: launchRow('preparing') }));
  const more = [3, 4].map((seq) => ({ ...factOf(seq), type: 'moved' }));
  const workflow = { id: 'item', firstRunId: launch };
  const { head } = await store.recordFacts(batchOf(launch, more, { item: 'A', workflow, row: itemRow('A', 'open') }));
  const seqs = async (...page: Parameters<typeof store.newestFacts>) =>
    (await store.newestFacts(...page)).map(({ seq }) => seq);
  const first = await store.newestFacts(launch, { limit: 2 });
  expect(first.map(({ seq, number }) => [seq, number])).toEqual([
    [4, head.number - 1],
    [3, head.number - 2],
  ]);
  expect(await seqs(launch, { before: first[1]!.position })).toEqual([2, 1, 0]);
  expect(await seqs(launch, { item: 'A' })).toEqual([4, 3]);
  expect(await seqs(launch, { type: 'noted', limit: 1 })).toEqual([2]);
  expect(await seqs(launch, { item: 'A', type: 'noted' })).toEqual([]);
});

test('facts are read page by page from a position on', async () => {
  const launch = newLaunch();
  await store.recordFacts(batchOf(launch, factsTo(5)));
  const first = await store.facts(launch, { limit: 2 });
  const rest = await store.facts(launch, { after: first[1]!.position });
  expect([...first, ...rest].map((entry) => entry.seq)).toEqual([0, 1, 2, 3, 4]);
});

/** Any way to cut a list of facts into batches that overlap, repeat and come in any order. */
const FACTS = 12;
const batches = fc
  .array(fc.tuple(fc.nat(FACTS - 1), fc.integer({ min: 1, max: 6 })), { maxLength: 12 })
  .map((slices) => slices.map(([from, length]) => factsTo(FACTS).slice(from, from + length)))
  .chain((slices) =>
    fc.shuffledSubarray([...slices, factsTo(FACTS).slice(0, 7), factsTo(FACTS).slice(6)], {
      minLength: slices.length + 2,
    })
  );

test('however facts are split, repeated and reordered, by two writers at once, the same facts stand in the table', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (split) => {
      const launch = newLaunch();
      const written = split.map((facts, i) => (i % 2 ? store : other).recordFacts(batchOf(launch, facts)));
      const positions = (await Promise.all(written)).map((recorded) => BigInt(recorded.position));
      const entries = await store.facts(launch);
      expect([...entries].sort(bySeq).map(({ seq, at, type, body }) => ({ seq, at, type, body }))).toEqual(
        factsTo(FACTS)
      );
      expect(String(positions.reduce((a, b) => (a > b ? a : b)))).toBe(entries.at(-1)!.position);
    }),
    { numRuns: 25 }
  );
});

test('each workflow, and each first run of it, has a sequence of its own', async () => {
  const launch = newLaunch();
  const workflows = [
    { id: 'a', firstRunId: launch },
    { id: 'a', firstRunId: `${launch}-2` },
    { id: 'b', firstRunId: launch },
  ];
  for (const workflow of workflows) await store.recordFacts(batchOf(launch, factsTo(2), { workflow }));
  expect((await store.facts(launch)).map((entry) => entry.workflow)).toEqual(
    workflows.flatMap((workflow) => [workflow, workflow])
  );
});

test('a key that another fact has taken is refused, and nothing of the batch is written', async () => {
  const launch = newLaunch();
  await store.recordFacts(batchOf(launch, factsTo(2)));
  const changed = batchOf(launch, [{ ...factOf(1), body: { seq: 'else' } }, factOf(2)], {
    row: launchRow('preparing'),
  });
  const attempt = store.recordFacts(changed);
  await expect(attempt).rejects.toMatchObject({ code: 'FACT_REFUSED' });
  await expect(attempt).rejects.toThrow(`fact 1 of launch:${launch} (run)`);
  expect(await store.facts(launch)).toHaveLength(2);
  expect(await store.launch(launch)).toBeUndefined();
});

test('a row never goes backwards, whatever order its states arrive in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 }), async (order) => {
      const launch = newLaunch();
      const send = (rowSeq: number, i: number) => {
        const to = i % 2 ? store : other;
        const plan = rowSeq < 3 ? { revision: rowSeq } : undefined;
        return Promise.all([
          to.recordFacts(batchOf(launch, [], { rowSeq, row: launchRow(`phase ${rowSeq}`, plan) })),
          to.recordFacts(batchOf(launch, [], { rowSeq, row: itemRow('ITEM', `status ${rowSeq}`) })),
        ]);
      };
      await Promise.all(order.map(send));
      const plans = order.filter((rowSeq) => rowSeq < 3);
      expect(await store.launch(launch)).toMatchObject({
        phase: `phase ${Math.max(...order)}`,
        plan: plans.length > 0 ? { revision: Math.max(...plans) } : null,
      });
      expect(await store.items(launch)).toMatchObject([{ id: 'ITEM', status: `status ${Math.max(...order)}` }]);
    }),
    { numRuns: 20 }
  );
});

test("an item's facts can come before the launch's own", async () => {
  const launch = newLaunch();
  await store.recordFacts(
    batchOf(launch, factsTo(1), { workflow: { id: 'item', firstRunId: launch }, row: itemRow('ITEM', 'open') })
  );
  expect(await store.launch(launch)).toBeUndefined();
  expect((await store.launches()).map(({ id }) => id)).not.toContain(launch);
  expect(await store.items(launch)).toHaveLength(1);
  await store.recordFacts(batchOf(launch, factsTo(1), { row: launchRow('preparing', { title: 'plan' }) }));
  expect(await store.launch(launch)).toMatchObject({ id: launch, phase: 'preparing', plan: { title: 'plan' } });
  expect((await store.launches())[0]).toMatchObject({ id: launch, launchAt: 1_800_000_000_000 });
  expect(await store.facts(launch)).toHaveLength(2);
});

test('a verdict is stored, and a later state without one clears it', async () => {
  const launch = newLaunch();
  const verdict = { value: 'DELAY' as const, at: 1_800_000_000_000 };
  await store.recordFacts(batchOf(launch, [], { row: { ...launchRow('delayed'), verdict } }));
  expect(await store.launch(launch)).toMatchObject({ verdict });
  await store.recordFacts(batchOf(launch, [], { rowSeq: 1, row: launchRow('preparing') }));
  expect((await store.launch(launch))?.verdict).toBeUndefined();
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\0', '\\', 'u0000', '\\u0000', '\ud83d', '\ude00', 'ud83d', '"', "'", '$', '%', 'é'),
  })
);
const anyJson = fc.letrec<{ json: Json; leaf: Json }>((tie) => ({
  leaf: fc.oneof(
    anyText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null)
  ),
  json: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(anyText, fc.constantFrom('$type', 'set', 'value', '__proto__')), tie('json'), { maxKeys: 3 })
  ),
})).json;

test('any text and any JSON comes back exactly, NUL characters and broken surrogates too', async () => {
  await fc.assert(
    fc.asyncProperty(anyText.filter(Boolean), anyText, anyJson, async (id, type, body) => {
      const launch = `${newLaunch()}${id}`;
      const batch = batchOf(launch, [{ ...factOf(0), type, body }], { item: id, row: itemRow(id, type) });
      await store.recordFacts(batch);
      await other.recordFacts(batch);
      const expected = JSON.parse(JSON.stringify({ launch, item: id, type, body })) as object;
      expect(await store.facts(launch)).toMatchObject([expected]);
      expect((await store.facts(launch))[0]!.body).toEqual((expected as { body: Json }).body);
      expect(await store.items(launch)).toMatchObject([{ id, status: type }]);
    }),
    { numRuns: 100 }
  );
});

test('the database holds a NUL character as text that people can see', async () => {
  const launch = newLaunch();
  await store.recordFacts(batchOf(launch, [{ ...factOf(0), body: 'a\0b' }]));
  const rows = await databases[0].client
    .$queryRaw`SELECT "body" #>> '{}' AS text FROM "Fact" WHERE "launchId" = ${launch}`;
  expect(rows).toEqual([{ text: 'a\\u0000b' }]);
});

const deep = (depth: number): Json => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as Json;

test.each<[string, Partial<FactBatch>, string]>([
  ['a sequence below 0', { facts: [{ ...factOf(0), seq: -1 }] }, 'facts.0.seq'],
  ['a date that is none', { facts: [{ ...factOf(0), at: NaN }] }, 'facts.0.at'],
  ['a date beyond the year 9999', { facts: [{ ...factOf(0), at: 1e15 }] }, 'facts.0.at'],
  ['a launch without an id', { launch: '' }, 'launch: '],
  [
    'an id too long for an index',
    { workflow: { id: 'x'.repeat(3e3).replace(/x/g, () => Math.random().toString(36)), firstRunId: 'r' } },
    'index row',
  ],
  ['JSON nested beyond what can be read', { facts: [{ ...factOf(0), body: deep(5_000) }] }, ''],
])('refuses %s for good', async (_, change, message) => {
  const attempt = store.recordFacts(batchOf(newLaunch(), factsTo(1), change));
  await expect(attempt).rejects.toMatchObject({ code: 'FACT_REFUSED' });
  await expect(attempt).rejects.toThrow(message);
});

test('writers of one launch do not keep others waiting', async () => {
  const [busy, quiet] = [newLaunch(), newLaunch()];
  await store.recordFacts(batchOf(busy, []));
  const held = databases[1].client.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM "Launch" WHERE "id" = ${busy} FOR UPDATE`;
      const waiting = Promise.all(
        Array.from({ length: 40 }, (_, seq) => store.recordFacts(batchOf(busy, [factOf(seq)])))
      );
      await store.recordFacts(batchOf(quiet, factsTo(1)));
      return { waiting };
    },
    { timeout: 20_000 }
  );
  await (
    await held
  ).waiting;
  expect(await store.facts(busy)).toHaveLength(40);
});

test('a thousand facts are written in one batch', async () => {
  const launch = newLaunch();
  const batch = batchOf(launch, factsTo(1_000), { row: launchRow('preparing') });
  const started = performance.now();
  await store.recordFacts(batch);
  const first = performance.now();
  await store.recordFacts(batch);
  const second = performance.now();
  process.stdout.write(`1,000 facts: ${Math.round(first - started)} ms, again: ${Math.round(second - first)} ms\n`);
  expect(await store.facts(launch)).toHaveLength(1_000);
  expect(first - started).toBeLessThan(3_000);
});
