import type { ItemReport, ItemStatus } from '../../domain/item-state';
import type { LaunchState } from '../../domain/launch-state';
import { initialLaunchState } from '../../domain/launch-state';
import type { Item } from '../../domain/plan';
import type { Standup, StandupAsked } from '../../domain/standup';
import { composeStandup, isStandup, metricValues, readAsked } from '../../domain/standup';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe, type PlanParts } from '../support/plans';

const NOW = NOON + DAY;

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

function held(
  items: Item[],
  reports: { [id: string]: ItemReport },
  {
    parts = {},
    state = {},
    asked = {},
  }: { parts?: PlanParts; state?: Partial<LaunchState>; asked?: Partial<StandupAsked> } = {}
): Standup {
  const standup = { at: '09:00', days: [1, 2, 3, 4, 5], to: ['everyone'], reviews: [] };
  const plan = planOf({ items, must: [], ...parts, plan: { standup, ...parts.plan } });
  const owned = Object.fromEntries(
    items.map((each) => [each.id, { ...report('open'), owners: each.owners, ...reports[each.id] }])
  );
  return composeStandup({ ...initialLaunchState(plan, NOON), reports: owned, ...state }, { now: NOW, ...asked });
}

const of = (standup: Standup, who: string) => standup.owners.find((each) => each.who.join() === who)!;
const says = (lines: Standup['owners'][number]['blockers']) => lines.map((line) => [line.item, ...line.says]);

test('blockers are what stands in the way: blockers, open musts, what is overdue or at risk; the rest is planned', () => {
  const items = [
    item('BLOCKER', { kind: 'blocker' }),
    item('MUST'),
    item('LATE', { deadline: { at: NOW - 3 * HOUR } }),
    item('SOON', { deadline: { at: NOW + 5 * HOUR } }),
    item('THEN', { deadline: { at: NOW + 2 * DAY } }),
    item('WAITS', { after: ['MUST'] }),
    item('DONE', { kind: 'blocker', deadline: { at: NOON } }),
  ];
  const reports = { WAITS: report('waiting'), DONE: report('resolved', { settledAt: NOON - HOUR }) };
  const standup = held(items, reports, { parts: { must: ['MUST', 'WAITS'] } });
  const { blockers, progress, plans } = of(standup, 'dev');
  expect(says(blockers)).toEqual([
    ['BLOCKER', "'done holds' awaits dev"],
    ['MUST', "'done holds' awaits dev"],
    ['LATE', 'overdue by 3 h', "'done holds' awaits dev"],
    ['SOON', 'at risk: due in 5 h', "'done holds' awaits dev"],
  ]);
  expect(progress).toEqual([]);
  expect(says(plans)).toEqual([
    ['THEN', 'due Thu 2025-10-30 12:00 UTC', "'done holds' awaits dev"],
    ['WAITS', 'waits for MUST'],
  ]);
  expect(standup.counts).toEqual({ items: 7, resolved: 1, open: 6, overdue: 1, atRisk: 1 });
});

test('who is awaited: those whose words a quorum lacks, who has yet to decide, and what a check saw', () => {
  const decision = {
    by: ['ana', 'carl'],
    quorum: 'all' as const,
    options: [{ id: 'x', title: 'X', opens: [] }],
    ifSilent: 'escalate' as const,
  };
  const items = [
    item('A', {
      kind: 'blocker',
      criteria: [
        human('read', ['ana', 'qa', 'pilot'], { attest: { as: 'attest', by: ['ana', 'qa', 'pilot'], quorum: 'all' } }),
        probe('up'),
      ],
    }),
    item('D', { kind: 'decision', owners: ['ana'], decision, criteria: [] }),
  ];
  const measured = { outcome: 'failed' as const, begunAt: NOON, at: NOON, seen: 'answered 502', inRow: 1 };
  const reports = {
    A: report('open', {
      progress: {
        read: { changes: [], words: [{ by: 'qa', at: NOON - HOUR }] },
        up: { changes: [], words: [], measured },
      },
    }),
    D: report('open', { owners: ['ana'], choices: [{ by: 'ana', option: 'x', at: NOON - HOUR }] }),
  };
  const standup = held(items, reports, { parts: { must: ['D'] } });
  expect(says(of(standup, 'dev').blockers)).toEqual([
    ['A', "'read holds' awaits ana and pilot", "'up answers' is unmet: answered 502"],
  ]);
  expect(says(of(standup, 'ana').blockers)).toEqual([['D', 'to be decided by carl']]);
});

test('an SLA is at risk from three quarters on, missed after; not where its clock may have stood still', () => {
  const sla = { respond: 4 * HOUR, resolve: 40 * HOUR, clock: 'wall' as const };
  const items = ['NEW', 'OLD', 'SEEN', 'FELL', 'MISSED'].map((id) => item(id, { sla }));
  const reports = {
    NEW: report('open', { openedAt: NOW - 3 * HOUR + 1 }),
    OLD: report('open', { openedAt: NOW - 3 * HOUR }),
    SEEN: report('acknowledged', { openedAt: NOW - 30 * HOUR }),
    FELL: report('open', { openedAt: NOW - 30 * HOUR, reopened: 1 }),
    MISSED: report('open', { openedAt: NOW - 5 * HOUR, slaMissed: ['respond'] }),
  };
  const dangers = (standup: Standup) => says(of(standup, 'dev').blockers).map(([id, danger]) => [id, danger]);
  expect(dangers(held(items, reports))).toEqual([
    ['OLD', 'at risk: 75 % of the SLA to acknowledge is spent'],
    ['SEEN', 'at risk: 75 % of the SLA to resolve is spent'],
    ['MISSED', 'SLA to acknowledge missed'],
  ]);
  for (const state of [{ heldFor: HOUR }, { wasHeld: true }]) {
    expect(dangers(held(items, reports, { state }))).toEqual([['MISSED', 'SLA to acknowledge missed']]);
  }
});

test('progress is what happened since the standup before, and only that', () => {
  const since = NOON + 12 * HOUR;
  const [before, after] = [since - MINUTE, since + MINUTE];
  const items = ['R1', 'R2', 'K1', 'K2', 'W1', 'W2', 'M1'].map((id) =>
    item(id, id === 'M1' ? { criteria: [probe('up')] } : {})
  );
  const said = (at: number) => ({ done: { changes: [], words: [{ by: 'dev', at }] } });
  const run = { begunAt: after, at: after, seen: '200', inRow: 1 };
  const metBy = { ...run, check: { type: 'http', digest: 'd', revision: 1 } };
  const up = { changes: [], words: [], measured: { ...run, outcome: 'passed' as const }, metBy };
  const standup = held(
    items,
    {
      R1: report('resolved', { settledAt: before }),
      R2: report('resolved', { settledAt: after, progress: said(after) }),
      K1: report('acknowledged', { acknowledgedAt: before, acknowledgedBy: 'dev' }),
      K2: report('acknowledged', { acknowledgedAt: after, acknowledgedBy: 'dev' }),
      W1: report('resolved', { settledAt: before, progress: said(before) }),
      W2: report('open', { progress: said(after) }),
      M1: report('resolved', { settledAt: after, progress: { up } }),
    },
    { asked: { since } }
  );
  expect(says(of(standup, 'dev').progress)).toEqual([
    ['R2', 'resolved', "'done holds' attested by dev"],
    ['K2', 'acknowledged by dev'],
    ['W2', "'done holds' attested by dev"],
    ['M1', 'resolved', "'up answers' passes"],
  ]);
});

test('idle people, and what they could take: open items that nobody is on, those without an owner first', () => {
  const items = [
    item('DEVS', { priority: 'P0' }),
    item('NOBODYS', { owners: [] }),
    item('TAKEN'),
    item('THEIRS', { owners: [], external: true }),
    item('LATER', { after: ['DEVS'] }),
  ];
  const { idle, text } = held(items, { TAKEN: report('acknowledged'), LATER: report('waiting') });
  expect(idle.people).toEqual(['ana', 'carl', 'qa', 'pilot']);
  expect(idle.tasks.map((task) => [task.item, ...task.says])).toEqual([
    ['NOBODYS', 'nobody owns it'],
    ['DEVS', 'of dev'],
  ]);
  expect(text).toContain('Without an open item: ana, carl, qa, pilot. They could take:\n- NOBODYS');
});

test('what belongs to several is said once, under all of them', () => {
  const standup = held([item('A', { owners: ['dev', 'qa'] }), item('B')], {});
  expect(standup.owners.map(({ who }) => who)).toEqual([['dev', 'qa'], ['dev']]);
});

test('figures come with their change since the standup before', () => {
  const metrics = [
    {
      id: 'r',
      title: 'Resolved',
      measure: 'resolved-share' as const,
      target: { op: '>=' as const, value: 95, unit: '%' as const },
    },
    { id: 'n', title: 'New', measure: 'overdue' as const },
  ];
  const reports = { A: report('resolved', { settledAt: NOW }) };
  const standup = held([item('A'), item('B')], reports, {
    parts: { plan: { metrics } },
    asked: { metrics: { r: 25 } },
  });
  expect(standup.metrics).toMatchObject([
    { id: 'r', value: 50, change: 25, met: false },
    { id: 'n', value: 0, change: null },
  ]);
  expect(standup.text).toContain('- Resolved: 50 % (1 of 2), +25 %, target >= 95 %: not met');
  expect(metricValues(standup)).toEqual({ r: 50, n: 0 });
});

test('one that is late says so, and how many before it were missed; one that is asked for does neither', () => {
  const due = { at: NOW - 3 * HOUR, kind: 'standup' as const, missed: 2 };
  const late = held([item('A')], {}, { asked: { due } });
  expect(late).toMatchObject({ kind: 'standup', late: true, missed: 2, due: '2025-10-28T09:00:00.000Z' });
  expect(late.text).toContain('Standup, Tue 2025-10-28 09:00 UTC\nSent late, by 3 h');
  expect(late.text).toContain('2 before it were not held');
  expect(held([item('A')], {}, { asked: { due: { ...due, at: NOW, missed: 0 } } }).text).not.toMatch(/late|not held/);
  const asked = held([item('A')], {});
  expect(asked).toMatchObject({ kind: 'now', late: false, missed: 0, due: null, next: '2025-10-29T09:00:00.000Z' });
});

test('the launch itself: a date that moved, holds, reports that await their review', () => {
  const slip = { at: NOW - HOUR, from: NOON, to: NOON + DAY, by: 'ana', reason: 'the tests are late' };
  const { news } = held(
    [item('A')],
    {},
    {
      state: {
        slips: [{ ...slip, at: NOON, reason: 'long ago' }, slip],
        holds: [{ by: 'carl', at: NOON, reason: 'wait for legal' }],
        reported: [{ id: 'R1', by: 'qa', at: NOW, title: 'Login is down', owners: [], acceptance: [] }],
      },
      asked: { since: NOW - 2 * HOUR },
    }
  );
  expect(news).toEqual([
    'The date moved from Mon 2025-10-27 12:00 UTC to Tue 2025-10-28 12:00 UTC, by ana: the tests are late',
    'Held by carl: wait for legal',
    'R1, reported by qa, awaits its review: Login is down',
  ]);
});

test('for thirty people it is a screen or two, and the most pressing are in it', () => {
  const people = Array.from({ length: 30 }, (_, n) => ({ id: `p${n}`, name: `P${n}`, roles: [] }));
  const items = people.flatMap(({ id }, n) => [
    item(`A${n}`, { owners: [id], kind: 'blocker', title: 'long '.repeat(100) }),
    item(`B${n}`, { owners: [id], deadline: n === 29 ? { at: NOON } : undefined }),
    item(`C${n}`, { owners: [id], after: [`A${n}`] }),
  ]);
  const reports = Object.fromEntries(
    items.filter(({ after }) => after.length > 0).map(({ id, owners }) => [id, report('waiting', { owners })])
  );
  const standup = held(items, reports, { parts: { plan: { people } } });
  const lines = standup.text.split('\n');
  expect(standup.owners).toHaveLength(30);
  expect(lines.length).toBeLessThanOrEqual(102);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(600);
  expect(standup.text).toContain('B29 Do B29: overdue by 1 d');
  expect(standup.text).toMatch(/and \d+ more owners: launch standup demo --json/);
});

test('whatever it is asked with, it answers with a standup', () => {
  const state = initialLaunchState(planOf(), NOON);
  for (const asked of [
    undefined,
    null,
    7,
    'x',
    {},
    { now: 'x' },
    { now: NaN, since: -1, due: 3, metrics: [] },
    { now: NOW, due: { at: 'x' } },
  ]) {
    const read = readAsked(asked, NOON);
    expect(Number.isFinite(read.now)).toBe(true);
    expect(isStandup(composeStandup(state, read))).toBe(true);
  }
  for (const value of [undefined, null, {}, { undecodable: 'x' }, 'x']) expect(isStandup(value)).toBe(false);
});

test('from GO on no further one is to come, and what was decided is what it says', () => {
  const verdict = { value: 'GO' as const, at: NOON, launchAt: NOON, reasons: [], conditions: [] };
  const gone = held([item('A')], {}, { state: { verdict } });
  expect(gone).toMatchObject({ verdict: 'GO', next: null });
  expect(held([item('A')], {}, { state: { verdict: { ...verdict, value: 'DELAY' } } }).next).not.toBeNull();
});

test('what only counts other items is no plan of anybody and no task; of many who are awaited the first few are named', () => {
  const check = { type: 'items' as const, where: {}, is: 'resolved' as const, atLeast: { share: 1 } };
  const count = { id: 'all', title: 'All are resolved', check, independent: false };
  const names = ['ana', 'carl', 'dev', 'qa', 'pilot', 'ops'];
  const all = human('read', names, { attest: { as: 'acknowledge', by: names, quorum: 'all' } });
  const items = [item('COUNT', { owners: [], criteria: [count] }), item('READ', { criteria: [all], kind: 'blocker' })];
  const people = names.map((id) => ({ id, name: id, roles: [] }));
  const standup = held(items, {}, { parts: { plan: { people } } });
  expect(standup.owners.map(({ who }) => who)).toEqual([['dev']]);
  expect(says(of(standup, 'dev').blockers)).toEqual([['READ', "'read holds' awaits ana, carl, dev, qa and 2 more"]]);
  expect(standup.idle.tasks.map((task) => task.item)).toEqual(['READ']);
});
