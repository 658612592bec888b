import type { ReactNode } from 'react';
import { DAY } from '../../../../domain/units';
import { useLaunch } from '../../live/use-launch';
import { Empty } from '../../parts/part';
import { Section } from '../../parts/section';
import { cityOf, dayIn, readerZone, sameTime, shortIn, timeIn } from '../../parts/times';
import type { LaunchDate } from './dates';

const MOST = 60;
const SHORT_WITHIN = 6 * DAY;

/** Enough of an instant: within a week its weekday says which one it is. */
function planText(zone: string, at: number, now: number): string {
  return at - now < SHORT_WITHIN ? shortIn(zone, at) : `${dayIn(zone, at)} ${timeIn(zone, at)}`;
}

/** Where the two zones are on one day its time is enough. */
function mineText(zone: string, mine: string, at: number): string {
  return dayIn(zone, at) === dayIn(mine, at) ? timeIn(mine, at) : shortIn(mine, at);
}

/** All that has an instant from now on, in order. */
export function DatesTable({ dates, now }: { dates: readonly LaunchDate[]; now: number }): ReactNode {
  const { board } = useLaunch();
  const zone = board.timezone;
  const mine = readerZone();
  const isSame = dates.every(({ at }) => sameTime(at, zone, mine));
  const count = isSame ? cityOf(zone) : `${cityOf(zone)}, then ${cityOf(mine)}`;
  return (
    <Section id="dates" title="Dates from now on" count={count}>
      {dates.length === 0 ? (
        <Empty>No date is left. What happened when is in the ledger.</Empty>
      ) : (
        <table className="log dates">
          <caption className="vh">Dates from now on</caption>
          <thead className="vh">
            <tr>
              <th scope="col">When</th>
              {!isSame && <th scope="col">Your time</th>}
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {dates.slice(0, MOST).map(({ at, kind, text, warn }) => (
              <tr key={`${kind} ${at} ${text}`}>
                <th scope="row">
                  <time dateTime={new Date(at).toISOString()}>{planText(zone, at, now)}</time>
                </th>
                {!isSame && <td className="quiet">{mineText(zone, mine, at)}</td>}
                <td>
                  {kind === 'launch' ? <b>{text}</b> : text}
                  {warn && <span className="sub">before the last of the milestones</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {dates.length > MOST && <p className="quiet">and {dates.length - MOST} more</p>}
    </Section>
  );
}
