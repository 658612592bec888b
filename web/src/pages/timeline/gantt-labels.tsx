import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLaunch } from '../../live/use-launch';
import { Mark } from '../../parts/mark';
import { LOOKS } from '../../parts/state';
import { cityOf, readerZone } from '../../parts/times';
import { mostBefore } from './burn';
import type { GanttProps } from './gantt';
import { SIGN_OFFS } from './sign-off-row';
import type { Row } from './rows';

const MOST_OWNERS = 2;

function ownersText(owners: readonly string[]): string {
  if (owners.length <= MOST_OWNERS) return owners.join(', ');
  return `${owners[0]}, +${owners.length - 1}`;
}

/** One for each row of the picture, at the same height. */
export function Labels({ rows, burn, zone }: GanttProps): ReactNode {
  const { board } = useLaunch();
  const critical = rows.filter(({ isCritical }) => isCritical).length;
  const moved = board.slips.length;
  const mine = readerZone();
  return (
    <ol>
      <li className="zones" aria-hidden="true">
        <span>{cityOf(zone)}</span>
        <span>{mine === zone ? '' : cityOf(mine)}</span>
      </li>
      <li className="idle">
        <span />
        <span>
          <b>Dates of the launch</b>
          <span className="sub">moved {moved === 1 ? 'once' : `${moved} times`}</span>
        </span>
        <span />
      </li>
      {rows.map((row, at) => (
        <Label key={row.id} row={row} isCut={at === critical && critical > 0} />
      ))}
      {burn && (
        <li className="tall idle">
          <span />
          <span>
            <b>Musts met</b>
            <span className="sub">
              {burn.now} of {burn.total} now; the plan said {burn.plannedNow}.
            </span>
            {mostBefore(burn) !== undefined && <span className="sub">It was {mostBefore(burn)} before.</span>}
          </span>
          <span />
        </li>
      )}
    </ol>
  );
}

function Label({ row, isCut }: { row: Row; isCut: boolean }): ReactNode {
  const { launch } = useLaunch();
  const { id, title, state, owners, isCritical } = row;
  const { role, mark, word } = LOOKS[state];
  const isSignOff = id === SIGN_OFFS;
  const base = `/launches/${encodeURIComponent(launch)}`;
  return (
    <li className={isCut ? `${role} past-path` : role}>
      <Mark name={mark} />
      <span>
        <Link
          className={isSignOff ? 'id words' : 'id'}
          data-row
          to={isSignOff ? `${base}/sign-off` : `${base}/items/${encodeURIComponent(id)}`}
          title={title}
        >
          {id}
        </Link>
        <span className="sub">
          {isCritical ? (
            <>
              <span className="crit-mark">critical</span>, {word.toLowerCase()}
            </>
          ) : (
            word
          )}
        </span>
      </span>
      <span className="who" title={owners.join(', ')}>
        {ownersText(owners)}
      </span>
    </li>
  );
}
