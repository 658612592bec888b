import type { ReactNode } from 'react';
import { durationText } from '../../../../domain/text';
import type { ItemAnswer } from '../../api/types';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { Gauge } from '../../parts/gauge';
import { Mark } from '../../parts/mark';
import { Section } from '../../parts/section';
import type { Role } from '../../parts/state';
import { dayAndTime } from '../../parts/times';

type Clock = NonNullable<ItemAnswer['clocks']>[number];

interface Props {
  clocks: readonly Clock[];
  owners: readonly string[];
  /** When the answer came that the clocks are from, epoch ms: those that run have gone on since. */
  askedAt: number;
}

function titleOf({ clock, runs }: Clock, owners: readonly string[]): string {
  const who = owners.join(' or ') || 'Nobody';
  if (clock === 'respond') return runs ? `${who} acknowledges` : 'First answer';
  return clock === 'resolve' ? 'Until it is resolved' : 'Deadline';
}

export function Clocks({ clocks, owners, askedAt }: Props): ReactNode {
  if (clocks.length === 0) return null;
  return (
    <Section id="clocks" title="Clocks">
      {clocks.map((clock) => (
        <OneClock key={clock.clock} clock={clock} title={titleOf(clock, owners)} askedAt={askedAt} />
      ))}
    </Section>
  );
}

/** Those of working time go on by the next answer; the others with this machine's seconds. */
function OneClock({ clock, title, askedAt }: { clock: Clock; title: string; askedAt: number }): ReactNode {
  const { board } = useLaunch();
  const now = useNow();
  const spent = clock.spent + (clock.runs ? Math.max(0, now - askedAt) : 0);
  const isLate = spent > clock.limit;
  const role: Role = isLate ? 'unsure' : clock.runs ? 'inhand' : 'idle';
  const left = clock.limit - spent;
  return (
    <Gauge
      title={title}
      role={role}
      used={clock.limit > 0 ? spent / clock.limit : 1}
      end={
        <span className={`state ${role}`}>
          {isLate && <Mark name="late" />}
          <span>
            {isLate
              ? `${durationText(-left)} late`
              : clock.runs
                ? `${durationText(left)} left`
                : `stands at ${durationText(spent)}`}
          </span>
        </span>
      }
    >
      <p className="pair">
        <span>
          {isLate
            ? `limit ${durationText(clock.limit)}`
            : `${durationText(spent)} of ${durationText(clock.limit)} used`}
        </span>
        {clock.by !== null && <span>by {dayAndTime(board.timezone, clock.by)}</span>}
      </p>
      <Told clock={clock} zone={board.timezone} />
    </Gauge>
  );
}

function Told({ clock: { next, told }, zone }: { clock: Clock; zone: string }): ReactNode {
  if (!next && told.length === 0) return null;
  return (
    <p className="small quiet">
      {told.length > 0 && `${told.join(', ')} ${told.length === 1 ? 'was' : 'were'} told. `}
      {next && `At ${dayAndTime(zone, next.at)} ${next.to.join(' and ')} ${next.to.length === 1 ? 'is' : 'are'} told.`}
    </p>
  );
}
