import type { Row } from './rows';

/** Where things lie in the picture, px from its top; the labels beside it are set to the same heights in timeline.css. */
export const HEAD = 60;
export const ROW = 40;
export const BURN = 180;

/** The middle of a row: 0 is the row of the launch's own dates, items follow. */
export const middleOf = (at: number): number => HEAD + at * ROW + ROW / 2;

export const heightOf = (rows: number, hasBurn: boolean): number => HEAD + (rows + 1) * ROW + (hasBurn ? BURN : 0);

export interface Edge {
  from: Row;
  to: Row;
  isCritical: boolean;
}

/** More lines than this nobody can follow: then those of the critical path alone are drawn. */
const MOST_EDGES = 120;

/** What opens what, as long as both are awaited. */
export function edgesOf(rows: readonly Row[]): Edge[] {
  const awaited = new Map(rows.filter(({ isAwaited }) => isAwaited).map((row) => [row.id, row]));
  const edges = [...awaited.values()].flatMap((to) =>
    to.after.flatMap((id): Edge[] => {
      const from = awaited.get(id);
      return from ? [{ from, to, isCritical: from.isCritical && to.isCritical }] : [];
    })
  );
  return edges.length > MOST_EDGES ? edges.filter(({ isCritical }) => isCritical) : edges;
}

/** Where a row's bars end, or undefined where it has none. */
export function endOf({ deadline, planned }: Row): number | undefined {
  return deadline ?? planned?.to;
}

/** From the end of one row to the beginning of another: down at the end, or half way where there is room. */
export function edgePath(from: { x: number; y: number }, to: { x?: number; y: number }): string {
  const { x, y } = from;
  if (to.x === undefined) return `M${x} ${y}V${to.y}H${x + 18}`;
  if (to.x < x + 12) return `M${x} ${y}V${to.y - (to.y > y ? 12 : -12)}`;
  const half = Math.round((x + to.x) / 2);
  return `M${x} ${y}H${half}V${to.y}H${to.x - 1}`;
}

/** A line that goes up and down in steps, and on to `until`. */
export function stepPath(steps: ReadonlyArray<{ x: number; y: number }>, until: number): string {
  const [first, ...rest] = steps;
  if (!first) return '';
  return `M${first.x} ${first.y}${rest.map(({ x, y }) => `H${x}V${y}`).join('')}H${until}`;
}
