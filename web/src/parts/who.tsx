import { Fragment, type ReactNode } from 'react';
import { useLaunch } from '../live/use-launch';

/** A person or a station, as the plan writes it; marked where it is the reader. */
export function Who({ id }: { id: string }): ReactNode {
  const { reader } = useLaunch();
  const name = reader.people.find((person) => person.id === id)?.name;
  return (
    <span className="who" title={name !== undefined && name !== id ? name : undefined}>
      {id}
      {reader.person === id && <span className="you"> you</span>}
    </span>
  );
}

interface Several {
  ids: readonly string[];
  /** Of more than so many the rest is counted. */
  most?: number;
  /** Said where there is nobody. */
  none?: string;
}

export function Whos({ ids, most = Infinity, none = 'Nobody' }: Several): ReactNode {
  if (ids.length === 0) return <span className="quiet">{none}</span>;
  const isCut = ids.length > most;
  const shown = isCut ? ids.slice(0, most - 1) : ids;
  return (
    <span title={isCut ? ids.join(', ') : undefined}>
      {shown.map((id, at) => (
        <Fragment key={id}>
          {at > 0 && ', '}
          <Who id={id} />
        </Fragment>
      ))}
      {isCut && ` and ${ids.length - shown.length} others`}
    </span>
  );
}
