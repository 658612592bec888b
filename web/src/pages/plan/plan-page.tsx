import { useMemo, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useAllFacts, usePlan } from '../../api/queries';
import { useLaunch } from '../../live/use-launch';
import { Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { revisionsOf } from './changes';
import { Document } from './document';
import { Overview } from './overview';
import { Revisions } from './revisions';

const STARTED = { type: 'started' } as const;
const AMENDED = { type: 'amended' } as const;
const REVIEWED = { type: 'blockerReviewed' } as const;

/** The plan as it is kept, each revision of it, and what changed by whom and why. */
export function PlanPage(): ReactNode {
  const { board, launch } = useLaunch();
  const [search, setSearch] = useSearchParams();
  const shown = shownRevision(search.get('revision'), board.revision);
  const plan = usePlan(launch, shown);
  const choose = (revision: number) =>
    setSearch(revision === board.revision ? {} : { revision: String(revision) }, { replace: true });
  return (
    <>
      <title>{`Plan: ${board.title}`}</title>
      <section className="lede">
        <div>
          <h1>
            <b>Plan, revision {shown}</b>
            {shown === board.revision ? ', which the launch runs.' : `. The launch runs revision ${board.revision}.`}
          </h1>
          {shown !== board.revision && (
            <p className="stamp">
              <button type="button" className="link" onClick={() => choose(board.revision)}>
                Show the one that runs
              </button>
            </p>
          )}
        </div>
      </section>
      <History shown={shown} choose={choose} />
      <Part asked={plan} what={`Revision ${shown} of the plan`}>
        {(known) => (
          <>
            <Overview plan={known} isCurrent={shown === board.revision} />
            <Document plan={known} />
          </>
        )}
      </Part>
    </>
  );
}

/** What the address names, if there can be one. */
function shownRevision(asked: string | null, last: number): number {
  const revision = Number(asked);
  return Number.isInteger(revision) && revision >= 1 && revision <= last ? revision : last;
}

function History({ shown, choose }: { shown: number; choose: (revision: number) => void }): ReactNode {
  const { launch, board } = useLaunch();
  const [started, amended, reviewed] = [
    useAllFacts(launch, STARTED),
    useAllFacts(launch, AMENDED),
    useAllFacts(launch, REVIEWED),
  ];
  const all = useMemo(
    () =>
      started.data &&
      amended.data &&
      reviewed.data &&
      revisionsOf([...started.data, ...amended.data, ...reviewed.data]),
    [started.data, amended.data, reviewed.data]
  );
  const failed = [started, amended, reviewed].find(({ error }) => error !== null);
  const asked = { data: all, error: failed?.error ?? null, refetch: async () => failed?.refetch() };
  return (
    <Section id="revisions" title="Revisions" about="the newest first" count={`${board.revision}`}>
      <Part asked={asked} what="The revisions">
        {(revisions) => <Revisions revisions={revisions} shown={shown} choose={choose} />}
      </Part>
    </Section>
  );
}
