import type { Board, BoardItem } from '../../domain/board';
import { boardRisks } from '../../domain/board-risks';

const NOW = Date.UTC(2026, 9, 27, 14);
const iso = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
const item = (id: string, more: Partial<BoardItem>): BoardItem =>
  ({ id, title: id, status: 'open', deadline: null, overdue: false, reopened: 0, criteria: [], ...more }) as BoardItem;

const board = (more: Partial<Board>): Board =>
  ({ items: [], milestones: [], metrics: [], ended: null, ...more }) as unknown as Board;

test('what is overdue, what has fallen, milestones missed, targets missed; in this order', () => {
  const risks = boardRisks(
    board({
      items: [
        item('FELL', { reopened: 2 }),
        item('DONE', { reopened: 1, status: 'resolved' }),
        item('LATE', { overdue: true, deadline: iso(-3) }),
      ],
      milestones: [
        { title: 'Tested', at: iso(-1), items: ['FELL', 'DONE'] },
        { title: 'Later', at: iso(1), items: ['FELL'] },
        { title: 'Reached', at: iso(-1), items: ['DONE'] },
      ],
      metrics: [
        { id: 'idle', title: 'Idle', value: 11.5, target: '< 10 %', met: false, counted: 3, of: 26 },
        { id: 'ok', title: 'Fine', value: 1, target: '< 2', met: true },
      ],
    }),
    NOW
  );
  expect(risks).toEqual([
    { title: 'LATE is overdue by 3 h', item: 'LATE', says: 'LATE', at: iso(-3) },
    { title: 'FELL has been reopened', item: 'FELL', says: 'FELL, 2 times' },
    { title: 'Milestone “Tested” was missed', says: 'still open: FELL', at: iso(-1) },
    { title: 'Idle', says: '11.5 % (3 of 26), target < 10 %' },
  ]);
});

test('of a launch that is over nothing is at risk', () => {
  const over = board({
    items: [item('LATE', { overdue: true, deadline: iso(-3) })],
    ended: { how: 'launched', at: iso(0), reason: '' },
  });
  expect(boardRisks(over, NOW)).toEqual([]);
});
