import { instantAt, instantOf, offsetAt } from './intervals';
import type { LaunchState } from './launch-state';
import { isGone } from './launch-state';
import type { Calendar, Plan } from './plan';
import type { Directory } from './routing';
import { DAY, HOUR, MINUTE, SECOND } from './units';

/** What says when standups and reviews are. */
export interface StandupTimes {
  standup?: Plan['standup'];
  calendar: Calendar;
  launchAt: number;
  /** Of `start --speed`: days are that many times shorter, counted from `start`. */
  speed: { start: number; factor: number };
}

/** What standups must know of their launch; told whole. */
export interface StandupSituation {
  launch: string;
  times: StandupTimes;
  directory: Directory;
  trial: boolean;
  ended: boolean;
}

export interface StandupInstant {
  at: number;
  kind: 'standup' | 'review';
}

export interface DueStandup extends StandupInstant {
  /** How many were due before it and not held. */
  missed: number;
}

/** A sped-up day may be shorter than what can be waited for: then standups are this far apart. */
const LEAST_APART = 2 * SECOND;
/** Instants that are counted one by one; of more the last is found from near the end. */
const MOST_COUNTED = 400;

/** At GO there is nothing left to prepare: what is watched after it alarms by itself. */
export function standupsAreOver(state: Pick<LaunchState, 'ended' | 'verdict'>): boolean {
  return state.ended !== undefined || isGone(state);
}

export function standupTimes({ plan, launchAt }: Pick<LaunchState, 'plan' | 'launchAt'>): StandupTimes {
  const { zone, transitions, until } = plan.calendar;
  const speed = { start: plan.start, factor: plan.speed?.factor ?? 1 };
  return { standup: plan.standup, calendar: { zone, transitions, until }, launchAt, speed };
}

/** The first instant after `after` at which the plan's clock shows the time of a standup on one of its days. */
function nextDaily({ standup, calendar, speed }: StandupTimes, after: number): number {
  const { start, factor } = speed;
  const [hours = NaN, minutes = NaN] = (standup?.at ?? '').split(':').map(Number);
  const time = hours * HOUR + minutes * MINUTE;
  if (!standup || !Number.isFinite(time)) return Infinity;
  // On the plan's own clock, where a day is a day.
  const from = start + (after - start) * factor;
  const today = Math.floor((from + offsetAt(calendar, from)) / DAY);
  for (let day = today - 1; day <= today + 8; day++) {
    if (!standup.days.includes(new Date(day * DAY).getUTCDay() || 7)) continue;
    const at = start + Math.round((instantOf(calendar, day * DAY + time) - start) / factor);
    if (at > after && (DAY / factor >= LEAST_APART || at >= after + LEAST_APART)) return at;
  }
  // Days that pass faster than one can wait.
  return factor > 1 && standup.days.length > 0 ? after + LEAST_APART : Infinity;
}

function nextReview({ standup, calendar, launchAt }: StandupTimes, after: number): number {
  const reviews = (standup?.reviews ?? []).map((review) => instantAt(calendar, review, launchAt));
  return Math.min(Infinity, ...reviews.filter((at) => at > after));
}

/** The first one after `after` (epoch ms). A review at the instant of a standup is held in its place. */
export function nextStandup(times: StandupTimes, after: number): StandupInstant | undefined {
  const daily = nextDaily(times, after);
  const review = nextReview(times, after);
  const at = Math.min(daily, review);
  return Number.isFinite(at) ? { at, kind: review <= daily ? 'review' : 'standup' } : undefined;
}

/** The last one of those that are due since `after`: whoever was away holds one, and says how many were not. */
export function dueStandup(
  times: StandupTimes,
  { after, now }: { after: number; now: number }
): DueStandup | undefined {
  let found: DueStandup | undefined;
  for (
    let next = nextStandup(times, after);
    next && next.at <= now;
    next = nextStandup(times, nearEnd(times, { found, now }))
  ) {
    found = { ...next, missed: found ? found.missed + 1 : 0 };
  }
  return found;
}

/** Where to look on from: usually the last one found; after too many of them, a week and a day before now. */
function nearEnd({ speed }: StandupTimes, { found, now }: { found?: DueStandup; now: number }): number {
  const { at, missed } = found!;
  return missed >= MOST_COUNTED ? Math.max(at, now - Math.max(LEAST_APART, (8 * DAY) / speed.factor)) : at;
}
