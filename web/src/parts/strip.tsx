import type { ReactNode } from 'react';

export interface Run {
  id: string;
  at: number;
  outcome: 'passed' | 'failed' | 'inconclusive' | 'errored';
}

interface Props {
  runs: readonly Run[];
  /** The picture's beginning and end, epoch ms. */
  from: number;
  to: number;
  /** One sentence that says what it shows; the same runs stand in a table beside it. */
  label: string;
  /** Instants with their words, below the line. */
  ticks?: ReadonlyArray<{ at: number; text: string }>;
}

const WIDTH = 816;
const LINE = 20;
/** Nearer to each other runs of one outcome are drawn as one. */
const NEAR = 1.5;
const COLOUR = {
  passed: 'var(--met)',
  failed: 'var(--notmet)',
  inconclusive: 'var(--unsure)',
  errored: 'var(--unsure)',
};

function shape(outcome: Run['outcome'], x: number): ReactNode {
  const stroke = { stroke: COLOUR[outcome], strokeWidth: 2, fill: 'none' };
  switch (outcome) {
    case 'passed':
      return <path d={`M${x} ${LINE}V6`} {...stroke} />;
    case 'failed':
      return <path d={`M${x} ${LINE}V34`} {...stroke} />;
    case 'inconclusive':
      return <circle cx={x} cy={LINE} r="3.2" {...stroke} strokeWidth={1.5} />;
    case 'errored':
      return <path d={`M${x - 3} ${LINE - 3}l6 6m0-6l-6 6`} {...stroke} strokeWidth={1.5} />;
  }
}

/** Runs of one check: up passed, down failed, a ring on the line unclear, a cross could not run. */
export function Strip({ runs, from, to, label, ticks = [] }: Props): ReactNode {
  const x = (at: number) => Math.round(((at - from) / Math.max(1, to - from)) * WIDTH * 10) / 10;
  const last = new Map<string, number>();
  const shown = runs.filter(({ at, outcome }) => {
    if (at < from || at > to || x(at) - (last.get(outcome) ?? -Infinity) < NEAR) return false;
    last.set(outcome, x(at));
    return true;
  });
  return (
    <div className="strip">
      <svg viewBox={`0 0 ${WIDTH} 52`} role="img" aria-label={label}>
        <path d={`M0 ${LINE}H${WIDTH}`} stroke="var(--rule-2)" fill="none" />
        {shown.map(({ id, at, outcome }) => (
          <g key={id}>{shape(outcome, x(at))}</g>
        ))}
        {ticks.map(({ at, text }) => (
          <text key={at} x={x(at)} y={50} textAnchor={x(at) > WIDTH - 60 ? 'end' : x(at) < 60 ? 'start' : 'middle'}>
            {text}
          </text>
        ))}
      </svg>
    </div>
  );
}
