import type { ReactNode } from 'react';
import { durationText } from '../../../domain/text';
import type { Role } from './state';

interface Props {
  /** What is to happen by then. */
  title: ReactNode;
  /** At the other end of the heading. */
  end?: ReactNode;
  role: Role;
  /** Of the time, from 0; beyond 1 it is late. */
  used: number;
  /** Shares of the time at which somebody is told. */
  steps?: readonly number[];
  /** Below: words for what the bar shows, and who is told next. */
  children?: ReactNode;
}

/** A clock as a bar; its words stand below, the bar itself is for the eye alone. */
export function Gauge({ title, end, role, used, steps = [], children }: Props): ReactNode {
  const share = Math.max(0, Math.min(1, used));
  return (
    <div className="gauge">
      <p className="pair head">
        <span>{title}</span>
        {end}
      </p>
      <div className={`track ${role}`} aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
        {steps.map((step) => (
          <span key={step} className="step" style={{ insetInlineStart: `${Math.min(1, step) * 100}%` }} />
        ))}
      </div>
      {children}
    </div>
  );
}

/** "used 40 min of 4 h, 3 h 20 min left", "9 h 27 min late". */
export function clockText(used: number, of: number): string {
  if (used > of) return `${durationText(used - of)} late`;
  return `${durationText(used)} of ${durationText(of)} used, ${durationText(of - used)} left`;
}
