import { useEffect, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { Link } from 'react-router';
import { useLaunch } from '../../live/use-launch';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { When } from '../../parts/when';
import type { Row } from './rows';

function Instant({ at, none = 'none' }: { at: number | undefined; none?: string }): ReactNode {
  return at === undefined ? <span className="quiet">{none}</span> : <When at={at} />;
}

/** What the picture shows of each item, in words. */
export function ItemsTable({ rows }: { rows: readonly Row[] }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  // On paper nothing can be opened any more.
  useEffect(() => {
    const printed = (): void => flushSync(() => setOpen(true));
    window.addEventListener('beforeprint', printed);
    return () => window.removeEventListener('beforeprint', printed);
  }, []);
  return (
    <details className="more" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>All {rows.length} items as a table</summary>
      {isOpen && (
        <Table
          caption="Items against dates"
          heads={['Item', 'State', 'Planned from', 'Planned to', 'Begun', 'Met', 'Deadline', 'Opens after']}
          stack
        >
          {rows.map((row) => (
            <ItemRow key={row.id} row={row} />
          ))}
        </Table>
      )}
    </details>
  );
}

function ItemRow({ row }: { row: Row }): ReactNode {
  const { launch } = useLaunch();
  const { id, state, planned, worked, settled, deadline, after, isCritical } = row;
  const cells = [
    { label: 'Planned from ', cell: <Instant at={planned?.from} /> },
    { label: 'Planned to ', cell: <Instant at={planned?.to} /> },
    { label: 'Begun ', cell: <Instant at={worked[0]?.from} none="not yet" /> },
    { label: 'Met ', cell: <Instant at={settled} none="not yet" /> },
    { label: 'Deadline ', cell: <Instant at={deadline} /> },
    { label: 'Opens after ', cell: after.join(', ') || 'nothing' },
  ];
  return (
    <tr>
      <th scope="row">
        <Link className="id" to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(id)}`}>
          {id}
        </Link>
        {isCritical && <span className="sub">on the critical path</span>}
      </th>
      <td>
        <State state={state} />
      </td>
      {cells.map(({ label, cell }) => (
        <td key={label} className={label === 'Opens after ' ? 'what' : undefined}>
          <span className="lbl">{label}</span>
          {cell}
        </td>
      ))}
    </tr>
  );
}
