import type { Board, BoardItem } from '../api/types';

/** What of an item a reader would see as changed: neither its evidence's age nor what is said elsewhere. */
function shownOf({ status, owners, overdue, reopened, chosen, deadline, criteria }: BoardItem): string {
  return JSON.stringify([
    status,
    owners,
    overdue,
    reopened,
    chosen,
    deadline,
    criteria.map(({ id, state }) => [id, state]),
  ]);
}

/** Ids of the items that one board shows otherwise than the one before. */
export function changedItems(before: Pick<Board, 'items'>, after: Pick<Board, 'items'>): Set<string> {
  const known = new Map(before.items.map((item) => [item.id, shownOf(item)]));
  return new Set(after.items.filter((item) => known.get(item.id) !== shownOf(item)).map(({ id }) => id));
}
