import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useFacts } from '../../api/queries';
import type { FactAnswer } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { factText } from '../../parts/fact-words';
import { Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { dayAndTime } from '../../parts/times';
import { When } from '../../parts/when';
import { useLastVisit, type Mark } from './last-visit';

/** What people ask about who have been away; the ledger has the rest. */
const NEWS: ReadonlySet<string> = new Set([
  'acknowledged',
  'amended',
  'announced',
  'attested',
  'blockerReported',
  'blockerReviewed',
  'chose',
  'dateTaken',
  'launched',
  'ended',
  'held',
  'moved',
  'postLaunchFell',
  'released',
  'reopened',
  'rescheduled',
  'retracted',
  'signOffSuspended',
  'signOffVoided',
  'signedOff',
  'staled',
  'decided',
  'waiverGiven',
  'waiverRanOut',
]);

const MOST = 8;

/** Since the visit before; on the first one there is nothing to compare with. */
export function Since(): ReactNode {
  const { board, launch } = useLaunch();
  const mark = useLastVisit(launch, board);
  return mark === undefined ? null : <News mark={mark} />;
}

function News({ mark }: { mark: Mark }): ReactNode {
  const { launch } = useLaunch();
  const asked = useFacts(launch, { after: mark.position, limit: 1_000 });
  return (
    <Section id="new" title="Since you were last here" count={<When at={mark.at} />}>
      <Part asked={asked} what="What has happened since">
        {({ facts }) => <List facts={facts.filter(({ type }) => NEWS.has(type))} />}
      </Part>
    </Section>
  );
}

function List({ facts }: { facts: readonly FactAnswer[] }): ReactNode {
  const { board, launch } = useLaunch();
  const zone = board.timezone;
  if (facts.length === 0) return <p className="quiet">Nothing that people have to know.</p>;
  return (
    <ul className="plain">
      {facts
        .slice(-MOST)
        .reverse()
        .map((fact) => (
          <li key={fact.position} className="pair">
            <span>{factText(fact, (at) => dayAndTime(zone, at))}</span>
            <When at={fact.at} />
          </li>
        ))}
      {facts.length > MOST && (
        <li>
          <Link to={`/launches/${encodeURIComponent(launch)}/ledger`}>{facts.length - MOST} more in the ledger</Link>
        </li>
      )}
    </ul>
  );
}
