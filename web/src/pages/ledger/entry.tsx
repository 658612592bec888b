import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { FactAnswer } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { factBy, factText } from '../../parts/fact-words';
import { dayAndTime, instantIn, momentIn, secondIn } from '../../parts/times';
import { Who } from '../../parts/who';

/** One fact as a sentence, with what is written on demand. */
export function Entry({ fact }: { fact: FactAnswer }): ReactNode {
  const { board, launch } = useLaunch();
  const { at, item, number, position } = fact;
  const zone = board.timezone;
  const by = factBy(fact);
  const isItem = item !== undefined && board.items.some(({ id }) => id === item);
  return (
    <tr>
      <th scope="row">
        <time dateTime={new Date(at).toISOString()} title={instantIn(zone, at)}>
          {`${dayAndTime(zone, at).slice(0, -5)}${secondIn(zone, at)}`}
        </time>
      </th>
      <td className="what">
        {factText(fact, (instant) => momentIn(zone, instant))}
        <span className="sub">
          {isItem && (
            <>
              <Link className="id" to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(item)}`}>
                {item}
              </Link>{' '}
            </>
          )}
          <Raw fact={fact} />
        </span>
      </td>
      <td>{by === undefined ? <span className="quiet nowrap">by itself</span> : <Who id={by} />}</td>
      <td className="mono quiet" title={`position ${position}`}>
        {number ?? 'not chained'}
      </td>
    </tr>
  );
}

function Raw({ fact }: { fact: FactAnswer }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const name = fact.number === undefined ? `position ${fact.position}` : `entry ${fact.number}`;
  return (
    <>
      <button type="button" className="link" data-row aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Hide what is written' : 'As written'}
        <span className="vh"> {name}</span>
      </button>
      {isOpen && (
        <pre className="raw" tabIndex={0} role="region" aria-label={`${name} as it is written`}>
          {JSON.stringify(fact, null, 2)}
        </pre>
      )}
    </>
  );
}
