import { useEffect, useId, useRef, type ReactNode } from 'react';

interface Props {
  title: string;
  /** Closed by Escape, by its button, or by whoever opened it. */
  close: () => void;
  children: ReactNode;
}

/** Focus goes into it, stays, and comes back to where it was. */
export function Dialog({ title, close, children }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={close}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" className="link" onClick={close}>
          Close
        </button>
      </header>
      {children}
    </dialog>
  );
}
