import type { ReactNode } from 'react';
import { useLaunchCommand } from '../api/queries';
import type { UnsaidLaunchCommand } from '../api/types';
import { useLaunch } from '../live/use-launch';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { Options, TextField } from './fields';
import type { LaunchFormProps } from './launch-form-props';

interface Fields {
  how: 'again' | 'skip' | undefined;
  reason: string;
}

const EMPTY: Fields = { how: undefined, reason: '' };

/** After GO: what failed is tried again, or gone past. */
export function RetryActions({ close }: LaunchFormProps): ReactNode {
  const { launch, board } = useLaunch();
  const command = useLaunchCommand(launch);
  const { fields, change, forget } = useDraft('retry-actions', EMPTY);
  const failed = board.actions.find(
    ({ follows, state }) => follows === 'go' && (state === 'failed' || state === 'unknown')
  );
  const make = (): UnsaidLaunchCommand | string => {
    const reason = given(fields.reason);
    if (fields.how === undefined) return 'Choose first how it goes on.';
    if (fields.how === 'again' || !failed) return { type: 'retryActions', reason };
    if (reason === undefined) return 'Say first why it is skipped.';
    return { type: 'retryActions', skip: failed.number, reason };
  };
  return (
    <CommandForm
      command={command}
      button="Go on"
      doing="Going on"
      make={make}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      {failed && (
        <p>
          {failed.number}. {failed.title}: {failed.state === 'failed' ? 'failed' : 'may have been done or not'}
          <span className="hint">{failed.seen}</span>
        </p>
      )}
      <Options
        label="How it goes on"
        options={[
          { value: 'again', label: 'Try it again', about: 'From this action on, in order.' },
          { value: 'skip', label: 'Skip it', about: 'Somebody has done it by hand, or nobody will. Needs a reason.' },
        ]}
        value={fields.how}
        change={(how) => change({ how })}
      />
      <TextField label="Reason" value={fields.reason} change={(reason) => change({ reason })} long />
    </CommandForm>
  );
}
