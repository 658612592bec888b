/** Dates as people write them, against the document's own date. A day is `YYYY-MM-DD`. */
import { DateTime } from 'luxon';

/** What a phrase says about time. `vague`: a stretch of days of which the last one is meant. */
export interface When {
  day: string;
  /** `HH:mm`; absent where only a day is said. */
  time?: string;
  /** As an IANA zone, where one is named. */
  zone?: string;
  vague?: boolean;
  /** The words that were read. */
  words: string;
  /** As written beside the date. */
  weekday?: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const ISO_DATE = /(?<![\w/])(\d{4})-(\d{2})-(\d{2})(?![\w/-])/;
const MONTH_FIRST = new RegExp(`\\b${MONTH}\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4}))?`, 'i');
const DAY_FIRST = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)? ${MONTH}\\b\\.?,?(?: (\\d{4}))?`, 'i');
const WEEKDAY = /\b(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\b/i;
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const CLOCK = /\b(\d{1,2}):(\d{2})(?::\d{2})?\s*(am|pm)?\b/i;
const HOUR = /\b(\d{1,2})\s*(am|pm)\b/i;
const PARTS: Array<[RegExp, string]> = [
  [/\bmorning\b/i, '12:00'],
  [/\bafternoon\b/i, '18:00'],
  [/\b(?:evening|tonight)\b/i, '21:00'],
  [/\bnoon\b/i, '12:00'],
];
const ZONES: Array<[RegExp, string]> = [
  [/\b(?:UTC|GMT|Zulu)\b|\d{2}Z\b/, 'UTC'],
  [/\b(?:PT|PST|PDT)\b/, 'America/Los_Angeles'],
  [/\b(?:MT|MST|MDT)\b/, 'America/Denver'],
  [/\b(?:CT|CST|CDT)\b/, 'America/Chicago'],
  [/\b(?:ET|EST|EDT)\b/, 'America/New_York'],
  [/\b(?:CET|CEST)\b/, 'Europe/Berlin'],
  [/\bBST\b/, 'Europe/London'],
  [/\bJST\b/, 'Asia/Tokyo'],
];
const IANA = /\b(?:Africa|America|Asia|Australia|Europe|Pacific)\/[A-Z][A-Za-z_]+\b/;

function validDay(year: number, month: number, day: number): string | undefined {
  const date = DateTime.utc(year, month, day);
  return date.isValid && year >= 1970 && year <= 9999 ? date.toISODate() : undefined;
}

export function addDays(day: string, days: number): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate() ?? day;
}

/** Whole days from one to the other. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/** `mon` to `sun`. */
export function weekdayOf(day: string): string {
  return WEEKDAYS[DateTime.fromISO(day, { zone: 'utc' }).weekday - 1]!;
}

export function zoneIn(text: string): string | undefined {
  const named = IANA.exec(text)?.[0];
  if (named && DateTime.local({ zone: named }).isValid) return named;
  return ZONES.find(([pattern]) => pattern.test(text))?.[1];
}

/** `HH:mm` of a clock reading or a part of the day; a part of the day is its end. */
export function timeIn(text: string): string | undefined {
  const clock = CLOCK.exec(text) ?? HOUR.exec(text);
  if (clock) {
    const half = clock.at(-1)?.toLowerCase();
    const isHalf = half === 'am' || half === 'pm';
    const hour = Number(clock[1]) % (isHalf ? 12 : 24);
    const minute = clock === null || clock.length < 4 ? 0 : Number(clock[2]);
    if (minute < 60)
      return `${String(hour + (half === 'pm' ? 12 : 0)).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  }
  return PARTS.find(([pattern]) => pattern.test(text))?.[1];
}

/** A written date: the year is the one of `near` where it is left out, or the next nearest to it. */
function writtenDay(text: string, near: string | undefined): { day: string; words: string } | undefined {
  const iso = ISO_DATE.exec(text);
  if (iso) {
    const day = validDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    return day ? { day, words: iso[0] } : undefined;
  }
  const monthFirst = MONTH_FIRST.exec(text);
  const match = monthFirst ?? DAY_FIRST.exec(text);
  if (!match) return undefined;
  const month = MONTHS.indexOf((monthFirst ? match[1]! : match[2]!).toLowerCase().slice(0, 3)) + 1;
  const date = Number(monthFirst ? match[2] : match[1]);
  if (match[3]) {
    const day = validDay(Number(match[3]), month, date);
    return day ? { day, words: match[0] } : undefined;
  }
  if (!near) return undefined;
  const year = Number(near.slice(0, 4));
  const candidates = [year - 1, year, year + 1].flatMap((each) => validDay(each, month, date) ?? []);
  const [nearest] = candidates.sort((a, b) => Math.abs(daysBetween(near, a)) - Math.abs(daysBetween(near, b)));
  return nearest ? { day: nearest, words: match[0] } : undefined;
}

/** The end of the ISO week that the day is in. */
function endOfWeek(day: string): string {
  return addDays(day, 6 - WEEKDAYS.indexOf(weekdayOf(day)));
}

const RELATIVE: Array<[RegExp, (today: string) => string, boolean]> = [
  [/\bday after tomorrow\b/i, (today) => addDays(today, 2), false],
  [/\btomorrow\b/i, (today) => addDays(today, 1), false],
  [/\byesterday\b/i, (today) => addDays(today, -1), false],
  [
    /\bthis (?:morning|afternoon|evening)\b|\btonight\b|\btoday\b|\beod\b|\bend of (?:the )?day\b/i,
    (today) => today,
    false,
  ],
  [/\bnext week\b/i, (today) => addDays(endOfWeek(today), 7), true],
  [/\bthis week\b|\beow\b|\bend of (?:the )?week\b/i, endOfWeek, true],
];

/** The first instant that a phrase names; `today` is the document's date, without which relative words say nothing. */
export function whenIn(text: string, today: string | undefined): When | undefined {
  const time = timeIn(text);
  const zone = zoneIn(text);
  const written = writtenDay(text, today);
  if (written) {
    const weekday = WEEKDAY.exec(text)?.[1]?.toLowerCase();
    return { ...written, time, zone, weekday };
  }
  if (!today) return undefined;
  for (const [pattern, day, vague] of RELATIVE) {
    const match = pattern.exec(text);
    if (match) return { day: day(today), time: vague ? undefined : time, zone, vague, words: match[0] };
  }
  return undefined;
}

/** As the plan document writes it; a date alone is its last minute. */
export function asMoment(when: When, endOfDay = '23:59'): string {
  if (!when.zone || !when.time) return `${when.day} ${when.time ?? endOfDay}`;
  const instant = DateTime.fromISO(`${when.day}T${when.time}`, { zone: when.zone }).toUTC();
  return `${instant.toFormat('yyyy-MM-dd HH:mm')}Z`;
}

/** `within 4 hours`, `24h`, `30 min` as a duration. */
export function durationIn(text: string): string | undefined {
  const match = /\b(\d{1,4})\s*-?\s*(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)\b/i.exec(text);
  return match ? `${Number(match[1])}${match[2]![0]!.toLowerCase()}` : undefined;
}

export function hoursOf(duration: string): number {
  const unit = { m: 1 / 60, h: 1, d: 24, w: 168 }[duration.at(-1) as 'm' | 'h' | 'd' | 'w'];
  return Number(duration.slice(0, -1)) * unit;
}

const A_WEEKDAY = '(mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
const A_DATE = `(\\d{4}-\\d{2}-\\d{2}|${MONTH}\\.? \\d{1,2}(?:st|nd|rd|th)?\\b(?:,? \\d{4})?|\\d{1,2}(?:st|nd|rd|th)? ${MONTH}\\b(?: \\d{4})?)`;
const WEEKDAY_THEN_DATE = new RegExp(`\\b${A_WEEKDAY}\\.?,? +\\(?${A_DATE}`, 'i');
const DATE_THEN_WEEKDAY = new RegExp(`${A_DATE} *[(,] *${A_WEEKDAY}\\b`, 'i');

/** A weekday written beside a date that falls on another one. */
export function wrongWeekday(
  text: string,
  near: string | undefined
): { day: string; said: string; is: string } | undefined {
  const before = WEEKDAY_THEN_DATE.exec(text);
  const after = before ? undefined : DATE_THEN_WEEKDAY.exec(text);
  const said = (before?.[1] ?? after?.at(-1))?.toLowerCase().slice(0, 3);
  const written = writtenDay(before?.[2] ?? after?.[1] ?? '', near);
  if (!said || !written) return undefined;
  const is = weekdayOf(written.day);
  return is === said ? undefined : { day: written.day, said, is };
}
