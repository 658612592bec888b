import { nextLaunchStep } from '../../domain/launch-next';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { item, NOON, planOf } from '../support/plans';

/** Open on every day for an hour after noon, as far as the calendar goes. */
function noons(from: number, until: number) {
  const days = Math.floor((until - from) / DAY);
  return Array.from({ length: days }, (_, day) => ({ from: from + day * DAY, to: from + day * DAY + HOUR }));
}

function short() {
  const until = NOON + 70 * DAY;
  const calendar = { zone: 'UTC', transitions: [{ at: 0, offset: 0 }], until, open: noons(NOON, until) };
  return planOf({ items: [item('A')], plan: { calendar } });
}

test('a delayed launch outlives its calendar: it asks for more and still finds a window', () => {
  const asked: number[] = [];
  const run = new Rehearsal(short(), NOON);
  run.extend = (calendar, until) => {
    asked.push(until);
    return { ...calendar, until, open: noons(NOON, until) };
  };
  run.advance(NOON + 600 * DAY);
  expect(asked.length).toBeGreaterThan(1);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.act({ type: 'signOff', by: 'ana', answer: 'yes' });
  run.act({ type: 'signOff', by: 'carl', answer: 'yes' });
  expect(run.world.launch.launchAt).toBe(NOON + 600 * DAY + 30 * MINUTE);
  run.advance(NOON + 600 * DAY + 30 * MINUTE);
  expect(run.world.launch.verdict?.value).toBe('GO');
});

test('nothing else waits for the calendar', () => {
  const run = new Rehearsal(short(), NOON);
  const plan = run.world.launch.plan;
  const state = { ...run.world.launch, plan: { ...plan, calendar: { ...plan.calendar, until: NOON + DAY } } };
  expect(nextLaunchStep(state, NOON)).toMatchObject({ do: 'extendCalendar', wake: expect.any(Number) });
});
