import { after, elapsed, instantAt, isOpen, nextOpen, shiftDays } from '../../domain/intervals';
import type { Calendar } from '../../domain/plan';
import { DAY, HOUR } from '../../domain/units';

const SPRING = Date.UTC(2025, 2, 9, 7);
const AUTUMN = Date.UTC(2025, 10, 2, 6);
const newYork: Calendar = {
  zone: 'America/New_York',
  transitions: [
    { at: 0, offset: -5 * HOUR },
    { at: SPRING, offset: -4 * HOUR },
    { at: AUTUMN, offset: -5 * HOUR },
  ],
  until: Date.UTC(2026, 0, 1),
};

test.each([
  ['spring', Date.UTC(2025, 2, 10, 14), 47 * HOUR],
  ['autumn', Date.UTC(2025, 10, 3, 15), 49 * HOUR],
])('in %s T-2d is the same time on the clock, T-48h is elapsed time', (_, launchAt, distance) => {
  const days = instantAt(newYork, { at: 0, anchor: { days: -2, ms: 0 } }, launchAt);
  expect(launchAt - days).toBe(distance);
  expect(launchAt - instantAt(newYork, { at: 0, anchor: { days: 0, ms: -2 * DAY } }, launchAt)).toBe(48 * HOUR);
});

test('a time that is skipped becomes the instant as far after the change, of one that comes twice it is the first', () => {
  expect(shiftDays(newYork, Date.UTC(2025, 2, 8, 7, 30), 1)).toBe(Date.UTC(2025, 2, 9, 7, 30));
  expect(shiftDays(newYork, Date.UTC(2025, 10, 1, 5, 30), 1)).toBe(Date.UTC(2025, 10, 2, 5, 30));
});

const HOURS = [
  { from: 9 * HOUR, to: 17 * HOUR },
  { from: 33 * HOUR, to: 41 * HOUR },
];
const office: Calendar = {
  zone: 'UTC',
  transitions: [{ at: 0, offset: 0 }],
  until: 2 * DAY,
  open: HOURS,
  business: HOURS,
};

test('business time counts what lies inside, and ends at the very end of a day', () => {
  expect(elapsed(office, 'business', { from: 0, to: 34 * HOUR })).toBe(9 * HOUR);
  expect(after(office, 'business', { from: 0, ms: 8 * HOUR })).toBe(17 * HOUR);
  expect(after(office, 'business', { from: 0, ms: 8 * HOUR + 1 })).toBe(33 * HOUR + 1);
  expect(after(office, 'business', { from: 0, ms: 17 * HOUR })).toBe(Infinity);
});

test('business hours across a change of the clocks are as long as they are on the clock', () => {
  const business = [{ from: AUTUMN - 2 * HOUR, to: AUTUMN + 7 * HOUR }];
  expect(elapsed({ ...newYork, business }, 'business', { from: AUTUMN - DAY, to: AUTUMN + DAY })).toBe(9 * HOUR);
});

test.each([
  [0, 9],
  [9, 9],
  [16, 16],
  [17, 33],
  [41, undefined],
])('from hour %i on it is open at hour %s', (from, open) => {
  expect(nextOpen(office, from * HOUR)).toBe(open === undefined ? undefined : open * HOUR);
  expect(isOpen(office, from * HOUR)).toBe(open === from);
});
