import type { Logger } from 'pino';
import type { Measurement, Outcome } from '../domain/criterion';
import { digestOf } from '../domain/digest';
import type { MeasurementRecord } from '../domain/ledger';
import { DAY, HOUR, MINUTE, SECOND } from '../domain/units';
import { LedgerError } from '../prisma/errors';
import type { Store } from '../prisma/store';
import type { CheckRun } from './types';

/** A run that found what the one before it found is kept this often. */
const UNCHANGED_EVERY = MINUTE;
/** What is buffered goes to the database in one statement, this often; after one that failed, less often. */
const WRITE_EVERY = SECOND;
const RETRY_EVERY = 10 * SECOND;
const ROWS_AT_ONCE = 1_000;
/** Beyond this the oldest are dropped: a database that is away must not fill the worker's memory. */
const MOST_WAITING = 5_000;
/** Criteria whose last kept run is remembered, and for how long: ones that have ended are forgotten. */
const MOST_REMEMBERED = 20_000;
const REMEMBERED_FOR = HOUR;
/** Runs that found nothing new are removed when they are so old: a batch with each write until none is left. */
const UNCHANGED_KEPT_FOR = 7 * DAY;
const PRUNE_EVERY = HOUR;
const PRUNED_AT_ONCE = 1_000;
/** A worker that stops waits no longer than this for the last write. */
const CLOSES_WITHIN = 3 * SECOND;

export interface MeasurementLogDeps {
  store: Pick<Store, 'recordMeasurements' | 'pruneMeasurements'>;
  /** Epoch ms. */
  now: () => number;
  log: Pick<Logger, 'warn'>;
}

/** Kept beside the checks and never in their way: nothing here throws, and nobody waits for it. */
export interface MeasurementLog {
  /** One run; `before` is the outcome that was known when it began. */
  note(run: CheckRun, result: Omit<Measurement, 'inRow'>, before: Outcome | null): void;
  /** Writes what is waiting, or drops it. */
  close(): Promise<void>;
}

interface Kept {
  outcome: Outcome;
  at: number;
}

/** The last kept run of each criterion, the least recent first. */
class Memory {
  private readonly kept = new Map<string, Kept>();

  get(key: string): Kept | undefined {
    return this.kept.get(key);
  }

  set(key: string, kept: Kept): void {
    this.kept.delete(key);
    this.kept.set(key, kept);
    for (const [oldest, { at }] of this.kept) {
      if (this.kept.size <= MOST_REMEMBERED && at > kept.at - REMEMBERED_FOR) break;
      this.kept.delete(oldest);
    }
  }
}

class BufferedLog implements MeasurementLog {
  private readonly memory = new Memory();
  private waiting: MeasurementRecord[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private prunedAt = -Infinity;
  private dropped = 0;
  private isAway = false;
  private isClosed = false;

  constructor(private readonly deps: MeasurementLogDeps) {}

  note({ launch, item, criterion, spec }: CheckRun, result: Omit<Measurement, 'inRow'>, before: Outcome | null): void {
    const key = JSON.stringify([launch, item, criterion]);
    const last = this.memory.get(key);
    // The final poll begins without knowing anything; this worker may.
    const changed = (before ?? last?.outcome) !== result.outcome;
    if (!changed && last && Math.abs(result.at - last.at) < UNCHANGED_EVERY) return;
    const { outcome, begunAt, at, seen } = result;
    this.memory.set(key, { outcome, at });
    this.waiting.push({ launch, item, criterion, check: digestOf(spec.check), begunAt, at, outcome, seen, changed });
    if (this.waiting.length > MOST_WAITING) this.drop(this.waiting.length - MOST_WAITING, 'too many wait');
    this.writeIn(WRITE_EVERY);
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSES_WITHIN)));
    this.isClosed = true;
    clearTimeout(this.timer);
    await Promise.race([this.writeAll(), late]);
    clearTimeout(timer);
    if (this.waiting.length > 0) this.drop(this.waiting.length, 'this worker stops');
  }

  private writeIn(ms: number): void {
    if (this.timer || this.writing || this.isClosed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.writing = this.write().finally(() => {
        this.writing = undefined;
        if (this.waiting.length > 0) this.writeIn(this.isAway ? RETRY_EVERY : WRITE_EVERY);
      });
    }, ms);
    // What is waiting keeps no process alive: `close` writes it.
    this.timer.unref();
  }

  private async writeAll(): Promise<void> {
    await this.writing;
    if (this.waiting.length > 0) await this.write();
    while (this.waiting.length > 0 && !this.isAway) await this.write();
  }

  /** One batch, and a batch of what is too old. */
  private async write(): Promise<void> {
    const rows = this.waiting.slice(0, ROWS_AT_ONCE);
    try {
      await this.deps.store.recordMeasurements(rows);
      this.forget(rows);
      this.isAway = false;
      this.dropped = 0;
      await this.prune();
    } catch (error) {
      // What the database refuses for good would keep all that comes after it waiting.
      const isRefused = error instanceof LedgerError && error.code === 'FACT_REFUSED';
      if (isRefused) this.forget(rows);
      const message = isRefused
        ? 'Measurements were refused and are dropped'
        : 'Measurements cannot be stored now; they wait';
      if (!this.isAway) this.deps.log.warn({ err: error, count: rows.length }, message);
      this.isAway = !isRefused;
    }
  }

  /** Meanwhile the oldest may have been dropped, and more have come. */
  private forget(rows: readonly MeasurementRecord[]): void {
    const written = new Set(rows);
    this.waiting = this.waiting.filter((row) => !written.has(row));
  }

  private async prune(): Promise<void> {
    const now = this.deps.now();
    if (Math.abs(now - this.prunedAt) < PRUNE_EVERY) return;
    const removed = await this.deps.store.pruneMeasurements({
      before: now - UNCHANGED_KEPT_FOR,
      limit: PRUNED_AT_ONCE,
    });
    if (removed < PRUNED_AT_ONCE) this.prunedAt = now;
  }

  /** The oldest; said once, until the database takes something again. */
  private drop(count: number, why: string): void {
    if (this.dropped === 0) this.deps.log.warn({ count }, `Measurements are dropped: ${why}`);
    this.dropped += count;
    this.waiting.splice(0, count);
  }
}

/** The log of one worker. What was found before it began it does not know: one row more than needed for each criterion. */
export function createMeasurementLog(deps: MeasurementLogDeps): MeasurementLog {
  return new BufferedLog(deps);
}
