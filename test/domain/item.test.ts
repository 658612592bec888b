import { assess } from '../../domain/assess';
import { decisionRecord } from '../../domain/decision-record';
import { metricsOf } from '../../domain/metrics';
import { Rehearsal } from '../../domain/simulate';
import type { Outcome } from '../../domain/criterion';
import type { Item } from '../../domain/plan';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe, type PlanParts } from '../support/plans';

const T = NOON + 2 * DAY;

function told(run: Rehearsal, id: string): string[] {
  return run.world.facts.flatMap(({ of, fact }) =>
    of === id && fact.type === 'told' ? [`${fact.clock} ${fact.notice.to.join()} +${(fact.at - NOON) / HOUR}h`] : []
  );
}

function withA(more: Partial<Item>, parts: PlanParts = {}) {
  return new Rehearsal(planOf({ items: [item('A', more), ...(parts.items ?? [])], plan: parts.plan }), NOON);
}

const sla = { respond: HOUR, resolve: 4 * HOUR, clock: 'wall' } as const;
const escalation = [
  { after: 0, to: ['manager'], repeat: HOUR },
  { after: 2 * HOUR, to: ['ceo'] },
];

test('opens, is acknowledged, resolves when its last criterion is met; only its owners acknowledge', () => {
  const run = withA({ criteria: [human('one', ['qa']), human('two', ['pilot'])] });
  expect(run.world.items.A?.status).toBe('open');
  expect(run.actOnItem('A', { type: 'acknowledge', by: 'qa' })?.code).toBe('NOT_ALLOWED');
  expect(run.actOnItem('A', { type: 'acknowledge', by: 'DEV' })).toBeUndefined();
  expect(run.world.items.A?.status).toBe('acknowledged');
  expect(run.actOnItem('A', { type: 'resolve', by: 'dev' })?.code).toBe('UNMET');
  run.actOnItem('A', { type: 'attest', by: 'qa' });
  run.actOnItem('A', { type: 'attest', by: 'pilot' });
  expect(run.world.items.A?.status).toBe('resolved');
});

test('each clock tells its chain, repeats until somebody who was told answers, and a new step is told anew', () => {
  const run = withA({ sla, escalation });
  run.advance(NOON + 2 * HOUR);
  expect(told(run, 'A')).toEqual(['respond manager +1h', 'respond manager +2h']);
  expect(run.actOnItem('A', { type: 'acknowledge', by: 'ana' })).toBeUndefined();
  run.advance(NOON + 3 * HOUR);
  expect(told(run, 'A').slice(2)).toEqual(['respond ceo +3h']);
  expect(run.world.items.A?.status).toBe('open');
});

test('an owner who acknowledged early does not silence the clock that comes later', () => {
  const run = withA({ sla, escalation });
  run.actOnItem('A', { type: 'acknowledge', by: 'dev' });
  run.advance(NOON + 5 * HOUR);
  expect(told(run, 'A')).toEqual(['resolve manager +4h', 'resolve manager +5h']);
});

test.each([
  [NOON + HOUR, []],
  [NOON + HOUR + 1, ['respond']],
])('an answer at %i: missed clocks', (at, missed) => {
  const run = withA({ sla, escalation });
  run.world.now = at;
  run.actOnItem('A', { type: 'acknowledge', by: 'dev' });
  expect(run.world.items.A?.slaMissed).toEqual(missed);
});

test('clocks stand still under a hold', () => {
  const run = withA({ sla, escalation });
  run.advance(NOON + HOUR / 2);
  run.act({ type: 'hold', by: 'qa', reason: 'r' });
  run.advance(NOON + 10 * HOUR);
  expect(told(run, 'A')).toEqual([]);
  run.act({ type: 'release', by: 'ana' });
  run.advance(NOON + 10.5 * HOUR);
  expect(told(run, 'A')).toEqual(['respond manager +10.5h']);
});

test('business time: what is left of it goes on the next morning', () => {
  const at = (hour: number) => NOON + hour * HOUR;
  const calendar = {
    ...planOf().calendar,
    business: [
      { from: at(-3), to: at(5) },
      { from: at(21), to: at(29) },
    ],
  };
  const run = withA({ sla: { resolve: 6 * HOUR, clock: 'business' }, escalation }, { plan: { calendar } });
  run.advance(at(22) - 1);
  expect(told(run, 'A')).toEqual([]);
  run.advance(at(22));
  expect(told(run, 'A')).toEqual(['resolve manager +22h']);
});

describe('business time stands still with what stops it', () => {
  const at = (hour: number) => NOON + hour * HOUR;
  // 09:00 to 17:00, three days in a row.
  const business = [-3, 21, 45].map((from) => ({ from: at(from), to: at(from + 8) }));
  const plan = { calendar: { ...planOf().calendar, business } };
  const working = { sla: { resolve: 6 * HOUR, clock: 'business' as const }, escalation };

  test.each([
    ['not at all', undefined, 22],
    ['for two hours of the afternoon', [1, 3], 24],
    ['over the night, no hour of work', [5, 20], 22],
    ['from the evening to noon', [6, 24], 25],
    ['for a whole day of work', [0, 24], 46],
  ])('held %s', (_, hold, late) => {
    const run = withA(working, { plan });
    if (hold) {
      run.advance(at(hold[0]!));
      run.act({ type: 'hold', by: 'qa', reason: 'r' });
      run.advance(at(hold[1]!));
      run.act({ type: 'release', by: 'ana' });
    }
    run.advance(at(late) - 1);
    expect(told(run, 'A')).toEqual([]);
    run.advance(at(late));
    expect(told(run, 'A')).toEqual([`resolve manager +${late}h`]);
  });

  test('waiting for what fell, it goes on with what was left, in hours of work', () => {
    let outcome: Outcome = 'passed';
    const items = [item('A', { criteria: [probe('up')] }), item('B', { after: ['A'], ...working })];
    const run = new Rehearsal(planOf({ items, plan }), NOON, () => outcome);
    run.advance(at(2));
    outcome = 'failed';
    run.settle();
    expect(run.world.items.B?.status).toBe('waiting');
    run.advance(at(23));
    outcome = 'passed';
    run.settle();
    run.advance(at(27) - 1);
    expect(told(run, 'B')).toEqual([]);
    run.advance(at(27));
    expect(told(run, 'B')).toEqual(['resolve manager +27h']);
  });
});

test('dependants go back to waiting with the time left, and return to what they were', () => {
  let outcome: Outcome = 'passed';
  const items = [
    item('A', { criteria: [probe('up')] }),
    item('B', { after: ['A'], sla: { resolve: 4 * HOUR, clock: 'wall' }, escalation }),
  ];
  const run = new Rehearsal(planOf({ items }), NOON, () => outcome);
  run.actOnItem('B', { type: 'acknowledge', by: 'dev' });
  run.advance(NOON + HOUR);
  outcome = 'failed';
  run.settle();
  expect(run.world.items.A).toMatchObject({ status: 'open', reopened: 1, fell: { kind: 'regressed' } });
  expect(run.world.items.B?.status).toBe('waiting');
  expect(run.actOnItem('B', { type: 'attest', by: 'dev' })?.code).toBe('WAITING');
  run.advance(NOON + 10 * HOUR);
  outcome = 'passed';
  run.settle();
  expect(run.world.items.B?.status).toBe('acknowledged');
  run.advance(NOON + 13 * HOUR);
  expect(told(run, 'B')).toEqual(['resolve manager +13h']);
});

test('words of a resolved dependant are out of date after the grace, not before', () => {
  let outcome: Outcome = 'passed';
  const items = [item('A', { criteria: [probe('up')] }), item('B', { after: ['A'] })];
  const run = new Rehearsal(planOf({ items, must: ['B'] }), NOON, () => outcome);
  run.actOnItem('B', { type: 'attest', by: 'dev' });
  outcome = 'failed';
  run.advance(NOON + HOUR - 1);
  expect(run.world.items.B?.status).toBe('resolved');
  run.advance(NOON + HOUR);
  run.advance(NOON + 2 * HOUR);
  expect(run.world.items.B).toMatchObject({ status: 'waiting', reopened: 1 });
});

test('an error makes a criterion not met without reopening; failures in a row after it are a regression', () => {
  let outcome: Outcome = 'passed';
  const run = new Rehearsal(planOf({ items: [item('A', { criteria: [probe('up')] })] }), NOON, () => outcome);
  outcome = 'errored';
  run.settle();
  expect(run.world.items.A).toMatchObject({ status: 'resolved', reopened: 0 });
  outcome = 'failed';
  run.settle();
  expect(run.world.items.A).toMatchObject({ status: 'open', reopened: 1 });
});

test('started as resolved it satisfies nothing before the claim is attested', () => {
  const claim = human('claim', ['dev'], { attest: { as: 'claim', by: ['dev'], quorum: 'any', text: 'done' } });
  const run = withA({ startAs: 'resolved', criteria: [claim] }, { items: [item('B', { after: ['A'] })] });
  expect(run.world.items.A?.status).toBe('acknowledged');
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  expect(run.world.items.A?.status).toBe('resolved');
});

test('reopening makes words out of date and wants its giver’s word', () => {
  const run = withA({});
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.actOnItem('A', { type: 'reopen', by: 'qa', reason: 'broken' });
  run.actOnItem('A', { type: 'attest', by: 'dev', criterion: 'done' });
  expect(run.world.items.A?.status).toBe('open');
  run.actOnItem('A', { type: 'attest', by: 'qa', criterion: 'reopened-1' });
  expect(run.world.items.A).toMatchObject({ status: 'resolved', reopened: 1 });
});

test('what a reopening adds takes no id of the plan’s', () => {
  const run = withA({ criteria: [human('reopened-1', ['dev'])] });
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.actOnItem('A', { type: 'reopen', by: 'qa', reason: 'r' });
  run.actOnItem('A', { type: 'attest', by: 'qa', criterion: 'reopened-2' });
  expect(run.world.items.A?.status).toBe('open');
  run.actOnItem('A', { type: 'attest', by: 'dev', criterion: 'reopened-1' });
  expect(run.world.items.A?.status).toBe('resolved');
});

test('a silent decision takes its option at the deadline; an answer then is in time, later it is final', () => {
  const options = [
    { id: 'x', title: 'X', opens: [] },
    { id: 'y', title: 'Y', opens: [] },
  ];
  const decision = { by: ['qa'], quorum: 'any' as const, options, ifSilent: { option: 'x' } };
  const start = () => withA({ kind: 'decision', criteria: [], decision, deadline: { at: NOON + HOUR } });
  const silent = start();
  silent.advance(NOON + HOUR);
  expect(silent.world.items.A).toMatchObject({ status: 'resolved', chosen: { option: 'x', how: 'silent' } });
  const inTime = start();
  inTime.world.now = NOON + HOUR;
  expect(inTime.actOnItem('A', { type: 'decide', by: 'qa', option: 'y' })).toBeUndefined();
  expect(inTime.world.items.A?.chosen?.option).toBe('y');
  const late = start();
  late.world.now = NOON + HOUR + 1;
  expect(late.actOnItem('A', { type: 'decide', by: 'qa', option: 'y' })?.code).toBe('FINAL');
});

test('a decision of its owners is that of the owners of today, also where it was given to others', () => {
  const options = ['x', 'y'].map((id) => ({ id, title: id, opens: [] }));
  const decision = { by: ['dev', 'pilot'], quorum: 'all' as const, options, ifSilent: 'escalate' as const };
  const run = withA({ kind: 'decision', owners: ['dev', 'pilot'], criteria: [], decision });
  run.actOnItem('A', { type: 'decide', by: 'dev', option: 'x' });
  run.actOnItem('A', { type: 'assign', by: 'ana', owners: ['qa', 'pilot'] });
  run.actOnItem('A', { type: 'decide', by: 'pilot', option: 'x' });
  expect(run.world.items.A?.chosen).toBeUndefined();
  expect(assess(run.world.launch, NOON).needs[0]?.command).toBe('launch decide demo A x --as qa');
  expect(decisionRecord(run.world.items.A!)?.decidedBy.who).toEqual(['qa', 'pilot']);
  expect(run.actOnItem('A', { type: 'decide', by: 'dev', option: 'y' })).toMatchObject({
    code: 'NOT_ALLOWED',
    message: expect.stringContaining('decided by qa or pilot'),
  });
  expect(run.actOnItem('A', { type: 'decide', by: 'qa', option: 'x' })).toBeUndefined();
  expect(run.world.items.A?.chosen).toMatchObject({ option: 'x', how: 'quorum' });
});

describe('silence decides nothing where nobody could have answered at the deadline', () => {
  const options = ['x', 'y'].map((id) => ({ id, title: id, opens: [] }));
  const decision = { by: ['qa'], quorum: 'any' as const, options, ifSilent: { option: 'x' } };
  const start = (more: Partial<Item> = {}) =>
    withA(
      { kind: 'decision', criteria: [], decision, deadline: { at: NOON + HOUR }, escalation, ...more },
      { items: [item('B')] }
    );
  const toldOfDeadline = (run: Rehearsal) => told(run, 'A').filter((line) => line.startsWith('deadline'));

  test.each<[string, Rehearsal, (run: Rehearsal) => unknown]>([
    ['reopened after it', start(), (run) => run.actOnItem('A', { type: 'reopen', by: 'qa', reason: 'r' })],
    ['opened after it', start({ after: ['B'] }), (run) => run.actOnItem('B', { type: 'attest', by: 'dev' })],
    [
      'held at it',
      (() => {
        const run = start();
        run.act({ type: 'hold', by: 'qa', reason: 'r' });
        return run;
      })(),
      (run) => run.act({ type: 'release', by: 'ana' }),
    ],
  ])('%s', (_, run, happens) => {
    run.advance(NOON + 2 * HOUR);
    expect(happens(run)).toBeUndefined();
    run.advance(NOON + 3 * HOUR);
    expect([run.world.items.A?.status, run.world.items.A?.chosen]).toEqual(['open', undefined]);
    expect(toldOfDeadline(run)[0]).toBe('deadline manager +2h');
    expect(run.actOnItem('A', { type: 'decide', by: 'qa', option: 'y' })).toBeUndefined();
    expect(run.world.items.A?.chosen).toMatchObject({ option: 'y', how: 'quorum' });
  });

  test('released in time, or with its deadline moved, it decides at the deadline', () => {
    const run = start({ deadline: { at: 0, anchor: { days: -1, ms: 0 } } });
    run.act({ type: 'hold', by: 'qa', reason: 'r' });
    run.advance(T - DAY - HOUR);
    run.act({ type: 'release', by: 'ana' });
    run.advance(T - DAY);
    expect(run.world.items.A?.chosen).toEqual({ option: 'x', at: T - DAY, how: 'silent' });
    run.actOnItem('A', { type: 'reopen', by: 'qa', reason: 'r' });
    run.act({ type: 'reschedule', by: 'ana', at: T + DAY, reason: 'r' });
    run.advance(T);
    expect(run.world.items.A?.chosen).toEqual({ option: 'x', at: T, how: 'silent' });
  });
});

test('the deadline moves with the date', () => {
  const run = withA({ deadline: { at: 0, anchor: { days: -1, ms: 0 } }, escalation });
  run.act({ type: 'reschedule', by: 'ana', at: T + DAY, reason: 'r' });
  run.advance(NOON + 2 * DAY - 1);
  expect(told(run, 'A')).toEqual([]);
  run.advance(NOON + 2 * DAY);
  expect(told(run, 'A')).toEqual(['deadline manager +48h']);
});

test('at the end what is open is carried over', () => {
  const run = withA({});
  run.act({ type: 'cancel', by: 'ana', reason: 'r' });
  expect(run.world.items.A).toMatchObject({ status: 'carried-over', ended: true });
  expect(run.actOnItem('A', { type: 'attest', by: 'dev' })?.code).toBe('ENDED');
});

test('kept clocks are counted', () => {
  const metric = { id: 'm', title: 'M', measure: 'sla-kept' as const };
  const run = withA({ sla, escalation }, { plan: { metrics: [metric] } });
  run.advance(NOON + HOUR + MINUTE);
  expect(metricsOf(run.world.launch, new Set())).toMatchObject([{ value: 0 }]);
});
