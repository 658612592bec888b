import { finalPollOf } from '../../../../domain/launch-state';
import { nextStandup, standupTimes } from '../../../../domain/standup-times';
import { DAY, HOUR } from '../../../../domain/units';
import type { Board, Plan, StandupsAnswer } from '../../api/types';
import type { Span } from './history';
import type { Row } from './rows';

export interface LaunchDate {
  at: number;
  kind: 'milestone' | 'standup' | 'review' | 'announce' | 'poll' | 'launch' | 'due' | 'clock' | 'verdict';
  text: string;
  /** For the picture, where there is little room. */
  short: string;
  /** Dates that contradict each other. */
  warn?: boolean;
}

const MOST_STANDUPS = 40;

interface Known {
  plan: Plan;
  board: Board;
  standups: StandupsAnswer['standups'];
  now: number;
}

function standupsOf({ plan, board, standups, now }: Known): LaunchDate[] {
  const name = (kind: string) => (kind === 'review' ? 'Review' : 'Standup');
  const held = standups.flatMap(({ kind, at, due }): LaunchDate[] =>
    kind === 'now' ? [] : [{ at: Date.parse(due ?? at), kind, text: `${name(kind)} was held`, short: name(kind) }]
  );
  if (board.standup === null || board.ended) return held;
  const launchAt = Date.parse(board.launchAt);
  const times = standupTimes({ plan, launchAt });
  const coming: LaunchDate[] = [];
  for (
    let next = nextStandup(times, now);
    next && next.at < launchAt && coming.length < MOST_STANDUPS;
    next = nextStandup(times, next.at)
  ) {
    coming.push({ at: next.at, kind: next.kind, text: name(next.kind), short: name(next.kind) });
  }
  return [...held, ...coming];
}

function announcementOf({ announce, announcement, milestones }: Board): LaunchDate[] {
  const at = announce?.at ?? announcement?.at;
  if (at === undefined) return [];
  // Announced before the last of the milestones, a date may have to be taken back in public.
  const warn = milestones.some((each) => each.at !== null && Date.parse(each.at) > Date.parse(at));
  const isOut = (announce ?? announcement)!.accepted.length > 0;
  const text = isOut ? 'The date was announced' : 'The date is announced';
  return [{ at: Date.parse(at), kind: 'announce', text, short: 'Announce', warn }];
}

/** The dates of the launch itself, past and to come, in order. */
export function launchDates(known: Known): LaunchDate[] {
  const { plan, board } = known;
  const launchAt = Date.parse(board.launchAt);
  const poll = launchAt - finalPollOf({ plan });
  const dates: LaunchDate[] = [
    ...board.milestones.flatMap(({ title, at }): LaunchDate[] =>
      at === null ? [] : [{ at: Date.parse(at), kind: 'milestone', text: title, short: title }]
    ),
    ...standupsOf(known),
    ...announcementOf(board),
    { at: poll, kind: 'poll', text: 'Final poll: every must is measured afresh', short: 'Final poll' },
    { at: launchAt, kind: 'launch', text: 'Launch: GO or DELAY', short: 'Launch' },
  ];
  return dates.sort((a, b) => a.at - b.at);
}

/** What is due of items, those that are due at one instant together. */
export function dueDates(rows: readonly Row[], now: number): LaunchDate[] {
  const byInstant = new Map<number, string[]>();
  for (const { id, isAwaited, deadline, planned } of rows) {
    const at = deadline ?? planned?.to;
    if (!isAwaited || at === undefined || at < now) continue;
    byInstant.set(at, [...(byInstant.get(at) ?? []), id]);
  }
  return [...byInstant].map(([at, ids]) => {
    const more = ids.length > 4 ? ` and ${ids.length - 3} more` : '';
    const text = `${(more ? ids.slice(0, 3) : ids).join(', ')}${more} due`;
    return { at, kind: 'due', text, short: text };
  });
}

const MOST_LOOKED_AT = 200 * DAY;

/** When the clocks of a zone are changed, and by how much; `offsetOf` gives ms ahead of UTC. */
export function clockChanges({ from, to }: Span, offsetOf: (at: number) => number): Array<{ at: number; by: number }> {
  const changes: Array<{ at: number; by: number }> = [];
  const end = Math.min(to, from + MOST_LOOKED_AT);
  for (let day = from; day < end; day += DAY) {
    if (offsetOf(day) === offsetOf(Math.min(end, day + DAY))) continue;
    let at = Math.ceil(day / HOUR) * HOUR;
    while (offsetOf(at) === offsetOf(day) && at < day + DAY) at += HOUR / 2;
    changes.push({ at, by: offsetOf(at) - offsetOf(day) });
  }
  return changes;
}

/** ms ahead of UTC, by the machine's own zone. */
export function readerOffset(at: number): number {
  return -new Date(at).getTimezoneOffset() * 60_000;
}

/** "Clocks go back 1 h in Berlin". */
export function clockDate({ at, by }: { at: number; by: number }, city: string): LaunchDate {
  const hours = Math.abs(by) / HOUR;
  const text = `Clocks go ${by < 0 ? 'back' : 'forward'} ${hours} h in ${city}`;
  return { at, kind: 'clock', text, short: `${by < 0 ? '−' : '+'}${hours} h` };
}
