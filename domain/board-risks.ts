import type { Board } from './board';
import { durationText } from './text';

/** What endangers a launch besides what its verdict says. */
export interface BoardRisk {
  title: string;
  /** The item that it is about. */
  item?: string;
  /** More of it, in words. */
  says: string;
  /** An instant that belongs to it, ISO 8601. */
  at?: string;
}

const SETTLED: ReadonlySet<string> = new Set(['resolved', 'waived', 'dropped', 'carried-over']);

function overdueItems({ items }: Board, now: number): BoardRisk[] {
  const late = items.filter(({ overdue }) => overdue);
  return late.map(({ id, title, deadline }) => {
    const by = deadline === null ? '' : ` by ${durationText(now - Date.parse(deadline))}`;
    return { title: `${title} is overdue${by}`, item: id, says: id, ...(deadline !== null && { at: deadline }) };
  });
}

/** Resolved once, and open again. */
function fallenItems({ items }: Board): BoardRisk[] {
  const fallen = items.filter(({ reopened, status, overdue }) => reopened > 0 && !SETTLED.has(status) && !overdue);
  return fallen.map(({ id, title, reopened }) => {
    const times = reopened === 1 ? 'once' : `${reopened} times`;
    return { title: `${title} has been reopened`, item: id, says: `${id}, ${times}` };
  });
}

function milestones({ milestones: all, items }: Board, now: number): BoardRisk[] {
  const open = new Set(items.filter(({ status }) => !SETTLED.has(status)).map(({ id }) => id));
  return all.flatMap(({ title, at, items: wanted }): BoardRisk[] => {
    const missing = wanted.filter((id) => open.has(id));
    if (at === null || missing.length === 0 || now <= Date.parse(at)) return [];
    return [{ title: `Milestone “${title}” was missed`, says: `still open: ${missing.join(', ')}`, at }];
  });
}

function metrics({ metrics: all }: Board): BoardRisk[] {
  return all
    .filter(({ met }) => met === false)
    .map(({ title, value, of, counted, target }) => {
      const unit = of === undefined ? '' : ' %';
      const from = of === undefined ? '' : ` (${counted} of ${of})`;
      return { title, says: `${value}${unit}${from}, target ${target}` };
    });
}

/** The most pressing first. */
export function boardRisks(board: Board, now: number): BoardRisk[] {
  if (board.ended) return [];
  return [...overdueItems(board, now), ...fallenItems(board), ...milestones(board, now), ...metrics(board)];
}
