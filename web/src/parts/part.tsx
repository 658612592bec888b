import { useEffect, useState, type ReactNode } from 'react';
import type { Asked } from '../api/queries';
import type { Refused } from '../api/refused';
import { Banner, Reference } from './banner';

/** Shorter waits are not shown at all. */
const SHOWN_AFTER_MS = 300;
const WIDTHS = [92, 64, 88, 58, 90, 61];

/** Bars that stand still; rules and headings around them stand already. */
export function Loading({ rows = 3 }: { rows?: number }): ReactNode {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <>
      <p className="vh" role="status">
        Loading
      </p>
      <div className="ghosts" aria-hidden="true">
        {Array.from({ length: rows * 2 }, (_, at) => (
          <span key={at} className="ghost" style={{ width: `${WIDTHS[at % WIDTHS.length]}%` }} />
        ))}
      </div>
    </>
  );
}

/** What would be here, and how it comes. */
export function Empty({ children }: { children: ReactNode }): ReactNode {
  return <p className="read quiet">{children}</p>;
}

interface FailedProps {
  /** "Evidence": what could not be loaded. */
  what: string;
  refused: Refused;
  again: () => void;
}

/** Only the part that failed; never an empty list in its place. */
export function Failed({ what, refused, again }: FailedProps): ReactNode {
  return (
    <Banner kind="alert" role="notmet" mark="failed">
      <b>{what} could not be loaded.</b> {refused.message}{' '}
      <button type="button" className="link" onClick={again}>
        Try again
      </button>
      <Reference refused={refused} />
    </Banner>
  );
}

interface PartProps<Answer> {
  asked: Omit<Asked<Answer>, 'refetch'> & { refetch: () => Promise<unknown> };
  what: string;
  children: (answer: Answer) => ReactNode;
}

/** A part of a page that is asked for by itself: loading, failed (what was known stays below), there. */
export function Part<Answer>({ asked, what, children }: PartProps<Answer>): ReactNode {
  const { data, error, refetch } = asked;
  if (data === undefined && error === null) return <Loading />;
  return (
    <>
      {error && <Failed what={what} refused={error} again={() => void refetch()} />}
      {data !== undefined && children(data)}
    </>
  );
}
