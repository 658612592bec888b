import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';

export function ItemPage(): ReactNode {
  const { board } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`Item: ${board.title}`}</title>
        <h1>
          <b>Item</b>
        </h1>
      </div>
    </section>
  );
}
