import type { ReactNode } from 'react';
import type { Evidence } from '../../../domain/criterion';
import { useItemCommand } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { Options, TextField } from './fields';
import { FileField, type NamedDigest } from './file-field';
import { useCriterionOptions, type ItemFormProps } from './item-form-props';

interface Fields {
  criterion: string;
  note: string;
  link: string;
  file: NamedDigest | undefined;
}

const EMPTY: Fields = { criterion: '', note: '', link: '', file: undefined };

function evidenceOf({ note, link, file }: Fields): Evidence | undefined {
  const evidence = { note: given(note), link: given(link), file };
  return Object.values(evidence).every((each) => each === undefined) ? undefined : evidence;
}

/** A person's word, with what they put beside it. */
export function Attest({ item, action, close }: ItemFormProps): ReactNode {
  const { launch } = useLaunch();
  const command = useItemCommand(launch, item.id);
  const options = useCriterionOptions({ item, action });
  const { fields, change, forget } = useDraft(`${item.id} attest`, EMPTY);
  // With only one there is nothing to choose.
  const criterion = options.length === 1 ? options[0]?.value : given(fields.criterion);
  return (
    <CommandForm
      command={command}
      button="Attest"
      doing="Attesting"
      make={() =>
        criterion === undefined
          ? 'Choose first what you attest.'
          : { type: 'attest' as const, criterion, evidence: evidenceOf(fields) }
      }
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      <Options
        label="I say that this is met"
        options={options}
        value={criterion}
        change={(chosen) => change({ criterion: chosen })}
      />
      <TextField
        label="Note"
        hint="What you did, and what you saw. May be empty."
        value={fields.note}
        change={(note) => change({ note })}
        long
      />
      <TextField
        label="Link"
        hint="To a run, a page, a picture. May be empty."
        value={fields.link}
        change={(link) => change({ link })}
      />
      <FileField value={fields.file} change={(file) => change({ file })} />
    </CommandForm>
  );
}
