import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';

export function StandupsPage(): ReactNode {
  const { board } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`Standups: ${board.title}`}</title>
        <h1>
          <b>Standups</b>
        </h1>
      </div>
    </section>
  );
}
