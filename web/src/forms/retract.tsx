import type { ReactNode } from 'react';
import { useItemCommand } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { Options } from './fields';
import { useCriterionOptions, type ItemFormProps } from './item-form-props';

export function Retract({ item, action, close }: ItemFormProps): ReactNode {
  const { launch } = useLaunch();
  const command = useItemCommand(launch, item.id);
  const options = useCriterionOptions({ item, action });
  const { fields, change, forget } = useDraft(`${item.id} retract`, { criterion: '' });
  const criterion = options.length === 1 ? options[0]?.value : given(fields.criterion);
  return (
    <CommandForm
      command={command}
      button="Retract"
      doing="Retracting"
      about="Your word, or else your waiver, no longer counts. That it was given stays in the ledger."
      make={() =>
        criterion === undefined ? 'Choose first what you take back.' : { type: 'retract' as const, criterion }
      }
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <Options
        label="I take back what I said of"
        options={options}
        value={criterion}
        change={(chosen) => change({ criterion: chosen })}
      />
    </CommandForm>
  );
}
