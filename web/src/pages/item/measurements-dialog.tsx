import { useState, type ReactNode } from 'react';
import { fetchMeasurements } from '../../api/queries';
import { asRefused, type Refused } from '../../api/refused';
import type { MeasurementAnswer } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { Dialog } from '../../parts/dialog';
import { Empty, Failed, Loading } from '../../parts/part';
import { OF_CRITERION, State } from '../../parts/state';
import { Table } from '../../parts/table';
import { dayIn, secondIn } from '../../parts/times';
import { tookText } from '../../../../domain/text';
import { outcomeWord, useRuns } from './measured';

const STATES = { passed: 'met', failed: 'unmet', inconclusive: 'inconclusive', errored: 'errored' } as const;

interface Props {
  item: string;
  criterion: { id: string; title: string };
  close: () => void;
}

/** Every run of one check that the log has, the newest first. */
export function MeasurementsDialog({ item, criterion, close }: Props): ReactNode {
  return (
    <Dialog title={`Measurements of “${criterion.title}”`} close={close}>
      <All item={item} criterion={criterion.id} />
    </Dialog>
  );
}

function All({ item, criterion }: { item: string; criterion: string }): ReactNode {
  const { launch } = useLaunch();
  const { runs, hasMore, asked } = useRuns(item, criterion);
  const [older, setOlder] = useState<{ runs: MeasurementAnswer[]; next: string | null }>();
  const [refused, setRefused] = useState<Refused>();
  const shown = [...runs].reverse();
  const next = older ? older.next : hasMore ? (asked.data?.next ?? null) : null;
  const more = async (): Promise<void> => {
    try {
      const page = await fetchMeasurements(launch, { item, criterion, after: next ?? undefined, order: 'newest' });
      setOlder({ runs: [...(older?.runs ?? []), ...page.measurements], next: page.next });
      setRefused(undefined);
    } catch (error) {
      setRefused(asRefused(error));
    }
  };
  if (!asked.data && !asked.error) return <Loading />;
  const all = [...shown, ...(older?.runs ?? [])];
  return (
    <>
      {asked.error && <Failed what="The measurements" refused={asked.error} again={() => void asked.refetch()} />}
      {all.length === 0 ? <Empty>It was not measured yet.</Empty> : <Runs runs={all} />}
      {refused && <Failed what="Older measurements" refused={refused} again={() => void more()} />}
      {next !== null && (
        <p className="send">
          <button type="button" className="btn second" onClick={() => void more()}>
            Show older ones
          </button>
        </p>
      )}
    </>
  );
}

function Runs({ runs }: { runs: readonly MeasurementAnswer[] }): ReactNode {
  const { board } = useLaunch();
  const zone = board.timezone;
  return (
    <Table caption="Measurements, the newest first" heads={['When', 'Outcome', 'Seen', 'Took']} stack>
      {runs.map(({ id, at, outcome, seen, ms }) => (
        <tr key={id}>
          <th scope="row">
            {dayIn(zone, at)}, {secondIn(zone, at)}
          </th>
          <td>
            <State state={OF_CRITERION[STATES[outcome]]} word={outcomeWord(outcome)} />
          </td>
          <td className="seen">{seen}</td>
          <td>{tookText(ms)}</td>
        </tr>
      ))}
    </Table>
  );
}
