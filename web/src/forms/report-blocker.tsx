import type { ReactNode } from 'react';
import { PRIORITIES, SEVERITIES } from '../../../domain/plan';
import { useLaunchCommand, usePlan } from '../api/queries';
import type { Plan, UnsaidLaunchCommand } from '../api/types';
import { useLaunch } from '../live/use-launch';
import { Part } from '../parts/part';
import { useOwnerOptions } from './assign';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { Checks, InstantField, instantOfField, Options, TextField } from './fields';
import type { LaunchFormProps } from './launch-form-props';

interface Fields {
  title: string;
  impact: string;
  owners: string[];
  priority?: (typeof PRIORITIES)[number];
  severity?: (typeof SEVERITIES)[number];
  deadline: string;
  /** One a line. */
  acceptance: string;
}

const EMPTY: Fields = { title: '', impact: '', owners: [], deadline: '', acceptance: '' };

/** The template of a blocker, in its order. */
export function ReportBlocker(props: LaunchFormProps): ReactNode {
  const { launch, board } = useLaunch();
  return (
    <Part asked={usePlan(launch, board.revision)} what="The plan">
      {(plan) => <Form {...props} plan={plan} />}
    </Part>
  );
}

function messageOf(fields: Fields, plan: Plan): UnsaidLaunchCommand | string {
  const title = given(fields.title);
  const deadline = instantOfField(plan, fields.deadline);
  const lines = fields.acceptance.split('\n').flatMap((line) => given(line) ?? []);
  if (title === undefined) return 'Say first what is blocked.';
  if (fields.deadline !== '' && deadline === undefined) return 'The deadline is no date and time.';
  return {
    type: 'reportBlocker',
    title,
    impact: given(fields.impact),
    ...(fields.owners.length > 0 && { owners: fields.owners }),
    priority: fields.priority,
    severity: fields.severity,
    deadline,
    ...(lines.length > 0 && { acceptance: lines }),
  };
}

function Form({ close, plan }: LaunchFormProps & { plan: Plan }): ReactNode {
  const { launch, board } = useLaunch();
  const command = useLaunchCommand(launch);
  const { fields, change, forget } = useDraft('report-blocker', EMPTY);
  const people = useOwnerOptions().filter(({ about }) => about !== 'whoever has this role');
  return (
    <CommandForm
      command={command}
      button="Report"
      doing="Reporting"
      about="The authority is told at once. Until one of them has reviewed it, the launch cannot be GO."
      make={() => messageOf(fields, plan)}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <TextField label="What is blocked" value={fields.title} change={(title) => change({ title })} />
      <TextField
        label="Impact"
        hint="What cannot be done because of it."
        value={fields.impact}
        change={(impact) => change({ impact })}
        long
      />
      <div className="two">
        <Options
          label="Priority"
          options={PRIORITIES.map((value) => ({ value, label: value }))}
          value={fields.priority}
          change={(priority) => change({ priority })}
        />
        <Options
          label="Severity"
          options={SEVERITIES.map((value) => ({ value, label: value }))}
          value={fields.severity}
          change={(severity) => change({ severity })}
        />
      </div>
      <Checks
        label="Who could resolve it"
        options={people}
        values={fields.owners}
        change={(owners) => change({ owners })}
      />
      <InstantField
        label="Deadline"
        hint="May be empty."
        zone={board.timezone}
        value={fields.deadline}
        change={(deadline) => change({ deadline })}
      />
      <TextField
        label="It is resolved when"
        hint="One criterion a line. May be empty."
        value={fields.acceptance}
        change={(acceptance) => change({ acceptance })}
        long
      />
    </CommandForm>
  );
}
