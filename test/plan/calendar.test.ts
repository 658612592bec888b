import { DateTime } from 'luxon';
import { compilePlan, extendCalendar } from '../../plan/compile';
import type { PlanDocument } from '../../plan/schema';
import { DAY, NOW, smallPlan } from './small';

const zone = 'America/New_York';
const withWindows = (windows: PlanDocument['launch']['windows'], over: Partial<PlanDocument> = {}) =>
  compilePlan(smallPlan({ timezone: zone, launch: { ...smallPlan().launch, windows }, ...over }), { now: NOW });
const local = (at: number): string => DateTime.fromMillis(at, { zone }).toFormat('ccc yyyy-MM-dd HH:mm');
const opens = (windows: PlanDocument['launch']['windows'], date: string): string[] =>
  (withWindows(windows).calendar.open ?? [])
    .map(({ from, to }) => `${local(from)} to ${local(to).slice(-5)}`)
    .filter((text) => text.includes(date));

test('transitions are the zone’s, to the second, for 400 days', () => {
  const { transitions, until } = withWindows(undefined).calendar;
  expect(transitions.slice(1).map(({ at }) => new Date(at).toISOString())).toEqual([
    '2027-03-14T07:00:00.000Z',
    '2027-11-07T06:00:00.000Z',
    '2028-03-12T07:00:00.000Z',
  ]);
  expect(transitions.map(({ offset }) => offset / 3_600_000)).toEqual([-5, -4, -5, -4]);
  expect(until).toBeGreaterThanOrEqual(NOW + 400 * DAY);
});

test('windows are wall-clock hours, also over a change of the clocks', () => {
  const open = 'Mon-Thu 09:00-17:00';
  expect(opens({ open }, '2027-03-11')).toEqual(['Thu 2027-03-11 09:00 to 17:00']);
  expect(opens({ open }, '2027-03-12')).toEqual([]);
  expect(opens({ open }, '2027-03-15')).toEqual(['Mon 2027-03-15 09:00 to 17:00']);
});

test('public holidays are closed, those that are moved to a weekday too', () => {
  const windows = { open: 'Mon-Sun 09:00-17:00', holidays: 'US' };
  // The fourth of July of 2027 is a Sunday.
  expect(opens(windows, '2027-07-04')).toEqual([]);
  expect(opens(windows, '2027-07-05')).toEqual([]);
  expect(opens(windows, '2027-07-06')).toHaveLength(1);
  expect(opens({ ...windows, holidays: ['US', 'DE-BY'] }, '2027-05-27')).toEqual([]);
});

test.each<[regions: string | string[], closed: string[], open: string[]]>([
  ['US', ['2027-10-11'], ['2027-03-31', '2027-11-26']],
  ['US-CA', ['2027-03-31', '2027-11-26', '2027-07-05'], ['2027-10-11']],
  ['DE', ['2027-05-06'], ['2027-05-27', '2027-01-06', '2027-03-08']],
  ['DE-BY', ['2027-05-06', '2027-05-27', '2027-11-01'], ['2027-03-08']],
  ['DE-BE', ['2027-05-06', '2028-03-08'], ['2027-05-27', '2027-11-01']],
  [
    ['US-CA', 'DE-BY'],
    ['2027-03-31', '2027-05-27', '2027-11-26'],
    ['2027-10-11', '2027-03-09'],
  ],
])('holidays of %j: a region has those of its own', (holidays, closed, open) => {
  const windows = { open: 'Mon-Sun 09:00-17:00', holidays };
  const hours = (dates: string[]) => dates.filter((date) => opens(windows, date).length > 0);
  expect(hours(closed)).toEqual([]);
  // A date before the launch began has no hours in its calendar.
  const known = open.filter((date) => date > '2027-03-01');
  expect(hours(known)).toEqual(known);
});

test.each([
  ['the night in which an hour is skipped', '2027-03-14', 7],
  ['the night in which an hour comes twice', '2027-11-07', 9],
])('a window over %s is as long as that night', (_, date, hours) => {
  const { open } = withWindows({ open: 'Mon-Sun 00:00-08:00' }).calendar;
  const night = open!.find(({ from }) => local(from).includes(`${date} 00:00`));
  expect((night!.to - night!.from) / 3_600_000).toBe(hours);
  expect(local(night!.to)).toContain(`${date} 08:00`);
});

test('a window that opens or closes within the skipped hour is the one after it, and never ends before it begins', () => {
  expect(opens({ open: 'Sun 02:30-04:00' }, '2027-03-14')).toEqual(['Sun 2027-03-14 03:30 to 04:00']);
  expect(opens({ open: 'Sun 01:00-02:30' }, '2027-03-14')).toEqual(['Sun 2027-03-14 01:00 to 03:30']);
});

test('a freeze over a change of the clocks begins and ends at its wall-clock times', () => {
  const freezes = [{ from: '2027-11-06 20:00', to: '2027-11-07 10:00' }];
  const around = withWindows({ open: 'Mon-Sun 00:00-24:00', freezes }).calendar.open!;
  const frozen = around.flatMap(({ to }, index) =>
    around[index + 1] ? [{ from: to, to: around[index + 1]!.from }] : []
  );
  expect(frozen.map(({ from, to }) => [local(from), local(to), (to - from) / 3_600_000])).toEqual([
    ['Sat 2027-11-06 20:00', 'Sun 2027-11-07 10:00', 15],
  ]);
});

test('freezes are cut out, days without an hour as a whole', () => {
  const open = 'Mon-Sun 09:00-17:00';
  const freezes = [
    { from: '2027-12-24', to: '2027-12-26' },
    { from: '2027-12-30 12:00', to: '2027-12-30 13:00' },
  ];
  expect(opens({ open, freezes }, '2027-12-2').length).toBe(7);
  expect(opens({ open, freezes }, '2027-12-30')).toEqual([
    'Thu 2027-12-30 09:00 to 12:00',
    'Thu 2027-12-30 13:00 to 17:00',
  ]);
});

test('a freeze without windows closes that time only', () => {
  const { open } = withWindows({ freezes: [{ from: '2027-04-01 00:00', to: '2027-04-02 00:00' }] }).calendar;
  expect(open).toHaveLength(2);
  expect(open!.map(({ from, to }) => (to - from) / DAY > 20)).toEqual([true, true]);
});

test('several windows that touch are one', () => {
  expect(opens({ open: ['Mon 09:00-12:00', 'Mon 11:00-17:00'] }, '2027-03-08')).toEqual([
    'Mon 2027-03-08 09:00 to 17:00',
  ]);
});

test('business time is there only if a clock runs in it', () => {
  expect(withWindows(undefined).calendar.business).toBeUndefined();
  const plan = withWindows({ holidays: 'US' }, { defaults: { sla: { respond: '4h', clock: 'business' } } });
  const days = plan.calendar.business!.map(({ from }) => local(from).slice(0, 14));
  expect(days).toContain('Fri 2027-07-02');
  expect(days).not.toContain('Mon 2027-07-05');
  expect(days).not.toContain('Sat 2027-07-03');
});

test('an extended calendar is the one that would have been compiled', () => {
  const windows = { open: 'Mon-Thu 09:00-17:00', holidays: 'US', freezes: [{ from: '2028-06-01', to: '2028-06-10' }] };
  const plan = withWindows(windows, { defaults: { sla: { clock: 'business' } } });
  const later = compilePlan(
    smallPlan({
      timezone: zone,
      launch: { ...smallPlan().launch, at: '+300d', windows },
      defaults: { sla: { clock: 'business' } },
    }),
    { now: NOW }
  );
  expect(extendCalendar(plan, later.calendar.until)).toEqual(later.calendar);
  expect(extendCalendar(plan, NOW)).toEqual(plan.calendar);
});
