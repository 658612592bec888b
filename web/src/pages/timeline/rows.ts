import type { RowState } from '../../../../domain/board-rows';
import { itemRowState } from '../../../../domain/board-rows';
import { instantAt } from '../../../../domain/intervals';
import { allItems } from '../../../../domain/launch-state';
import type { Item } from '../../../../domain/plan';
import { durationText } from '../../../../domain/text';
import type { Board, BoardItem, Plan } from '../../api/types';
import { criticalChain, type Chain } from './critical';
import { awaitedSpans, isMet, isOver, settledAt, workedSpans, type Move, type Span } from './history';

/** A settled item, or one that fell, at an instant. */
export interface RowMark {
  at: number;
  kind: 'met' | 'waived' | 'fell' | 'dropped';
}

/** One item against dates. All instants are epoch ms. */
export interface Row {
  id: string;
  title: string;
  owners: string[];
  status: string;
  state: RowState;
  isCritical: boolean;
  planned?: Span;
  worked: Span[];
  /** Awaited behind its plan. */
  past: Span[];
  deadline?: number;
  /** Still awaited. */
  isAwaited: boolean;
  settled?: number;
  /** When it was reopened last, if it is open for that. */
  reopened?: number;
  marks: RowMark[];
  after: string[];
}

export interface Slip {
  id: string;
  planned: number;
  /** When it was met; absent: it is open still. */
  met?: number;
  isReopened: boolean;
  /** ms; less than none: it was early. */
  by: number;
  /** Open items that wait for it. */
  moves: string[];
}

interface Known {
  plan: Plan;
  board: Board;
  moves: ReadonlyMap<string, readonly Move[]>;
  now: number;
}

/** Where an item is to lie by the plan: until its planned end or deadline; from when it can begin where nothing is said. */
function plannedSpan(item: Item, { plan, board }: Known, ends: ReadonlyMap<string, number>): Span | undefined {
  const launchAt = Date.parse(board.launchAt);
  const at = (instant: Parameters<typeof instantAt>[1] | undefined) =>
    instant && instantAt(plan.calendar, instant, launchAt);
  const to = at(item.planned?.to) ?? at(item.deadline);
  if (to === undefined) return undefined;
  const firsts = item.after.flatMap((id) => ends.get(id) ?? []);
  const estimated = item.estimate === undefined ? undefined : to - item.estimate;
  const from = at(item.planned?.from) ?? estimated ?? Math.max(plan.start, ...firsts);
  return { from: Math.min(from, to), to };
}

/** When each item is to end by the plan. */
function plannedEnds({ plan, board }: Known): Map<string, number> {
  const launchAt = Date.parse(board.launchAt);
  return new Map(
    allItems(plan).flatMap(({ id, planned, deadline }) => {
      const instant = planned?.to ?? deadline;
      return instant ? [[id, instantAt(plan.calendar, instant, launchAt)] as const] : [];
    })
  );
}

function marksOf(moves: readonly Move[]): RowMark[] {
  let wasMet = false;
  return moves.flatMap(({ at, to }): RowMark[] => {
    const fell = wasMet && !isMet(to) && to !== 'dropped';
    wasMet = isMet(to);
    if (to === 'resolved') return [{ at, kind: 'met' }];
    if (to === 'waived') return [{ at, kind: 'waived' }];
    if (to === 'dropped') return [{ at, kind: 'dropped' }];
    return fell ? [{ at, kind: 'fell' }] : [];
  });
}

function rowOf(item: BoardItem, planned: Span | undefined, known: Known & { after: string[] }): Row {
  const { plan, now, after } = known;
  const moves = known.moves.get(item.id) ?? [];
  const within = { from: Math.min(plan.start, moves[0]?.at ?? plan.start), to: now };
  const isAwaited = !isOver(item.status);
  const late = planned ? awaitedSpans(moves, { ...within, from: Math.max(within.from, planned.to) }) : [];
  const isDropped = item.status === 'dropped' || item.status === 'carried-over';
  const marks = marksOf(moves);
  return {
    id: item.id,
    title: item.title,
    owners: item.owners,
    status: item.status,
    state: itemRowState(item),
    isCritical: false,
    planned,
    worked: workedSpans(moves, within),
    past: isDropped ? [] : late,
    deadline: item.deadline === null ? undefined : Date.parse(item.deadline),
    isAwaited,
    settled: isMet(item.status) ? settledAt(moves) : undefined,
    reopened: isAwaited ? marks.findLast(({ kind }) => kind === 'fell')?.at : undefined,
    marks,
    after,
  };
}

/** Where a row begins, for the order of rows. */
function beginOf({ planned, worked, deadline }: Row): number {
  return Math.min(planned?.from ?? Infinity, worked[0]?.from ?? Infinity, deadline ?? Infinity);
}

function endOf({ planned, deadline }: Row): number {
  return planned?.to ?? deadline ?? Infinity;
}

/** What the date hangs on comes first, the rest by its dates, what has none last. */
function inOrder(rows: readonly Row[], chain: Chain | undefined): Row[] {
  const critical = chain?.ids ?? [];
  const place = (row: Row) => {
    const at = critical.indexOf(row.id);
    return at < 0 ? critical.length : at;
  };
  const dated = (row: Row) => (Number.isFinite(endOf(row)) ? 0 : 1);
  const by = [place, dated, beginOf, endOf];
  return rows.toSorted((a, b) => {
    for (const key of by) if (key(a) !== key(b)) return key(a) < key(b) ? -1 : 1;
    return 0;
  });
}

export interface Rows {
  rows: Row[];
  chain?: Chain;
}

/** Every item of the launch as a row, in the order in which they are shown. */
export function rowsOf(known: Known): Rows {
  const { plan, board, now } = known;
  const items = new Map(allItems(plan).map((item) => [item.id, item]));
  const ends = plannedEnds(known);
  const rows = board.items.map((each) => {
    const item = items.get(each.id);
    return rowOf(each, item && plannedSpan(item, known, ends), { ...known, after: item?.after ?? [] });
  });
  const open = rows.filter(({ isAwaited }) => isAwaited);
  const due = new Map(
    open.map(({ id, planned, deadline, after }) => {
      return [id, { id, due: deadline ?? planned?.to, estimate: items.get(id)?.estimate, after }];
    })
  );
  const musts = board.gates.must.map(({ ref }) => ref);
  const chain = board.ended ? undefined : criticalChain(due, musts, now);
  const critical = new Set(chain?.ids);
  return {
    rows: inOrder(
      rows.map((row) => ({ ...row, isCritical: critical.has(row.id) })),
      chain
    ),
    chain,
  };
}

/** Shorter than this nothing has slipped. */
export const LEAST_SLIP = 1_000;

/** Items that were not met when the plan says, the furthest behind first; then those that were early. */
export function slipsOf(rows: readonly Row[], now: number): Slip[] {
  const slips = rows.flatMap(({ id, planned, settled, isAwaited, reopened, status }): Slip[] => {
    if (!planned || (settled === undefined && !isAwaited)) return [];
    const by = (settled ?? now) - planned.to;
    if ((settled === undefined ? by : Math.abs(by)) < LEAST_SLIP) return [];
    const moves = rows.filter((row) => row.isAwaited && row.after.includes(id)).map((row) => row.id);
    return [
      {
        id,
        planned: planned.to,
        met: settled,
        isReopened: reopened !== undefined && !isMet(status),
        by,
        moves: settled === undefined ? moves : [],
      },
    ];
  });
  return slips.sort((a, b) => Number(a.met !== undefined) - Number(b.met !== undefined) || b.by - a.by);
}

/** "+3 h 42 min", "−20 min". */
export function slipText(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${durationText(Math.abs(ms))}`;
}
