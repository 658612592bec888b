import type { ItemStatus } from '../../../../domain/item-state';
import type { FactAnswer } from '../../api/types';

/** Half-open, epoch ms. */
export interface Span {
  from: number;
  to: number;
}

/** An item's change of status, as the ledger has it. */
export interface Move {
  at: number;
  to: ItemStatus;
  text: string;
}

const WORKED: ReadonlySet<string> = new Set(['open', 'acknowledged']);
const MET: ReadonlySet<string> = new Set(['resolved', 'waived']);
const OVER: ReadonlySet<string> = new Set(['resolved', 'waived', 'dropped', 'carried-over']);

export const isMet = (status: string): boolean => MET.has(status);
/** Nothing is awaited of it any more. */
export const isOver = (status: string): boolean => OVER.has(status);

/** By item, in the order of time. */
export function movesOf(facts: readonly FactAnswer[]): Map<string, Move[]> {
  const moves = new Map<string, Move[]>();
  for (const { item, type, at, body } of facts) {
    if (type !== 'moved' || item === undefined) continue;
    const { to, text } = (body ?? {}) as { to?: ItemStatus; text?: string };
    if (to === undefined) continue;
    moves.set(item, [...(moves.get(item) ?? []), { at, to, text: text ?? '' }]);
  }
  for (const [item, each] of moves)
    moves.set(
      item,
      each.toSorted((a, b) => a.at - b.at)
    );
  return moves;
}

function spansWhile(moves: readonly Move[], holds: (status: string) => boolean, within: Span): Span[] {
  const spans: Span[] = [];
  // Every item begins waiting.
  let since = holds('waiting') ? within.from : undefined;
  for (const { at, to } of moves) {
    if (holds(to)) since ??= at;
    else if (since !== undefined) {
      spans.push({ from: since, to: at });
      since = undefined;
    }
  }
  if (since !== undefined) spans.push({ from: since, to: within.to });
  return spans
    .map(({ from, to }) => ({ from: Math.max(from, within.from), to: Math.min(to, within.to) }))
    .filter(({ from, to }) => to > from);
}

/** While somebody could work on it. */
export function workedSpans(moves: readonly Move[], within: Span): Span[] {
  return spansWhile(moves, (status) => WORKED.has(status), within);
}

/** While it was awaited. */
export function awaitedSpans(moves: readonly Move[], within: Span): Span[] {
  return spansWhile(moves, (status) => !OVER.has(status), within);
}

/** When it was settled last, if it still is. */
export function settledAt(moves: readonly Move[]): number | undefined {
  const last = moves.at(-1);
  return last && MET.has(last.to) ? last.at : undefined;
}

/** How many of these items were met, from each instant on; the first step is at `from` with none. */
export function metSteps(
  moves: ReadonlyMap<string, readonly Move[]>,
  items: readonly string[],
  from: number
): Array<{ at: number; met: number }> {
  const changes = items.flatMap((item) => {
    let wasMet = false;
    return (moves.get(item) ?? []).flatMap(({ at, to }) => {
      if (MET.has(to) === wasMet) return [];
      wasMet = !wasMet;
      return [{ at, by: wasMet ? 1 : -1 }];
    });
  });
  const steps = [{ at: from, met: 0 }];
  for (const { at, by } of changes.sort((a, b) => a.at - b.at)) {
    const last = steps.at(-1)!;
    if (last.at === at) last.met += by;
    else steps.push({ at, met: last.met + by });
  }
  return steps;
}
