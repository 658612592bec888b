import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';

export function TimelinePage(): ReactNode {
  const { board } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`Timeline: ${board.title}`}</title>
        <h1>
          <b>Timeline</b>
        </h1>
      </div>
    </section>
  );
}
