import { useState, type ReactNode } from 'react';
import { Dialog } from '../parts/dialog';

export interface Opened<Name> {
  /** Whose form is open. */
  opened?: Name;
  open: (name: Name) => void;
  /** `text`: what the launch answered to what was sent. */
  close: (text?: string) => void;
  /** The answer to what was said last. */
  said: string;
  answered: (text: string) => void;
}

/** A list of actions of which one at a time has its form open. */
export function useOpened<Name>(): Opened<Name> {
  const [opened, setOpened] = useState<Name>();
  const [said, answered] = useState('');
  const close = (text?: string): void => {
    setOpened(undefined);
    if (text !== undefined) answered(text);
  };
  return { opened, open: setOpened, close, said, answered };
}

interface Props {
  said: string;
  /** Of the open form; without it none is. */
  title?: string;
  close: () => void;
  children: ReactNode;
}

/** Below the actions: what was answered last, and the form that is open. */
export function OpenedForm({ said, title, close, children }: Props): ReactNode {
  return (
    <>
      <p className="answered" role="status">
        {said}
      </p>
      {title !== undefined && (
        <Dialog title={title} close={() => close()}>
          {children}
        </Dialog>
      )}
    </>
  );
}
