import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';

export function BoardPage(): ReactNode {
  const { board } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`Board: ${board.title}`}</title>
        <h1>
          <b>Board</b>
        </h1>
      </div>
    </section>
  );
}
