import type { Outcome } from '../../domain/criterion';
import type { Access } from './access';

/** What a run of a check may use; every run gets its own. */
export interface CheckContext {
  /** Aborted when the time is up or nobody waits any more; a run ends promptly then. */
  signal: AbortSignal;
  /** What the worker allows; see `CheckType.run`. */
  access: Access;
  /** The worker's environment, all of it: a plan's `{ env: NAME }` is read by `environment.ts`, which asks `access`. */
  env: (name: string) => string | undefined;
  /** Epoch ms. */
  now: () => number;
}

/** What one run came to; `seen` tells it in words, without secrets. */
export interface CheckResult {
  outcome: Outcome;
  seen: string;
}

/** One thing that was looked at in a run. */
export type Finding = CheckResult;

/** A check that could not be carried out; its message says why, for a person, and holds no secret. */
export class CannotRun extends Error {}

/** Nothing that a target sends, and no file, is read further than this into memory. */
export const MAX_READ_BYTES = 1_048_576;

/** In the place of a value that may be a secret. */
export const NOT_SHOWN = 'not shown';

const MAX_SEEN_BYTES = 2_000;
const MAX_QUOTED_LETTERS = 120;
/** Control and bidirectional formatting characters can make a board show something else than what was seen. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One that is known to be wrong outweighs one that could not be told; passed needs all. */
const WORST_FIRST: readonly Outcome[] = ['failed', 'errored', 'inconclusive', 'passed'];

/** The outcome of all findings together. Nothing found is nothing proved. */
export function worstOf(findings: readonly Finding[]): Outcome {
  return WORST_FIRST.find((outcome) => findings.some((finding) => finding.outcome === outcome)) ?? 'inconclusive';
}

export function passed(seen: string): Finding {
  return { outcome: 'passed', seen };
}

export function failed(seen: string): Finding {
  return { outcome: 'failed', seen };
}

export function inconclusive(seen: string): Finding {
  return { outcome: 'inconclusive', seen };
}

/** At most 2 kB of one line. */
export function seenText(text: string): string {
  const line = text.replace(HIDDEN, ' ');
  const bytes = Buffer.from(line);
  if (bytes.length <= MAX_SEEN_BYTES) return line;
  // A letter cut in two at the end becomes a replacement character, which is dropped.
  return `${bytes
    .subarray(0, MAX_SEEN_BYTES - 4)
    .toString()
    .replace(/\uFFFD+$/, '')}…`;
}

/** A value that was found, short enough for a sentence. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  const letters = Array.from(text.slice(0, 2 * MAX_QUOTED_LETTERS));
  return letters.length <= MAX_QUOTED_LETTERS ? text : `${letters.slice(0, MAX_QUOTED_LETTERS).join('')}…`;
}
