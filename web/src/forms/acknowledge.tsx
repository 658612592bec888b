import type { ReactNode } from 'react';
import { useItemCommand } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { TextField } from './fields';
import type { ItemFormProps } from './item-form-props';

export function Acknowledge({ item, close }: ItemFormProps): ReactNode {
  const { launch } = useLaunch();
  const command = useItemCommand(launch, item.id);
  const { fields, change, forget } = useDraft(`${item.id} acknowledge`, { note: '' });
  return (
    <CommandForm
      command={command}
      button="Acknowledge"
      doing="Acknowledging"
      make={() => ({ type: 'acknowledge' as const, note: given(fields.note) })}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <TextField
        label="Note"
        hint="Kept in the ledger. May be empty."
        value={fields.note}
        change={(note) => change({ note })}
        long
      />
    </CommandForm>
  );
}
