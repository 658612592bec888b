import { setTimeout as delay } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';
import type { Board } from '../domain/board';
import type { MetricValue } from '../domain/metrics';
import type { Launches } from './launches';

/** Prometheus gives a scrape 10 s unless told otherwise; a launch that has not answered by then is missing. */
const READ_WITHIN_MS = 5_000;
/** A question can make a worker replay a launch's history: never all of them at once. */
const READ_AT_ONCE = 8;
const MOST_LAUNCHES = 1_000;

/** The launches that run, as they were read now; null for one that did not answer. */
export interface Reading {
  /** Whether this is all of it: every launch that runs is here, and has answered. */
  isWhole: boolean;
  launches: Array<{ id: string; board: Pick<Board, 'launchAt' | 'gates' | 'metrics'> | null }>;
}

/** Asks every launch that runs, within 5 s in all. It never throws: what could not be read is said to be missing. */
export async function readLaunches(
  launches: Pick<Launches, 'list' | 'board'>,
  withinMs = READ_WITHIN_MS
): Promise<Reading> {
  const done = new AbortController();
  const late = delay(withinMs, null, { signal: done.signal }).catch(() => null);
  const orNull = <T>(work: Promise<T>): Promise<T | null> => Promise.race([work.catch(() => null), late]);
  const listed = await orNull(launches.list({ limit: MOST_LAUNCHES }));
  const read: Reading['launches'] = (listed ?? []).map(({ id }) => ({ id, board: null }));
  const left = read.values();
  const reader = async (): Promise<void> => {
    for (const each of left) each.board = await orNull(launches.board(each.id));
  };
  await Promise.race([Promise.all(Array.from({ length: READ_AT_ONCE }, reader)), late]);
  done.abort();
  const isWhole = listed !== null && listed.length < MOST_LAUNCHES && read.every(({ board }) => board !== null);
  return { isWhole, launches: read };
}

const seconds = (iso: string): number => Date.parse(iso) / 1_000;

/** Of one metric of a plan; undefined where it has no such value. */
const OF_METRIC: { readonly [name: string]: { help: string; value: (of: MetricValue) => number | undefined } } = {
  launch_director_metric_ratio: {
    help: 'A metric of the plan that is a share: what counts, out of all, from 0 to 1. Absent where there is nothing to measure.',
    value: ({ counted, of }) => (counted === undefined || !of ? undefined : counted / of),
  },
  launch_director_metric_counted: {
    help: 'How many items count (people, where idle owners are measured).',
    value: ({ counted, value }) => counted ?? value ?? undefined,
  },
  launch_director_metric_of: {
    help: 'Of a share: out of how many items or people.',
    value: ({ of }) => of,
  },
  launch_director_metric_met: {
    help: '1 where the target is met, 0 where it is not. Absent without a target, or with nothing to measure.',
    value: ({ met }) => (met === null ? undefined : Number(met)),
  },
  launch_director_metric_due_timestamp_seconds: {
    help: 'When the target should be reached, in seconds since 1970.',
    value: ({ by }) => (by === undefined ? undefined : seconds(by)),
  },
};

/**
 * Gauges of one reading, in a registry of their own: nothing outlives the scrape that it was read for, so that a launch
 * that has ended, or does not answer, has no value rather than an old one.
 */
export function registryOf({ isWhole, launches }: Reading): Registry {
  const registry = new Registry();
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  gauge('launch_director_scrape_ok', '1 where every launch that runs is in this answer; else 0.', []).set(
    Number(isWhole)
  );
  const read = gauge('launch_director_launch_read', '1 where the launch has answered; else 0, and it has no other.', [
    'launch',
  ]);
  const at = gauge('launch_director_launch_timestamp_seconds', 'The launch instant, in seconds since 1970.', [
    'launch',
  ]);
  const open = gauge('launch_director_musts_open', 'Musts of the launch that are neither met, waived nor dropped.', [
    'launch',
  ]);
  const ofMetric = Object.entries(OF_METRIC).map(([name, { help, value }]) => ({
    values: gauge(name, help, ['launch', 'metric']),
    value,
  }));
  for (const { id: launch, board } of launches) {
    read.set({ launch }, Number(board !== null));
    if (!board) continue;
    at.set({ launch }, seconds(board.launchAt));
    open.set({ launch }, board.gates.must.filter(({ state }) => state === 'unmet').length);
    for (const metric of board.metrics) {
      for (const { values, value } of ofMetric) {
        const found = value(metric);
        if (found !== undefined) values.set({ launch, metric: metric.id }, found);
      }
    }
  }
  return registry;
}
