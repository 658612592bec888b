import type { ReactNode } from 'react';
import { DAY } from '../../../domain/units';
import { useItemCommand, usePlan } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { Part } from '../parts/part';
import { When } from '../parts/when';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { fieldOfInstant, InstantField, instantOfField, Options, TextField } from './fields';
import { useCriterionOptions, type ItemFormProps } from './item-form-props';
import type { Plan } from '../api/types';

/** Of all criteria that are not met. */
const ALL = '';

export function Waive(props: ItemFormProps): ReactNode {
  const { launch, board } = useLaunch();
  return (
    <Part asked={usePlan(launch, board.revision)} what="The plan">
      {(plan) => <Form {...props} plan={plan} />}
    </Part>
  );
}

function Form({ item, action, close, plan }: ItemFormProps & { plan: Plan }): ReactNode {
  const { launch, board } = useLaunch();
  const command = useItemCommand(launch, item.id);
  const open = useCriterionOptions({ item, action });
  const { fields, change, forget } = useDraft<{ criterion?: string; reason: string; risk: string; until: string }>(
    `${item.id} waive`,
    { criterion: undefined, reason: '', risk: '', until: '' }
  );
  const options = open.length > 1 ? [...open, { value: ALL, label: 'All of these' }] : open;
  const criterion = open.length === 1 ? open[0]?.value : fields.criterion;
  const make = () => {
    const [reason, risk, until] = [given(fields.reason), given(fields.risk), instantOfField(plan, fields.until)];
    if (criterion === undefined) return 'Choose first what you waive.';
    if (reason === undefined) return 'Say first why.';
    if (risk === undefined) return 'Say first what may come of it.';
    if (until === undefined) return 'Say first until when.';
    return { type: 'waive' as const, ...(criterion !== ALL && { criterion }), reason, risk, until };
  };
  return (
    <CommandForm
      command={command}
      button="Waive"
      doing="Waiving"
      about="It becomes a condition of the GO. Sign-offs of others on a must become void."
      make={make}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <Options
        label="I accept that this is not met"
        options={options}
        value={criterion}
        change={(chosen) => change({ criterion: chosen })}
      />
      <TextField label="Reason" value={fields.reason} change={(reason) => change({ reason })} long />
      <TextField
        label="Risk"
        hint="What may come of it, and who bears it."
        value={fields.risk}
        change={(risk) => change({ risk })}
        long
      />
      <InstantField
        label="Until"
        hint={
          <>
            After the launch, <When at={board.launchAt} />; for example {example(plan, board.launchAt)}.
          </>
        }
        zone={board.timezone}
        value={fields.until}
        change={(until) => change({ until })}
      />
    </CommandForm>
  );
}

function example(plan: Plan, launchAt: string): string {
  return fieldOfInstant(plan, Date.parse(launchAt) + 2 * DAY).replace('T', ' ');
}
