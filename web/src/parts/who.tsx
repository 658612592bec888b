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

/** Several; of nobody it says so. */
export function Whos({ ids, none = 'Nobody' }: { ids: readonly string[]; none?: string }): ReactNode {
  if (ids.length === 0) return <span className="quiet">{none}</span>;
  return ids.map((id, at) => (
    <Fragment key={id}>
      {at > 0 && ', '}
      <Who id={id} />
    </Fragment>
  ));
}
