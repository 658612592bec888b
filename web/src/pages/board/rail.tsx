import type { ReactNode } from 'react';
import { MINUTE } from '../../../../domain/units';
import { usePlan } from '../../api/queries';
import type { BoardAnswer, Plan } from '../../api/types';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { shortIn } from '../../parts/times';

interface Stop {
  title: string;
  at: number;
  kind: 'now' | 'end' | 'plain';
  /** Left out where there is little room. */
  minor?: boolean;
  /** Dates that contradict each other. */
  warn?: boolean;
}

function stopsOf(board: BoardAnswer, plan: Plan | undefined, now: number): Stop[] {
  const launch = Date.parse(board.launchAt);
  const at = (iso: string) => Date.parse(iso);
  const stops: Stop[] = [
    ...(plan ? [{ title: 'Opened', at: plan.start, kind: 'plain' as const, minor: true }] : []),
    ...board.milestones.flatMap(({ title, at: when }) =>
      when === null ? [] : [{ title, at: at(when), kind: 'plain' as const }]
    ),
    ...(board.standup && !board.ended
      ? [
          {
            title: board.standup.kind === 'review' ? 'Review' : 'Standup',
            at: at(board.standup.next),
            kind: 'plain' as const,
            minor: true,
          },
        ]
      : []),
    ...(board.announce ? [announcement(board, at(board.announce.at))] : []),
    ...(plan ? [{ title: 'Final poll', at: launch - plan.launch.finalPoll, kind: 'plain' as const }] : []),
    { title: 'Launch', at: launch, kind: 'end' },
    ...(board.ended ? [] : [{ title: 'Now', at: now, kind: 'now' as const }]),
  ];
  return stops.sort((a, b) => a.at - b.at);
}

/** A date that is announced before the last of the milestones may have to be taken back in public. */
function announcement({ milestones }: BoardAnswer, at: number): Stop {
  const warn = milestones.some((each) => each.at !== null && Date.parse(each.at) > at);
  return { title: 'Announcement', at, kind: 'plain', warn };
}

interface Placed extends Stop {
  share: number;
  side: 'up' | 'down';
  /** Near the end its words stand before its line. */
  flip: boolean;
  /** Its words would run into others': the line alone is drawn, and the list has it. */
  mute?: boolean;
}

/** Of the whole width: what words take of it at the widest, and where they must stand before their line. */
const LETTER = 6.6 / 1_344;
const PADDING = 16 / 1_344;
const TIME_LETTERS = 10;
const FLIPPED_FROM = 0.87;
const FIRST = { end: 0, now: 1, plain: 2 } as const;

/** Those that matter most choose first, each the side that has room. */
function placed(stops: readonly Stop[], from: number, to: number): Placed[] {
  const taken = { up: [] as Array<[number, number]>, down: [] as Array<[number, number]> };
  const byWeight = [...stops].sort(
    (a, b) => FIRST[a.kind] - FIRST[b.kind] || Number(b.warn ?? false) - Number(a.warn ?? false)
  );
  const place = (stop: Stop): Placed => {
    const share = Math.max(0, Math.min(1, (stop.at - from) / Math.max(1, to - from)));
    const flip = share > FLIPPED_FROM;
    const width = Math.max(stop.title.length, TIME_LETTERS) * LETTER + PADDING;
    const [begin, end] = flip ? [share - width, share] : [share, share + width];
    const isFree = (side: 'up' | 'down') => taken[side].every(([b, e]) => end <= b || begin >= e) && end <= 1;
    const side = (stop.kind === 'end' ? ['down' as const] : (['up', 'down'] as const)).find(isFree);
    if (side) taken[side].push([begin, end]);
    return { ...stop, share, flip, side: side ?? 'up', mute: side === undefined };
  };
  return byWeight.map(place).sort((a, b) => a.at - b.at);
}

const percent = (share: number) => `${Math.round(share * 100_000) / 1_000}%`;

/** From the opening of the launch to its instant; below 960 px it is a list. */
export function Rail(): ReactNode {
  const { board, launch } = useLaunch();
  const { data: plan } = usePlan(launch, board.revision);
  const now = useNow(MINUTE / 6);
  const stops = stopsOf(board, plan, now);
  const to = Math.max(Date.parse(board.launchAt), board.ended ? 0 : now);
  const from = plan?.start ?? Math.min(now, to);
  const done = percent(Math.max(0, Math.min(1, (now - from) / Math.max(1, to - from))));
  const inSight = stops.filter(({ at }) => at >= from && at <= to);
  return (
    <section className="rail" aria-label="Dates of this launch">
      <div className="done" style={{ width: done }} />
      <div className="left" style={{ insetInlineStart: done }} />
      <ol>
        {placed(inSight, from, to).map((stop) => (
          <RailStop key={`${stop.title} ${stop.at}`} stop={stop} zone={board.timezone} />
        ))}
      </ol>
    </section>
  );
}

function RailStop({ stop, zone }: { stop: Placed; zone: string }): ReactNode {
  const { kind, side, share, flip, minor, warn, mute, title, at } = stop;
  const isEnd = kind === 'end';
  const names = [
    side,
    kind === 'now' && 'now',
    isEnd && 'end',
    flip && !isEnd && 'flip',
    minor && 'minor',
    warn && 'warn',
    mute && 'mute',
  ];
  const place = flip || isEnd ? { insetInlineEnd: percent(1 - share) } : { insetInlineStart: percent(share) };
  return (
    <li className={names.filter(Boolean).join(' ')} style={place}>
      <div>
        <b>{title}</b>
        <span>{shortIn(zone, at)}</span>
      </div>
    </li>
  );
}
