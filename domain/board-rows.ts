import type { Board, BoardGate, BoardItem } from './board';
import type { GateName } from './plan';

/** What a row of a board says of its entry. */
export const ROW_STATES = [
  'not-met',
  'unclear',
  'errored',
  'stale',
  'late',
  'dropped',
  'in-hand',
  'open',
  'waiting',
  'waived',
  'met',
] as const;
export type RowState = (typeof ROW_STATES)[number];

/** In which order people look at them; rows of one rank stay as the plan has them. */
const RANK: { readonly [state in RowState]: number } = {
  'not-met': 0,
  unclear: 1,
  errored: 1,
  stale: 1,
  late: 1,
  dropped: 1,
  'in-hand': 2,
  open: 3,
  waiting: 3,
  waived: 4,
  met: 4,
};

export interface BoardRow {
  entry: BoardGate;
  /** Absent of an entry that names no item. */
  item?: BoardItem;
  state: RowState;
}

/** Of an item by itself, in no gate. Nothing is met by default: what is not known is open. */
export function itemRowState({ status, criteria, overdue }: BoardItem): RowState {
  if (status === 'resolved') return 'met';
  if (status === 'waived' || status === 'dropped') return status;
  const has = (...states: string[]) => criteria.some(({ state }) => states.includes(state));
  if (has('unmet')) return 'not-met';
  if (has('errored')) return 'errored';
  if (has('inconclusive')) return 'unclear';
  if (has('stale')) return 'stale';
  if (overdue) return 'late';
  if (status === 'waiting') return 'waiting';
  return status === 'acknowledged' || has('met', 'waived') ? 'in-hand' : 'open';
}

function rowState({ state }: BoardGate, item: BoardItem | undefined): RowState {
  if (state !== 'unmet') return state;
  if (!item) return 'not-met';
  const own = itemRowState(item);
  // Everything of it was met, and still the gate does not have it: in the final poll, for one.
  return own === 'met' || own === 'waived' ? 'in-hand' : own;
}

/** The rows of one gate, in the order in which they are shown. */
export function boardRows({ gates, items }: Pick<Board, 'gates' | 'items'>, gate: GateName): BoardRow[] {
  const known = new Map(items.map((item) => [item.id, item]));
  const rows = gates[gate].map((entry): BoardRow => {
    const item = known.get(entry.ref);
    return { entry, item, state: rowState(entry, item) };
  });
  return rows.sort((a, b) => RANK[a.state] - RANK[b.state]);
}

/** How many rows are as their gate wants them. */
export function metRows(rows: readonly BoardRow[]): number {
  return rows.filter(({ state }) => state === 'met' || state === 'waived').length;
}
