import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLaunches } from '../../api/queries';
import { Empty, Part } from '../../parts/part';
import { Frame } from '../../shell/frame';

export function LaunchesPage(): ReactNode {
  const asked = useLaunches(50);
  return (
    <Frame brand="Control room" home="/">
      <title>Launches</title>
      <h1>Launches</h1>
      <Part asked={asked} what="The list of launches">
        {({ launches }) =>
          launches.length === 0 ? (
            <Empty>None yet.</Empty>
          ) : (
            <ul>
              {launches.map(({ id, title }) => (
                <li key={id}>
                  <Link to={`/launches/${encodeURIComponent(id)}`}>{title}</Link>
                </li>
              ))}
            </ul>
          )
        }
      </Part>
    </Frame>
  );
}
