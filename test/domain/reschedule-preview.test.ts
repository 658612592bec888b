import { boardOf } from '../../domain/board';
import { reschedulePreview } from '../../domain/reschedule-preview';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR } from '../../domain/units';
import { item, NOON, planOf } from '../support/plans';

const deadline = { at: NOON, anchor: { days: -1, ms: 0 } };
const fixed = { at: NOON + HOUR };

test('what the preview says is where everything is once the date was moved', () => {
  const plan = planOf({ items: [item('A', { deadline }), item('B', { deadline: fixed })] });
  const run = new Rehearsal(plan, NOON);
  const before = boardOf(run.world.launch, NOON);
  const from = Date.parse(before.launchAt);
  const to = from + 3 * DAY;
  const { moves, voids, closed } = reschedulePreview(plan, before, to);
  expect(closed).toBeUndefined();
  expect(voids).toEqual([]);
  expect(moves[0]).toMatchObject({ what: 'launch', from, to });
  expect(moves.find(({ what }) => what === 'poll')).toMatchObject({ from: from - plan.launch.finalPoll });
  expect(moves.filter(({ what }) => what === 'deadline').map(({ item: id }) => id)).toEqual(['A']);
  const [by] = plan.launch.authority.by;
  const boss = plan.people.find(({ id, roles }) => id === by || roles.includes(by!))!.id;
  expect(run.act({ type: 'signOff', by: boss, answer: 'yes' })).toBeUndefined();
  expect(reschedulePreview(plan, boardOf(run.world.launch, NOON), to).voids).toEqual([boss]);
  expect(run.act({ type: 'reschedule', by: boss, at: to, reason: 'after the holidays' })).toBeUndefined();
  const after = boardOf(run.world.launch, NOON);
  const moved = moves.find(({ item: id }) => id === 'A')!;
  expect(after.items.find(({ id }) => id === 'A')?.deadline).toBe(new Date(moved.to).toISOString());
  expect(before.items.find(({ id }) => id === 'A')?.deadline).toBe(new Date(moved.from).toISOString());
  expect(after.signOffs).toMatchObject([{ by: boss, state: 'void' }]);
});

test('a date outside of the windows is said to be closed, with the next opening', () => {
  const plan = planOf({ items: [item('A')] });
  const board = boardOf(new Rehearsal(plan, NOON).world.launch, NOON);
  const opens = NOON + 10 * DAY;
  const calendar = { ...plan.calendar, open: [{ from: opens, to: opens + DAY }] };
  expect(reschedulePreview({ ...plan, calendar }, board, NOON + 5 * DAY).closed).toEqual({ opens });
  expect(reschedulePreview({ ...plan, calendar }, board, opens + HOUR).closed).toBeUndefined();
});
