import { useState, type ReactNode } from 'react';
import { useAllFacts } from '../../api/queries';
import type { FactAnswer } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { Empty, Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { State } from '../../parts/state';
import { shortIn } from '../../parts/times';
import { lifeLine } from '../../parts/fact-words';

const MOST = 12;

/** What the ledger has of it, the newest first. */
export function Life({ item }: { item: string }): ReactNode {
  const { launch } = useLaunch();
  const asked = useAllFacts(launch, { item });
  const { data = [] } = asked;
  const numbers = data.flatMap(({ number }) => (number === undefined ? [] : [number]));
  const span = numbers.length > 0 && `ledger ${Math.min(...numbers)} to ${Math.max(...numbers)}`;
  return (
    <Section id="life" title="Its life" count={span}>
      <Part asked={asked} what="Its life">
        {(facts) => <Lines facts={facts} />}
      </Part>
    </Section>
  );
}

function Lines({ facts }: { facts: readonly FactAnswer[] }): ReactNode {
  const { board } = useLaunch();
  const [isAll, setAll] = useState(false);
  const lines = facts
    .flatMap((fact) => {
      const line = lifeLine(fact);
      return line ? [{ fact, line }] : [];
    })
    .reverse();
  if (lines.length === 0) return <Empty>Nothing is written of it yet.</Empty>;
  return (
    <>
      <ul className="plain">
        {(isAll ? lines : lines.slice(0, MOST)).map(({ fact, line }) => (
          <li key={fact.position} className="pair">
            <span>
              <State state={line.state} word={line.word} />
              {line.says !== undefined && <span className="sub">{line.says}</span>}
            </span>
            <time dateTime={new Date(fact.at).toISOString()}>{shortIn(board.timezone, fact.at)}</time>
          </li>
        ))}
      </ul>
      {!isAll && lines.length > MOST && (
        <p className="send">
          <button type="button" className="link" onClick={() => setAll(true)}>
            Show {lines.length - MOST} earlier
          </button>
        </p>
      )}
    </>
  );
}
