import type { Board } from './board';
import { instantAt, isOpen, nextOpen } from './intervals';
import { finalPollOf } from './launch-state';
import type { Instant, Plan } from './plan';

/** An instant that hangs on the launch date; epoch ms. */
export interface Moved {
  what: 'launch' | 'poll' | 'announcement' | 'deadline' | 'milestone' | 'review' | 'metric' | 'planned' | 'begin';
  /** Of an item, where it is one's. */
  item?: string;
  title: string;
  from: number;
  to: number;
}

/** What another launch date would bring with it, before anybody says so. */
export interface ReschedulePreview {
  moves: Moved[];
  /** Whose sign-offs would be void. */
  voids: string[];
  /** The new date lies outside of the plan's windows; the next instant in one where the calendar knows it. */
  closed?: { opens?: number };
}

type Dated = Omit<Moved, 'from' | 'to'> & { at: Instant | undefined };

function datesOf({ items, launch, standup, metrics }: Plan): Dated[] {
  return [
    ...launch.milestones.map(({ title, at }): Dated => ({ what: 'milestone', title, at })),
    ...items.flatMap((item): Dated[] => [
      { what: 'deadline', item: item.id, title: item.title, at: item.deadline },
      { what: 'planned', item: item.id, title: item.title, at: item.planned?.to },
      ...item.criteria.map((each): Dated => ({ what: 'begin', item: item.id, title: each.title, at: each.from })),
    ]),
    ...(standup?.reviews ?? []).map((at): Dated => ({ what: 'review', title: 'Review', at })),
    ...metrics.map(({ title, by }): Dated => ({ what: 'metric', title, at: by })),
  ];
}

/** What moves with the launch from where it is to `to`, epoch ms. What has a date of its own stays. */
export function reschedulePreview(
  plan: Plan,
  { launchAt, signOffs }: Pick<Board, 'launchAt' | 'signOffs'>,
  to: number
): ReschedulePreview {
  const { calendar, launch } = plan;
  const from = Date.parse(launchAt);
  const before = (ms: number) => ({ from: from - ms, to: to - ms });
  const dated = datesOf(plan).flatMap(({ at, ...what }): Moved[] => {
    const moved = at && { from: instantAt(calendar, at, from), to: instantAt(calendar, at, to) };
    return moved && moved.from !== moved.to ? [{ ...what, ...moved }] : [];
  });
  const opens = isOpen(calendar, to) ? undefined : { opens: nextOpen(calendar, to) };
  return {
    moves: [
      { what: 'launch', title: plan.title, ...before(0) },
      { what: 'poll', title: 'Final poll', ...before(finalPollOf({ plan })) },
      ...(launch.announce.to.length > 0
        ? [{ what: 'announcement' as const, title: 'Announcement', ...before(launch.announce.lead) }]
        : []),
      ...dated,
    ],
    voids: signOffs.flatMap(({ by, answer, state }) => (answer === 'yes' && state !== 'void' ? [by] : [])),
    ...(opens && { closed: opens }),
  };
}
