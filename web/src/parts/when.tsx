import type { ReactNode } from 'react';
import { durationText } from '../../../domain/text';
import { useNow } from '../live/now';
import { useLaunch } from '../live/use-launch';
import { dayAndTime, instantIn, readerZone, sameTime, type At } from './times';

/** An instant of the future or past, in the plan's zone; the reader's own time is in its title. */
export function When({ at, zone }: { at: At; zone?: boolean }): ReactNode {
  const { board } = useLaunch();
  return <Instant at={at} plan={board.timezone} zone={zone} />;
}

/** The same where there is no launch around. */
export function Instant({ at, plan, zone = false }: { at: At; plan: string; zone?: boolean }): ReactNode {
  const mine = readerZone();
  const title = sameTime(at, plan, mine) ? undefined : `${instantIn(mine, at)}, your time`;
  return (
    <time dateTime={new Date(at).toISOString()} title={title}>
      {zone ? instantIn(plan, at) : dayAndTime(plan, at)}
    </time>
  );
}

/** "4 min old" of what was seen, "4 min ago" of what was done; grows by itself. */
export function Age({ at, suffix = 'old' }: { at: At; suffix?: 'old' | 'ago' }): ReactNode {
  const now = useNow();
  const { board } = useLaunch();
  const ms = Math.max(0, now - new Date(at).getTime());
  return (
    <time dateTime={new Date(at).toISOString()} title={instantIn(board.timezone, at)}>
      {durationText(ms)} {suffix}
    </time>
  );
}
