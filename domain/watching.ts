import type { Criterion } from './plan';
import type { Outcome } from './criterion';

/** An activity that watches a check, as Temporal knows it. Instants are epoch ms; absent: it has not happened. */
export interface LiveWatch {
  criterion: string;
  /** Of the final poll. */
  isPoll: boolean;
  /** The first attempt was to begin then, where none has ended yet. */
  begunAt?: number;
  /** What the last attempt that ended has found; `n` runs in a row. */
  last?: { n: number; outcome: Outcome; begunAt: number; at: number; seen: string };
  /** An attempt is under way. */
  isLooking: boolean;
  nextAt?: number;
}

/** Intervals without a look after which nobody can be said to be watching. */
const SILENT_INTERVALS = 3;

/**
 * Whether a check is being watched: somebody has looked within three intervals and the time that a look may take.
 * `knownAt` is when the item last took a measurement in.
 */
export function isWatched(
  { watch }: Criterion,
  { live, knownAt = -Infinity }: { live?: LiveWatch; knownAt?: number },
  now: number
): boolean {
  if (!watch) return false;
  const lastSign = Math.max(live?.last?.at ?? live?.begunAt ?? -Infinity, knownAt);
  return now - lastSign <= SILENT_INTERVALS * watch.every + watch.timeout;
}
