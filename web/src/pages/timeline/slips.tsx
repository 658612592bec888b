import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLaunch } from '../../live/use-launch';
import { Empty } from '../../parts/part';
import { Section } from '../../parts/section';
import { When } from '../../parts/when';
import { slipText, type Slip } from './rows';

const MOST_MOVED = 3;

/** What is not where the plan has it, and each move of the launch date. */
export function Slips({ slips }: { slips: readonly Slip[] }): ReactNode {
  const { board } = useLaunch();
  const moved = board.slips.length;
  const count = `launch date moved ${moved === 1 ? 'once' : `${moved} times`}`;
  return (
    <Section id="slips" title="Slips" count={count}>
      {moved > 0 && <Moves />}
      {slips.length === 0 ? (
        <Empty>Nothing has slipped. An item comes here when it is not met by its planned end or deadline.</Empty>
      ) : (
        <table className="log stack slips">
          <caption className="vh">Slips against the plan</caption>
          <thead>
            <tr>
              {['Item', 'Planned', 'Now', 'Slip', 'Moves'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {slips.map((slip) => (
              <SlipRow key={slip.id} slip={slip} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function SlipRow({ slip }: { slip: Slip }): ReactNode {
  const { launch } = useLaunch();
  const { id, planned, met, isReopened, by, moves } = slip;
  const more = moves.length > MOST_MOVED ? `, +${moves.length - MOST_MOVED}` : '';
  return (
    <tr>
      <th scope="row">
        <Link className="id" to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(id)}`}>
          {id}
        </Link>
      </th>
      <td>
        <span className="lbl">Planned </span>
        <When at={planned} />
      </td>
      <td>
        <span className="lbl">Now </span>
        {met === undefined ? (
          isReopened ? (
            'open again'
          ) : (
            'open'
          )
        ) : (
          <>
            met <When at={met} />
          </>
        )}
      </td>
      <td>
        <span className="lbl">Slip </span>
        <span className="nowrap">{slipText(by)}</span>
      </td>
      <td>
        <span className="lbl">Moves </span>
        {moves.length === 0 ? 'Nothing' : `${moves.slice(0, MOST_MOVED).join(', ')}${more}`}
      </td>
    </tr>
  );
}

/** Of the launch date: from when to when, by whom and why. */
function Moves(): ReactNode {
  const { board } = useLaunch();
  return (
    <ul className="plain">
      {board.slips.map(({ at, from, to, by, reason }) => (
        <li key={`${at} ${to}`}>
          Launch date: <When at={from} /> to <When at={to} />
          <span className="sub">
            <When at={at} />
            {by !== undefined && <>, by {by}</>}: {reason}
          </span>
        </li>
      ))}
    </ul>
  );
}
