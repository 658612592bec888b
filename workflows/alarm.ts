import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { DAY } from '../domain/units';

/** The server counts a timer in nanoseconds and refuses, for good, one of centuries; what is further away is slept for in parts. */
const LONGEST_SLEEP = 365 * DAY;

/**
 * One timer for the next due instant. Setting the same instant again costs nothing: a timer is two events, and a
 * workflow is woken far more often than its next instant changes.
 */
export class Alarm {
  private due: number | undefined;
  private scope: CancellationScope | undefined;

  constructor(private readonly ring: () => void) {}

  /** Rings at `at` (epoch ms) with what it is for in plain words; undefined: not at all. */
  set(at: number | undefined, summary: string): void {
    if (at === this.due) return;
    this.scope?.cancel();
    this.due = at;
    this.scope = at === undefined ? undefined : new CancellationScope();
    if (at !== undefined) void this.scope?.run(() => this.wait(at, summary)).catch(ignoreCancellation);
  }

  private async wait(at: number, summary: string): Promise<void> {
    await sleep(Math.ceil(Math.min(LONGEST_SLEEP, Math.max(1, at - Date.now()))), { summary });
    if (this.due === at) this.due = undefined;
    this.ring();
  }
}

/** A cancelled scope of our own is no failure; everything else is. */
export function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
