/** Text from outside made fit to be shown: in a terminal, in Markdown, in a page. */

/** Control and bidirectional characters could move the cursor, colour the screen or turn a line round. */
export const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** On one line, without anything that a terminal would act on. */
export function clean(text: string): string {
  return text.replace(HIDDEN, ' ').replace(/ {2,}/g, ' ').trim();
}

/** Several lines stay several lines; each is clean. */
export function cleanLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(HIDDEN, ' ').trimEnd())
    .join('\n');
}

export { count } from '../domain/text';

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once for each zone: a report has thousands of instants. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  formats.set(zone, made);
  return made;
}

/** "Wed 2025-10-29 14:00 EDT", in the zone. */
export function instantIn(zone: string, at: number | string): string {
  const parts = formatOf(zone).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  return `${part('weekday')} ${date} ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}

/** Text from outside as Markdown that says what it says, without markup of its own. */
export function plain(text: string): string {
  return clean(text)
    .replace(/[\\`*_[\]<>#|~&]/g, (mark) => `\\${mark}`)
    .replace(/^([-+=]|\d+(?=[.)]))/, (mark) => (/^\d/.test(mark) ? `${mark}\\` : `\\${mark}`));
}
