import { useId, useState, type ReactNode } from 'react';
import type { Command } from '../api/queries';
import { NO_ANSWER } from '../api/refused';
import type { Accepted } from '../api/types';
import { ActionButton } from '../parts/action-button';
import { RefusedBanner } from '../parts/banner';

interface Props<Said> {
  command: Command<Said>;
  /** What the button says, and while it is under way: "Hold", "Holding". */
  button: string;
  doing: string;
  /** Below the button: what it does. */
  about?: ReactNode;
  /** The message, or in words what it still lacks. */
  make: () => Said | string;
  /** It has happened. */
  done: (accepted: Accepted) => void;
  /** What has to be done first; until then it can be reached and says so. */
  notYet?: string;
  /** It is the first action of its view, as in a dialog of its own. */
  first?: boolean;
  children?: ReactNode;
}

/**
 * Fields, a button, and beside it whatever speaks against it. What was not answered is sent again as the same message,
 * for as long as its fields stay what they are.
 */
export function CommandForm<Said>(props: Props<Said>): ReactNode {
  const { command, button, doing, about, make, done, notYet, first = true, children } = props;
  const { saying, say } = command;
  const [lacking, setLacking] = useState<string>();
  const id = useId();
  const refused = saying.state === 'refused' ? saying.refused : undefined;
  const send = async (): Promise<void> => {
    const said = make();
    setLacking(typeof said === 'string' ? said : undefined);
    if (typeof said === 'string') return;
    const accepted = await say(said);
    if (accepted) done(accepted);
  };
  return (
    <form
      className="command"
      aria-describedby={lacking === undefined ? undefined : id}
      onSubmit={(event) => {
        event.preventDefault();
        if (saying.state !== 'inFlight') void send();
      }}
    >
      {children}
      <div className="send">
        <ActionButton type="submit" first={first} saying={saying} doing={doing} about={about} refused={notYet}>
          {refused?.isPassing ? 'Send it again' : button}
        </ActionButton>
      </div>
      {lacking !== undefined && (
        <p className="lacking" role="alert" id={id}>
          {lacking}
        </p>
      )}
      {refused && lacking === undefined && (
        <RefusedBanner refused={refused} what={refused.code === NO_ANSWER ? 'No answer' : 'Not done'} />
      )}
    </form>
  );
}
