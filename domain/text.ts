import { offsetAt } from './intervals';
import type { Calendar } from './plan';
import { DAY, HOUR, MINUTE, SECOND } from './units';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const LAST_INSTANT = 8_640_000_000_000_000;

/** What servers and databases write as we do, in years of four digits. */
const LAST_COMMON_INSTANT = Date.UTC(9999, 11, 31);

/** Whether a value is an instant, in whole epoch ms, that every place it goes to can hold. */
export function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LAST_COMMON_INSTANT;
}

/** An instant as ISO 8601 in UTC. Total: what no calendar reaches becomes the last instant that one does. */
export function isoText(at: number): string {
  return new Date(Number.isNaN(at) ? 0 : Math.max(-LAST_INSTANT, Math.min(LAST_INSTANT, at))).toISOString();
}

/** "Mon 2025-10-27 14:00 UTC": an instant in the plan's zone. */
export function instantText(calendar: Calendar, at: number): string {
  const text = isoText(at + offsetAt(calendar, at));
  return `${WEEKDAYS[new Date(text).getUTCDay()]} ${text.slice(0, 10)} ${text.slice(11, 16)} ${calendar.zone}`;
}

/** "2 d 3 h", "14 min", "9 s": a duration in its two largest units. */
export function durationText(ms: number): string {
  const units: Array<[number, string]> = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
  ];
  const parts: string[] = [];
  let left = Math.max(0, ms);
  for (const [size, unit] of units) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    left -= count * size;
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

/** "120 ms", "1.2 s", "2 min 5 s": how long something took. */
export function tookText(ms: number): string {
  const took = Math.max(0, Math.round(ms));
  if (took < SECOND) return `${took} ms`;
  return took < MINUTE ? `${Math.round(took / 100) / 10} s` : durationText(took);
}

/** `1 must`, `3 musts`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
