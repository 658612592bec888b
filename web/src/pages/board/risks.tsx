import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { boardRisks } from '../../../../domain/board-risks';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { Section } from '../../parts/section';
import { When } from '../../parts/when';

const MOST = 8;

export function Risks(): ReactNode {
  const { board, launch } = useLaunch();
  const now = useNow(60_000);
  const risks = boardRisks(board, now);
  if (risks.length === 0) return null;
  return (
    <Section id="risk" title="At risk" count={risks.length}>
      <ul className="plain">
        {risks.slice(0, MOST).map(({ title, item, says, at }) => (
          <li key={`${title} ${says}`}>
            {item === undefined ? (
              title
            ) : (
              <Link to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(item)}`}>{title}</Link>
            )}
            <span className="sub">
              {says}
              {at !== undefined && (
                <>
                  , was due <When at={at} />
                </>
              )}
            </span>
          </li>
        ))}
        {risks.length > MOST && <li className="quiet">and {risks.length - MOST} more</li>}
      </ul>
    </Section>
  );
}
