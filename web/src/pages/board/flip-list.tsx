import type { ReactNode } from 'react';
import { isAskedOf } from '../../../../domain/asked';
import { isDateOpen } from '../../../../domain/verdict-sentence';
import { usePlan } from '../../api/queries';
import type { Need, Plan } from '../../api/types';
import { durationText } from '../../../../domain/text';
import { MINUTE } from '../../../../domain/units';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { Section } from '../../parts/section';
import { shortIn } from '../../parts/times';
import { When } from '../../parts/when';
import { flipTitle } from './flip-title';
import { namesOf, stepOf } from './row-words';
import { Place, placeOf } from './verdict';

/** Shown at once; the rest on demand. */
const MOST = 12;

/** What would make it GO and who can do it, in the order in which it can be done. */
export function FlipList(): ReactNode {
  const { board } = useLaunch();
  const { needs } = board.verdict;
  const isGo = board.now.verdict === 'GO';
  const isAfter = board.verdict.value === 'GO' && board.verdict.at !== null;
  const title = flipTitle(board);
  if (title === undefined) return null;
  const count = `${needs.length} ${needs.length === 1 ? 'change' : 'changes'}`;
  return (
    <Section id="flip" title={title} count={needs.length === 0 ? undefined : count}>
      {needs.length === 0 ? (
        <p className="read">{isGo ? 'Nothing. It is GO.' : 'Nothing that anybody could do: only time.'}</p>
      ) : (
        <Steps needs={needs} />
      )}
      {!isAfter && <Outcome />}
    </Section>
  );
}

function Steps({ needs }: { needs: readonly Need[] }): ReactNode {
  const { board, launch, reader } = useLaunch();
  const items = new Map(board.items.map((item) => [item.id, item]));
  const known = new Set(items.keys());
  const step = (need: Need): ReactNode => {
    const place = placeOf(launch, need, known);
    const isYours = reader.person !== null && isAskedOf(need, reader.person);
    const title = items.get(need.ref)?.title ?? placeTitle(need, place);
    const { does, seen } = stepOf(need);
    return (
      <li key={`${need.ref} ${need.who} ${need.action}`}>
        <div>
          <span className="who">{namesOf(need.who.split(', '))}</span>
          {isYours && <span className="you"> (you)</span>}: {does}
          {seen !== undefined && (
            <span className="sub cut" title={seen}>
              Last seen: {seen}
            </span>
          )}
          <span className="sub">
            <Place to={place}>{title}</Place>
          </span>
        </div>
      </li>
    );
  };
  return (
    <>
      <ol className="steps">{needs.slice(0, MOST).map(step)}</ol>
      {needs.length > MOST && (
        <details className="more">
          <summary>{needs.length - MOST} more</summary>
          <ol className="steps" start={MOST + 1} style={{ counterReset: `s ${MOST}` }}>
            {needs.slice(MOST).map(step)}
          </ol>
        </details>
      )}
    </>
  );
}

function placeTitle({ ref }: Need, place: string | undefined): string {
  if (place === '#may') return 'What you may do';
  return place === undefined ? ref : `Sign-off of ${ref}`;
}

/** The date that was set is past, or cannot be any more; the launch takes another one by itself. */
function nextDateText(plan: Plan | undefined): string {
  const least = plan ? Math.max(plan.launch.finalPoll, plan.launch.announce?.lead ?? 0) : 0;
  return `Then the launch takes the next possible date${least > 0 ? `, at least ${durationText(least)} later` : ''}.`;
}

/** What follows when all of it is done. */
function Outcome(): ReactNode {
  const { board, launch } = useLaunch();
  const { data: plan } = usePlan(launch, board.revision);
  const now = useNow(MINUTE);
  if (board.now.verdict === 'NO_GO') return null;
  const { earliest } = board.now;
  const at = earliest === undefined ? board.launchAt : new Date(earliest).toISOString();
  if (earliest === undefined ? !isDateOpen(board, now) : earliest <= now)
    return <p className="outcome">{nextDateText(plan)}</p>;
  const poll = plan && shortIn(board.timezone, Date.parse(at) - plan.launch.finalPoll);
  return (
    <p className="outcome">
      Then GO at <When at={at} zone />
      {poll === undefined ? '.' : `, if the final poll at ${poll} finds every must still met.`}
    </p>
  );
}
