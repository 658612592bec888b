import { instantOf, offsetAt } from '../../../../domain/intervals';
import type { Calendar } from '../../../../domain/plan';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../domain/units';
import type { Span } from './history';

/** One for the whole picture: instants from left to right. */
export interface Axis extends Span {
  /** px */
  width: number;
  x: (at: number) => number;
  /** Instants at which the plan's clock shows a round time. */
  ticks: number[];
  /** Midnights of the plan's zone, where the picture is short enough to show them. */
  days: number[];
  /** Between two ticks, ms. */
  step: number;
}

const NARROWEST = 1_016;
const WIDEST = 2_400;
const PX_OF_A_DAY = 150;
/** Labels need so much room. */
const TICK_PX = 76;
const DAY_PX = 84;
const STEPS = [
  SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
  91 * DAY,
  364 * DAY,
];
/** 1970-01-05 was a Monday: weeks begin with it. */
const MONDAY = 4 * DAY;

/** The instants at which clocks of the zone show multiples of `step`. */
function roundTimes(calendar: Calendar, { from, to }: Span, step: number): number[] {
  const origin = step >= 7 * DAY ? MONDAY : 0;
  const first = Math.ceil((from + offsetAt(calendar, from) - origin) / step) * step + origin;
  const last = to + offsetAt(calendar, to);
  const found = new Set<number>();
  for (let local = first; local <= last; local += step) {
    const at = instantOf(calendar, local);
    if (at >= from && at <= to) found.add(at);
  }
  return [...found].sort((a, b) => a - b);
}

/** `span` and a little room at both ends. */
export function axisOf(calendar: Calendar, span: Span): Axis {
  const length = Math.max(MINUTE, span.to - span.from);
  const [from, to] = [span.from - length * 0.02, span.from + length * 1.06];
  const width = Math.round(Math.max(NARROWEST, Math.min(WIDEST, ((to - from) / DAY) * PX_OF_A_DAY)));
  const perMs = width / (to - from);
  const step = STEPS.find((each) => each * perMs >= TICK_PX) ?? STEPS.at(-1)!;
  return {
    from,
    to,
    width,
    step,
    x: (at) => Math.round((at - from) * perMs * 10) / 10,
    ticks: roundTimes(calendar, { from, to }, step),
    days: step < DAY && DAY * perMs >= DAY_PX ? roundTimes(calendar, { from, to }, DAY) : [],
  };
}
