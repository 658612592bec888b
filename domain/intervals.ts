import type { Calendar, Instant, Interval } from './plan';
import { DAY } from './units';

/** The zone's offset from UTC in ms at an instant. */
export function offsetAt(calendar: Calendar, at: number): number {
  let offset = calendar.transitions[0]?.offset ?? 0;
  for (const transition of calendar.transitions) {
    if (transition.at > at) break;
    offset = transition.offset;
  }
  return offset;
}

/**
 * The instant at which clocks of the zone show `local` (ms since 1970 on that clock). A time that they skip becomes the
 * instant as far after the change; of one that comes twice the first is taken.
 */
export function instantOf(calendar: Calendar, local: number): number {
  const candidates = [...new Set(calendar.transitions.map(({ offset }) => offset))]
    .map((offset) => local - offset)
    .filter((candidate) => candidate + offsetAt(calendar, candidate) === local);
  if (candidates.length > 0) return Math.min(...candidates);
  // A day before, whatever the offset, the clocks have not been changed yet.
  return local - offsetAt(calendar, local - DAY);
}

/** The same wall-clock time, whole days away; see `instantOf`. */
export function shiftDays(calendar: Calendar, at: number, days: number): number {
  return days === 0 ? at : instantOf(calendar, at + offsetAt(calendar, at) + days * DAY);
}

/** Where an instant of the plan lies when the launch is at `launchAt`. */
export function instantAt(calendar: Calendar, instant: Instant, launchAt: number): number {
  if (!instant.anchor) return instant.at;
  return shiftDays(calendar, launchAt, instant.anchor.days) + instant.anchor.ms;
}

function isInside(intervals: readonly Interval[], at: number): boolean {
  return intervals.some(({ from, to }) => from <= at && at < to);
}

/** Whether a launch may happen at `at`. Beyond the calendar's horizon it may not. */
export function isOpen(calendar: Calendar, at: number): boolean {
  return !calendar.open || isInside(calendar.open, at);
}

/** The earliest instant from `at` on at which a launch may happen; undefined where the calendar knows none. */
export function nextOpen(calendar: Calendar, at: number): number | undefined {
  if (!calendar.open) return at;
  const next = calendar.open.find(({ to }) => to > at);
  return next && Math.max(next.from, at);
}

export type ClockKind = 'wall' | 'business';

function worked(calendar: Calendar, clock: ClockKind): readonly Interval[] | undefined {
  return clock === 'business' ? calendar.business : undefined;
}

/** Time that has counted between two instants on a clock, in ms. */
export function elapsed(calendar: Calendar, clock: ClockKind, span: Interval): number {
  const intervals = worked(calendar, clock);
  if (!intervals) return Math.max(0, span.to - span.from);
  return intervals.reduce(
    (sum, { from, to }) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)),
    0
  );
}

/** The instant at which `ms` have counted since `from`; Infinity where the calendar's horizon comes first. */
export function after(calendar: Calendar, clock: ClockKind, { from, ms }: { from: number; ms: number }): number {
  const intervals = worked(calendar, clock);
  if (!intervals) return from + ms;
  let left = ms;
  for (const interval of intervals) {
    const start = Math.max(interval.from, from);
    const available = interval.to - start;
    if (available <= 0) continue;
    if (available >= left) return start + left;
    left -= available;
  }
  return Infinity;
}
