import type { ReactNode } from 'react';

interface Props {
  /** Read by screen readers: what the table holds. */
  caption: string;
  /** Of its columns, in order. */
  heads: readonly string[];
  /** Below 768 px each row is a block of its own. */
  stack?: boolean;
  /** `<tr>`s; the first cell of each is a `<th scope="row">`. */
  children: ReactNode;
}

/** Evidence, history, entries: a real table with row headers. */
export function Table({ caption, heads, stack = false, children }: Props): ReactNode {
  return (
    <table className={stack ? 'log stack' : 'log'}>
      <caption className="vh">{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
