import { boardOf } from '../../domain/board';
import type { ItemReport, ItemStatus } from '../../domain/item-state';
import type { LaunchState } from '../../domain/launch-state';
import { initialLaunchState } from '../../domain/launch-state';
import { idlePeople, metricsOf } from '../../domain/metrics';
import type { Item, Metric } from '../../domain/plan';
import { DAY, HOUR } from '../../domain/units';
import { item, NOON, planOf } from '../support/plans';

function report(status: ItemStatus, more: Partial<ItemReport> = {}): ItemReport {
  return {
    seq: 1,
    status,
    owners: ['dev'],
    openedAt: status === 'waiting' ? undefined : NOON,
    reopened: 0,
    progress: {},
    added: [],
    choices: [],
    touchedBy: [],
    slaMissed: [],
    ended: false,
    ...more,
  };
}

function stateOf(items: Item[], reports: LaunchState['reports'], metric: Omit<Metric, 'id' | 'title'>): LaunchState {
  const plan = planOf({ items, plan: { metrics: [{ id: 'm', title: 'M', ...metric }] } });
  return { ...initialLaunchState(plan, NOON), reports };
}

function blockers(count: number, resolved: number): { items: Item[]; reports: LaunchState['reports'] } {
  const items = Array.from({ length: count }, (_, n) => item(`B${n}`, { kind: 'blocker', priority: 'P0' }));
  const reports = Object.fromEntries(items.map(({ id }, n) => [id, report(n < resolved ? 'resolved' : 'open')]));
  return { items, reports };
}

const only = (state: LaunchState, overdue: string[] = []) => metricsOf(state, new Set(overdue))[0];

test('blockers resolved of all, with target and date; the date moves with the launch', () => {
  const { items, reports } = blockers(4, 1);
  const others = [item('TASK')];
  const state = stateOf([...items, ...others], reports, {
    measure: 'resolved-share',
    where: { kind: 'blocker' },
    target: { op: '>=', value: 100, unit: '%' },
    by: { at: NOON, anchor: { days: -1, ms: 0 } },
    baseline: 0,
  });
  const found = { value: 25, counted: 1, of: 4, target: '>= 100 %', met: false, baseline: 0 };
  expect(only(state)).toEqual({ id: 'm', title: 'M', ...found, by: '2025-10-28T12:00:00.000Z' });
  expect(only({ ...state, launchAt: state.launchAt + DAY })).toMatchObject({ by: '2025-10-29T12:00:00.000Z' });
});

test.each([
  [20, 19, true],
  [20, 18, false],
  // 94.957 % would be shown as 95 %.
  [2_300, 2_184, false],
])('of %i P0 items %i are resolved: 95 %% is met: %s', (count, resolved, met) => {
  const { items, reports } = blockers(count, resolved);
  const target = { op: '>=' as const, value: 95, unit: '%' as const };
  const state = stateOf(items, reports, { measure: 'resolved-share', where: { priority: 'P0' }, target });
  expect(only(state)).toMatchObject({ met, counted: resolved, of: count });
});

test('what is waived is not resolved, what is dropped is not counted, of none there is no share', () => {
  const items = [item('A'), item('B'), item('C')];
  const measure = { measure: 'resolved-share' as const, target: { op: '>=' as const, value: 0 } };
  const mixed = { A: report('resolved'), B: report('waived'), C: report('dropped') };
  expect(only(stateOf(items, mixed, measure))).toMatchObject({ value: 50, counted: 1, of: 2 });
  const dropped = { A: report('dropped'), B: report('dropped'), C: report('dropped') };
  expect(only(stateOf(items, dropped, measure))).toMatchObject({ value: null, met: null, of: 0 });
});

test('idle are the people without an open item, of their own or of a role that they hold; a tenth is not below 10 %', () => {
  const people = Array.from({ length: 10 }, (_, n) => ({ id: `p${n}`, name: `P${n}`, roles: n === 0 ? ['lead'] : [] }));
  const items = people.slice(1).map(({ id }) => item(`OF-${id}`, { owners: [id] }));
  const all = [...items, item('OF-LEAD', { owners: ['lead'] })];
  const reports = Object.fromEntries(all.map(({ id, owners }) => [id, report('acknowledged', { owners })]));
  const metric = { measure: 'idle-owners' as const, target: { op: '<' as const, value: 10, unit: '%' as const } };
  const busy = stateOf(all, reports, metric);
  const state = { ...busy, plan: { ...busy.plan, people } };
  expect(only(state)).toMatchObject({ value: 0, met: true, counted: 0, of: 10 });
  const one = { ...state, reports: { ...reports, 'OF-LEAD': report('resolved', { owners: ['lead'] }) } };
  expect(idlePeople(one)).toEqual(['p0']);
  expect(only(one)).toMatchObject({ value: 10, met: false });
  const given = { ...one, reports: { ...one.reports, 'OF-p1': report('open', { owners: ['p0'] }) } };
  expect(idlePeople(given)).toEqual(['p1']);
});

test('overdue is a count of what is open past its deadline', () => {
  const late = { at: NOON + HOUR };
  const items = ['A', 'B', 'C'].map((id) => item(id, { deadline: late }));
  const reports = { A: report('open'), B: report('resolved'), C: report('waiting') };
  const state = stateOf(items, reports, { measure: 'overdue', target: { op: '=', value: 0 } });
  const found = (now: number) => boardOf(state, now).metrics[0];
  expect(found(NOON + HOUR)).toMatchObject({ value: 0, met: true });
  expect(found(NOON + HOUR + 1)).toMatchObject({ value: 2, met: false });
  expect(found(NOON + HOUR + 1)).not.toHaveProperty('of');
});

test('of SLAs kept, items without one and deadlines say nothing', () => {
  const sla = { respond: HOUR, clock: 'wall' as const };
  const items = [item('A', { sla }), item('B', { sla }), item('C'), item('W', { sla })];
  const reports = {
    A: report('open', { slaMissed: ['respond'] }),
    B: report('open', { slaMissed: ['deadline'] }),
    C: report('open'),
    W: report('waiting'),
  };
  const state = stateOf(items, reports, { measure: 'sla-kept', target: { op: '>=', value: 90, unit: '%' } });
  expect(only(state)).toMatchObject({ value: 50, counted: 1, of: 2, met: false });
});
