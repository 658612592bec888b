import type { ReactNode } from 'react';
import { Link } from 'react-router';

export function NotFoundPage(): ReactNode {
  return (
    <section className="lede">
      <div>
        <title>No such page</title>
        <h1>
          <b>There is no such page.</b>
        </h1>
        <p className="stamp">
          <Link to="/">All launches</Link>
        </p>
      </div>
    </section>
  );
}
