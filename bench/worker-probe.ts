/**
 * Loaded into the measured worker before anything else (`node --require`), in its main thread and the one that runs
 * workflows: each writes a line a second about itself to the file that `SAMPLES_VARIABLE` names.
 */
import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

export const SAMPLES_VARIABLE = 'LAUNCH_BENCH_SAMPLES';
const EVERY_MS = 1_000;

export interface Sample {
  thread: number;
  /** Epoch ms. */
  at: number;
  /** Of the process, bytes. */
  rss: number;
  /** Of this thread's JavaScript, bytes. */
  heapUsed: number;
  /** Processor time of the process so far, ms. */
  cpu: number;
}

const file = process.env[SAMPLES_VARIABLE];

function sample(into: string): void {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const now: Sample = { thread: threadId, at: Date.now(), rss, heapUsed, cpu: (user + system) / 1_000 };
  appendFileSync(into, `${JSON.stringify(now)}\n`);
}

if (file) setInterval(() => sample(file), EVERY_MS).unref();
