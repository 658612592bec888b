import { useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useOutbox } from '../../api/queries';
import type { DeliveryAnswer } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { Empty, Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { State } from '../../parts/state';
import { Table } from '../../parts/table';
import { When } from '../../parts/when';
import { Whos } from '../../parts/who';
import { inWords, lookOf, outboxSentence, SHOWN, type Shown } from './outbox-words';

/** As many as the API gives at once. */
const MOST = 1_000;

/** What people are told, by which way, and what has become of it. */
export function OutboxPage(): ReactNode {
  const { board, launch } = useLaunch();
  const asked = useOutbox(launch, MOST);
  return (
    <>
      <title>{`Outbox: ${board.title}`}</title>
      <section className="lede">
        <div>
          <h1>
            <b>Outbox.</b> {asked.data && outboxSentence(asked.data.deliveries)}
          </h1>
          {board.trial && <p className="stamp">A trial: nothing is sent.</p>}
        </div>
      </section>
      <Messages asked={asked} />
    </>
  );
}

function Messages({ asked }: { asked: ReturnType<typeof useOutbox> }): ReactNode {
  const [search, setSearch] = useSearchParams();
  const shown = SHOWN.find(({ key }) => key === search.get('show')) ?? SHOWN[0];
  const all = asked.data?.deliveries ?? [];
  return (
    <Section id="messages" title="Messages" about="the newest first" count={asked.data && inWords(all, MOST)}>
      <div className="filter" role="group" aria-label="Which messages">
        {SHOWN.map((each) => (
          <button
            key={each.key}
            type="button"
            className="link"
            aria-pressed={each.key === shown.key}
            onClick={() => setSearch(each.key === 'all' ? {} : { show: each.key }, { replace: true })}
          >
            {each.name} <span className="faint">{all.filter(each.holds).length}</span>
          </button>
        ))}
      </div>
      <Part asked={asked} what="The outbox">
        {({ deliveries }) => <List deliveries={deliveries.filter(shown.holds)} shown={shown} />}
      </Part>
    </Section>
  );
}

function List({ deliveries, shown }: { deliveries: readonly DeliveryAnswer[]; shown: Shown }): ReactNode {
  if (deliveries.length === 0) return <Empty>{shown.none}</Empty>;
  return (
    <Table caption={`Messages: ${shown.name}`} heads={['State', 'Message', 'To', 'Tries', 'Last error']} stack>
      {deliveries.map((delivery) => (
        <Delivery key={delivery.id} delivery={delivery} />
      ))}
    </Table>
  );
}

function Delivery({ delivery }: { delivery: DeliveryAnswer }): ReactNode {
  const { subject, about, urgent, people, channel, type, attempts, lastError, createdAt, sentAt, nextTryAt } = delivery;
  const { state, word, why } = lookOf(delivery);
  return (
    <tr>
      <th scope="row">
        <State state={state} word={word} why={why} />
      </th>
      <td className="what">
        {subject}
        <span className="sub">
          <About about={about} /> asked for <When at={createdAt} />
          {urgent && ', urgent'}
        </span>
        <Text delivery={delivery} />
      </td>
      <td>
        <Whos ids={people} />
        <span className="sub">by {channel === type ? type : `${channel} (${type})`}</span>
      </td>
      <td>
        <span className="lbl">Tries </span>
        {attempts}
        {sentAt !== null && (
          <span className="sub">
            sent <When at={sentAt} />
          </span>
        )}
        {nextTryAt !== null && (
          <span className="sub">
            next <When at={nextTryAt} />
          </span>
        )}
      </td>
      <td>
        <span className="lbl">Last error </span>
        {lastError ?? <span className="quiet">none</span>}
      </td>
    </tr>
  );
}

function About({ about }: { about: string }): ReactNode {
  const { board, launch } = useLaunch();
  if (!board.items.some(({ id }) => id === about)) return <>about {about},</>;
  return (
    <>
      about{' '}
      <Link className="id" to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(about)}`}>
        {about}
      </Link>
      ,
    </>
  );
}

function Text({ delivery: { subject, text } }: { delivery: DeliveryAnswer }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="link small" data-row aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Hide the text' : 'The text'}
        <span className="vh"> of “{subject}”</span>
      </button>
      {isOpen && (
        <pre className="digest-text" tabIndex={0} role="region" aria-label={`Text of “${subject}”`}>
          {text}
        </pre>
      )}
    </>
  );
}
