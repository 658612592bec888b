import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useLedger, useNewestFacts } from '../../api/queries';
import { useLaunch } from '../../live/use-launch';
import { Empty, Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { Table } from '../../parts/table';
import { Chain } from './chain';
import { chainText } from './chain-words';
import { Entry } from './entry';
import { Filter, filterOf } from './filter';

/** Everything that has happened, and how far it is known to be as it was written. */
export function LedgerPage(): ReactNode {
  const { board, launch } = useLaunch();
  const ledger = useLedger(launch);
  return (
    <>
      <title>{`Ledger: ${board.title}`}</title>
      <section className="lede">
        <div>
          <h1>
            <b>Ledger.</b> {ledger.data && chainText(ledger.data)}
          </h1>
        </div>
      </section>
      <Section
        id="chain"
        title="Whether it is as it was written"
        count={ledger.data && `${ledger.data.entries} entries`}
      >
        <Part asked={ledger} what="How far the ledger was verified">
          {(answer) => <Chain ledger={answer} />}
        </Part>
      </Section>
      <Entries />
    </>
  );
}

function Entries(): ReactNode {
  const { launch } = useLaunch();
  const [search, setSearch] = useSearchParams();
  const wanted = filterOf(search);
  const asked = useNewestFacts(launch, wanted);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const isFiltered = Object.values(wanted).some((each) => each !== undefined);
  const count = data && `${data.length}${hasNextPage ? ' shown, there are more' : ' shown'}`;
  return (
    <Section id="entries" title="Entries" about="the newest first" count={count}>
      <Filter wanted={wanted} choose={(next) => setSearch(next, { replace: true })} />
      <Part asked={asked} what="The entries">
        {(facts) =>
          facts.length === 0 ? (
            <Empty>
              {isFiltered
                ? 'No entry is of this kind. Choose others above.'
                : 'Nothing is written yet. Whatever happens to the launch comes here within seconds.'}
            </Empty>
          ) : (
            <Table caption="Entries of the ledger, the newest first" heads={['When', 'What', 'Who', 'Entry']} stack>
              {facts.map((fact) => (
                <Entry key={fact.position} fact={fact} />
              ))}
            </Table>
          )
        }
      </Part>
      {hasNextPage && (
        <p className="send">
          <button
            type="button"
            className="btn second"
            aria-disabled={isFetchingNextPage || undefined}
            onClick={() => {
              if (!isFetchingNextPage) void fetchNextPage();
            }}
          >
            {isFetchingNextPage ? 'Loading older ones' : 'Show older ones'}
          </button>
        </p>
      )}
    </Section>
  );
}
