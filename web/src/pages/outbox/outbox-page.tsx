import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';

export function OutboxPage(): ReactNode {
  const { board } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`Outbox: ${board.title}`}</title>
        <h1>
          <b>Outbox</b>
        </h1>
      </div>
    </section>
  );
}
