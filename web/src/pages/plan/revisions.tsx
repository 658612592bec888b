import { useState, type ReactNode } from 'react';
import { usePlan } from '../../api/queries';
import { useLaunch } from '../../live/use-launch';
import { Empty, Failed, Loading } from '../../parts/part';
import { When } from '../../parts/when';
import { Who } from '../../parts/who';
import { changesBetween, type Revision } from './changes';

const HOW = {
  started: 'The plan that was started',
  amended: 'Amended',
  accepted: 'A reported blocker was accepted',
} as const;

interface Props {
  revisions: readonly Revision[];
  shown: number;
  choose: (revision: number) => void;
}

/** Who made each, when, why, and what changed by it. */
export function Revisions({ revisions, shown, choose }: Props): ReactNode {
  if (revisions.length === 0)
    return <Empty>The ledger does not have the beginning yet. Revisions come here when it does.</Empty>;
  return (
    <ol className="plain revisions">
      {revisions.map((revision, at) => (
        <li key={revision.number} aria-current={revision.number === shown || undefined}>
          <p>
            <button
              type="button"
              className="link"
              data-row
              aria-pressed={revision.number === shown}
              onClick={() => choose(revision.number)}
            >
              Revision {revision.number}
            </button>
            : <Story revision={revision} />
          </p>
          {revision.number > 1 && <Changes revision={revision.number} isOpen={at === 0} />}
        </li>
      ))}
    </ol>
  );
}

function Story({ revision: { how, report, by, at, why } }: { revision: Revision }): ReactNode {
  return (
    <>
      {HOW[how]}
      {report !== undefined && <span className="id"> {report}</span>}
      {by !== undefined && (
        <>
          , by <Who id={by} />
        </>
      )}
      , <When at={at} />
      {why !== undefined && <span className="sub">{why}</span>}
    </>
  );
}

function Changes({ revision, isOpen: atFirst }: { revision: number; isOpen: boolean }): ReactNode {
  const [isOpen, setOpen] = useState(atFirst);
  return (
    <details className="more" open={atFirst} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>What changed</summary>
      {isOpen && <ChangeList revision={revision} />}
    </details>
  );
}

const MARKS = { '+': 'New: ', '−': 'Gone: ', '~': 'Changed: ' } as const;

function ChangeList({ revision }: { revision: number }): ReactNode {
  const { launch } = useLaunch();
  const [before, after] = [usePlan(launch, revision - 1), usePlan(launch, revision)];
  const failed = [before, after].find(({ error }) => error !== null);
  if (failed?.error) return <Failed what="What changed" refused={failed.error} again={() => void failed.refetch()} />;
  if (!before.data || !after.data) return <Loading rows={1} />;
  const changes = changesBetween(before.data, after.data);
  if (changes.length === 0) return <p className="quiet">Nothing that is compared: instants alone were counted anew.</p>;
  return (
    <ul className="changes">
      {changes.map(({ mark, what, says }) => (
        <li key={`${mark} ${what}`}>
          <span className="mono" aria-hidden="true">
            {mark}
          </span>
          <span>
            <span className="vh">{MARKS[mark]}</span>
            {what}
            {says !== undefined && <span className="sub">{says}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
