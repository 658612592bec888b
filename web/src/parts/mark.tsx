import type { ReactNode } from 'react';

/** The shapes of states and verdicts: each can be told from the others without its colour. */
const LINE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 } as const;
const CUT = { fill: 'none', stroke: 'var(--paper)', strokeWidth: 1.8 } as const;

const SMALL = {
  met: (
    <>
      <circle cx="8" cy="8" r="7.25" fill="currentColor" />
      <path d="M4.6 8.3l2.3 2.3 4.5-4.9" {...CUT} />
    </>
  ),
  failed: (
    <>
      <rect x="1" y="1" width="14" height="14" fill="currentColor" />
      <path d="M4.7 4.7l6.6 6.6M11.3 4.7l-6.6 6.6" {...CUT} />
    </>
  ),
  unclear: (
    <>
      <path d="M8 .8L15.2 8 8 15.2.8 8z" {...LINE} />
      <path
        d="M6.2 6.5c0-1 .8-1.7 1.8-1.7s1.8.6 1.8 1.6c0 1.3-1.7 1.4-1.7 2.7M8.05 10.2v1.4"
        {...LINE}
        strokeWidth={1.4}
      />
    </>
  ),
  errored: (
    <>
      <path d="M8 1.5l7 13H1z" {...LINE} strokeLinejoin="round" />
      <path d="M8 6v4M8 11.3v1.5" {...LINE} />
    </>
  ),
  stale: (
    <>
      <circle cx="8" cy="8" r="6.75" {...LINE} strokeDasharray="2.6 1.64" />
      <path d="M8 4.3V8l2.7 1.7" {...LINE} />
    </>
  ),
  inhand: (
    <>
      <circle cx="8" cy="8" r="6.75" {...LINE} />
      <path d="M8 3.2a4.8 4.8 0 010 9.6z" fill="currentColor" />
    </>
  ),
  open: <circle cx="8" cy="8" r="6.75" {...LINE} />,
  waiting: (
    <>
      <circle cx="8" cy="8" r="6.75" {...LINE} strokeDasharray="2.1 2.14" />
      <path d="M4.8 8h6.4" {...LINE} />
    </>
  ),
  waived: (
    <>
      <path d="M1.5 1.8h13v6.4c0 3.4-3 5.4-6.5 6.6-3.5-1.2-6.5-3.2-6.5-6.6z" {...LINE} />
      <path d="M4.5 8h7" {...LINE} />
    </>
  ),
  late: (
    <>
      <path d="M3 1v14" {...LINE} strokeWidth={1.6} />
      <path d="M3 2h10.5l-3 3.25 3 3.25H3z" fill="currentColor" />
    </>
  ),
  dropped: (
    <>
      <circle cx="8" cy="8" r="6.75" {...LINE} />
      <path d="M3.3 12.7l9.4-9.4" {...LINE} />
    </>
  ),
  held: (
    <>
      <rect x="1.75" y="1.75" width="12.5" height="12.5" {...LINE} />
      <path d="M6.2 5v6M9.8 5v6" {...LINE} />
    </>
  ),
} as const;

const OTHER = {
  go: (
    <>
      <circle cx="28" cy="28" r="27" fill="currentColor" />
      <path d="M16 29l8.5 8.5L40.5 19" {...CUT} strokeWidth={5} />
    </>
  ),
  delay: (
    <>
      <path d="M28 1l27 27-27 27L1 28z" fill="currentColor" />
      <path d="M22.5 18v20M33.5 18v20" {...CUT} strokeWidth={5} />
    </>
  ),
  nogo: (
    <>
      <path d="M17 1h22l16 16v22L39 55H17L1 39V17z" fill="currentColor" />
      <path d="M14 28h28" {...CUT} strokeWidth={6} />
    </>
  ),
  heldLarge: (
    <>
      <rect x="3" y="3" width="50" height="50" {...LINE} strokeWidth={5} />
      <path d="M21.5 17v22M34.5 17v22" {...LINE} strokeWidth={5} />
    </>
  ),
  live: <circle cx="28" cy="28" r="23" fill="currentColor" />,
  off: <circle cx="28" cy="28" r="21" {...LINE} strokeWidth={7} strokeDasharray="10 11.7" />,
  brand: (
    <>
      <path d="M3 28h20M33 28h20M28 3v20M28 33v20" {...LINE} strokeWidth={5} />
      <circle cx="28" cy="28" r="16" {...LINE} strokeWidth={5} />
    </>
  ),
} as const;

export type MarkName = keyof typeof SMALL | keyof typeof OTHER;

/** A shape in the colour of what is around it. Never alone: the word stands beside it. */
export function Mark({ name }: { name: MarkName }): ReactNode {
  const isSmall = name in SMALL;
  return (
    <svg viewBox={isSmall ? '0 0 16 16' : '0 0 56 56'} aria-hidden="true" focusable="false">
      {isSmall ? SMALL[name as keyof typeof SMALL] : OTHER[name as keyof typeof OTHER]}
    </svg>
  );
}
