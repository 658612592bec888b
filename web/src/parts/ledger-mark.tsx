import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLedger } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { timeIn } from './times';

/** How far the ledger goes, and when it was verified last: a line at the foot of each page. */
export function LedgerMark(): ReactNode {
  const { board, launch } = useLaunch();
  const { data } = useLedger(launch);
  if (!data || data.head === null) return null;
  const { entries, state, verified } = data;
  const at = verified && timeIn(board.timezone, verified.at);
  const count = entries === 1 ? '1 entry' : `${entries} entries`;
  if (state === 'broken')
    return (
      <Link to={`/launches/${encodeURIComponent(launch)}/ledger`}>
        <b>The ledger is not as it was written.</b>
      </Link>
    );
  return (
    <span>
      Ledger: {count}, {at === null ? 'being verified' : `chain verified ${at}`}.
    </span>
  );
}
