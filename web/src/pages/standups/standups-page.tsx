import type { ReactNode } from 'react';
import { durationText } from '../../../../domain/text';
import { useStandups } from '../../api/queries';
import type { Board, StandupsAnswer } from '../../api/types';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { Empty, Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { dayIn, secondIn } from '../../parts/times';
import { When } from '../../parts/when';

type Standup = StandupsAnswer['standups'][number];

/** The digests as they were sent, the newest first, and when the next one is. */
export function StandupsPage(): ReactNode {
  const { board, launch } = useLaunch();
  const asked = useStandups(launch);
  return (
    <>
      <title>{`Standups: ${board.title}`}</title>
      <section className="lede">
        <div>
          <h1>
            <b>Standups.</b> <Next board={board} />
          </h1>
        </div>
      </section>
      <Part asked={asked} what="The standups">
        {({ standups }) =>
          standups.length === 0 ? (
            <Section id="held" title="Held">
              <Empty>
                No standup was held yet. Each comes here when it is sent: what blocks, what has moved, what is planned.
              </Empty>
            </Section>
          ) : (
            standups.map((standup, at) => (
              <Digest key={`${standup.at} ${standup.due}`} standup={standup} isFirst={at === 0} />
            ))
          )
        }
      </Part>
    </>
  );
}

const NAMES = { standup: 'standup', review: 'review' } as const;

function Next({ board }: { board: Board }): ReactNode {
  const now = useNow(30_000);
  const { standup, ended, verdict } = board;
  if (ended || (verdict.value === 'GO' && verdict.at !== null)) return 'There will be no more: the launch is decided.';
  if (!standup) return 'The plan has none.';
  const left = Date.parse(standup.next) - now;
  return (
    <>
      The next {NAMES[standup.kind]} is <When at={standup.next} zone />
      {left > 0 && `, in ${durationText(left)}`}.
    </>
  );
}

const TITLES = { standup: 'Standup', review: 'Review', now: 'As it stood' } as const;
const VALUES = { GO: 'GO', DELAY: 'DELAY', NO_GO: 'NO-GO' } as const;

/** Days of a launch that is sped up may be shorter than a minute. */
function Instant({ at }: { at: string }): ReactNode {
  const { board } = useLaunch();
  if (!board.speed) return <When at={at} />;
  const zone = board.timezone;
  return <time dateTime={at}>{`${dayIn(zone, at)}, ${secondIn(zone, at)}`}</time>;
}

/** The text is the one that people were sent. */
function Digest({ standup, isFirst }: { standup: Standup; isFirst: boolean }): ReactNode {
  const { kind, at, due, late, missed, verdict, counts, text } = standup;
  const id = `standup-${Date.parse(at)}`;
  const about = [
    `${VALUES[verdict]} as things stood`,
    ...(late ? ['sent late'] : []),
    ...(missed > 0 ? [`${missed} before it not held`] : []),
  ];
  const count = `${counts.resolved} of ${counts.items} resolved, ${counts.overdue} overdue`;
  const body = <pre className="digest-text">{text}</pre>;
  return (
    <section className="sec" aria-labelledby={id}>
      <header>
        <h2 id={id}>
          {TITLES[kind]}, <Instant at={due ?? at} />
        </h2>
        <span className="quiet">{about.join(', ')}</span>
        <span className="count">{count}</span>
      </header>
      {isFirst ? (
        body
      ) : (
        <details className="more">
          <summary data-row>What was sent</summary>
          {body}
        </details>
      )}
    </section>
  );
}
