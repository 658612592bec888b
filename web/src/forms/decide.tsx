import type { ReactNode } from 'react';
import { useItemCommand } from '../api/queries';
import type { ItemAnswer } from '../api/types';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { Options, TextField, type Option } from './fields';
import type { ItemFormProps } from './item-form-props';

type Decision = NonNullable<ItemAnswer['decision']>;

/** What follows from an option, and who is for it. */
export function aboutOption({ consequences, opens, drops, chosenBy }: Decision['options'][number]): string | undefined {
  const parts = [
    ...(consequences === null ? [] : [consequences.replace(/\.$/, '')]),
    ...(opens.length > 0 ? [`starts ${opens.join(', ')}`] : []),
    ...(drops.length > 0 ? [`drops ${drops.join(', ')}`] : []),
    ...(chosenBy.length > 0 ? [`chosen by ${chosenBy.join(', ')}`] : []),
  ];
  return parts.length === 0 ? undefined : `${parts.join('; ')}.`;
}

/** Who decides, by how many. */
export function decidersText({ decidedBy: { who, quorum } }: Decision): string {
  const all = who.join(', ');
  if (who.length <= 1) return `Decided by ${all}.`;
  if (quorum === 'any') return `Decided by any one of ${all}.`;
  if (quorum === 'all') return `Decided by ${all}, all of them for the same.`;
  if (typeof quorum === 'number') return `Decided by ${quorum} of ${all}.`;
  return `Decided by ${Object.entries(quorum)
    .map(([role, count]) => `${count} of ${role}`)
    .join(' and ')}.`;
}

export function Decide({ item, action, close }: ItemFormProps): ReactNode {
  const { launch } = useLaunch();
  const command = useItemCommand(launch, item.id);
  const { fields, change, forget } = useDraft(`${item.id} decide`, { option: '', why: '' });
  const { decision } = item;
  const may = new Set(action.choices);
  const options = (decision?.options ?? [])
    .filter(({ id }) => may.has(id))
    .map((option): Option<string> => ({ value: option.id, label: option.title, about: aboutOption(option) }));
  return (
    <CommandForm
      command={command}
      button="Decide"
      doing="Deciding"
      about={decision && `${decidersText(decision)} Who wanted something else stays in the record.`}
      make={() =>
        fields.option === ''
          ? 'Choose first one of the options.'
          : { type: 'decide' as const, option: fields.option, why: given(fields.why) }
      }
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <Options label="Your choice" options={options} value={fields.option} change={(option) => change({ option })} />
      <TextField
        label="Why"
        hint="Kept with the decision, and shown in its record. May be empty."
        value={fields.why}
        change={(why) => change({ why })}
        long
      />
    </CommandForm>
  );
}
