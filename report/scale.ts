import { DAY, HOUR, MINUTE, SECOND } from '../domain/units';
import { instantIn } from './text';

const STEPS = [
  SECOND,
  10 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  28 * DAY,
  91 * DAY,
  364 * DAY,
];
const MOST_TICKS = 10;

export interface Tick {
  at: number;
  label: string;
}

/** Of the zone, at one instant, ms. */
function offsetOf(zone: string, at: number): number {
  const [, date, time] = instantIn(zone, at).split(' ');
  const minute = Math.floor(at / MINUTE) * MINUTE;
  return Date.parse(`${date}T${time}Z`) - minute;
}

function labelOf(zone: string, at: number, step: number): string {
  const [weekday, date = '', time = ''] = instantIn(zone, at).split(' ');
  const day = `${weekday} ${date.slice(5)}`;
  if (step >= 28 * DAY) return date;
  if (step >= DAY || time === '00:00') return day;
  return step < MINUTE ? `${time}:${String(new Date(at).getUTCSeconds()).padStart(2, '0')}` : time;
}

/** Round instants of the zone between two others, epoch ms; at most ten. */
export function ticks({ from, to }: { from: number; to: number }, zone: string): Tick[] {
  const step =
    STEPS.find((each) => (to - from) / each <= MOST_TICKS) ?? Math.ceil((to - from) / MOST_TICKS / DAY) * DAY;
  const offset = offsetOf(zone, from);
  const first = Math.ceil((from + offset) / step) * step - offset;
  const found: Tick[] = [];
  for (let at = first; at <= to; at += step) found.push({ at, label: labelOf(zone, at, step) });
  return found;
}
