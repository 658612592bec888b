import fc from 'fast-check';
import type { Calendar, Plan } from '../../domain/plan';
import type { StandupTimes } from '../../domain/standup-times';
import { dueStandup, nextStandup } from '../../domain/standup-times';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/units';

const MON_FRI = [1, 2, 3, 4, 5];
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const newYork: Calendar = {
  zone: 'America/New_York',
  transitions: [
    { at: 0, offset: -5 * HOUR },
    { at: Date.UTC(2025, 2, 9, 7), offset: -4 * HOUR },
    { at: Date.UTC(2025, 10, 2, 6), offset: -5 * HOUR },
  ],
  until: Date.UTC(2026, 0, 1),
};
const utc: Calendar = { zone: 'UTC', transitions: [{ at: 0, offset: 0 }], until: Date.UTC(2027, 0, 1) };

function times(standup: Partial<Plan['standup']>, more: Partial<StandupTimes> = {}): StandupTimes {
  return {
    standup: { at: '09:00', days: EVERY_DAY, to: [], reviews: [], ...standup },
    calendar: newYork,
    launchAt: Date.UTC(2025, 11, 1),
    speed: { start: 0, factor: 1 },
    ...more,
  };
}

function listed(of: StandupTimes, from: number, count: number): string[] {
  const found: string[] = [];
  let at = from;
  for (let n = 0; n < count; n++) {
    const next = nextStandup(of, at);
    if (!next) break;
    at = next.at;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

test('nine is nine on the clock, on both sides of both changes', () => {
  expect(listed(times({}), Date.UTC(2025, 2, 7, 20), 3)).toEqual([
    '2025-03-08T14:00',
    '2025-03-09T13:00',
    '2025-03-10T13:00',
  ]);
  expect(listed(times({}), Date.UTC(2025, 10, 1, 0), 3)).toEqual([
    '2025-11-01T13:00',
    '2025-11-02T14:00',
    '2025-11-03T14:00',
  ]);
});

test('a time that the clocks skip is held as far after the change; one that comes twice is held once, the first time', () => {
  expect(listed(times({ at: '02:30' }), Date.UTC(2025, 2, 8, 12), 2)).toEqual(['2025-03-09T07:30', '2025-03-10T06:30']);
  expect(listed(times({ at: '01:30' }), Date.UTC(2025, 10, 2, 0), 2)).toEqual(['2025-11-02T05:30', '2025-11-03T06:30']);
});

test('days are those of the zone, not of UTC', () => {
  const auckland: Calendar = { zone: 'Pacific/Auckland', transitions: [{ at: 0, offset: 13 * HOUR }], until: 0 };
  // 09:00 on Monday in Auckland is Sunday in UTC.
  const found = listed(times({ days: [1] }, { calendar: auckland }), Date.UTC(2025, 9, 24), 2);
  expect(found).toEqual(['2025-10-26T20:00', '2025-11-02T20:00']);
  expect(listed(times({ days: MON_FRI }), Date.UTC(2025, 5, 6, 12), 2)).toEqual([
    '2025-06-06T13:00',
    '2025-06-09T13:00',
  ]);
});

test('reviews are held beside standups; what hangs on the date moves with it', () => {
  const reviews = [{ at: Date.UTC(2025, 5, 2, 20) }, { at: 0, anchor: { days: -1, ms: 0 } }];
  const of = times({ reviews, days: [1] }, { calendar: utc, launchAt: Date.UTC(2025, 5, 5, 10) });
  expect(listed(of, Date.UTC(2025, 5, 2, 8), 4)).toEqual([
    '2025-06-02T09:00',
    '2025-06-02T20:00',
    '2025-06-04T10:00',
    '2025-06-09T09:00',
  ]);
  const moved = { ...of, launchAt: Date.UTC(2025, 5, 6, 10) };
  expect(nextStandup(moved, Date.UTC(2025, 5, 2, 20))).toEqual({ at: Date.UTC(2025, 5, 5, 10), kind: 'review' });
  // Held before, and again a day before the new date.
  expect(nextStandup(moved, Date.UTC(2025, 5, 4, 10))?.at).toBe(Date.UTC(2025, 5, 5, 10));
});

test('a review at the time of the standup is one digest', () => {
  const at = Date.UTC(2025, 5, 2, 9);
  const of = times({ reviews: [{ at }] }, { calendar: utc });
  expect(nextStandup(of, at - 1)).toEqual({ at, kind: 'review' });
  expect(nextStandup(of, at)).toEqual({ at: at + DAY, kind: 'standup' });
});

test('of several that are due the last is held, and how many were not is known', () => {
  const of = times({}, { calendar: utc });
  const after = Date.UTC(2025, 5, 2, 9);
  expect(dueStandup(of, { after, now: after + DAY - 1 })).toBeUndefined();
  expect(dueStandup(of, { after, now: after + DAY })).toEqual({ at: after + DAY, kind: 'standup', missed: 0 });
  expect(dueStandup(of, { after, now: after + 4 * DAY + HOUR })).toEqual({
    at: after + 4 * DAY,
    kind: 'standup',
    missed: 3,
  });
  const decade = dueStandup(of, { after, now: after + 3_650 * DAY + HOUR });
  expect(decade?.at).toBe(after + 3_650 * DAY);
});

test('sped up, the days are shorter and the weekdays are those of the written week', () => {
  const start = Date.UTC(2025, 5, 6, 8); // a Friday
  const of = times({ days: MON_FRI }, { calendar: utc, speed: { start, factor: 720 } });
  const first = nextStandup(of, start)!.at;
  expect(first - start).toBe(Math.round(HOUR / 720));
  const second = nextStandup(of, first)!.at;
  // From Friday to Monday: three days of two minutes.
  expect(second - first).toBe(6 * MINUTE);
  // However shortly before the next one it is asked, that is the next one.
  expect(nextStandup(of, second - 1)!.at).toBe(second);
  const fast = { ...of, speed: { start, factor: 1_000_000 } };
  expect(nextStandup(fast, start + HOUR)!.at).toBe(start + HOUR + 2 * SECOND);
  expect(dueStandup(fast, { after: start, now: start + 30 * DAY })?.at).toBeGreaterThan(start + 30 * DAY - 2 * SECOND);
});

test('without a standup, or with one that says nothing, there is none', () => {
  for (const standup of [
    undefined,
    { at: '', days: EVERY_DAY, to: [], reviews: [] },
    { at: '09:00', days: [], to: [], reviews: [] },
  ]) {
    expect(nextStandup({ ...times({}), standup }, 0)).toBeUndefined();
    expect(dueStandup({ ...times({}), standup }, { after: 0, now: DAY })).toBeUndefined();
  }
});

test('each is after the one before, at its time on the clock, on one of its days, and none is left out', () => {
  const local = (at: number) => at - (at < Date.UTC(2025, 2, 9, 7) || at >= Date.UTC(2025, 10, 2, 6) ? 5 : 4) * HOUR;
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2025, 11, 1) }),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      fc.integer({ min: 3, max: 23 }),
      (from, days, hour) => {
        const of = times({ days, at: `${String(hour).padStart(2, '0')}:15` });
        const { at } = nextStandup(of, from)!;
        expect(at).toBeGreaterThan(from);
        expect(local(at) % DAY).toBe(hour * HOUR + 15 * MINUTE);
        expect(days).toContain(new Date(local(at)).getUTCDay() || 7);
        for (let day = at - DAY; day > from + 2 * HOUR; day -= DAY) {
          expect(days).not.toContain(new Date(local(day)).getUTCDay() || 7);
        }
      }
    )
  );
});
