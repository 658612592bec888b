import type { ReactNode } from 'react';
import type { Axis } from './axis';
import { burnLines, type Burn } from './burn';
import { BURN, stepPath } from './layout';

interface Props {
  burn: Burn;
  axis: Axis;
  top: number;
  launchAt: number;
  now: number;
}

/** Above the first line and below the last. */
const [ABOVE, BELOW] = [22, 22];

/** Musts met over time on the picture's own axis, beside what the plan says. */
export function BurnUp({ burn, axis, top, launchAt, now }: Props): ReactNode {
  const { x, width } = axis;
  const room = BURN - ABOVE - BELOW;
  const y = (met: number) => Math.round((top + BURN - BELOW - (met / burn.total) * room) * 10) / 10;
  const steps = (all: Burn['actual']) => all.map((step) => ({ x: x(step.at), y: y(step.met) }));
  const words = burn.now === 1 ? '1 met now' : `${burn.now} met now`;
  const isLate = x(now) > width - 90;
  return (
    <g>
      {burnLines(burn.total).map((met) => (
        <g key={met}>
          <path
            d={`M0 ${y(met)}H${width}`}
            stroke="var(--rule)"
            strokeDasharray={met === 0 || met === burn.total ? undefined : '1 3'}
          />
          <text x={6} y={y(met) - 3}>
            {met}
          </text>
        </g>
      ))}
      <path
        d={stepPath(steps(burn.planned), x(launchAt))}
        fill="none"
        stroke="var(--ink-3)"
        strokeWidth="1.5"
        strokeDasharray="4 3"
      />
      <path d={stepPath(steps(burn.actual), x(now))} fill="none" stroke="var(--ink)" strokeWidth="2.5" />
      <circle cx={x(now)} cy={y(burn.now)} r="4" fill="var(--ink)" />
      <text
        className="strong"
        x={x(now) + (isLate ? -9 : 9)}
        y={y(burn.now) + (burn.now === burn.total ? 16 : 4)}
        textAnchor={isLate ? 'end' : undefined}
      >
        {words}
      </text>
      <text className="strong" x={x(launchAt) - 9} y={y(burn.total) - 5} textAnchor="end">
        {`${burn.total} needed for GO`}
      </text>
    </g>
  );
}
