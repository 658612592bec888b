import { Fragment, type ReactNode } from 'react';
import { Link } from 'react-router';
import { isAskedOf } from '../../../../domain/asked';
import { isDateOpen, verdictSentence } from '../../../../domain/verdict-sentence';
import { MINUTE } from '../../../../domain/units';
import type { BoardAnswer, Need } from '../../api/types';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { Mark, type MarkName } from '../../parts/mark';
import type { Role } from '../../parts/state';
import { momentIn } from '../../parts/times';
import { Countdown } from './countdown';
import { flipTitle } from './flip-title';
import { stepOf } from './row-words';

interface Call {
  word: string;
  role: Role;
  mark: MarkName;
}

const CALLS = {
  GO: { word: 'GO', role: 'met', mark: 'go' },
  DELAY: { word: 'DELAY', role: 'unsure', mark: 'delay' },
  NO_GO: { word: 'NO-GO', role: 'notmet', mark: 'nogo' },
} as const satisfies { [value: string]: Call };

/** The one word. A phase of its own wins over what the verdict would be. */
export function callOf(board: BoardAnswer): Call {
  if (board.ended?.how === 'cancelled') return { ...CALLS.NO_GO, word: 'CANCELLED' };
  if (board.phase === 'held') return { word: 'HELD', role: 'idle', mark: 'heldLarge' };
  if (board.phase === 'launch-failed') return { word: 'GO, failed', role: 'notmet', mark: 'nogo' };
  return CALLS[board.verdict.at === null ? board.now.verdict : board.verdict.value];
}

function sentenceIn(board: BoardAnswer): string {
  const { rest } = verdictSentence(board, (at) => momentIn(board.timezone, at));
  return `${rest.slice(0, 1).toUpperCase()}${rest.slice(1).replace(/\.$/, '')}.`;
}

/** What stands in the way first, and set off; dates after it. */
function Sentence({ text }: { text: string }): ReactNode {
  const at = text.indexOf('; earliest');
  if (at < 0) return <b>{text}</b>;
  return (
    <>
      <b>{text.slice(0, at)}</b>
      {text.slice(at)}
    </>
  );
}

function Opening({ board }: { board: BoardAnswer }): ReactNode {
  const title = (
    <>
      <b>{board.title}</b>, plan revision {board.revision}.{' '}
    </>
  );
  if (board.ended) return <>{title}It is over:</>;
  if (board.phase === 'held' || board.phase === 'launch-failed') return <>{title}The launch is</>;
  if (board.verdict.at !== null) return <>{title}The verdict is</>;
  return <>{title}If the launch were this instant, the verdict would be</>;
}

/** Where it is not a later one, which the sentence has. */
function PlannedStill({ board }: { board: BoardAnswer }): ReactNode {
  const now = useNow(MINUTE);
  const isWaited = board.now.verdict === 'DELAY' && board.phase !== 'held';
  if (!isWaited || !isDateOpen(board, now)) return null;
  return <> The earliest GO is still the planned instant, {momentIn(board.timezone, board.launchAt)}.</>;
}

export function Verdict(): ReactNode {
  const { board } = useLaunch();
  const { word, role, mark } = callOf(board);
  const toDo = flipTitle(board);
  return (
    <section className="verdict" aria-labelledby="v">
      <div>
        <h1 id="v">
          <Opening board={board} />
        </h1>
        <div role="status" aria-atomic="true">
          <p className={`call ${role}`}>
            <Mark name={mark} />
            <strong>{word}</strong>
          </p>
          <p className="because">
            <Sentence text={sentenceIn(board)} />
            <PlannedStill board={board} />
          </p>
        </div>
        <Yours board={board} />
        <Pace board={board} />
        {toDo !== undefined && (
          <a className="btn second jump" href="#flip">
            {toDo}
          </a>
        )}
      </div>
      <Countdown board={board} />
    </section>
  );
}

/** Where it is said: a sign-off has a page of its own; what else the launch is told is below on the board. */
export function placeOf(
  launch: string,
  { action, ref, command }: Need,
  items: ReadonlySet<string>
): string | undefined {
  const base = `/launches/${encodeURIComponent(launch)}`;
  if (items.has(ref)) return `${base}/items/${encodeURIComponent(ref)}`;
  if (action.startsWith('sign off') || action.startsWith('withdraw')) return `${base}/sign-off`;
  return command === null ? undefined : '#may';
}

/** Leads to where it is said, where there is such a place. */
export function Place({ to, children }: { to: string | undefined; children: ReactNode }): ReactNode {
  if (to === undefined) return children;
  return to.startsWith('#') ? <a href={to}>{children}</a> : <Link to={to}>{children}</Link>;
}

/** What one is asked to do; of which item, where the same words are asked of several. */
function askedText(need: Need, all: readonly Need[], titles: ReadonlyMap<string, { title: string }>): string {
  const { does } = stepOf(need);
  const isTwice = all.filter(({ action }) => action === need.action).length > 1;
  return isTwice ? `${does} of ${titles.get(need.ref)?.title ?? need.ref}` : does;
}

const MOST = 4;

function Yours({ board }: { board: BoardAnswer }): ReactNode {
  const { launch, reader } = useLaunch();
  const { person } = reader;
  if (person === null || board.ended) return null;
  const items = new Map(board.items.map((item) => [item.id, item]));
  const known = new Set(items.keys());
  const yours = board.verdict.needs.filter((need) => isAskedOf(need, person));
  if (yours.length === 0) return null;
  return (
    <p className="yours">
      <b>Waiting for you:</b>{' '}
      {yours.slice(0, MOST).map((need, at) => {
        const place = placeOf(launch, need, known);
        const text = askedText(need, yours, items);
        return (
          <Fragment key={`${need.ref} ${need.action}`}>
            {at > 0 && ', '}
            <Place to={place}>{text}</Place>
            {items.get(need.ref)?.overdue && ' (late)'}
          </Fragment>
        );
      })}
      {yours.length > MOST && `, and ${yours.length - MOST} more`}.
    </p>
  );
}

/** What makes this launch no ordinary one. */
function Pace({ board }: { board: BoardAnswer }): ReactNode {
  const says = [
    ...(board.trial ? ['A trial: nothing is sent.'] : []),
    ...(board.speed ? [`It runs ${board.speed.factor} times as fast as planned.`] : []),
  ];
  if (says.length === 0) return null;
  return <p className="stamp">{says.join(' ')}</p>;
}
