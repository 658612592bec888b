import type { BoardRow } from '../../domain/board-rows';
import type { Board, BoardItem } from '../../web/src/api/types';
import { namesOf, nextOf, whyOf } from '../../web/src/pages/board/row-words';

const ITEM: BoardItem = {
  id: 'A',
  kind: 'task',
  title: 'A is done',
  status: 'open',
  owners: ['data', 'devops'],
  priority: null,
  deadline: null,
  overdue: false,
  reopened: 0,
  waitingOn: [],
  chosen: null,
  criteria: [],
};

const row = (item: Partial<BoardItem>, state: BoardRow['state'] = 'open'): BoardRow => ({
  entry: { ref: 'A', title: 'A is done', state: 'unmet', reason: null },
  item: { ...ITEM, ...item },
  state,
});

const board = (needs: Board['verdict']['needs'] = []): Board =>
  ({ verdict: { needs }, ended: null }) as unknown as Board;

test.each([
  [['qa'], 'qa'],
  [['data', 'devops'], 'data or devops'],
  [['data', 'devops', 'qa'], 'data, devops or qa'],
  [['ads', 'data', 'devops', 'qa'], 'ads, data or 2 others'],
])('%j: any one of them is named as %s', (names, text) => {
  expect(namesOf(names)).toBe(text);
});

test('one of several owners acknowledges', () => {
  expect(nextOf(row({}), board())).toEqual({ who: 'data or devops', does: 'acknowledges' });
});

test('a decision waits for those who decide, who need not be its owners', () => {
  const decision = row({ kind: 'decision' });
  const need = (who: string) => ({ who, action: "decide 'A is done': one of x, y", ref: 'A', command: null });
  expect(nextOf(decision, board())).toEqual({ does: 'To be decided' });
  expect(nextOf(decision, board(), { by: ['ceo', 'qa'], quorum: 'any' })).toEqual({
    who: 'ceo or qa',
    does: 'decides',
  });
  expect(nextOf(decision, board(), { by: ['ceo', 'qa'], quorum: 2 })).toEqual({ does: 'To be decided' });
  expect(nextOf(decision, board([need('ceo')]))).toEqual({ who: 'ceo', does: 'decides' });
  expect(nextOf(decision, board([need('ceo'), need('qa')]))).toEqual({ who: 'ceo and qa', does: 'decide' });
});

test('an instant in a waiver is in the plan’s zone, as people read it', () => {
  const evidence = 'waived by manager until 2026-11-30T14:00:00.000Z: staging alone';
  const criteria = [{ id: 'c', title: 'C', state: 'waived', automatic: true, evidence }] as BoardItem['criteria'];
  const why = whyOf(row({ criteria }, 'waived'), 'Asia/Kathmandu');
  expect(why).toMatch(/^By manager until Mon 30 Nov, 19:45/);
});
