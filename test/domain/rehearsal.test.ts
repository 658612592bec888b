import { assess } from '../../domain/assess';
import { boardOf } from '../../domain/board';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe } from '../support/plans';

const T = NOON + 2 * DAY;

function typed(rehearsal: Rehearsal): string[] {
  return assess(rehearsal.world.launch, rehearsal.world.now).needs.map(({ who, command }) => `${who}: ${command}`);
}

test('goes at the instant when every must is met and everyone has signed', () => {
  const run = new Rehearsal(planOf(), NOON);
  expect(typed(run)).toEqual([
    'dev: launch attest demo A done --as dev',
    'ana: launch sign-off demo --as ana',
    'carl: launch sign-off demo --as carl',
  ]);
  expect(run.actOnItem('A', { type: 'attest', by: 'dev' })).toBeUndefined();
  expect(run.world.items.A?.status).toBe('resolved');
  run.act({ type: 'signOff', by: 'ana', answer: 'yes' });
  run.act({ type: 'signOff', by: 'CARL', answer: 'yes' });
  run.advance(T - 1);
  expect(run.world.launch.verdict).toBeUndefined();
  run.advance(T);
  expect(run.world.launch.verdict).toMatchObject({ value: 'GO', at: T, reasons: [] });
  expect(run.world.launch.phase).toBe('launched');
});

test('is delayed with a reason for each unmet must and missing sign-off, then goes by itself', () => {
  const plan = planOf({
    items: [item('A'), item('B', { after: ['A'] })],
    must: ['A', 'B'],
    launch: { announce: { lead: DAY, to: ['ana'] } },
  });
  const run = new Rehearsal(plan, NOON);
  run.advance(T + MINUTE);
  const { verdict } = run.world.launch;
  expect(verdict?.value).toBe('DELAY');
  expect(verdict?.reasons.map(({ code, ref }) => `${code} ${ref}`)).toEqual([
    'NO_MUST must',
    'MUST_UNMET A',
    'MUST_UNMET B',
    'SIGN_OFF_MISSING manager',
    'SIGN_OFF_MISSING ceo',
  ]);
  expect(typed(run)[0]).toBe('dev: launch attest demo A done --as dev');
  expect(run.actOnItem('B', { type: 'attest', by: 'dev' })?.code).toBe('WAITING');
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.actOnItem('B', { type: 'attest', by: 'dev' });
  run.act({ type: 'signOff', by: 'ana', answer: 'yes' });
  run.act({ type: 'signOff', by: 'carl', answer: 'yes' });
  expect(run.world.launch.launchAt).toBe(T + MINUTE + DAY);
  run.advance(T + MINUTE + DAY);
  expect(run.world.launch.verdict).toMatchObject({ value: 'GO', at: T + MINUTE + DAY });
});

test('a regression reopens its item and suspends the sign-offs, then voids them', () => {
  let up = true;
  const plan = planOf({ items: [item('A', { criteria: [probe('up')] })] });
  const run = new Rehearsal(plan, NOON, () => (up ? 'passed' : 'failed'));
  expect(run.world.items.A?.status).toBe('resolved');
  run.act({ type: 'signOff', by: 'ana', answer: 'yes' });
  up = false;
  run.advance(NOON + MINUTE);
  expect(run.world.items.A).toMatchObject({ status: 'open', reopened: 1 });
  expect(boardOf(run.world.launch, run.world.now).signOffs).toMatchObject([{ by: 'ana', state: 'suspended' }]);
  up = true;
  run.advance(NOON + 30 * MINUTE);
  expect(boardOf(run.world.launch, run.world.now).signOffs).toMatchObject([{ state: 'counts' }]);
  up = false;
  run.advance(NOON + 40 * MINUTE);
  run.advance(NOON + 41 * MINUTE + HOUR);
  expect(boardOf(run.world.launch, run.world.now).signOffs).toMatchObject([{ state: 'void' }]);
});

test('a decision opens the items of its option and drops the others', () => {
  const decision = item('D', {
    kind: 'decision',
    owners: ['ana'],
    criteria: [],
    decision: {
      by: ['ana'],
      quorum: 'any',
      ifSilent: 'escalate',
      options: [
        { id: 'x', title: 'X', opens: ['A'] },
        { id: 'y', title: 'Y', opens: ['B'] },
      ],
    },
  });
  const run = new Rehearsal(planOf({ items: [decision, item('A'), item('B')], must: ['A'] }), NOON);
  expect(run.world.items.A?.status).toBe('waiting');
  run.actOnItem('D', { type: 'decide', by: 'ana', option: 'x' });
  expect([run.world.items.D?.status, run.world.items.A?.status, run.world.items.B?.status]).toEqual([
    'resolved',
    'open',
    'dropped',
  ]);
  expect(run.actOnItem('D', { type: 'decide', by: 'ana', option: 'y' })?.code).toBe('FINAL');
  run.actOnItem('D', { type: 'reopen', by: 'carl', reason: 'costs' });
  expect(run.world.items.B?.status).toBe('waiting');
});

test('human evidence that will be out of date is wanted again', () => {
  const plan = planOf({ items: [item('A', { criteria: [human('done', ['dev'], { freshFor: HOUR })] })] });
  const run = new Rehearsal(plan, NOON);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.advance(NOON + HOUR);
  expect(run.world.items.A?.status).toBe('open');
});
