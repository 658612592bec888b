import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FactBatch } from '../domain/ledger';
import { openDatabase, type Database } from '../prisma/database';
import { createLedger } from '../prisma/ledger';
import { migrate } from '../prisma/migrate';
import { createStore, type Store } from '../prisma/store';
import { startPostgresAlone } from '../stack/postgres';
import type { Benchmark } from './index';
import { quantile, table, type Figure } from './table';

const USAGE = 'usage: npm run bench -- ledger [--items 300] [--facts 20000], whole numbers above 0';
const LAUNCH = 'bench';
/** Facts in one write, as a workflow has them when something happens. */
const AT_ONCE = 2;
const PAGE = 50;
const LOOKS = 100;
const OPENS_WITHIN_MS = 100;

/** What it takes to write, open, verify and rebuild the ledger of a large launch, beside others like it. */
export const ledger: Benchmark = async (args, signal) => {
  const { values } = parseArgs({ args, options: { items: { type: 'string' }, facts: { type: 'string' } } });
  const [items, facts] = [Number(values.items ?? 300), Number(values.facts ?? 20_000)];
  if (![items, facts].every((each) => Number.isInteger(each) && each > 0)) throw new Error(USAGE);
  const home = mkdtempSync(join(tmpdir(), 'launch-bench-'));
  const options = { folder: join(home, 'data'), logs: join(home, 'logs'), report: () => {}, disposable: true };
  const server = await startPostgresAlone(options);
  try {
    await migrate(server.url);
    const database = openDatabase(server.url);
    try {
      return await measure(database, { items, facts }, signal);
    } finally {
      await database.close();
    }
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function looks(work: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let n = 0; n < LOOKS; n++) all.push(await timed(work));
  return all;
}

/** The n-th write of a launch: two facts of one item, whose row has changed with them. */
function batchOf(n: number, items: number): FactBatch {
  const of = n % items;
  const round = Math.floor(n / items);
  const facts = Array.from({ length: AT_ONCE }, (_, each) => {
    const body = { by: 'dev', criterion: 'up', measurement: { outcome: 'passed', seen: 'answered 200 '.repeat(20) } };
    return { seq: round * AT_ONCE + each, at: Date.now(), type: each === 0 ? 'measured' : 'moved', body };
  });
  const row = { kind: 'item' as const, id: `ITEM-${of}`, itemKind: 'blocker' as const, title: `Item ${of}` };
  const workflow = { id: `launch:${LAUNCH}:item:ITEM-${of}`, firstRunId: 'run' };
  const status = round % 4 === 0 ? 'open' : 'in-progress';
  return { launch: LAUNCH, workflow, item: row.id, facts, row: { ...row, status, owners: ['dev'] }, rowSeq: round };
}

async function write(store: Store, writes: number, items: number): Promise<number[]> {
  const plan = { items: Array.from({ length: items }, (_, n) => ({ id: `ITEM-${n}`, text: 'x'.repeat(1_000) })) };
  const row = { kind: 'launch' as const, title: 'Bench', revision: 1, phase: 'preparing', launchAt: Date.now(), plan };
  await store.recordFacts({ launch: LAUNCH, workflow: { id: 'l', firstRunId: 'r' }, facts: [], row, rowSeq: 0 });
  const took: number[] = [];
  for (let n = 0; n < writes; n++) took.push(await timed(() => store.recordFacts(batchOf(n, items))));
  return took;
}

async function measure(
  database: Database,
  { items, facts }: { items: number; facts: number },
  signal: AbortSignal
): Promise<string[]> {
  const store = createStore(database);
  const whole = createLedger(database);
  const took = await write(store, Math.ceil(facts / AT_ONCE), items);
  signal.throwIfAborted();
  const inTotal = took.reduce((sum, each) => sum + each, 0);
  const opened = await looks(() =>
    Promise.all([store.launch(LAUNCH), store.items(LAUNCH), store.newestFacts(LAUNCH, { limit: PAGE })])
  );
  const ofItem = await looks(() => store.newestFacts(LAUNCH, { item: 'ITEM-0', limit: PAGE }));
  const ofType = await looks(() => store.newestFacts(LAUNCH, { type: 'moved', limit: PAGE }));
  signal.throwIfAborted();
  const before = process.memoryUsage().rss;
  const { entries, broken } = await whole.verify(LAUNCH);
  if (broken > 0) throw new Error('the ledger does not hold');
  const verified = await timed(() => whole.verify(LAUNCH));
  const grown = Math.max(0, process.memoryUsage().rss - before) / 1e6;
  const rebuilt = await timed(() => whole.rebuild(LAUNCH));
  const figures: Figure[] = [
    { what: 'a write of two facts and a row, median', value: quantile(took, 0.5), unit: 'ms' },
    { what: 'the same, 99 of 100', value: quantile(took, 0.99), unit: 'ms' },
    { what: 'facts written, one write after the other', value: (1_000 * facts) / inTotal, unit: '/s' },
    {
      what: 'launch, items and newest facts, median',
      value: quantile(opened, 0.5),
      unit: 'ms',
      budget: OPENS_WITHIN_MS,
    },
    { what: 'the same, 99 of 100', value: quantile(opened, 0.99), unit: 'ms', budget: OPENS_WITHIN_MS },
    { what: "an item's newest facts, median", value: quantile(ofItem, 0.5), unit: 'ms' },
    { what: 'the newest facts of a type, median', value: quantile(ofType, 0.5), unit: 'ms' },
    { what: 'verifying all of it', value: verified, unit: 'ms' },
    { what: 'memory that it took', value: grown, unit: 'MB' },
    { what: 'rebuilding the rows', value: rebuilt, unit: 'ms' },
  ];
  return table(`${items} items, ${facts} facts, ${entries} entries`, figures);
}
