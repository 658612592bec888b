import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';

export function LedgerPage(): ReactNode {
  const { board } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`Ledger: ${board.title}`}</title>
        <h1>
          <b>Ledger</b>
        </h1>
      </div>
    </section>
  );
}
