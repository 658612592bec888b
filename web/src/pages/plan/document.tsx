import { useMemo, useState, type ReactNode } from 'react';
import type { Plan } from '../../api/types';
import { Section } from '../../parts/section';
import { planLines } from './changes';

/** All of it as it is kept: compiled, so that instants are absolute and groups are people. */
export function Document({ plan }: { plan: Plan }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const lines = useMemo(() => (isOpen ? planLines(plan) : []), [plan, isOpen]);
  return (
    <Section id="document" title="As it is kept" about="compiled: instants in milliseconds, groups as people">
      <details className="more" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary data-row>The whole of revision {plan.revision}, with line numbers</summary>
        {isOpen && (
          <div className="numbered" role="region" aria-label={`Revision ${plan.revision}, line by line`} tabIndex={0}>
            <pre aria-hidden="true">{lines.map((_, at) => at + 1).join('\n')}</pre>
            <pre>{lines.join('\n')}</pre>
          </div>
        )}
      </details>
    </Section>
  );
}
