import type { ReactNode } from 'react';
import { useItemCommand } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { useDraft } from './draft';
import { Checks } from './fields';
import type { ItemFormProps } from './item-form-props';

/** People of the plan, then its roles. */
export function useOwnerOptions(): Array<{ value: string; label: string; about?: string }> {
  const { reader } = useLaunch();
  const { people } = reader;
  const ids = new Set(people.map(({ id }) => id));
  const roles = [...new Set(people.flatMap((person) => person.roles))].filter((role) => !ids.has(role));
  return [
    ...people.map(({ id, name }) => ({ value: id, label: id, ...(name !== id && { about: name }) })),
    ...roles.map((role) => ({ value: role, label: role, about: 'whoever has this role' })),
  ];
}

export function Assign({ item, close }: ItemFormProps): ReactNode {
  const { launch } = useLaunch();
  const command = useItemCommand(launch, item.id);
  const { fields, change, forget } = useDraft(`${item.id} assign`, { owners: item.owners });
  return (
    <CommandForm
      command={command}
      button="Assign"
      doing="Assigning"
      make={() =>
        fields.owners.length === 0 ? 'Somebody has to hold it.' : { type: 'assign' as const, owners: fields.owners }
      }
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <Checks
        label="Held by"
        hint="Whoever it is given to is told."
        options={useOwnerOptions()}
        values={fields.owners}
        change={(owners) => change({ owners })}
      />
    </CommandForm>
  );
}
