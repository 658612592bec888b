import type { ReactNode } from 'react';
import { DAY, HOUR, MINUTE } from '../../../../domain/units';
import { dayIn, readerZone, secondIn, timeIn } from '../../parts/times';
import type { Axis } from './axis';
import { HEAD } from './layout';

/** As much of an instant as ticks so far apart need. */
export function tickText(zone: string, at: number, step: number): string {
  if (step >= DAY) return dayIn(zone, at);
  if (step < MINUTE) return secondIn(zone, at);
  return step < HOUR ? timeIn(zone, at) : timeIn(zone, at).slice(0, timeIn(zone, at).endsWith(':00') ? 2 : 5);
}

interface Props {
  axis: Axis;
  height: number;
  /** The plan's. */
  zone: string;
  now: number;
}

/** Where a day's name would run into the one before. */
const DAY_ROOM = 90;
/** … or into the flag that says when it is now. */
const FLAG_ROOM = 120;

/** Days, hours in the plan's zone and the reader's, and their lines down the picture. */
export function Scale({ axis, height, zone, now }: Props): ReactNode {
  const { ticks, days, step, x } = axis;
  const mine = readerZone();
  const isOther = step < DAY && mine !== zone;
  const midnights = new Set(days);
  const firstDay = days[0] === undefined ? Infinity : x(days[0]);
  return (
    <g>
      {step < DAY && firstDay > DAY_ROOM && x(now) > FLAG_ROOM && (
        <text className="day" x={6} y={15}>
          {dayIn(zone, axis.from)}
        </text>
      )}
      {days.map((at) => (
        <g key={`day ${at}`}>
          <path d={`M${x(at)} 0V${height}`} stroke="var(--rule-2)" />
          <text className="day" x={x(at) + 6} y={15}>
            {dayIn(zone, at)}
          </text>
        </g>
      ))}
      {ticks.map((at) => (
        <g key={at}>
          {!midnights.has(at) && <path d={`M${x(at)} ${HEAD - 6}V${height}`} stroke="var(--rule)" />}
          <text className="strong" x={x(at)} y={36} textAnchor="middle">
            {tickText(zone, at, step)}
          </text>
          {isOther && (
            <text x={x(at)} y={52} textAnchor="middle">
              {tickText(mine, at, step)}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}
