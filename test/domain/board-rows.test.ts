import fc from 'fast-check';
import type { BoardGate, BoardItem } from '../../domain/board';
import { boardRows, itemRowState, metRows, ROW_STATES } from '../../domain/board-rows';
import { CRITERION_STATES } from '../../domain/criterion';

const item = (id: string, more: Partial<BoardItem> = {}): BoardItem => ({
  id,
  kind: 'task',
  title: id,
  status: 'open',
  owners: [],
  priority: null,
  deadline: null,
  overdue: false,
  reopened: 0,
  waitingOn: [],
  chosen: null,
  criteria: [],
  ...more,
});

const criteria = (...states: string[]): BoardItem['criteria'] =>
  states.map((state, at) => ({ id: `c${at}`, title: `C${at}`, state, automatic: true, evidence: null }));

const gate = (ref: string, state: BoardGate['state'] = 'unmet'): BoardGate => ({
  ref,
  title: ref,
  state,
  reason: null,
});

test.each([
  ['resolved', { status: 'resolved' }, 'met'],
  ['waived', { status: 'waived' }, 'waived'],
  ['dropped', { status: 'dropped' }, 'dropped'],
  ['a no outweighs what cannot be told', { criteria: criteria('errored', 'unmet', 'met') }, 'not-met'],
  ['a check that could not run', { criteria: criteria('errored', 'inconclusive') }, 'errored'],
  ['a check that is unclear', { criteria: criteria('inconclusive', 'met') }, 'unclear'],
  ['evidence that is out of date', { criteria: criteria('stale', 'met') }, 'stale'],
  ['late, and nothing else is known', { overdue: true, criteria: criteria('unknown') }, 'late'],
  ['waiting', { status: 'waiting', criteria: criteria('unknown') }, 'waiting'],
  ['acknowledged', { status: 'acknowledged', criteria: criteria('unknown') }, 'in-hand'],
  ['a part of it is met', { criteria: criteria('met', 'unknown') }, 'in-hand'],
  ['nobody has said anything', { criteria: criteria('unknown') }, 'open'],
] as Array<[string, Partial<BoardItem>, string]>)('%s', (_what, more, state) => {
  expect(itemRowState(item('X', more))).toBe(state);
});

test('rows stand in the order in which people look at them, the plan’s within', () => {
  const items = [
    item('MET', { status: 'resolved' }),
    item('OPEN'),
    item('BAD-1', { criteria: criteria('unmet') }),
    item('WAITING', { status: 'waiting' }),
    item('UNCLEAR', { criteria: criteria('inconclusive') }),
    item('BAD-2', { criteria: criteria('unmet') }),
    item('IN-HAND', { status: 'acknowledged' }),
  ];
  const must = items.map(({ id }) => gate(id, id === 'MET' ? 'met' : 'unmet'));
  const rows = boardRows({ items, gates: { must, should: [], nice: [] } }, 'must');
  expect(rows.map(({ entry }) => entry.ref)).toEqual([
    'BAD-1',
    'BAD-2',
    'UNCLEAR',
    'IN-HAND',
    'OPEN',
    'WAITING',
    'MET',
  ]);
  expect(metRows(rows)).toBe(1);
});

test('an entry whose item is not there is not met', () => {
  const [row] = boardRows({ items: [], gates: { must: [gate('GONE')], should: [], nice: [] } }, 'must');
  expect(row).toMatchObject({ state: 'not-met', item: undefined });
});

test('whatever its item says, a row is met or waived only where the gate has it', () => {
  const anyItem = fc
    .record({
      status: fc.constantFrom('waiting', 'open', 'acknowledged', 'resolved', 'waived', 'dropped', 'carried-over'),
      overdue: fc.boolean(),
      states: fc.array(fc.constantFrom(...CRITERION_STATES), { maxLength: 5 }),
    })
    .map(({ status, overdue, states }) => item('X', { status, overdue, criteria: criteria(...states) }));
  const anyGate = fc.constantFrom('met', 'waived', 'unmet', 'dropped');
  fc.assert(
    fc.property(anyItem, anyGate, (given, state) => {
      const gates = { must: [gate('X', state as BoardGate['state'])], should: [], nice: [] };
      const [row] = boardRows({ items: [given], gates }, 'must');
      expect(ROW_STATES).toContain(row?.state);
      expect(row?.state === 'met' || row?.state === 'waived').toBe(state === 'met' || state === 'waived');
    })
  );
});
