import type { ReactNode } from 'react';
import { finalPollOf } from '../../../../domain/launch-state';
import { GATES, type Instant, type Item } from '../../../../domain/plan';
import { instantAt } from '../../../../domain/intervals';
import { durationText } from '../../../../domain/text';
import { Link } from 'react-router';
import type { Plan } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { Section } from '../../parts/section';
import { Table } from '../../parts/table';
import { When } from '../../parts/when';
import { Whos } from '../../parts/who';

const GATE_NAMES = { must: 'must', should: 'should', nice: 'nice to have' } as const;

function quorumText(quorum: Plan['launch']['authority']['quorum']): string {
  if (quorum === 'any') return 'one of them';
  if (quorum === 'all') return 'all of them';
  if (typeof quorum === 'number') return `${quorum} of them`;
  return Object.entries(quorum)
    .map(([role, number]) => `${number} of ${role}`)
    .join(', ');
}

/** Of more the table is opened by hand. */
const MOST_OPEN = 40;

/** What the plan says, shortly: of the launch, and of each item. */
export function Overview({ plan, isCurrent }: { plan: Plan; isCurrent: boolean }): ReactNode {
  const { board } = useLaunch();
  // The date of the one that runs may have been moved since.
  const launchAt = isCurrent ? Date.parse(board.launchAt) : plan.launch.at;
  const { authority, announce, giveUpAfter } = plan.launch;
  const announced = announce.to.length > 0;
  const facts = [
    { name: 'Launch', value: <When at={launchAt} zone /> },
    { name: 'Time zone', value: plan.timezone },
    { name: 'Final poll', value: `${durationText(finalPollOf({ plan }))} before the launch` },
    { name: 'Authority', value: <Authority authority={authority} /> },
    { name: 'Announced', value: announced ? <Announced announce={announce} /> : 'to nobody' },
    ...(giveUpAfter === undefined
      ? []
      : [{ name: 'Gives up', value: `${durationText(giveUpAfter)} after the first date` }]),
    { name: 'People', value: `${plan.people.length}` },
  ];
  return (
    <Section id="overview" title="What it says" count={`${plan.items.length} items`}>
      <dl className="facts">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details className="more" open={plan.items.length <= MOST_OPEN}>
        <summary>Its {plan.items.length} items</summary>
        <Table caption="Items of the plan" heads={['Item', 'Gate', 'Owners', 'Deadline', 'After', 'Criteria']} stack>
          {plan.items.map((item) => (
            <ItemRow key={item.id} item={item} plan={plan} launchAt={launchAt} />
          ))}
        </Table>
      </details>
    </Section>
  );
}

function Authority({ authority: { by, quorum, no } }: { authority: Plan['launch']['authority'] }): ReactNode {
  return (
    <>
      <Whos ids={by} />, {quorumText(quorum)}; a “no” {no === 'stop' ? 'stops' : 'holds'} the launch
    </>
  );
}

function Announced({ announce: { to, lead } }: { announce: Plan['launch']['announce'] }): ReactNode {
  return (
    <>
      <Whos ids={to} />, {durationText(lead)} before
    </>
  );
}

function ItemRow({ item, plan, launchAt }: { item: Item; plan: Plan; launchAt: number }): ReactNode {
  const { launch, board } = useLaunch();
  const { id, title, owners, deadline, after, criteria, source } = item;
  const gate = GATES.find((name) => plan.gates[name].some((entry) => entry.item === id));
  const at = (instant: Instant) => instantAt(plan.calendar, instant, launchAt);
  const isThere = board.items.some((each) => each.id === id);
  return (
    <tr>
      <th scope="row">
        {isThere ? (
          <Link className="id" to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(id)}`}>
            {id}
          </Link>
        ) : (
          <span className="id">{id}</span>
        )}
        <span className="sub">
          {title}
          {source !== undefined && `, line ${source} of the document`}
        </span>
      </th>
      <td>{gate ? GATE_NAMES[gate] : <span className="quiet">in no gate</span>}</td>
      <td>
        <Whos ids={owners} />
      </td>
      <td>
        <span className="lbl">Deadline </span>
        {deadline ? <When at={at(deadline)} /> : <span className="quiet">none</span>}
      </td>
      <td className="what">
        <span className="lbl">After </span>
        {after.join(', ') || <span className="quiet">nothing</span>}
      </td>
      <td className="what">
        {criteria.length === 0 ? (
          <span className="quiet">a decision</span>
        ) : (
          criteria.map((each) => each.title).join('; ')
        )}
      </td>
    </tr>
  );
}
