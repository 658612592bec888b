import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { answerersOf, decidersOf } from '../../../../domain/criterion';
import { GATES, type Item } from '../../../../domain/plan';
import type { BoardItem, ItemAnswer } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { Fact, Facts } from '../../parts/facts';
import { Section } from '../../parts/section';
import { Whos } from '../../parts/who';

interface Props {
  item: BoardItem & Partial<Pick<ItemAnswer, 'reportedBy' | 'impact' | 'notes' | 'verifies'>>;
  plan: Item | undefined;
}

function attesters(plan: Item | undefined, owners: readonly string[]): string[] {
  return [...new Set(plan?.criteria.flatMap((each) => (each.attest ? answerersOf(each, plan, owners).by : [])))];
}

const GATE_NAMES = { must: 'Must', should: 'Should', nice: 'Nice to have' } as const;

export function People({ item, plan }: Props): ReactNode {
  const { board } = useLaunch();
  const { owners, reportedBy = [], impact, notes, verifies = [] } = item;
  const mayAttest = attesters(plan, owners);
  const decides = plan ? decidersOf(plan, owners).by : [];
  const unblocks = board.items.filter(({ waitingOn }) => waitingOn.includes(item.id)).map(({ id }) => id);
  const gates = GATES.flatMap((gate) =>
    board.gates[gate].filter(({ ref }) => ref === item.id).map(({ title }) => `${GATE_NAMES[gate]}: ${title}`)
  );
  return (
    <Section id="people" title="People and links">
      <Facts>
        <Fact name="Held by">
          <Whos ids={owners} />
        </Fact>
        <Fact name="Reported by">{reportedBy.length > 0 && <Whos ids={reportedBy} />}</Fact>
        <Fact name="May attest">{mayAttest.length > 0 && <Whos ids={mayAttest} />}</Fact>
        <Fact name="Decides">{decides.length > 0 && <Whos ids={decides} />}</Fact>
        <Fact name="Impact">{impact}</Fact>
        <Fact name="Notes">{notes}</Fact>
        <Fact name="Waits for">{item.waitingOn.length > 0 && <Items ids={item.waitingOn} />}</Fact>
        <Fact name="Unblocks">{unblocks.length > 0 && <Items ids={unblocks} />}</Fact>
        <Fact name="Verifies">{verifies.length > 0 && <Items ids={verifies} />}</Fact>
        <Fact name="Gate">{gates.join('; ')}</Fact>
        <Fact name="Source">{plan?.source !== undefined && `line ${plan.source}`}</Fact>
      </Facts>
    </Section>
  );
}

function Items({ ids }: { ids: readonly string[] }): ReactNode {
  const { launch, board } = useLaunch();
  const known = new Set(board.items.map(({ id }) => id));
  return ids.map((id, at) => (
    <span key={id} className="item-id">
      {at > 0 && ', '}
      {known.has(id) ? (
        <Link to={`/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(id)}`}>{id}</Link>
      ) : (
        id
      )}
    </span>
  ));
}
