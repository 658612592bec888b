import { useState, type ReactNode } from 'react';
import { useItemCommand } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { TextField } from './fields';

/** Below the comments; shown among them once it was accepted. */
export function Comment({ item }: { item: string }): ReactNode {
  const { launch } = useLaunch();
  const command = useItemCommand(launch, item);
  const { fields, change, forget } = useDraft(`${item} comment`, { text: '' });
  const [said, setSaid] = useState('');
  return (
    <>
      <CommandForm
        command={command}
        first={false}
        button="Add comment"
        doing="Adding"
        make={() => {
          const text = given(fields.text);
          return text === undefined ? 'There is nothing to add yet.' : { type: 'comment' as const, text };
        }}
        done={({ text }) => {
          forget();
          setSaid(text);
        }}
      >
        <TextField label="Your comment" value={fields.text} change={(text) => change({ text })} long />
      </CommandForm>
      <p className="answered" role="status">
        {said}
      </p>
    </>
  );
}
