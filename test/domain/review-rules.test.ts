import { boardOf } from '../../domain/board';
import type { Outcome } from '../../domain/criterion';
import { evolveLaunch } from '../../domain/launch';
import { acceptLaunch } from '../../domain/launch-commands';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe } from '../support/plans';

const T = NOON + 2 * DAY;

test('a final poll of no length never makes the rules run in a circle', () => {
  const plan = planOf({ items: [item('A', { criteria: [probe('up')] })], launch: { finalPoll: 0 } });
  const run = new Rehearsal(plan, NOON, () => 'passed');
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
  run.advance(T + HOUR);
  expect(run.world.launch.verdict?.value).toBe('GO');
});

test('evidence of a criterion that an amendment changed counts no more, before its item has said so too', () => {
  const plan = planOf({ items: [item('A', { criteria: [human('ok', ['qa'])] })], must: ['A'] });
  const run = new Rehearsal(plan, NOON);
  run.actOnItem('A', { type: 'attest', by: 'qa' });
  const changed = human('ok', ['pilot'], { title: 'something else holds' });
  const amended = planOf({ items: [item('A', { criteria: [changed] })], must: ['A'] });
  const before = run.world.launch;
  expect(boardOf(before, NOON).gates.must[0]).toMatchObject({ state: 'met' });
  const facts = acceptLaunch(before, { type: 'amend', by: 'ana', plan: amended, reason: 'r' }, NOON);
  const after = facts.reduce(evolveLaunch, before);
  expect(boardOf(after, NOON).gates.must[0]).toMatchObject({ state: 'unmet' });
  expect(boardOf(after, NOON).items[0]?.criteria[0]?.state).toBe('unknown');
});

test('an item that is taken out and put in again begins anew', () => {
  const both = [item('A', { criteria: [human('ok', ['qa'])] }), item('B')];
  const plan = planOf({ items: both, must: ['A', 'B'] });
  const run = new Rehearsal(plan, NOON);
  run.actOnItem('A', { type: 'attest', by: 'qa' });
  const amend = (of: typeof both, must: string[]) =>
    run.act({ type: 'amend', by: 'ana', plan: planOf({ items: of, must }), reason: 'r' });
  amend([both[1]!], ['B']);
  expect(Object.keys(run.world.launch.reports)).toEqual(['B']);
});

test('what a notice says to type names a person, never a role', () => {
  const escalation = [{ after: 0, to: ['manager'] }];
  const items = [item('A', { owners: ['crew'], sla: { clock: 'wall', respond: HOUR }, escalation })];
  const people = [...planOf().people, { id: 'eve', name: 'Eve', roles: ['crew'] }];
  const run = new Rehearsal(planOf({ items, plan: { people } }), NOON);
  run.act({ type: 'reportBlocker', by: 'qa', title: 'broken' });
  run.act({ type: 'hold', by: 'qa', reason: 'r' });
  run.advance(NOON + DAY + HOUR);
  run.act({ type: 'release', by: 'ana' });
  run.advance(NOON + DAY + 4 * HOUR);
  run.actOnItem('A', { type: 'attest', by: 'eve' });
  run.advance(T);
  const persons = people.map(({ id }) => id);
  const commands = run.world.notices.flatMap(({ command }) => (command ? [command] : []));
  expect(commands.length).toBeGreaterThan(4);
  for (const command of commands) expect(persons).toContain(/--as (\S+)$/.exec(command)?.[1]);
});

test('a deadline that has moved with the date is passed anew, and is not nagged about before', () => {
  const escalation = [{ after: 0, to: ['manager'], repeat: HOUR }];
  const deadline = { at: T - DAY, anchor: { days: 0, ms: -DAY } };
  const run = new Rehearsal(planOf({ items: [item('A', { deadline, escalation })] }), NOON);
  const late = () => run.world.notices.filter(({ key }) => key.includes(':deadline:')).length;
  run.advance(T - DAY);
  expect(late()).toBe(1);
  run.act({ type: 'reschedule', by: 'ana', at: T + 5 * DAY, reason: 'r' });
  run.advance(T + 4 * DAY - 1);
  expect(late()).toBe(1);
  run.advance(T + 4 * DAY);
  expect(late()).toBe(2);
});

test('an accepted report never takes the id of an item that is there', () => {
  const run = new Rehearsal(planOf({ items: [item('A'), item('REPORTED-1')] }), NOON);
  run.act({ type: 'reportBlocker', by: 'qa', title: 'broken' });
  const [{ id } = { id: '' }] = run.world.launch.reported;
  run.act({ type: 'reviewBlocker', by: 'ana', report: id, accept: true, gate: 'must' });
  const ids = run.world.launch.plan.items.map((each) => each.id);
  expect(new Set(ids).size).toBe(3);
});

test('an owner is told that what was done has fallen', () => {
  let seen: Outcome = 'passed';
  const run = new Rehearsal(planOf({ items: [item('A', { criteria: [probe('up')] })] }), NOON, () => seen);
  run.advance(NOON + HOUR);
  seen = 'failed';
  run.settle();
  const told = run.world.notices.filter(({ key }) => key.includes(':fell:'));
  expect(told).toEqual([
    expect.objectContaining({ to: ['dev'], text: expect.stringContaining("'up answers' is unmet") }),
  ]);
});

test('whoever was told a date is told that a person has moved it, and that it is off', () => {
  const launch = { announce: { lead: DAY, to: ['pilot'] } };
  const run = new Rehearsal(planOf({ launch }), NOON);
  run.advance(T - DAY);
  run.act({ type: 'reschedule', by: 'ana', at: T + 5 * DAY, reason: 'the holidays' });
  const to = (about: string) => run.world.notices.filter(({ key }) => key.includes(about)).map((each) => each.to);
  expect(to(':date:')).toEqual([expect.arrayContaining(['pilot'])]);
  run.act({ type: 'cancel', by: 'ana', reason: 'no more' });
  expect(to(':off')).toEqual([expect.arrayContaining(['pilot'])]);
});

test('when its waiver has run out an item is as it was, also where its check cannot tell', () => {
  const items = [item('A', { criteria: [probe('up')] }), item('B', { after: ['A'] })];
  const run = new Rehearsal(planOf({ items }), NOON, () => 'errored');
  run.actOnItem('A', { type: 'waive', by: 'ana', reason: 'r', risk: 'r', until: T + MINUTE });
  expect(run.world.items.A?.status).toBe('waived');
  run.advance(T + MINUTE);
  expect(run.world.items.A?.status).toBe('open');
  expect(run.world.items.B?.status).toBe('waiting');
});
