import type { ReactNode } from 'react';
import type { GateName } from '../../../domain/plan';
import { useLaunchCommand } from '../api/queries';
import type { BoardAnswer, UnsaidLaunchCommand } from '../api/types';
import { useLaunch } from '../live/use-launch';
import { Fact, Facts } from '../parts/facts';
import { Empty } from '../parts/part';
import { When } from '../parts/when';
import { Whos } from '../parts/who';
import { useOwnerOptions } from './assign';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { Checks, Options, TextField } from './fields';
import type { LaunchFormProps } from './launch-form-props';

interface Fields {
  report: string;
  /** A gate: it is accepted there. */
  answer: GateName | 'reject' | undefined;
  reason: string;
  /** Undefined: those that were reported. */
  owners: string[] | undefined;
}

const EMPTY: Fields = { report: '', answer: undefined, reason: '', owners: undefined };

const ANSWERS = [
  {
    value: 'must',
    label: 'Accept as a must',
    about: 'There is no GO without it. Sign-offs that were given become void.',
  },
  { value: 'should', label: 'Accept as a should', about: 'Unmet it becomes a condition of the GO.' },
  { value: 'nice', label: 'Accept as nice to have', about: 'The launch does not wait for it.' },
  { value: 'reject', label: 'Reject', about: 'It is kept with the reason.' },
] as const;

type Report = BoardAnswer['reported'][number];

function messageOf(fields: Fields, report: Report | undefined): UnsaidLaunchCommand | string {
  const { answer, owners } = fields;
  const reason = given(fields.reason);
  if (!report) return 'Choose first which report.';
  if (answer === undefined) return 'Choose first what becomes of it.';
  if (answer !== 'reject')
    return { type: 'reviewBlocker', report: report.id, accept: true, gate: answer, reason, ...(owners && { owners }) };
  return reason === undefined
    ? 'Say first why it is rejected.'
    : { type: 'reviewBlocker', report: report.id, accept: false, reason };
}

export function ReviewBlocker({ action, close }: LaunchFormProps): ReactNode {
  const { launch, board } = useLaunch();
  const command = useLaunchCommand(launch);
  const { fields, change, forget } = useDraft('review-blocker', EMPTY);
  const people = useOwnerOptions().filter(({ about }) => about !== 'whoever has this role');
  const open = board.reported.filter(({ id }) => action.choices?.includes(id));
  const report = open.length === 1 ? open[0] : open.find(({ id }) => id === fields.report);
  if (open.length === 0) return <Empty>No report waits for a review.</Empty>;
  return (
    <CommandForm
      command={command}
      button="Answer"
      doing="Answering"
      make={() => messageOf(fields, report)}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <Options
        label="Report"
        options={open.map(({ id, title, by }) => ({ value: id, label: title, about: `${id}, reported by ${by}` }))}
        value={report?.id}
        change={(chosen) => change({ report: chosen, owners: undefined })}
      />
      {report && <Reported report={report} />}
      <Options
        label="What becomes of it"
        options={ANSWERS}
        value={fields.answer}
        change={(answer) => change({ answer })}
      />
      {fields.answer !== undefined && fields.answer !== 'reject' && (
        <Checks
          label="Held by"
          options={people}
          values={fields.owners ?? report?.owners ?? []}
          change={(owners) => change({ owners })}
        />
      )}
      <TextField
        label="Reason"
        hint="A rejection needs one."
        value={fields.reason}
        change={(reason) => change({ reason })}
        long
      />
    </CommandForm>
  );
}

function Reported({ report }: { report: Report }): ReactNode {
  const { by, at, impact, owners, priority, severity, deadline, acceptance } = report;
  return (
    <Facts>
      <Fact name="Reported">
        {by}, <When at={at} />
      </Fact>
      <Fact name="Impact">{impact}</Fact>
      <Fact name="Could resolve it">
        <Whos ids={owners} />
      </Fact>
      <Fact name="Priority">{priority}</Fact>
      <Fact name="Severity">{severity}</Fact>
      <Fact name="Deadline">{deadline !== null && <When at={deadline} />}</Fact>
      <Fact name="Resolved when">{acceptance.join('; ')}</Fact>
    </Facts>
  );
}
