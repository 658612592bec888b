import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connected } from '../client/connection';
import { startLaunch } from '../client/start';
import { MINUTE } from '../domain/units';
import { compiled } from '../stack/paths';
import type { Report } from '../stack/report';
import type { RunningStack } from '../stack/up';
import { withOwnStack } from './own-stack';
import { planOfChecks } from './plan';
import { countEvents, processOf } from './processes';
import { quantile, table, type Figure } from './table';
import { benchTarget, type BenchTarget } from './target';
import { SAMPLES_VARIABLE, type Sample } from './worker-probe';

/** The budgets. */
const MORE_MEMORY_MB = 300;
const OF_ONE_CORE = 50;
const LAUNCHES = 4;
const CHECKS_PER_ITEM = 5;
/** Until a worker that has just started is at rest, and over how long it is looked at then. */
const SETTLES_MS = 10_000;
const IDLE_MS = 10_000;
/** From the start of the launches until every check waits. */
const WATCHED_WITHIN_MS = 5 * MINUTE;
const LOOK_AGAIN_MS = 1_000;
/** As many looks in a row without a new event, and the starting is over. */
const QUIET_LOOKS = 10;
const MB = 1_000_000;
export interface Options {
  checks: number;
  minutes: number;
  /** A folder for a CPU profile of the worker. */
  profile?: string;
  report: Report;
}

interface Bench extends Options {
  stack: RunningStack;
  connected: Connected;
  target: BenchTarget;
  samples: () => Sample[];
  signal: AbortSignal;
}

/** What the worker and the server were between two instants. */
interface Span {
  /** Mean of the worker's process. */
  rss: number;
  /** Mean of its threads together. */
  heapUsed: number;
  /** Per cent of one core. */
  cpu: number;
}

function readSamples(file: string): Sample[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Sample);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function spanOf(samples: readonly Sample[], from: number, to: number): Span {
  const within = samples.filter(({ at }) => at >= from && at <= to);
  const main = within.filter(({ thread }) => thread === 0);
  const [first, last] = [main[0], main.at(-1)];
  if (!first || !last || first === last) throw new Error('the worker said nothing about itself');
  const threads = [...new Set(within.map(({ thread }) => thread))];
  const heaps = threads.map((each) => mean(within.filter(({ thread }) => thread === each).map((at) => at.heapUsed)));
  return {
    rss: mean(main.map(({ rss }) => rss)),
    heapUsed: heaps.reduce((sum, heap) => sum + heap, 0),
    cpu: (100 * (last.cpu - first.cpu)) / (last.at - first.at),
  };
}

async function startLaunches({ connected, target, checks }: Bench): Promise<void> {
  const perLaunch = Math.ceil(checks / LAUNCHES);
  for (let launch = 0, left = checks; left > 0; launch++) {
    const mine = Math.min(perLaunch, left);
    left -= mine;
    const checksEach = Math.min(CHECKS_PER_ITEM, mine);
    const plan = planOfChecks({
      id: `bench-${launch}`,
      items: Math.ceil(mine / checksEach),
      checksEach,
      every: '1m',
      url: (item, check) => `${target.url}/${launch}/${item}/${check}`,
    });
    await startLaunch(connected, { plan, by: 'bench' });
  }
}

/** Every check has been asked for its first answer and for the one that it waits with, and no event comes any more. */
async function untilAllWait(bench: Bench): Promise<void> {
  const { connected, target, checks, signal } = bench;
  const deadline = Date.now() + WATCHED_WITHIN_MS;
  for (let quiet = 0, before = 0; quiet < QUIET_LOOKS;) {
    if (Date.now() > deadline) throw new Error(`not every check waits after ${WATCHED_WITHIN_MS / MINUTE} minutes`);
    await delay(LOOK_AGAIN_MS, undefined, { signal });
    const watched = [...target.asked.values()].filter((times) => times.length >= 2).length;
    const { events } = watched >= checks ? await countEvents(connected) : { events: 0 };
    quiet = events > 0 && events === before ? quiet + 1 : 0;
    before = events;
  }
}

/** How much later than its interval each check was looked at again, in ms. */
function lateness({ asked }: BenchTarget, from: number): number[] {
  return [...asked.values()].flatMap((times) =>
    times.slice(1).flatMap((at, index) => (at >= from ? [at - times[index]! - MINUTE] : []))
  );
}

/** The most requests within one second. */
function burst({ asked }: BenchTarget, from: number): number {
  const seconds = new Map<number, number>();
  for (const at of [...asked.values()].flat().filter((each) => each >= from)) {
    const second = Math.floor((at - from) / 1_000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  return Math.max(0, ...seconds.values());
}

async function measure(bench: Bench): Promise<string[]> {
  const { stack, connected, target, minutes, report, signal } = bench;
  const { worker, temporal } = stack.stack();
  await delay(SETTLES_MS, undefined, { signal });
  const idleFrom = Date.now();
  await delay(IDLE_MS, undefined, { signal });
  const idle = spanOf(bench.samples(), idleFrom, Date.now());
  report(`Starting ${bench.checks} checks in ${LAUNCHES} launches`);
  await startLaunches(bench);
  await untilAllWait(bench);
  report(`All wait; measuring for ${minutes} min`);
  const before = await countEvents(connected);
  const [from, server] = [Date.now(), await processOf(temporal.pid)];
  await delay(minutes * MINUTE, undefined, { signal });
  const [to, serverAfter] = [Date.now(), await processOf(temporal.pid)];
  const after = await countEvents(connected);
  if (stack.stack().worker.pid !== worker.pid) throw new Error('the worker has died on the way');
  const waiting = spanOf(bench.samples(), from, to);
  const late = lateness(target, from);
  const asked = [...target.asked.values()].flat().filter((at) => at >= from && at <= to).length;
  const figures: Figure[] = [
    { what: 'worker: more memory than idle', value: (waiting.rss - idle.rss) / MB, unit: 'MB', budget: MORE_MEMORY_MB },
    { what: 'worker: of one core', value: waiting.cpu, unit: '%', budget: OF_ONE_CORE },
    { what: 'events while waiting, all histories', value: after.events - before.events, unit: '', budget: 0 },
    { what: 'worker: memory, idle', value: idle.rss / MB, unit: 'MB' },
    { what: 'worker: memory, waiting', value: waiting.rss / MB, unit: 'MB' },
    { what: 'worker: of it JavaScript, idle', value: idle.heapUsed / MB, unit: 'MB' },
    { what: 'worker: of it JavaScript, waiting', value: waiting.heapUsed / MB, unit: 'MB' },
    { what: 'requests per minute', value: (asked * MINUTE) / (to - from), unit: '' },
    { what: 'most requests in one second', value: burst(target, from), unit: '' },
    { what: 'looked again later than due, median', value: quantile(late, 0.5), unit: 'ms' },
    { what: 'looked again later than due, 99 %', value: quantile(late, 0.99), unit: 'ms' },
    { what: 'looked again later than due, most', value: quantile(late, 1), unit: 'ms' },
  ];
  if (server && serverAfter) {
    const cpu = (100_000 * (serverAfter.cpu - server.cpu)) / (to - from);
    figures.push({ what: 'Temporal: of one core', value: cpu, unit: '%' });
    figures.push({ what: 'Temporal: memory', value: serverAfter.rss / MB, unit: 'MB' });
  }
  return table(`${target.asked.size} http checks every minute, ${before.workflows} workflows, ${minutes} min`, figures);
}

/**
 * Watches so many checks with a stack of its own (a real server, Postgres and worker, loopback alone) and measures what
 * the waiting costs.
 */
export async function watchedTogether(options: Options, signal: AbortSignal): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'launch-bench-samples-'));
  const samples = join(folder, 'samples.jsonl');
  writeFileSync(samples, '');
  const profile = options.profile ? ['--cpu-prof', '--cpu-prof-dir', options.profile] : [];
  const nodeArgs = [...profile, '--require', compiled('bench/worker-probe.js')];
  const { report } = options;
  const target = await benchTarget(503);
  try {
    return await withOwnStack({ report, nodeArgs, env: { [SAMPLES_VARIABLE]: samples } }, signal, (own) =>
      measure({ ...options, ...own, target, signal, samples: () => readSamples(samples) })
    );
  } finally {
    target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
