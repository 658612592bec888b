import { boardOf } from '../../domain/board';
import { evolveLaunch, type LaunchFact } from '../../domain/launch';
import { acceptLaunch } from '../../domain/launch-commands';
import type { Plan } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { NOON, planOf } from '../support/plans';

const T = NOON + 2 * DAY;

function announced(plan: Partial<Plan> = {}): Rehearsal {
  return new Rehearsal(planOf({ launch: { announce: { lead: DAY, to: ['pilot', 'qa'] } }, plan }), NOON);
}

const told = (run: Rehearsal, about: string) => run.world.notices.filter(({ key }) => key.includes(about));
const everybody = ['manager', 'ceo', 'pilot', 'qa'];

function ready(run: Rehearsal): void {
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
}

test('a preview says to whom, when and what, before and after it is sent', () => {
  const run = announced();
  const preview = () => boardOf(run.world.launch, run.world.now).announce;
  expect(preview()).toMatchObject({
    for: '2025-10-29T12:00:00.000Z',
    at: '2025-10-28T12:00:00.000Z',
    to: ['pilot', 'qa'],
    accepted: [],
    subject: 'Demo: launch Wed 2025-10-29 12:00 UTC',
    text: expect.stringMatching(/planned for .*Still open:\n- A/s),
  });
  run.advance(T - DAY - 1);
  const { subject, text } = preview()!;
  run.advance(T - DAY);
  expect(told(run, ':announcement:')).toMatchObject([{ to: ['pilot', 'qa'], subject, text }]);
  expect(preview()).toMatchObject({ accepted: ['pilot', 'qa'] });
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  expect(preview()?.text).toContain('Every must is met.');
  run.act({ type: 'cancel', by: 'ana', reason: 'r' });
  expect(preview()).toBeNull();
});

test('nothing is announced where nobody is to be told', () => {
  const run = new Rehearsal(planOf(), NOON);
  expect(boardOf(run.world.launch, NOON).announce).toBeNull();
});

test('after DELAY all who were told the old date hear why, and then the new date, and why the old one was none', () => {
  const run = announced();
  run.advance(T);
  expect(told(run, ':verdict:')).toMatchObject([{ to: everybody, text: expect.stringContaining('- A is open') }]);
  run.advance(T + HOUR);
  ready(run);
  const [moved, ...more] = told(run, ':date:');
  expect(more).toEqual([]);
  expect(moved).toMatchObject({ to: everybody, subject: 'Demo: the new launch date is Thu 2025-10-30 13:00 UTC' });
  expect(moved?.text).toMatch(/It was to be Wed 2025-10-29 12:00 UTC, and was delayed:\n(- .*\n)*- A is open/);
  expect(boardOf(run.world.launch, run.world.now).announce).toMatchObject({ for: '2025-10-30T13:00:00.000Z' });
  run.advance(T + 2 * DAY);
  expect(told(run, ':announcement:').map(({ subject }) => subject)).toEqual([
    'Demo: launch Wed 2025-10-29 12:00 UTC',
    'Demo: launch Thu 2025-10-30 13:00 UTC',
  ]);
  expect(run.world.launch.verdict?.value).toBe('GO');
});

test('a hold over the date is a reason for DELAY like any; released, the new date is told', () => {
  const run = announced();
  ready(run);
  run.advance(T - DAY);
  run.act({ type: 'hold', by: 'qa', reason: 'the provider is down' });
  run.advance(T);
  const held = [{ to: everybody, text: expect.stringContaining('held by qa: the provider is down') }];
  expect(told(run, ':verdict:')).toMatchObject(held);
  run.advance(T + HOUR);
  run.act({ type: 'release', by: 'ana' });
  expect(told(run, ':date:')).toMatchObject([
    { to: everybody, text: expect.stringMatching(/delayed:\n- held by qa: the provider is down/) },
  ]);
});

test('a date that a person moves is told with the reason and the old date, once; who was never told is not', () => {
  const run = announced();
  run.act({ type: 'reschedule', by: 'ana', at: T + HOUR, reason: 'the holidays' });
  expect(told(run, ':date:').map(({ to }) => to)).toEqual([['manager', 'ceo']]);
  run.advance(T + HOUR - DAY);
  run.act({ type: 'reschedule', by: 'ana', at: T + DAY, reason: 'one more day' });
  expect(told(run, ':date:').slice(1)).toMatchObject([
    {
      to: everybody,
      subject: 'Demo: the launch date is now Thu 2025-10-30 12:00 UTC',
      text: 'ana moved the launch: one more day. It was to be Wed 2025-10-29 13:00 UTC.',
    },
  ]);
});

test('who may still be told the old date, since no channel took it at once, hears that it is none', () => {
  const run = announced();
  run.advance(T - DAY - 1);
  const due = { ...run.world.launch, told: [] };
  const at = T - DAY;
  const asked: LaunchFact = { type: 'announced', at, for: T, nominal: at, accepted: ['qa'], failed: ['pilot'] };
  const moved = { type: 'reschedule', by: 'ana', at: T + HOUR, reason: 'later' } as const;
  for (const state of [due, evolveLaunch(due, asked)]) {
    const notices = acceptLaunch(state, moved, at + 1).flatMap((fact) => ('notice' in fact ? fact.notice : []));
    expect(notices.map((notice) => [...(notice?.to ?? [])].sort())).toEqual([[...everybody].sort()]);
  }
  expect(acceptLaunch(due, moved, at - 1)).toMatchObject([{ notice: { to: ['manager', 'ceo'] } }]);
});

test('when the next window opens is a part of the reason, before the date and in the verdict', () => {
  const open = [{ from: T + DAY, to: T + DAY + HOUR }];
  const run = announced({ calendar: { ...planOf().calendar, open } });
  const window = () => boardOf(run.world.launch, run.world.now).now.reasons.find(({ code }) => code === 'WINDOW')?.text;
  expect(window()).toBe('outside every launch window; the next opens Thu 2025-10-30 12:00 UTC');
  ready(run);
  run.advance(T);
  expect(run.world.launch.verdict?.reasons).toContainEqual(
    expect.objectContaining({ code: 'WINDOW', text: expect.stringContaining('the next opens Thu 2025-10-30 12:00') })
  );
  run.advance(T + DAY + 30 * MINUTE);
  expect(run.world.launch.verdict?.value).toBe('GO');
});
