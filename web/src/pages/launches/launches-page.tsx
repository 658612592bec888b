import type { ReactNode } from 'react';
import { count } from '../../../../domain/text';
import { Link } from 'react-router';
import { useLaunches, useMe } from '../../api/queries';
import type { ListedLaunch } from '../../api/types';
import { Mark, type MarkName } from '../../parts/mark';
import { Empty, Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { Table } from '../../parts/table';
import { instantIn, readerZone } from '../../parts/times';
import { Frame } from '../../shell/frame';
import { Keys } from '../../shell/keys';
import { SignOut } from '../../shell/signed-in';

/** Every launch that the reader may see, the newest first. */
export function LaunchesPage(): ReactNode {
  const asked = useLaunches();
  const { data: me } = useMe();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  return (
    <Frame brand="Control room" home="/" end={me && <span className="small who">{me.person}</span>} foot={<Foot />}>
      <title>Launches</title>
      <section className="lede">
        <div>
          <h1>
            <b>Launches</b>
          </h1>
        </div>
      </section>
      <Section id="all" title="All launches" about="the newest first" count={data && counted(data)}>
        <Part asked={asked} what="The list of launches">
          {(launches) => <List launches={launches} />}
        </Part>
        {hasNextPage && (
          <p className="send">
            <button
              type="button"
              className="btn second"
              aria-disabled={isFetchingNextPage || undefined}
              onClick={() => void fetchNextPage()}
            >
              {isFetchingNextPage ? 'Loading more' : 'Show more'}
            </button>
          </p>
        )}
      </Section>
    </Frame>
  );
}

function counted(launches: readonly ListedLaunch[]): string {
  return `${launches.filter(({ running }) => running).length} running`;
}

function List({ launches }: { launches: readonly ListedLaunch[] }): ReactNode {
  if (launches.length === 0) {
    return (
      <Empty>
        No launch yet, or none that is for you to see. One begins with <code>launch start PLAN</code>.
      </Empty>
    );
  }
  return (
    <Table
      caption="Launches: verdict, phase and date of each"
      heads={['Launch', 'Verdict', 'Phase', 'Launch date']}
      stack
    >
      {launches.map((launch) => (
        <Row key={launch.id} launch={launch} />
      ))}
    </Table>
  );
}

function Row({ launch }: { launch: ListedLaunch }): ReactNode {
  const { id, title, phase, launchAt, running } = launch;
  return (
    <tr>
      <th scope="row">
        <Link className="name" data-row to={`/launches/${encodeURIComponent(id)}`}>
          {title}
        </Link>
        <span className="sub mono">{id}</span>
      </th>
      <td>
        <VerdictWord launch={launch} />
        <Open launch={launch} />
      </td>
      <td>
        {phase === 'held' ? (
          <span className="state idle">
            <Mark name="held" />
            <span>{phase}</span>
          </span>
        ) : (
          <span className="nowrap">{phase ?? 'not known yet'}</span>
        )}
        <span className="sub">{running === null ? 'not known whether it runs' : running ? 'running' : 'over'}</span>
      </td>
      <td>
        {launchAt === null ? 'not known yet' : <time dateTime={launchAt}>{instantIn(readerZone(), launchAt)}</time>}
      </td>
    </tr>
  );
}

const LOOKS: { readonly [value: string]: { role: string; mark: MarkName; word: string } } = {
  GO: { role: 'met', mark: 'go', word: 'GO' },
  DELAY: { role: 'unsure', mark: 'delay', word: 'DELAY' },
  NO_GO: { role: 'notmet', mark: 'nogo', word: 'NO-GO' },
};

/** Of the verdict that was given; before that there is none. */
function VerdictWord({ launch: { verdict, running } }: { launch: ListedLaunch }): ReactNode {
  const look = verdict === null ? undefined : LOOKS[verdict];
  if (!look) return <span className="quiet nowrap">{running === false ? 'none' : 'not given yet'}</span>;
  return (
    <span className={`state ${look.role}`}>
      <Mark name={look.mark} />
      <span>{look.word}</span>
    </span>
  );
}

/** How far it is, while it runs towards GO. */
function Open({ launch: { verdict, mustOpen } }: { launch: ListedLaunch }): ReactNode {
  if (mustOpen === null || verdict === 'GO') return null;
  return <span className="sub">{count(mustOpen, 'must', 'musts')} open</span>;
}

function Foot(): ReactNode {
  return (
    <>
      <span>Times are yours: {readerZone()}.</span>
      <Keys />
      <SignOut />
    </>
  );
}
