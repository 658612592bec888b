import type { Board } from '../../api/types';
import { metSteps, type Move } from './history';
import type { Row } from './rows';

export interface Step {
  at: number;
  met: number;
}

/** Musts met over time, beside what the plan says. */
export interface Burn {
  total: number;
  /** As it was, up to now. */
  actual: Step[];
  /** As it is to be. */
  planned: Step[];
  now: number;
  plannedNow: number;
}

interface Known {
  board: Board;
  rows: readonly Row[];
  moves: ReadonlyMap<string, readonly Move[]>;
  from: number;
  now: number;
}

function plannedSteps(ends: readonly number[], from: number): Step[] {
  const steps: Step[] = [{ at: from, met: 0 }];
  for (const at of ends.toSorted((a, b) => a - b)) {
    const last = steps.at(-1)!;
    if (last.at === at) last.met++;
    else steps.push({ at, met: last.met + 1 });
  }
  return steps;
}

function at(steps: readonly Step[], instant: number): number {
  return steps.findLast((step) => step.at <= instant)?.met ?? 0;
}

/** A must without a date is to be met by the launch date. Undefined of a launch without musts. */
export function burnOf({ board, rows, moves, from, now }: Known): Burn | undefined {
  const musts = board.gates.must;
  if (musts.length === 0) return undefined;
  const ids = musts.map(({ ref }) => ref);
  const launchAt = Date.parse(board.launchAt);
  const ends = ids.map((id) => rows.find((row) => row.id === id)?.planned?.to ?? launchAt);
  const planned = plannedSteps(ends, from);
  const actual = metSteps(moves, ids, from).filter((step) => step.at <= now);
  const met = musts.filter(({ state }) => state === 'met' || state === 'waived').length;
  // What the gate counts now is what it says, whatever the items' own states are: in the final poll, for one.
  if (actual.at(-1)!.met !== met) actual.push({ at: now, met });
  return { total: musts.length, actual, planned, now: met, plannedNow: at(planned, now) };
}

/** The most before it became fewer, where it has. */
export function mostBefore({ actual, now }: Burn): number | undefined {
  const most = Math.max(...actual.map(({ met }) => met));
  return most > now ? most : undefined;
}

/** Lines of the scale: all of few, of many some. */
export function burnLines(total: number): number[] {
  const by = Math.max(1, Math.ceil(total / 5));
  const lines = Array.from({ length: Math.floor(total / by) + 1 }, (_, n) => n * by);
  return lines.at(-1) === total ? lines : [...lines.filter((line) => total - line >= by / 2), total];
}
