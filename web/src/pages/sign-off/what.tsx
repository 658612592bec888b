import { Fragment, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { Plan } from '../../api/types';
import { boardRows, metRows, type BoardRow } from '../../../../domain/board-rows';
import { Digest } from '../../forms/file-field';
import { titleOf } from '../../forms/sign-off';
import { useLaunch } from '../../live/use-launch';
import { Fact, Facts } from '../../parts/facts';
import { Mark } from '../../parts/mark';
import { Empty } from '../../parts/part';
import { Section } from '../../parts/section';
import { LOOKS, OF_CRITERION, State } from '../../parts/state';
import { Table } from '../../parts/table';
import { cityOf, dayAndTime, instantIn, readable, readerZone, sameTime, timeIn } from '../../parts/times';
import { Age, When } from '../../parts/when';
import { lastSeen, useSeen } from '../board/seen';
import type { Said } from './said';

function several(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** What is said by a yes, in one sentence. */
export function Oath(): ReactNode {
  const { board } = useLaunch();
  const { timezone: zone, launchAt } = board;
  const mine = readerZone();
  const { conditions } = board.now;
  return (
    <p className="oath">
      “On the evidence below,
      {conditions.length > 0 && (
        <>
          {' '}
          and accepting its <b>{several(conditions.length, 'condition')}</b>,
        </>
      )}{' '}
      I say that <b>{board.title}</b> may go ahead on <b>{instantIn(zone, launchAt)}</b>
      {!sameTime(launchAt, zone, mine) && ` (${timeIn(mine, launchAt)} in ${cityOf(mine)})`}, as planned in{' '}
      <b>revision {board.revision}</b>.”
    </p>
  );
}

function quorumText({ launch: { authority } }: Plan): string {
  const { by, quorum } = authority;
  const all = by.join(' and ');
  if (by.length <= 1) return all;
  if (quorum === 'all') return `${all}, all of them needed`;
  if (quorum === 'any') return `${by.join(' or ')}, one of them is enough`;
  if (typeof quorum === 'number') return `${quorum} of ${by.join(', ')}`;
  return Object.entries(quorum)
    .map(([role, count]) => `${count} of ${role}`)
    .join(' and ');
}

/** Whose standing signature is of the same. */
function signersOf(digest: string, said: readonly Said[], standing: ReadonlySet<string>): string[] {
  const last = new Map(said.map((each) => [each.by, each]));
  return [...last.values()]
    .filter((each) => each.answer === 'yes' && !each.void && each.digest === digest && standing.has(each.by))
    .map(({ by }) => by);
}

export function WhatYouSign({ plan, said }: { plan: Plan | undefined; said: readonly Said[] }): ReactNode {
  const { board, launch } = useLaunch();
  const { gates, items, ledger, announce } = board;
  const criteria = gates.must.flatMap(({ ref }) => items.find(({ id }) => id === ref)?.criteria ?? []);
  const waived = criteria.filter(({ state }) => state === 'waived').length;
  const standing = new Set(board.signOffs.filter(({ state }) => state === 'counts').map(({ by }) => by));
  const same = signersOf(board.digest, said, standing);
  return (
    <Section id="what" title="What you sign">
      <Oath />
      <Facts>
        <Fact name="Digest">
          <Digest of={board.digest} />
          <span className="sub">
            SHA-256 over the date, the revision, {several(gates.must.length, 'must')} with{' '}
            {several(criteria.length, 'criterion').replace('criterions', 'criteria')}
            {waived > 0 && ` (${several(waived, 'waiver')})`}, and the unmet shoulds
          </span>
          {same.length > 0 && (
            <span className="sub">
              <span className="same met">
                <Mark name="met" />
                The same that {same.join(' and ')} signed
              </span>
            </span>
          )}
        </Fact>
        <Fact name="Plan">
          Revision {board.revision} <Link to={`/launches/${encodeURIComponent(launch)}/plan`}>See the plan</Link>
        </Fact>
        <Fact name="Ledger">
          {ledger.head === null ? (
            'Its database does not answer now'
          ) : (
            <>
              Entries 1 to {ledger.head.split(':', 1)[0]}{' '}
              <Link to={`/launches/${encodeURIComponent(launch)}/ledger`}>See the ledger</Link>
            </>
          )}
        </Fact>
        <Fact name="Announcement">
          {announce && (
            <>
              {announce.to.every((each) => announce.accepted.includes(each)) ? 'Sent, due since' : 'Goes out'}{' '}
              <When at={announce.at} /> to {announce.to.join(', ')}
            </>
          )}
        </Fact>
        <Fact name="Authority">
          {plan && quorumText(plan)}
          {plan?.launch.separation && (
            <span className="sub">
              Whoever has given their word on a must does not count: the plan separates duties.
            </span>
          )}
        </Fact>
      </Facts>
    </Section>
  );
}

export function Musts(): ReactNode {
  const { board } = useLaunch();
  const seen = useSeen();
  const rows = boardRows(board, 'must');
  return (
    <Section
      id="musts"
      title="Musts"
      about="all measured afresh in the final poll"
      count={`${metRows(rows)} of ${rows.length} met`}
    >
      {rows.length === 0 ? (
        <Empty>The plan has no must, so that there is no GO.</Empty>
      ) : (
        <Table caption="Musts, and what they rest on" heads={['State', 'Must', 'Rests on', 'Age']} stack>
          {rows.map((row) => (
            <Must key={row.entry.ref} row={row} seen={seen} />
          ))}
        </Table>
      )}
    </Section>
  );
}

interface MustProps {
  row: BoardRow;
  seen: ReadonlyMap<string, number>;
}

function Must({ row: { entry, item, state }, seen }: MustProps): ReactNode {
  const { launch, board } = useLaunch();
  const last = item && lastSeen(item, seen);
  return (
    <tr>
      <td>
        <State state={state} />
      </td>
      <th scope="row">
        <Link className="name" to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(entry.ref)}`}>
          {entry.title}
        </Link>
        <span className="sub mono">{entry.ref}</span>
      </th>
      <td className="seen">
        {(item?.criteria ?? []).length === 0 && entry.reason}
        {item?.criteria.map(({ id, title, state, evidence }) => (
          <span key={id} className="ground">
            {title}
            <span className="sub">
              {LOOKS[OF_CRITERION[state as keyof typeof OF_CRITERION] ?? 'unclear'].word}
              {evidence !== null && `: ${readable(evidence, board.timezone)}`}
            </span>
          </span>
        ))}
      </td>
      <td>{last ? <Age at={last.at} /> : 'None yet'}</td>
    </tr>
  );
}

export function Conditions(): ReactNode {
  const { board } = useLaunch();
  const { conditions } = board.now;
  return (
    <Section id="conditions" title="Conditions of the GO" count={conditions.length}>
      {conditions.length === 0 ? (
        <Empty>None: nothing is waived, and every should is met.</Empty>
      ) : (
        <ul className="plain">
          {conditions.map((each) => (
            <li key={`${each.code} ${each.ref} ${each.text}`}>
              <State
                state={each.code === 'WAIVER' ? 'waived' : 'open'}
                word={`${each.code === 'WAIVER' ? 'Waived' : 'Unmet should'}: ${titleOf(board, each)}`}
              />
              <p className="read">{each.text}</p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const WORDS = { yes: 'GO', no: 'NO-GO', withdraw: 'Withdrawn' } as const;

/** Of an answer that a later one of the same person has replaced. */
function standOf(said: Said, all: readonly Said[], board: ReturnType<typeof useLaunch>['board']): ReactNode {
  const isLast = all.findLast(({ by }) => by === said.by) === said;
  if (said.void) return <State state="dropped" word="Void" why={said.void.reason} />;
  if (!isLast) return <State state="dropped" word="Replaced" />;
  if (said.answer === 'withdraw') return <State state="open" word="No answer" />;
  if (said.answer === 'no') return <State state="not-met" word="Stands" />;
  const now = board.signOffs.find(({ by }) => by === said.by);
  if (now?.state === 'suspended') return <State state="stale" word="Suspended" why={now.reason} />;
  return <State state="met" word="Stands" />;
}

export function SoFar({ said }: { said: readonly Said[] }): ReactNode {
  const { board } = useLaunch();
  return (
    <Section id="so-far" title="Sign-offs so far" count={said.length > 0 && said.length}>
      {said.length === 0 ? (
        <Empty>Nobody has answered yet.</Empty>
      ) : (
        <Table caption="Sign-offs so far" heads={['When', 'Who', 'Said', 'On', 'State']} stack>
          {[...said].reverse().map((each) => (
            <tr key={each.position} className={each.void ? 'void' : undefined}>
              <th scope="row">
                <time dateTime={new Date(each.at).toISOString()}>{dayAndTime(board.timezone, each.at)}</time>
              </th>
              <td className="who">{each.by}</td>
              <td className="what">
                <b>{WORDS[each.answer]}</b>
                {each.accepts.length > 0 && `, accepting ${each.accepts.join(', ')}`}
                {each.why !== undefined && <Fragment>: {each.why}</Fragment>}
              </td>
              <td className="mono">{each.digest.slice(0, 8)}</td>
              <td>{standOf(each, said, board)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
