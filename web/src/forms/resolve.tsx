import type { ReactNode } from 'react';
import { useItemCommand } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { TextField } from './fields';
import type { ItemFormProps } from './item-form-props';

export function Resolve({ item, close }: ItemFormProps): ReactNode {
  const { launch } = useLaunch();
  const command = useItemCommand(launch, item.id);
  const { fields, change, forget } = useDraft(`${item.id} resolve`, { note: '' });
  const open = item.criteria.filter(({ state }) => state !== 'met' && state !== 'waived');
  return (
    <CommandForm
      command={command}
      button="Resolve"
      doing="Resolving"
      about="Checks are run now; what is yours to attest is attested by it."
      make={() => ({ type: 'resolve' as const, note: given(fields.note) })}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      {open.length > 0 && (
        <ul className="plain">
          {open.map(({ id, title, automatic }) => (
            <li key={id}>
              {title}
              <span className="sub">{automatic ? 'is checked now' : 'is attested, where it is yours to say'}</span>
            </li>
          ))}
        </ul>
      )}
      <TextField
        label="Note"
        hint="How it was done. Kept in the ledger. May be empty."
        value={fields.note}
        change={(note) => change({ note })}
        long
      />
    </CommandForm>
  );
}
