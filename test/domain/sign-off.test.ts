import { boardOf } from '../../domain/board';
import type { Outcome } from '../../domain/criterion';
import { acceptReport } from '../../domain/launch-commands';
import type { RecordedVerdict } from '../../domain/launch-state';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe } from '../support/plans';

const T = NOON + 2 * DAY;

/** A is a check, B a person's word; all met, both have signed a minute ago. */
function signed(more: Parameters<typeof planOf>[0] = {}) {
  const world: { outcome: Outcome } = { outcome: 'passed' };
  const items = [
    item('A', { criteria: [probe('up')] }),
    item('B', { criteria: [human('ok', ['qa', 'pilot'])] }),
    item('C'),
  ];
  const plan = planOf({ items, must: ['A', 'B'], should: ['C'], ...more });
  const run = new Rehearsal(plan, NOON, () => world.outcome);
  run.actOnItem('B', { type: 'attest', by: 'qa' });
  run.actOnItem('C', { type: 'attest', by: 'dev' });
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
  run.advance(NOON + MINUTE);
  const see = (outcome: Outcome) => {
    world.outcome = outcome;
    run.settle();
  };
  return { run, see, plan };
}

function states(run: Rehearsal): string {
  return boardOf(run.world.launch, run.world.now)
    .signOffs.map(({ by, state }) => `${by} ${state}`)
    .join(', ');
}

const KEPT = 'ana counts, carl counts';
const SUSPENDED = 'ana suspended, carl suspended';
const VOID = 'ana void, carl void';

test.each<[string, (run: Rehearsal, see: (outcome: Outcome) => void) => void, string]>([
  ['a regressed must', (_, see) => see('failed'), SUSPENDED],
  ['a retracted must', (run) => void run.actOnItem('B', { type: 'retract', by: 'qa' }), SUSPENDED],
  ['a reopened must', (run) => void run.actOnItem('B', { type: 'reopen', by: 'dev', reason: 'r' }), SUSPENDED],
  ['a check that errors', (_, see) => see('errored'), KEPT],
  ['a check that cannot tell', (_, see) => see('inconclusive'), KEPT],
  ['a should that falls', (run) => void run.actOnItem('C', { type: 'retract', by: 'dev' }), KEPT],
  [
    'a date moved by a person',
    (run) => void run.act({ type: 'reschedule', by: 'ana', at: T + DAY, reason: 'r' }),
    VOID,
  ],
])('%s', (_, happens, then) => {
  const { run, see } = signed();
  happens(run, see);
  expect(states(run)).toBe(then);
});

test('met again within the grace it counts again; a millisecond later it is void and its giver was told once', () => {
  const { run, see } = signed();
  see('failed');
  run.advance(NOON + MINUTE + HOUR - 1);
  see('passed');
  expect(states(run)).toBe(KEPT);
  see('failed');
  run.advance(NOON + MINUTE + 2 * HOUR);
  expect(states(run)).toBe(VOID);
  see('passed');
  run.advance(NOON + DAY);
  expect(states(run)).toBe(VOID);
  expect(run.world.notices.filter(({ key }) => key.includes(':void:')).map(({ to }) => to)).toEqual([
    ['ana'],
    ['carl'],
  ]);
});

test('its giver is told of each suspension once, and until when it can count again', () => {
  const { run, see } = signed();
  const told = () => run.world.notices.filter(({ key }) => key.includes(':suspended:'));
  see('failed');
  run.actOnItem('B', { type: 'retract', by: 'qa' });
  run.advance(NOON + 10 * MINUTE);
  expect(told().map(({ to }) => to)).toEqual([['ana'], ['carl']]);
  expect(told()[0]).toMatchObject({
    about: 'A',
    subject: 'Your sign-off of Demo is suspended: A fell',
    text: 'Met again before Mon 2025-10-27 13:01 UTC it counts again. Later it is void, and you are told.',
  });
  see('passed');
  run.actOnItem('B', { type: 'attest', by: 'qa' });
  expect(states(run)).toBe(KEPT);
  see('failed');
  expect(told()).toHaveLength(4);
  expect(new Set(told().map(({ key }) => key)).size).toBe(4);
});

test('of a fall that is heard of after GO nobody is told', () => {
  const { run, see } = signed();
  const before = run.world.launch;
  see('failed');
  const news = { report: run.world.launch.reports.A!, at: run.world.now };
  const types = (verdict?: RecordedVerdict) => acceptReport({ ...before, verdict }, 'A', news).map(({ type }) => type);
  expect(types()).toEqual(['reported', 'signOffSuspended', 'signOffSuspended']);
  expect(types({ value: 'GO', at: T, launchAt: T, reasons: [], conditions: [] })).toEqual(['reported']);
});

test('evidence out of date never makes it void; a regression on top of that suspends', () => {
  const items = [item('A', { criteria: [probe('up'), human('ok', ['qa'], { freshFor: HOUR })] })];
  const { run, see } = signed({ items, must: ['A'], should: [] });
  run.actOnItem('A', { type: 'attest', by: 'qa' });
  run.advance(NOON + 5 * HOUR);
  expect(run.world.items.A).toMatchObject({ status: 'open', fell: { kind: 'stale' } });
  expect(states(run)).toBe(KEPT);
  see('failed');
  expect(states(run)).toBe(SUSPENDED);
});

test('a regression after a waiver has run out is a regression', () => {
  const { run, see } = signed();
  see('failed');
  run.actOnItem('A', { type: 'waive', by: 'ana', reason: 'r', risk: 'r', until: T + MINUTE });
  see('passed');
  run.advance(T + HOUR);
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
  if (!run.world.launch.ended) see('failed');
  expect(run.world.launch.verdict?.value ?? 'none').toBe('DELAY');
  expect(run.world.items.A?.fell?.kind).toBe('regressed');
});

test('a must waived after it voids all but the giver’s, and of two givers both', () => {
  const { run, see } = signed();
  see('failed');
  run.actOnItem('A', { type: 'waive', by: 'ana', reason: 'r', risk: 'r', until: T + DAY });
  expect(states(run)).toBe('ana counts, carl void');
});

test('a date that the launch takes itself keeps it', () => {
  const { run, see } = signed();
  see('errored');
  run.advance(T + HOUR);
  expect(run.world.launch.verdict?.value).toBe('DELAY');
  see('passed');
  expect(run.world.launch.slips).toHaveLength(1);
  expect(states(run)).toBe(KEPT);
});

test('a revision voids it only where it touches a must, the authority or what GO does', () => {
  const { run, plan } = signed();
  const amend = (next: typeof plan) => run.act({ type: 'amend', by: 'ana', plan: next, reason: 'r' });
  amend({ ...plan, title: 'Other' });
  expect(states(run)).toBe(KEPT);
  const { people } = plan;
  amend({ ...plan, people: people.map((each) => (each.id === 'dev' ? { ...each, roles: ['ceo'] } : each)) });
  expect(states(run)).toBe(VOID);
});

test.each<[string, (plan: ReturnType<typeof planOf>) => ReturnType<typeof planOf>]>([
  [
    'a must',
    (plan) => ({ ...plan, items: plan.items.map((each) => (each.id === 'A' ? { ...each, title: 'X' } : each)) }),
  ],
  [
    'the authority',
    (plan) => ({ ...plan, launch: { ...plan.launch, authority: { by: ['ceo'], quorum: 'any', no: 'hold' } } }),
  ],
  ['what GO does', (plan) => ({ ...plan, onVerdict: { ...plan.onVerdict, go: [{ notify: ['all'] }] } })],
])('a revision of %s voids it', (_, change) => {
  const { run, plan } = signed();
  run.act({ type: 'amend', by: 'ana', plan: change(plan), reason: 'r' });
  expect(states(run)).toBe(VOID);
});

test('a no is lifted by its giver only, and clocks run under it', () => {
  const { run } = signed();
  run.act({ type: 'signOff', by: 'carl', answer: 'no' });
  expect(run.act({ type: 'signOff', by: 'ana', answer: 'withdraw' })).toBeUndefined();
  expect(states(run)).toBe('carl no');
  expect(run.world.launch.holds).toEqual([]);
  run.act({ type: 'signOff', by: 'carl', answer: 'withdraw' });
  expect(states(run)).toBe('');
});

test('with separated duties whoever attested a must does not count', () => {
  const items = [item('A', { criteria: [human('ok', ['ana', 'qa'])] })];
  const { run } = signed({ items, must: ['A'], should: [], launch: { separation: true } });
  run.actOnItem('A', { type: 'attest', by: 'ana' });
  run.advance(T);
  expect(run.world.launch.verdict).toMatchObject({
    value: 'DELAY',
    reasons: [{ code: 'SIGN_OFF_MISSING', ref: 'manager' }],
  });
});

test('whoever resolved a must that only checks show does not count either; the word of a delegate is the delegate’s', () => {
  const items = [item('A', { owners: ['carl'], criteria: [probe('up')] }), item('B', { owners: ['ana'] })];
  const people = planOf().people.map((person) =>
    person.id === 'ana' ? { ...person, delegate: { to: 'qa', until: NOON + HOUR } } : person
  );
  const plan = planOf({ items, must: ['A', 'B'], launch: { separation: true }, plan: { people } });
  const run = new Rehearsal(plan, NOON, (_item, _criterion, now) => (now < NOON + HOUR ? 'inconclusive' : 'passed'));
  run.actOnItem('B', { type: 'attest', by: 'qa' });
  expect(run.actOnItem('A', { type: 'resolve', by: 'carl', note: 'deployed' })).toBeUndefined();
  run.advance(NOON + HOUR);
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
  run.advance(T);
  expect(run.world.launch.verdict?.reasons.map(({ code, ref }) => `${code} ${ref}`)).toEqual(['SIGN_OFF_MISSING ceo']);
});

test('another digest than the present one is refused', () => {
  const { run } = signed();
  const { digest } = boardOf(run.world.launch, run.world.now);
  const seen = (value: string) => run.act({ type: 'signOff', by: 'ana', answer: 'yes', seen: { digest: value } })?.code;
  expect([seen('0000'), seen(digest)]).toEqual(['CHANGED', undefined]);
});
