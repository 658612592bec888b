import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startLaunch } from '../client/start';
import { MINUTE, SECOND } from '../domain/units';
import { withClient } from '../prisma/connection';
import { compiled } from '../stack/paths';
import type { Report } from '../stack/report';
import type { Benchmark } from './index';
import { withOwnStack, type OwnStack } from './own-stack';
import { planOfDeadlines } from './plan';
import { quantile, table, type Figure } from './table';

/** The budget. */
const LATE_MS = SECOND;
const MOST_TIMERS = 6_000;
const ITEMS_PER_LAUNCH = 250;
const BARE_QUEUE = 'bare';
const BARE_AT_ONCE = 20;
/** From the last start to the first instant: so long nothing goes on but the waiting. */
const IDLE_MS = 10 * SECOND;
/** A timer that has not been heard of so long after the last instant is lost. */
const HEARD_WITHIN_MS = 5 * MINUTE;
const LOOK_AGAIN_MS = SECOND;
const USAGE =
  'usage: npm run bench -- timers [--timers 2000] [--over SECONDS] [--lead SECONDS] [--profile FOLDER], 1 to 6000 timers; --over is from the first instant to the last, --lead is how long all of them have to be started, --profile keeps a CPU profile of the worker';

interface Bench extends OwnStack {
  report: Report;
  signal: AbortSignal;
}

interface Round extends Bench {
  /** Unique among rounds. */
  name: string;
  /** Epoch ms. */
  instants: number[];
}

interface Late {
  /** From each instant to what the product did about it. */
  product: number[];
  /** … to when its message had gone out. */
  sent: number[];
  bare: number[];
}

const launchOf = (name: string, index: number): string => `${name}-${Math.floor(index / ITEMS_PER_LAUNCH)}`;

/** `work` for each of the indexes, some at once, in order. */
async function forEach(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  const left = Array.from({ length: count }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of left) await work(index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function startBare({ name, instants, connected, signal }: Round): Promise<void> {
  const start = async (index: number): Promise<void> => {
    signal.throwIfAborted();
    const workflowId = `${BARE_QUEUE}:${name}:${index}`;
    await connected.client.workflow.start('bareTimer', { taskQueue: BARE_QUEUE, workflowId, args: [instants[index]] });
  };
  await forEach(instants.length, BARE_AT_ONCE, start);
}

async function startProduct({ name, instants, connected, signal }: Round): Promise<void> {
  for (let from = 0; from < instants.length; from += ITEMS_PER_LAUNCH) {
    signal.throwIfAborted();
    const mine = instants.slice(from, from + ITEMS_PER_LAUNCH);
    const deadlines = mine.map((at, index) => ({ item: `ITEM-${from + index}`, at }));
    await startLaunch(connected, { plan: planOfDeadlines(launchOf(name, from), deadlines), by: 'bench' });
  }
}

/** Rows of the ledger or the outbox that are of this round. */
async function rows<Row extends object>({ stack, name }: Round, sql: string): Promise<Row[]> {
  return await withClient(
    stack.stack().database.url,
    async (client) => (await client.query(sql, [`${name}-%`])).rows as Row[]
  );
}

const PENDING = `SELECT "id" FROM "Item" WHERE "launchId" LIKE $1 AND "status" = 'open'`;
const UNSENT = `SELECT "key" FROM "Delivery" WHERE "launchId" LIKE $1 AND "state" = 'queued'`;
const TOLD = `SELECT "itemId" AS "item", "at" FROM "Fact" WHERE "launchId" LIKE $1 AND "type" = 'told'`;
const SENT = `SELECT "notice"->>'about' AS "item", "sentAt" AS "at" FROM "Delivery"
  WHERE "launchId" LIKE $1 AND "noticeKey" LIKE '%:deadline:%' AND "sentAt" IS NOT NULL`;

/** Everything is started, written and said, and the machine has come to rest, before the first is due. */
async function untilPending(round: Round): Promise<void> {
  const { instants, signal } = round;
  const idleFrom = instants[0]! - IDLE_MS;
  for (;;) {
    const [pending, unsent] = [await rows(round, PENDING), await rows(round, UNSENT)];
    if (Date.now() > idleFrom) {
      const message = `${pending.length} of ${instants.length} timers were pending ${IDLE_MS / SECOND} s before the first; give a longer --lead`;
      throw new Error(message);
    }
    if (pending.length === instants.length && unsent.length === 0) break;
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  }
  round.report(`All are pending, ${Math.round((instants[0]! - Date.now()) / SECOND)} s before the first`);
}

interface Acted {
  item: string;
  at: Date;
}

function lateness({ instants }: Round, acted: readonly Acted[]): number[] {
  return acted.map(({ item, at }) => at.getTime() - instants[Number(item.slice('ITEM-'.length))]!);
}

async function untilHeard(round: Round): Promise<Omit<Late, 'bare'>> {
  const { instants, signal } = round;
  await delay(Math.max(0, instants.at(-1)! - Date.now()), undefined, { signal });
  const deadline = Date.now() + HEARD_WITHIN_MS;
  for (;;) {
    const [told, sent] = [await rows<Acted>(round, TOLD), await rows<Acted>(round, SENT)];
    const isAll = told.length === instants.length && sent.length === instants.length;
    if (isAll) return { product: lateness(round, told), sent: lateness(round, sent) };
    if (Date.now() > deadline) throw new Error(`${told.length} of ${instants.length} deadlines were acted on`);
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  }
}

async function bareLateness({ name, instants, connected }: Round): Promise<number[]> {
  const late: number[] = [];
  await forEach(instants.length, BARE_AT_ONCE, async (index) => {
    const handle = connected.client.workflow.getHandle(`${BARE_QUEUE}:${name}:${index}`);
    late.push(((await handle.result()) as number) - instants[index]!);
  });
  return late;
}

function figures({ product, sent, bare }: Late): Figure[] {
  const of = (what: string, values: number[], budget?: number): Figure[] => [
    { what: `${what}, median`, value: quantile(values, 0.5), unit: 'ms' },
    { what: `${what}, 99 %`, value: quantile(values, 0.99), unit: 'ms' },
    { what: `${what}, most`, value: quantile(values, 1), unit: 'ms', budget },
  ];
  const ratio = (share: number): number => quantile(product, share) / Math.max(1, quantile(bare, share));
  return [
    ...of('launch director: acted later than due', product, LATE_MS),
    ...of('launch director: its message had gone out', sent),
    ...of('bare Temporal: fired later than due', bare),
    { what: 'launch director to bare, median', value: ratio(0.5), unit: '' },
    { what: 'launch director to bare, 99 %', value: ratio(0.99), unit: '' },
    { what: 'launch director to bare, most', value: ratio(1), unit: '' },
  ];
}

interface Timers {
  count: number;
  /** From the first instant to the last, ms. */
  over: number;
  /** From now to the first, ms. */
  lead: number;
}

async function measure(bench: Bench, { count, over, lead }: Timers): Promise<string[]> {
  const first = Date.now() + lead;
  const instants = Array.from({ length: count }, (_, index) => first + Math.round((index * over) / count));
  const round: Round = { ...bench, name: `timers-of-${count}`, instants };
  bench.report(`Starting ${count} items with a deadline and as many bare workflows`);
  await Promise.all([startBare(round), startProduct(round)]);
  await untilPending(round);
  await delay(Math.max(0, first - SECOND - Date.now()), undefined, { signal: bench.signal });
  const [load = 0] = loadavg();
  const heard = await untilHeard(round);
  const late = { ...heard, bare: await bareLateness(round) };
  const title = count === 1 ? '1 timer' : `${count} timers over ${over / SECOND} s`;
  const machine = { what: `load before the first, on ${availableParallelism()} cores`, value: load, unit: '' };
  return table(`${title}, and as many bare ones at the same instants`, [...figures(late), machine]);
}

async function withBareWorker<T>({ stack }: OwnStack, work: () => Promise<T>): Promise<T> {
  const { address, namespace } = stack.stack().temporal;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    shutdownSignals: [],
  });
  const connection = await NativeConnection.connect({ address });
  try {
    const workflowsPath = compiled('bench/bare-timer.js');
    const worker = await Worker.create({ connection, namespace, taskQueue: BARE_QUEUE, workflowsPath });
    return await worker.runUntil(work);
  } finally {
    await connection.close();
  }
}

/** How late timers are, one and many, those of the product and Temporal's own at the same instants. */
export const timers: Benchmark = async (args, signal) => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { timers: text, over: text, lead: text, profile: text } });
  const count = Number(values.timers ?? 2_000);
  const over = Number(values.over ?? 120) * SECOND;
  const lead = Number(values.lead ?? 60 + count / 4) * SECOND;
  const isUsable = Number.isInteger(count) && count > 0 && count <= MOST_TIMERS && over >= 0 && lead > IDLE_MS;
  if (!isUsable) throw new Error(USAGE);
  const report = (line: string): void => console.error(line);
  const nodeArgs = values.profile ? ['--cpu-prof', '--cpu-prof-dir', values.profile] : [];
  return await withOwnStack({ report, nodeArgs }, signal, (own) =>
    withBareWorker(own, async () => {
      const bench = { ...own, report, signal };
      const one = await measure(bench, { count: 1, over: 0, lead: 3 * IDLE_MS });
      return count === 1 ? one : [...one, ...(await measure(bench, { count, over, lead }))];
    })
  );
};
