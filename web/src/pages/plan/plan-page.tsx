import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';

export function PlanPage(): ReactNode {
  const { board } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`Plan: ${board.title}`}</title>
        <h1>
          <b>Plan</b>
        </h1>
      </div>
    </section>
  );
}
