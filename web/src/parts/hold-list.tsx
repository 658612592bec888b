import type { ReactNode } from 'react';
import { useLaunch } from '../live/use-launch';
import { When } from './when';
import { Who } from './who';

/** Who holds the launch, why, since when. */
export function HoldList(): ReactNode {
  const { board } = useLaunch();
  return (
    <ul className="plain">
      {board.holds.map(({ by, at, reason }) => (
        <li key={`${by} ${at}`}>
          <Who id={by} />: {reason}
          <span className="sub">
            since <When at={at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
