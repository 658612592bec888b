import type { ReactNode } from 'react';
import { reschedulePreview, type Moved, type ReschedulePreview } from '../../../domain/reschedule-preview';
import { durationText } from '../../../domain/text';
import { useLaunchCommand, usePlan } from '../api/queries';
import type { Plan, UnsaidLaunchCommand } from '../api/types';
import { useNow } from '../live/now';
import { useLaunch } from '../live/use-launch';
import { Banner } from '../parts/banner';
import { Part } from '../parts/part';
import { Table } from '../parts/table';
import { When } from '../parts/when';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { InstantField, instantOfField, TextField } from './fields';
import type { LaunchFormProps } from './launch-form-props';

export function Reschedule(props: LaunchFormProps): ReactNode {
  const { launch, board } = useLaunch();
  return (
    <Part asked={usePlan(launch, board.revision)} what="The plan">
      {(plan) => <Form {...props} plan={plan} />}
    </Part>
  );
}

function Form({ close, plan }: LaunchFormProps & { plan: Plan }): ReactNode {
  const { launch, board } = useLaunch();
  const command = useLaunchCommand(launch);
  const { fields, change, forget } = useDraft('reschedule', { at: '', reason: '' });
  const at = instantOfField(plan, fields.at);
  const make = (): UnsaidLaunchCommand | string => {
    const reason = given(fields.reason);
    if (at === undefined) return 'Say first when it is to be.';
    return reason === undefined ? 'Say first why.' : { type: 'reschedule', at, reason };
  };
  return (
    <CommandForm
      command={command}
      button="Move the date"
      doing="Moving"
      make={make}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <InstantField
        label="New launch date"
        hint={
          <>
            It is <When at={board.launchAt} /> now.
          </>
        }
        zone={board.timezone}
        value={fields.at}
        change={(value) => change({ at: value })}
        seconds={plan.speed !== undefined}
      />
      <TextField
        label="Reason"
        hint="Goes to everybody who was told the old date."
        value={fields.reason}
        change={(reason) => change({ reason })}
        long
      />
      <div className="preview" role="status">
        {at === undefined ? (
          <p className="quiet">What moves with it is shown here before you say it.</p>
        ) : (
          <Preview preview={reschedulePreview(plan, board, at)} />
        )}
      </div>
    </CommandForm>
  );
}

const WORDS: { readonly [what in Moved['what']]: string } = {
  launch: 'Launch',
  poll: 'Final poll begins',
  announcement: 'Announcement goes out',
  deadline: 'Deadline',
  milestone: 'Milestone',
  review: 'Review',
  metric: 'Target date',
  planned: 'Planned end',
  begin: 'Is looked at from',
};

function by({ from, to }: Moved): string {
  return to > from ? `${durationText(to - from)} later` : `${durationText(from - to)} earlier`;
}

function Preview({ preview: { moves, voids, closed } }: { preview: ReschedulePreview }): ReactNode {
  const now = useNow(60_000);
  const [launch] = moves;
  if (!launch || launch.from === launch.to) return <p>That is the date that it has.</p>;
  return (
    <>
      {closed && (
        <Banner kind="status" role="unsure" mark="unclear">
          <b>The plan has no window then:</b> it would wait for the next
          {closed.opens === undefined ? (
            ', which the calendar does not know yet.'
          ) : (
            <>
              , <When at={closed.opens} />.
            </>
          )}
        </Banner>
      )}
      <p>
        <b>It would launch {by(launch)}.</b>{' '}
        {voids.length > 0
          ? `The sign-offs of ${voids.join(', ')} become void.`
          : 'No sign-off is given that could become void.'}
      </p>
      <Table caption="What moves with the launch" heads={['What', 'From', 'To']}>
        {moves.map((move) => (
          <tr key={`${move.what} ${move.item} ${move.title} ${move.from}`}>
            <th scope="row">
              {move.what === 'launch' || move.what === 'poll' || move.what === 'announcement' ? (
                WORDS[move.what]
              ) : (
                <>
                  {move.title}
                  <span className="sub">{WORDS[move.what]}</span>
                </>
              )}
            </th>
            <td>
              <When at={move.from} />
            </td>
            <td>
              <When at={move.to} />
              {move.to <= now && <span className="sub">already past then</span>}
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}
