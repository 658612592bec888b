import { useId, type ReactNode } from 'react';
import type { PossibleAction } from '../api/types';
import type { Saying } from '../api/queries';
import { useMachineNow } from '../live/now';

interface Props {
  children: string;
  /** The first action of a view; one a view. */
  first?: boolean;
  /** Why not, in words: it is refused, can be reached and says so. */
  refused?: string;
  /** What it does, in a line below. */
  about?: ReactNode;
  /** Of the message that it sends: its label says since when. */
  saying?: Saying;
  /** "Signing". */
  doing?: string;
  type?: 'button' | 'submit';
  onClick?: () => void;
}

/** Without a mouse it can be reached though it is refused, so that its reason is read. */
export function ActionButton(props: Props): ReactNode {
  const { children, first = false, refused, about, saying, doing, type = 'button', onClick } = props;
  const note = useId();
  const since = saying?.state === 'inFlight' ? saying.since : undefined;
  const isOff = refused !== undefined || since !== undefined;
  const says = refused ?? about;
  return (
    <>
      <button
        type={type}
        className={first ? 'btn' : 'btn second'}
        aria-disabled={isOff || undefined}
        aria-busy={since !== undefined || undefined}
        aria-describedby={says === undefined ? undefined : note}
        onClick={(event) => {
          if (isOff) event.preventDefault();
          else onClick?.();
        }}
      >
        {since === undefined ? children : <InFlight doing={doing ?? children} since={since} />}
      </button>
      {says !== undefined && <p id={note}>{says}</p>}
    </>
  );
}

/** "Signing, 2 s". */
function InFlight({ doing, since }: { doing: string; since: number }): ReactNode {
  const seconds = Math.floor((useMachineNow() - since) / 1_000);
  return `${doing}${seconds > 0 ? `, ${seconds} s` : ''}`;
}

/** An action as the rules answered for the reader; undefined: not asked yet, so that nothing is offered. */
export function refusalOfAction(action: PossibleAction | undefined): string | undefined {
  if (!action) return 'Not known yet whether you may.';
  return action.allowed ? undefined : (action.reason ?? 'Refused.');
}
