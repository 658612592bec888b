import type { ReactNode } from 'react';

/** What is known of a thing, a line each. */
export function Facts({ children }: { children: ReactNode }): ReactNode {
  return <dl className="facts">{children}</dl>;
}

/** One of them; without a value it is not there. */
export function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  const isEmpty = children === undefined || children === null || children === false || children === '';
  if (isEmpty) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
