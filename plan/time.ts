/**
 * Durations and instants as people write them. A duration is elapsed time (`1d` is 24 hours); an instant is a date, or
 * an offset from the launch (`T-48h` elapsed, `T-2d` the same wall-clock time two days before) or from the start.
 */
import { DateTime } from 'luxon';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof UNIT_MS;

/** Five digits and six parts keep every sum inside what a date can hold. */
export const DURATION = /^(?:\d{1,5}(?:\.\d{1,3})?(?:ms|s|m|h|d|w)){1,6}$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g;

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const FROM_LAUNCH = /^T(?:([+-])(.+))?$/;
const FROM_START = /^\+(\S+)(?: ([01]\d|2[0-3]):([0-5]\d))?$/;
const DATE =
  /^(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?) ?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A date alone is its last minute. */
export const END_OF_DAY = '23:59';

export type Moment =
  | { from: 'launch'; days: number; ms: number }
  | { from: 'start'; days: number; ms: number; clock?: { hour: number; minute: number } }
  | { from: 'date'; date: string; time?: string; offset?: string; weekday?: string };

/** What an offset is counted from, and the zone of what has no offset. `launch` is absent while T is not known. */
export interface TimeFrame {
  zone: string;
  start: number;
  launch?: number;
}

function parts(text: string): Array<{ amount: number; unit: Unit }> {
  return [...text.matchAll(PART)].map(([, amount, unit]) => ({ amount: Number(amount), unit: unit as Unit }));
}

/** In milliseconds. Throws a RangeError on anything but the forms of `DURATION`. */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) throw new RangeError(`'${text}' is not a duration like 30m, 4h, 1h30m, 2d or 1w`);
  return Math.round(parts(text).reduce((sum, { amount, unit }) => sum + amount * UNIT_MS[unit], 0));
}

/** Whole days and weeks are wall-clock days; everything else is elapsed. */
function daysAndMs(text: string, sign: number): { days: number; ms: number } | undefined {
  if (!DURATION.test(text)) return undefined;
  let days = 0;
  let ms = 0;
  for (const { amount, unit } of parts(text)) {
    const whole = unit === 'd' ? amount : unit === 'w' ? amount * 7 : NaN;
    if (Number.isInteger(whole)) days += whole;
    else ms += amount * UNIT_MS[unit];
  }
  return { days: sign * days || 0, ms: sign * Math.round(ms) || 0 };
}

function parseDate(match: RegExpExecArray): Moment | undefined {
  const [, weekday, date = '', time, offset] = match;
  const valid = DateTime.fromISO(`${date}T${time ?? END_OF_DAY}${offset ?? ''}`, { zone: 'utc' }).isValid;
  return valid ? { from: 'date', date, time, offset, weekday } : undefined;
}

/** Undefined where the text is not an instant. */
export function parseMoment(text: string): Moment | undefined {
  const launch = FROM_LAUNCH.exec(text);
  if (launch) {
    const [, sign, distance] = launch;
    const offset = distance === undefined ? { days: 0, ms: 0 } : daysAndMs(distance, sign === '-' ? -1 : 1);
    return offset && { from: 'launch', ...offset };
  }
  const start = FROM_START.exec(text);
  if (start) {
    const [, distance = '', hour, minute] = start;
    const offset = daysAndMs(distance, 1);
    if (!offset || hour === undefined) return offset && { from: 'start', ...offset };
    return offset.ms === 0
      ? { from: 'start', ...offset, clock: { hour: Number(hour), minute: Number(minute) } }
      : undefined;
  }
  const date = DATE.exec(text);
  return date ? parseDate(date) : undefined;
}

export function isMoment(text: string): boolean {
  return parseMoment(text) !== undefined;
}

/** Whole wall-clock days in the zone, then elapsed time: the way anchors move with the launch. */
export function addDaysAndMs(at: number, offset: { days: number; ms: number }, zone: string): number {
  const day = offset.days === 0 ? at : DateTime.fromMillis(at, { zone }).plus({ days: offset.days }).toMillis();
  return day + offset.ms;
}

/** Epoch ms; undefined where the moment hangs on a launch date that is not known. `dateAlone` is its time of day. */
export function resolveMoment(moment: Moment, frame: TimeFrame, dateAlone = END_OF_DAY): number | undefined {
  switch (moment.from) {
    case 'launch':
      return frame.launch === undefined ? undefined : addDaysAndMs(frame.launch, moment, frame.zone);
    case 'start': {
      const at = addDaysAndMs(frame.start, moment, frame.zone);
      if (!moment.clock) return at;
      return DateTime.fromMillis(at, { zone: frame.zone }).startOf('day').set(moment.clock).toMillis();
    }
    case 'date':
      return DateTime.fromISO(`${moment.date}T${moment.time ?? dateAlone}${moment.offset ?? ''}`, {
        zone: frame.zone,
      }).toMillis();
  }
}

/** The weekday that the date really is, where another one was written before it. */
export function wrongWeekday(moment: Moment): string | undefined {
  if (moment.from !== 'date' || moment.weekday === undefined) return undefined;
  const real = WEEKDAYS[DateTime.fromISO(moment.date, { zone: 'utc' }).weekday - 1];
  return real === moment.weekday ? undefined : real;
}

/** ISO weekday numbers (Monday is 1) of `Mon-Fri` or `Mon, Wed`. A range may go over the weekend. */
export function parseWeekdays(text: string): number[] {
  const number = (day: string): number => WEEKDAYS.indexOf(day.trim() as (typeof WEEKDAYS)[number]) + 1;
  const days = text.split(',').flatMap((range) => {
    const [first = '', last = first] = range.split('-');
    const length = ((number(last) - number(first) + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => ((number(first) - 1 + index) % 7) + 1);
  });
  return [...new Set(days)].sort((a, b) => a - b);
}
