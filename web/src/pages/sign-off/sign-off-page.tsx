import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';

export function SignOffPage(): ReactNode {
  const { board } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`Sign-off: ${board.title}`}</title>
        <h1>
          <b>Sign-off</b>
        </h1>
      </div>
    </section>
  );
}
