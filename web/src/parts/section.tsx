import type { ReactNode } from 'react';

interface Props {
  /** Of the page; its heading's id. */
  id: string;
  title: string;
  /** Beside the heading: what the section is. */
  about?: ReactNode;
  /** At the other end: how many. */
  count?: ReactNode;
  children: ReactNode;
}

/** One bold rule, a heading, at the other end its count. */
export function Section({ id, title, about, count, children }: Props): ReactNode {
  return (
    <section className="sec" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {about !== undefined && <span className="quiet">{about}</span>}
        {count !== undefined && <span className="count">{count}</span>}
      </header>
      {children}
    </section>
  );
}
