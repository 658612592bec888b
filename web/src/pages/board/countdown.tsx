import type { ReactNode } from 'react';
import type { BoardAnswer } from '../../api/types';
import { useNow } from '../../live/now';
import { cityOf, dayAndTime, readerZone, sameTime, zoneName } from '../../parts/times';

const SECOND = 1_000;
const HOUR = 3_600;

/** "46:17:52", with hours beyond a day: people count hours to a launch. */
export function countdownText(ms: number): string {
  const all = Math.floor(Math.abs(ms) / SECOND);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(all / HOUR))}:${two(Math.floor((all % HOUR) / 60))}:${two(all % 60)}`;
}

function Time({ at, zone, strong = false }: { at: number | string; zone: string; strong?: boolean }): ReactNode {
  const text = dayAndTime(zone, at);
  return (
    <dd>
      {strong ? <b>{text}</b> : text} {zoneName(zone, at)}
    </dd>
  );
}

/** Never spoken: it is there for whoever looks at it. */
export function Countdown({ board }: { board: BoardAnswer }): ReactNode {
  const now = useNow();
  const { timezone: zone, launchAt } = board;
  const mine = readerZone();
  const isDecided = board.verdict.at !== null && board.verdict.value !== 'DELAY';
  return (
    <div className="clock" role="timer" aria-live="off" aria-label="Time to the launch">
      {isDecided || board.ended ? <Decided board={board} /> : <Left board={board} now={now} />}
      <dl>
        <dt>Launch</dt>
        <Time at={launchAt} zone={zone} strong />
        {!sameTime(launchAt, zone, mine) && (
          <>
            <dt>{cityOf(mine)}</dt>
            <Time at={launchAt} zone={mine} />
          </>
        )}
        <dt>Now</dt>
        <Time at={now} zone={zone} />
      </dl>
    </div>
  );
}

/** Under a hold it stands at what was left when it began. */
function Left({ board, now }: { board: BoardAnswer; now: number }): ReactNode {
  const heldSince = board.phase === 'held' ? board.holds.map(({ at }) => Date.parse(at)) : [];
  const left = Date.parse(board.launchAt) - Math.min(now, ...heldSince);
  return (
    <span className="t">
      <span>{left >= 0 ? 'T−' : 'T+'}</span>
      {countdownText(left)}
    </span>
  );
}

function Decided({ board }: { board: BoardAnswer }): ReactNode {
  const at = board.verdict.at ?? board.ended?.at ?? board.launchAt;
  const [day = '', time = ''] = dayAndTime(board.timezone, at).split(', ');
  return (
    <span className="t">
      <span>{day.split(' ')[0]} </span>
      {time}
    </span>
  );
}
