/** Zones, windows and holidays turned into numbers, since the rules have neither a date library nor a clock. */
import Holidays from 'date-holidays';
import { DateTime } from 'luxon';
import type { Calendar, Interval, Plan } from '../../domain/plan';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { parseWeekdays } from '../time';

/** How far a compiled calendar reaches beyond the start and the launch. */
export const HORIZON_DAYS = 400;
export const BUSINESS_HOURS = ['Mon-Fri 09:00-17:00'];
const HOURS = /^(.*) (\d\d):(\d\d)-(\d\d):(\d\d)$/;

type Rules = NonNullable<Calendar['rules']>;

/** The offset's changes between two instants, each to the second. */
function transitions(zone: string, from: number, to: number): Calendar['transitions'] {
  const offset = (at: number): number => DateTime.fromMillis(at, { zone }).offset * MINUTE;
  const found = [{ at: from, offset: offset(from) }];
  for (let day = from; day < to; day += DAY) {
    let low = day;
    let high = Math.min(day + DAY, to);
    const before = offset(low);
    if (offset(high) === before) continue;
    while (high - low > 1_000) {
      const middle = low + Math.floor((high - low) / 2_000) * 1_000 || low + 1_000;
      if (offset(middle) === before) low = middle;
      else high = middle;
    }
    found.push({ at: high, offset: offset(high) });
  }
  return found;
}

/** Whether a country or region is one whose holidays are known. */
export function knowsHolidays(region: string): boolean {
  const [country = '', state, part] = region.split('-');
  const holidays = new Holidays();
  if (!holidays.getCountries()[country]) return false;
  if (state === undefined) return true;
  if (!holidays.getStates(country)?.[state]) return false;
  return part === undefined || Boolean(holidays.getRegions(country, state)?.[part]);
}

/** Working a country's rules out takes some milliseconds for each year, and they do not change. */
const knownHolidays = new Map<string, string[]>();

/** Days of the calendar (`2027-07-05`) that are public holidays, substitutes included. */
function holidaysOf(region: string, year: number): string[] {
  const key = `${region} ${year}`;
  const known = knownHolidays.get(key);
  if (known) return known;
  const [country = '', state, part] = region.split('-');
  const holidays = new Holidays(country, state ?? '', part ?? '', { types: ['public'] });
  const dates = holidays.getHolidays(year).flatMap(({ date, start, end }) => {
    const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY));
    const first = DateTime.fromISO(date.slice(0, 10), { zone: 'utc' });
    return Array.from({ length: days }, (_, day) => first.plus({ days: day }).toISODate()!);
  });
  knownHolidays.set(key, dates);
  return dates;
}

function holidayDates(regions: readonly string[], years: Interval): Set<string> {
  const all = Array.from({ length: years.to - years.from + 1 }, (_, index) => years.from + index);
  return new Set(regions.flatMap((region) => all.flatMap((year) => holidaysOf(region, year))));
}

/** Sorted and without overlap. */
function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

function without(intervals: readonly Interval[], cut: Interval): Interval[] {
  return intervals.flatMap(({ from, to }) => {
    if (cut.to <= from || to <= cut.from) return [{ from, to }];
    return [
      { from, to: cut.from },
      { from: cut.to, to },
    ].filter((part) => part.from < part.to);
  });
}

interface Span extends Interval {
  zone: string;
}

/** UTC of a wall-clock time, both in ms; a time that the clocks skip is the one after it. */
function utcOf(local: number, offsetAt: (at: number) => number): number {
  const first = offsetAt(local);
  const guess = local - first;
  const second = offsetAt(guess);
  if (first === second) return guess;
  const third = offsetAt(local - second);
  return second === third ? local - second : local - Math.min(second, third);
}

/** Every day's hours in a span of time, holidays left out. A date library would need most of a plan's time for it. */
function hoursOf(rules: readonly string[], closed: ReadonlySet<string>, span: Hours): Interval[] {
  const parsed = rules.map((rule) => {
    const [, days = '', fromHour, fromMinute, toHour, toMinute] = HOURS.exec(rule) ?? [];
    return {
      days: parseWeekdays(days),
      from: Number(fromHour) * HOUR + Number(fromMinute) * MINUTE,
      to: Number(toHour) * HOUR + Number(toMinute) * MINUTE,
    };
  });
  const { from, to, offsetAt } = span;
  const found: Interval[] = [];
  const firstDay = Math.floor((from + offsetAt(from)) / DAY) * DAY;
  for (let day = firstDay; day < to + offsetAt(to); day += DAY) {
    const date = new Date(day);
    if (closed.has(date.toISOString().slice(0, 10))) continue;
    for (const rule of parsed.filter(({ days }) => days.includes(date.getUTCDay() || 7))) {
      found.push({ from: utcOf(day + rule.from, offsetAt), to: utcOf(day + rule.to, offsetAt) });
    }
  }
  return merged(found.filter((interval) => interval.from < interval.to));
}

interface Hours extends Interval {
  /** Of the zone from UTC, in ms. */
  offsetAt: (at: number) => number;
}

function openTimes(rules: Rules, closed: ReadonlySet<string>, span: Hours): Interval[] | undefined {
  const { open, holidays, freezes } = rules;
  if (!open && holidays.length === 0 && freezes.length === 0) return undefined;
  const hours = hoursOf(open ?? ['Mon-Sun 00:00-24:00'], closed, span);
  return freezes.reduce((left, freeze) => without(left, freeze), hours);
}

export interface CalendarSpec extends Span {
  rules: Rules;
  business: boolean;
}

/** From the beginning of the day of `from`, so that what is open already is open in whole. */
export function makeCalendar({ zone, from, to, rules, business }: CalendarSpec): Calendar {
  const begin = DateTime.fromMillis(from, { zone }).startOf('day').toMillis();
  const changes = transitions(zone, begin, to);
  const hours = {
    from: begin,
    to,
    offsetAt: (at: number) => changes.findLast((one) => one.at <= at)?.offset ?? changes[0]!.offset,
  };
  const year = (at: number): number => DateTime.fromMillis(at, { zone }).year;
  const closed = holidayDates(rules.holidays, { from: year(begin), to: year(to) });
  return {
    zone,
    transitions: changes,
    until: to,
    open: openTimes(rules, closed, hours),
    business: business ? hoursOf(BUSINESS_HOURS, closed, hours) : undefined,
    rules,
  };
}

/** The plan's calendar up to `until` (epoch ms): what was known stays as it is, the rest is added behind it. */
export function extendCalendar({ calendar }: Pick<Plan, 'calendar'>, until: number): Calendar {
  if (until <= calendar.until) return calendar;
  const rules = calendar.rules ?? { holidays: [], freezes: [] };
  const business = calendar.business !== undefined;
  const more = makeCalendar({ zone: calendar.zone, from: calendar.until, to: until, rules, business });
  const behind = (known: Interval[] | undefined, added: Interval[] | undefined): Interval[] | undefined =>
    added && merged([...(known ?? []), ...added]);
  return {
    ...calendar,
    until,
    transitions: [...calendar.transitions, ...more.transitions.filter(({ at }) => at > calendar.until)],
    ...(calendar.open ? { open: behind(calendar.open, more.open) } : {}),
    ...(business ? { business: behind(calendar.business, more.business) } : {}),
  };
}
