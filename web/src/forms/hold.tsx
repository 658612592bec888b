import type { ReactNode } from 'react';
import type { UnsaidLaunchCommand } from '../api/types';
import { useLaunchCommand } from '../api/queries';
import { useLaunch } from '../live/use-launch';
import { HoldList } from '../parts/hold-list';
import { CommandForm } from './command-form';
import { given, useDraft } from './draft';
import { TextField } from './fields';
import type { LaunchFormProps } from './launch-form-props';

interface Props extends LaunchFormProps {
  name: string;
  button: string;
  doing: string;
  about: string;
  hint: string;
  /** The message, or what it lacks. */
  make: (reason: string | undefined) => UnsaidLaunchCommand | string;
  children?: ReactNode;
}

/** A command that is said with a reason and nothing else. */
function ReasonForm({ name, button, doing, about, hint, make, close, children }: Props): ReactNode {
  const { launch } = useLaunch();
  const command = useLaunchCommand(launch);
  const { fields, change, forget } = useDraft(name, { reason: '' });
  return (
    <CommandForm
      command={command}
      button={button}
      doing={doing}
      about={about}
      make={() => make(given(fields.reason))}
      done={({ text }) => {
        forget();
        close(text);
      }}
    >
      {children}
      <TextField label="Reason" hint={hint} value={fields.reason} change={(reason) => change({ reason })} long />
    </CommandForm>
  );
}

const FIRST_WHY = 'Say first why.';

export function Hold(props: LaunchFormProps): ReactNode {
  return (
    <ReasonForm
      {...props}
      name="hold"
      button="Hold"
      doing="Holding"
      about="The countdown and every clock stand until the authority releases it."
      hint="What must be looked at before it can go on."
      make={(reason) => (reason === undefined ? FIRST_WHY : { type: 'hold', reason })}
    />
  );
}

export function Release(props: LaunchFormProps): ReactNode {
  return (
    <ReasonForm
      {...props}
      name="release"
      button="Release"
      doing="Releasing"
      about="All holds end at once, and clocks run again."
      hint="What was found. May be empty."
      make={(reason) => ({ type: 'release', reason })}
    >
      <HoldList />
    </ReasonForm>
  );
}

export function Cancel(props: LaunchFormProps): ReactNode {
  const { board } = useLaunch();
  return (
    <ReasonForm
      {...props}
      name="cancel"
      button="Cancel the launch"
      doing="Cancelling"
      about={`${board.title} ends for good. Everybody who was told a date is told that it is off.`}
      hint="Goes to everybody who was told a date."
      make={(reason) => (reason === undefined ? FIRST_WHY : { type: 'cancel', reason })}
    />
  );
}
