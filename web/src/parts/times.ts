/** Instants in words: the plan's zone first, the reader's beside it. */

/** ISO 8601 or epoch ms. */
export type At = string | number;

export function readerZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function partsIn(zone: string, at: At, more: Intl.DateTimeFormatOptions = {}): (type: string) => string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...more,
  }).formatToParts(new Date(at));
  return (type) => parts.find((part) => part.type === type)?.value ?? '';
}

/** "CET", "UTC", "GMT+5:30". */
export function zoneName(zone: string, at: At): string {
  const name = partsIn(zone, at, { timeZoneName: 'short' })('timeZoneName');
  return name === 'GMT' && /UTC/i.test(zone) ? 'UTC' : name;
}

/** "15:42". */
export function timeIn(zone: string, at: At): string {
  const part = partsIn(zone, at);
  return `${part('hour')}:${part('minute')}`;
}

/** "15:42:08". */
export function secondIn(zone: string, at: At): string {
  return `${timeIn(zone, at)}:${partsIn(zone, at)('second')}`;
}

/** "Mon 27 Oct". */
export function dayIn(zone: string, at: At): string {
  const part = partsIn(zone, at);
  return `${part('weekday')} ${part('day')} ${part('month').slice(0, 3)}`;
}

/** "Mon 14:00": enough within a week. */
export function shortIn(zone: string, at: At): string {
  return `${partsIn(zone, at)('weekday')} ${timeIn(zone, at)}`;
}

/** "Mon 27 Oct, 14:00". */
export function dayAndTime(zone: string, at: At): string {
  return `${dayIn(zone, at)}, ${timeIn(zone, at)}`;
}

/** "Mon 27 Oct, 14:00 UTC". */
export function momentIn(zone: string, at: At): string {
  return `${dayAndTime(zone, at)} ${zoneName(zone, at)}`;
}

/** "Mon 27 Oct 2025, 14:00 UTC". */
export function instantIn(zone: string, at: At): string {
  return `${dayIn(zone, at)} ${partsIn(zone, at)('year')}, ${timeIn(zone, at)} ${zoneName(zone, at)}`;
}

/** Whether clocks in the two zones show the same then. */
export function sameTime(at: At, one: string, other: string): boolean {
  return dayAndTime(one, at) === dayAndTime(other, at);
}

/** "Berlin" of Europe/Berlin. */
export function cityOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** A text of the board's with its ISO instants as people read them. */
export function readable(text: string, zone: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => dayAndTime(zone, at));
}
