import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { itemRowState } from '../../../../domain/board-rows';
import { allItems } from '../../../../domain/launch-state';
import { GATES } from '../../../../domain/plan';
import { durationText } from '../../../../domain/text';
import { useItem, usePlan } from '../../api/queries';
import type { BoardItem, ItemAnswer } from '../../api/types';
import { Comment } from '../../forms/comment';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { ActionButton, refusalOfAction } from '../../parts/action-button';
import { Empty, Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { LOOKS, State } from '../../parts/state';
import { zoneName } from '../../parts/times';
import { When } from '../../parts/when';
import { Who, Whos } from '../../parts/who';
import { whyOf } from '../board/row-words';
import { Actions } from './actions';
import { Clocks } from './clocks';
import { Criteria } from './criteria';
import { Decision } from './decision';
import { Evidence } from './evidence';
import { Life } from './life';
import { MeasurementsDialog } from './measurements-dialog';
import { People } from './people';

export function ItemPage(): ReactNode {
  const { board } = useLaunch();
  const { item: id = '' } = useParams();
  const known = board.items.find((item) => item.id.toLowerCase() === id.toLowerCase());
  return known ? <OfItem key={known.id} known={known} /> : <Missing id={id} />;
}

function Missing({ id }: { id: string }): ReactNode {
  const { board, launch } = useLaunch();
  return (
    <section className="lede">
      <div>
        <title>{`No item ${id}`}</title>
        <h1>
          <b>
            {board.title} has no item “{id}”.
          </b>
        </h1>
        <p className="stamp">
          <Link to={`/launches/${encodeURIComponent(launch)}`}>The board</Link>
        </p>
      </div>
    </section>
  );
}

function OfItem({ known }: { known: BoardItem }): ReactNode {
  const { board, launch } = useLaunch();
  const asked = useItem(launch, known.id);
  const { data: plan } = usePlan(launch, board.revision);
  const { data: item } = asked;
  const planned = plan && allItems(plan).find(({ id }) => id === known.id);
  const shown = { ...known, ...item };
  return (
    <>
      <Crumb item={known} />
      <Head item={known} />
      <div className="split">
        <div>
          {item?.decision && <Decision record={item.decision} />}
          <Criteria item={known} criteria={item?.criteria ?? known.criteria} plan={planned} />
          <Part asked={asked} what="Its evidence, its clocks and what you may do">
            {({ criteria }) => criteria.length > 0 && <Evidence criteria={criteria} />}
          </Part>
          {item && <Comments item={item} />}
          {item && <RefusedMessages item={item} />}
        </div>
        <aside aria-label="Clocks, actions and people">
          {item?.clocks && (
            <Clocks clocks={item.clocks} owners={item.owners} askedAt={Date.parse(item.at ?? board.at)} />
          )}
          {item && <Actions item={item} />}
          <People item={shown} plan={planned} />
          <Life item={known.id} />
        </aside>
      </div>
      <Measurements item={known} />
    </>
  );
}

function Measurements({ item }: { item: BoardItem }): ReactNode {
  const [search, setSearch] = useSearchParams();
  const criterion = item.criteria.find(({ id }) => id === search.get('measurements'));
  if (!criterion) return null;
  return <MeasurementsDialog item={item.id} criterion={criterion} close={() => setSearch({})} />;
}

const GATE_NAMES = { must: 'Must', should: 'Should', nice: 'Nice to have' } as const;

function Crumb({ item }: { item: BoardItem }): ReactNode {
  const { board, launch } = useLaunch();
  const places = GATES.flatMap((gate) =>
    board.gates[gate].flatMap(({ ref, title }, at) =>
      ref === item.id ? [`${GATE_NAMES[gate]} ${at + 1} of ${board.gates[gate].length}: ${title}`] : []
    )
  );
  return (
    <nav className="crumb" aria-label="Where you are">
      <Link to={`/launches/${encodeURIComponent(launch)}`}>{board.title}</Link>
      <span aria-hidden="true">/</span>
      <span>{places[0] ?? `In no gate: ${item.title}`}</span>
    </nav>
  );
}

/** What its state is called, and why it is so. */
function stateOf(item: BoardItem, reason: string | null, zone: string): { word: string; why: string } {
  const state = itemRowState(item);
  const { criteria, reopened, status } = item;
  const times = reopened === 1 ? 'once' : `${reopened} times`;
  const isOpenAgain = reopened > 0 && (status === 'open' || status === 'acknowledged');
  const word = isOpenAgain ? `Open again, reopened ${times}` : LOOKS[state].word;
  const met = criteria.filter((each) => each.state === 'met' || each.state === 'waived').length;
  const count = criteria.length === 0 ? '' : `${met} of ${criteria.length} criteria met.`;
  const entry = { ref: item.id, title: item.title, state: 'unmet' as const, reason };
  const why = isOpenAgain ? undefined : whyOf({ entry, item, state }, zone);
  return {
    word,
    why: [why && `${why}.`, status === 'acknowledged' && 'Acknowledged.', count].filter(Boolean).join(' '),
  };
}

function Head({ item }: { item: BoardItem }): ReactNode {
  const { board } = useLaunch();
  const now = useNow();
  const entry = GATES.flatMap((gate) => board.gates[gate]).find(({ ref }) => ref === item.id);
  const { word, why } = stateOf(item, entry?.reason ?? null, board.timezone);
  const { deadline, overdue } = item;
  const left = deadline === null ? 0 : Date.parse(deadline) - now;
  return (
    <div className="title">
      <div>
        <title>{`${word}: ${item.id}, ${item.title}`}</title>
        <p className="id">{item.id}</p>
        <h1>{item.title}</h1>
        <div role="status" aria-atomic="true">
          <State state={itemRowState(item)} word={word} why={why} />
        </div>
        <a className="jump" href="#may">
          What you may do
        </a>
      </div>
      <p className="meta">
        {kindWord(item.kind)}
        {item.priority !== null && (
          <>
            , <b>{item.priority}</b>
          </>
        )}
        <br />
        Held by{' '}
        <b>
          <Whos ids={item.owners} none="nobody" />
        </b>
        {deadline !== null && (
          <>
            <br />
            {overdue ? 'Was due' : 'Due'}{' '}
            <b>
              <When at={deadline} />
            </b>{' '}
            {zoneName(board.timezone, deadline)}
            {overdue ? `, ${durationText(-left)} late` : left > 0 && `, in ${durationText(left)}`}
          </>
        )}
      </p>
    </div>
  );
}

function kindWord(kind: string): string {
  return `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
}

function Comments({ item }: { item: ItemAnswer }): ReactNode {
  const comments = [...(item.comments ?? [])].reverse();
  const action = item.actions.find(({ type }) => type === 'comment');
  const refused = refusalOfAction(action);
  return (
    <Section id="comments" title="Comments" count={comments.length > 0 && comments.length}>
      {comments.length === 0 && <Empty>None yet. Whoever has something to add writes it below.</Empty>}
      {comments.map(({ by, at, text }) => (
        <div className="said" key={`${by} ${at}`}>
          <p className="said-by">
            <b>
              <Who id={by} />
            </b>{' '}
            <When at={at} />
          </p>
          <p className="said-text">{text}</p>
        </div>
      ))}
      {refused === undefined ? (
        <Comment item={item.id} />
      ) : (
        <div className="send">
          <ActionButton refused={refused}>Add comment</ActionButton>
        </div>
      )}
    </Section>
  );
}

/** Messages that came by signal and could not be answered. */
function RefusedMessages({ item }: { item: ItemAnswer }): ReactNode {
  const refused = item.refused ?? [];
  if (refused.length === 0) return null;
  return (
    <Section id="refused" title="Refused messages" count={refused.length}>
      <ul className="plain">
        {[...refused].reverse().map(({ command, by, at, code, message }) => (
          <li key={`${command} ${by} ${at}`}>
            {command} by {by}
            <span className="sub">
              {message} <span className="mono">{code}</span> <When at={at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
