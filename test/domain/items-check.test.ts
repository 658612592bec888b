import { countItems } from '../../domain/item-view';
import type { ItemReport, ItemStatus } from '../../domain/item-state';
import { initialLaunchState, type LaunchState } from '../../domain/launch-state';
import type { Item, ItemsCheck } from '../../domain/plan';
import { item, NOON, planOf } from '../support/plans';

type Listed = Partial<Item> & { status?: ItemStatus; now?: string[] };

const PEOPLE = [
  { id: 'ana', roles: ['manager'], channels: [] },
  { id: 'ben', roles: ['dev'], channels: [] },
  { id: 'cem', roles: ['dev'], channels: [] },
];
const GROUPS = { everyone: ['ana', 'ben', 'cem'], platform: ['ana', 'ben'], empty: [] };

/** A launch of items with these properties, A first, and what each last said of itself. */
function launchOf(listed: Listed[]): LaunchState {
  const items = listed.map((each, at) => item(String.fromCharCode(65 + at), each));
  const plan = { ...planOf({ items }), people: PEOPLE as never, groups: GROUPS };
  const reports = Object.fromEntries(
    listed.map(({ status = 'open', now }, at) => {
      const { id, owners } = items[at]!;
      const report: Partial<ItemReport> = { seq: 1, status, owners: now ?? owners, progress: {}, added: [] };
      return [id, report as ItemReport];
    })
  );
  return { ...initialLaunchState(plan, NOON), reports };
}

const count = (listed: Listed[], check: Partial<ItemsCheck>, self = 'none') =>
  countItems(launchOf(listed), { type: 'items', where: {}, is: 'resolved', ...check }, self);

const done: Listed = { status: 'resolved' };
const open: Listed = { status: 'open' };
const ALL = { atLeast: { share: 1 } };

test.each<[what: string, listed: Listed[], check: Partial<ItemsCheck>, outcome: string, seen: string]>([
  ['all of them', [done, done], ALL, 'passed', '2 of 2 (100 %) resolved, needs at least 100 %'],
  ['one that is not', [done, open], ALL, 'failed', '1 of 2 (50 %) resolved, needs at least 100 %'],
  ['the share itself', [done, open], { atLeast: { share: 0.5 } }, 'passed', 'needs at least 50 %'],
  ['a count', [done, done, open], { atLeast: { count: 2 } }, 'passed', '2 of 3'],
  ['one fewer', [done, open, open], { atLeast: { count: 2 } }, 'failed', '1 of 3'],
  [
    'one too many',
    [open, open],
    { is: 'open', atMost: { count: 1 } },
    'failed',
    '2 of 2 (100 %) open, needs at most 1',
  ],
  ['none open', [done, done], { is: 'open', atMost: { count: 0 } }, 'passed', '0 of 2'],
  [
    'both bounds',
    [done, open],
    { atLeast: { count: 1 }, atMost: { share: 0.5 } },
    'passed',
    'at least 1 and at most 50 %',
  ],
  ['a waived one, not resolved', [done, { status: 'waived' }], ALL, 'failed', '1 of 2'],
  ['a waived one, not open', [{ status: 'waived' }], { is: 'open', atMost: { count: 0 } }, 'passed', '0 of 1'],
  ['a dropped one, left out', [done, { status: 'dropped' }], ALL, 'passed', '1 of 1'],
  ['one that waits, open', [{ status: 'waiting' }], { is: 'open', atMost: { count: 0 } }, 'failed', '1 of 1'],
  ['of none, a share', [], ALL, 'inconclusive', '0 of 0 resolved'],
  ['of none, a count', [], { atLeast: { count: 0 } }, 'inconclusive', '0 of 0'],
  ['of none, at most', [], { is: 'open', atMost: { count: 0 } }, 'passed', '0 of 0'],
  ['a kind', [{ ...done, kind: 'blocker' }, open], { where: { kind: 'blocker' }, ...ALL }, 'passed', '1 of 1'],
  [
    'a priority',
    [
      { ...done, priority: 'P0' },
      { ...open, priority: 'P1' },
    ],
    { where: { priority: 'P0' }, ...ALL },
    'passed',
    '1 of 1',
  ],
  ['no priority', [{ ...open }], { where: { priority: 'P0' }, ...ALL }, 'inconclusive', '0 of 0'],
  [
    'a severity',
    [{ ...open, severity: 'critical' }, done],
    { where: { severity: 'critical' }, is: 'open', atMost: { count: 0 } },
    'failed',
    '1 of 1',
  ],
  ['ids', [done, open], { where: { ids: ['A'] }, ...ALL }, 'passed', '1 of 1'],
  [
    'all that is said of them',
    [
      { ...done, kind: 'blocker', priority: 'P0' },
      { ...open, priority: 'P0' },
    ],
    { where: { kind: 'blocker', priority: 'P0' }, ...ALL },
    'passed',
    '1 of 1',
  ],
])('%s', (...[, listed, check, outcome, seen]) => {
  expect(count(listed, check)).toMatchObject({ outcome, seen: expect.stringContaining(seen) });
});

test.each<[owner: string, owners: string[], counted: boolean]>([
  ['ana', ['ana'], true],
  ['ana', ['ben', 'ana'], true],
  ['ana', ['ben'], false],
  ['ana', ['manager'], true],
  ['manager', ['ana'], true],
  ['manager', ['ben'], false],
  ['dev', ['cem'], true],
  ['dev', ['dev'], true],
  ['platform', ['ben'], true],
  ['platform', ['dev'], true],
  ['platform', ['cem'], false],
  ['empty', ['ana'], false],
  ['everyone', ['cem'], true],
  ['constructor', ['ana'], false],
])("of %s an item of %j's is counted: %s", (owner, owners, counted) => {
  expect(count([{ ...open, owners }], { where: { owner }, is: 'open', atMost: { count: 0 } }).of).toBe(counted ? 1 : 0);
});

test('the owners are those of now', () => {
  const listed: Listed[] = [{ ...open, owners: ['ana'], now: ['ben'] }];
  expect(count(listed, { where: { owner: 'ana' } }).of).toBe(0);
  expect(count(listed, { where: { owner: 'ben' } }).of).toBe(1);
});

test('the item that asks is left out, and those that are not as wanted are named', () => {
  expect(count([done, open, open], ALL, 'C')).toMatchObject({ of: 2, counted: 1, others: ['B'] });
});

test('an item that has not yet told anything is not resolved', () => {
  const state = { ...launchOf([done]), reports: {} };
  expect(countItems(state, { type: 'items', where: {}, is: 'resolved', ...ALL }, 'none').outcome).toBe('failed');
});
