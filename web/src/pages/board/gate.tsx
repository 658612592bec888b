import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { boardRows, metRows, type BoardRow } from '../../../../domain/board-rows';
import { decidersOf } from '../../../../domain/criterion';
import type { GateName } from '../../../../domain/plan';
import { usePlan } from '../../api/queries';
import { useLaunch, useLaunchView } from '../../live/use-launch';
import { Empty } from '../../parts/part';
import { Section } from '../../parts/section';
import { LOOKS, State } from '../../parts/state';
import { Age, When } from '../../parts/when';
import { Whos } from '../../parts/who';
import { isCount, isYours, nextOf, pipOf, whyOf } from './row-words';
import { lastSeen } from './seen';

const GATES = {
  must: { title: 'Must', about: 'every one, or there is no GO', caption: 'Musts' },
  should: { title: 'Should', about: 'unmet ones become conditions of the GO', caption: 'Shoulds' },
  nice: { title: 'Nice', about: 'the launch does not wait for these', caption: 'Nice to have' },
} as const;

const HEADS = ['Held by', 'Criteria', 'Evidence', 'What happens next'] as const;
const COLUMNS = ['c-who', 'c-crit', 'c-age', 'c-next'] as const;

interface Props {
  gate: GateName;
  seen: ReadonlyMap<string, number>;
}

/** One gate's rows: each says what state it is in and why, who holds it, how old that is, what comes next. */
export function Gate({ gate, seen }: Props): ReactNode {
  const { board } = useLaunch();
  const rows = boardRows(board, gate);
  const { title, about, caption } = GATES[gate];
  const isMust = gate === 'must';
  if (rows.length === 0 && !isMust) return null;
  return (
    <Section id={gate} title={title} about={about} count={`${metRows(rows)} of ${rows.length} met`}>
      {rows.length === 0 ? (
        <Empty>The plan has no must, so that there is no GO. One comes by amending it.</Empty>
      ) : (
        <table className={isMust ? 'board' : 'board light'}>
          <caption className="vh">{caption}: state, holder, criteria, evidence and next event of each</caption>
          <colgroup>
            <col className="c-state" />
            <col />
            {COLUMNS.map((column) => (
              <col key={column} className={column} />
            ))}
          </colgroup>
          <thead>
            <tr>
              <th className="c-state" scope="col">
                State
              </th>
              <th className="c-name" scope="col">
                {title}
              </th>
              {HEADS.map((head, at) => (
                <th key={head} className={COLUMNS[at]} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.entry.ref} row={row} seen={seen} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Row({ row, seen }: { row: BoardRow; seen: ReadonlyMap<string, number> }): ReactNode {
  const { board, launch, reader } = useLaunch();
  const { changed } = useLaunchView();
  const { entry, item, state } = row;
  const act = isYours(row, board, reader.person) ? 'act ' : '';
  const just = changed.has(entry.ref) ? `just-changed ${LOOKS[state].role}` : '';
  return (
    <tr className={`${act}${just}`.trim() || undefined}>
      <td className="c-state">
        <State state={state} why={whyOf(row, board.timezone)} />
      </td>
      <th className="c-name" scope="row">
        {item ? (
          <Link
            className="name"
            data-row
            to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(item.id)}`}
          >
            {entry.title}
          </Link>
        ) : (
          <span className="name">{entry.title}</span>
        )}
        <span className="id">{entry.ref}</span>
      </th>
      <td className="c-who">{item && <Whos ids={item.owners} most={3} />}</td>
      <td className="c-crit">{item && <Pips row={row} />}</td>
      <td className="c-age">{item && <Evidence row={row} seen={seen} />}</td>
      <td className="c-next">
        <NextEvent row={row} />
      </td>
    </tr>
  );
}

/** More would say less. */
const MOST_PIPS = 12;

function Pips({ row: { item } }: { row: BoardRow }): ReactNode {
  const criteria = item?.criteria ?? [];
  const met = criteria.filter(({ state }) => state === 'met' || state === 'waived').length;
  if (item?.kind === 'decision' && criteria.length === 0)
    return <span className="lead">{item.chosen === null ? 'No choice yet' : 'Chosen'}</span>;
  return (
    <>
      {criteria.length <= MOST_PIPS && (
        <span className="pips" aria-hidden="true">
          {criteria.map((criterion) => (
            <i key={criterion.id} className={pipOf(criterion)} />
          ))}
        </span>
      )}
      <span className="sub">
        {met} of {criteria.length}
      </span>
    </>
  );
}

function Evidence({ row: { item }, seen }: { row: BoardRow; seen: ReadonlyMap<string, number> }): ReactNode {
  const last = item && lastSeen(item, seen);
  if (!last) {
    const isCounted = item?.criteria.some(isCount);
    return <span className="lead">{isCounted ? 'Counted now' : 'None yet'}</span>;
  }
  return (
    <>
      <span className="lead">
        <Age at={last.at} />
      </span>
      <span className="sub">{last.by === undefined ? 'measured' : `${last.by}’s word`}</span>
    </>
  );
}

function NextEvent({ row }: { row: BoardRow }): ReactNode {
  const { board, launch } = useLaunch();
  const { data: plan } = usePlan(launch, board.revision);
  const { item, state } = row;
  const planned = plan?.items.find(({ id, decision }) => decision && id === item?.id);
  const next = nextOf(row, board, planned && decidersOf(planned, item?.owners ?? []));
  const isDone = state === 'met' || state === 'waived' || board.ended !== null;
  return (
    <>
      {next && (
        <span className="lead">
          {next.who !== undefined && `${next.who} `}
          {next.does}
        </span>
      )}
      {item?.deadline && !isDone && (
        <span className="sub">
          {item.overdue ? 'was due ' : 'due '}
          <When at={item.deadline} />
        </span>
      )}
    </>
  );
}
