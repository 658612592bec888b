import type { ReactNode } from 'react';

const INK = 'var(--ink)';

/** How to read the picture. */
export function Key(): ReactNode {
  return (
    <div className="key" role="group" aria-label="How to read the timeline">
      <span>
        <svg width="22" height="14" aria-hidden="true">
          <rect x=".5" y="1" width="21" height="12" fill="none" stroke="var(--rule-2)" />
        </svg>
        as planned
      </span>
      <span>
        <svg width="22" height="14" aria-hidden="true">
          <rect y="3" width="22" height="8" fill={INK} />
        </svg>
        worked, on the critical path
      </span>
      <span>
        <svg width="22" height="14" aria-hidden="true">
          <rect y="3" width="22" height="8" fill="var(--rule-2)" />
        </svg>
        worked, off it
      </span>
      <span>
        <svg width="22" height="14" aria-hidden="true">
          <rect x=".5" y="1" width="21" height="12" fill="url(#hatch)" stroke="var(--unsure)" />
        </svg>
        past its plan
      </span>
      <span>
        <svg width="12" height="14" aria-hidden="true">
          <path d="M2 0v14" stroke={INK} strokeWidth="2" />
          <path d="M2 0h8l-2.5 3.5 2.5 3.5h-8z" fill={INK} />
        </svg>
        deadline
      </span>
      <span>
        <svg width="22" height="14" aria-hidden="true">
          <path d="M0 7h20" stroke={INK} strokeWidth="1.8" />
          <path d="M16 4l6 3-6 3z" fill={INK} />
        </svg>
        opens the next
      </span>
    </div>
  );
}
