import type { ReactNode } from 'react';
import { useAllFacts } from '../../api/queries';
import type { FactAnswer } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { State } from '../../parts/state';
import { dayAndTime } from '../../parts/times';
import { When } from '../../parts/when';
import { lifeLine, type LifeLine } from '../../parts/fact-words';
import type { Said } from './said';

/** Of items, what can make their grounds others. */
const OF_ITEMS: ReadonlySet<string> = new Set(['moved', 'attested', 'retracted', 'waiverGiven', 'reopened', 'decided']);

function lineOf({ type, body, item }: FactAnswer, gates: ReadonlySet<string>, zone: string): LifeLine | undefined {
  if (item !== undefined) {
    const isOf = gates.has(item) && OF_ITEMS.has(type);
    return isOf ? lifeLine({ type, body }) : undefined;
  }
  const { launchAt, reason, by } = body as { launchAt?: number; reason?: string; by?: string };
  const says = [launchAt && dayAndTime(zone, launchAt), reason, by && `by ${by}`].filter(Boolean).join(', ');
  if (type === 'rescheduled' || type === 'dateTaken') return { state: 'not-met', word: 'Date moved', says };
  return type === 'amended' ? { state: 'not-met', word: 'Plan amended', says } : undefined;
}

/** What has happened since somebody signed last to what is signed. */
export function Since({ last, you }: { last: Said; you: boolean }): ReactNode {
  const { board, launch } = useLaunch();
  const asked = useAllFacts(launch, { after: last.position });
  const isSame = last.digest === board.digest;
  const gates = new Set([...board.gates.must, ...board.gates.should].map(({ ref }) => ref));
  const title = you ? 'Since you signed last' : `Since ${last.by} signed`;
  const lines = (facts: readonly FactAnswer[]) =>
    facts.flatMap((fact) => {
      const line = lineOf(fact, gates, board.timezone);
      return line ? [{ fact, line }] : [];
    });
  return (
    <Section id="since" title={title} about={<When at={last.at} />}>
      <p className="read">
        {isSame ? 'What is signed is the same, digest and all.' : 'What is signed is not the same any more.'}
      </p>
      <Part asked={asked} what="What has happened since">
        {(facts) =>
          lines(facts).length === 0 ? null : (
            <ul className="plain">
              {lines(facts).map(({ fact, line }) => (
                <li key={fact.position} className="pair">
                  <span>
                    <State state={line.state} word={line.word} />
                    <span className="sub">
                      {[fact.item, line.says].filter((each) => each !== undefined).join(': ')}
                    </span>
                  </span>
                  <When at={fact.at} />
                </li>
              ))}
            </ul>
          )
        }
      </Part>
    </Section>
  );
}
