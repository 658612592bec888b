import type { ReactNode } from 'react';
import { useItemCommand } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { TextField } from './fields';
import type { ItemFormProps } from './item-form-props';

export function Reopen({ item, close }: ItemFormProps): ReactNode {
  const { launch } = useLaunch();
  const command = useItemCommand(launch, item.id);
  const { fields, change, forget } = useDraft(`${item.id} reopen`, { reason: '' });
  return (
    <CommandForm
      command={command}
      button="Reopen"
      doing="Reopening"
      about="Words on it no longer count, and yours is then wanted that it is done. Of a must, sign-offs are suspended."
      make={() => {
        const reason = given(fields.reason);
        return reason === undefined ? 'Say first why.' : { type: 'reopen' as const, reason };
      }}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <TextField
        label="Reason"
        hint="What is not done after all."
        value={fields.reason}
        change={(reason) => change({ reason })}
        long
      />
    </CommandForm>
  );
}
