import { memo, type ReactNode } from 'react';
import type { Axis } from './axis';
import { middleOf } from './layout';
import type { Row, RowMark } from './rows';
import type { Say } from './words';

interface Props {
  row: Row;
  /** Its place; the launch's own dates are 0. */
  at: number;
  axis: Axis;
  now: number;
  say?: Say;
}

const INK = 'var(--ink)';

function mark({ at, kind }: RowMark, x: number, y: number): ReactNode {
  const key = `${kind} ${at}`;
  const edge = { stroke: 'var(--paper)', strokeWidth: 1.5 };
  switch (kind) {
    case 'met':
      return (
        <g key={key}>
          <circle cx={x} cy={y} r="7" fill="var(--met)" {...edge} />
          <path d={`M${x - 3.2} ${y + 0.2}l2.2 2.2 4.2-4.6`} fill="none" stroke="var(--paper)" strokeWidth="1.6" />
        </g>
      );
    case 'fell':
      return <path key={key} d={`M${x - 5} ${y - 5}h10v10h-10z`} fill="var(--notmet)" {...edge} />;
    case 'waived':
      return (
        <path key={key} d={`M${x - 6} ${y - 6}h12v5c0 4-3 5.5-6 7-3-1.5-6-3-6-7z`} fill="var(--waived)" {...edge} />
      );
    case 'dropped':
      return <path key={key} d={`M${x - 5} ${y + 5}l10-10`} stroke="var(--idle)" strokeWidth="2" />;
  }
}

/** A flag at the instant that is the last one. */
function flag(x: number, y: number): ReactNode {
  return (
    <g>
      <path d={`M${x} ${y - 12}v24`} stroke={INK} strokeWidth="2" />
      <path d={`M${x} ${y - 12}h7l-2.5 3.5 2.5 3.5h-7z`} fill={INK} />
    </g>
  );
}

const LETTER = 6;

function Words({ row, axis, now, say, y }: Props & { y: number }): ReactNode {
  if (!say) return null;
  const { x, width } = axis;
  const { planned, settled, worked } = row;
  const begins = settled === undefined ? x(now) : Math.max(x(settled) + 8, planned ? x(planned.to) : 0);
  const isBarred = say.isSlip || settled !== undefined || worked.length > 0 || planned === undefined;
  if (!isBarred) return null;
  const fits = begins + 6 + say.text.length * LETTER < width;
  const first = Math.min(...[planned?.from, worked[0]?.from, settled].flatMap((each) => each ?? []), now);
  return (
    <text
      className={say.isSlip ? 'slip' : undefined}
      x={fits ? begins + 6 : x(first) - 6}
      y={say.isSlip ? y - 6 : y + 4}
      textAnchor={fits ? undefined : 'end'}
    >
      {say.text}
    </text>
  );
}

/** An item: as planned, worked, behind its plan, and what happened to it. */
export const Bars = memo(function Bars(props: Props): ReactNode {
  const { row, at, axis, now } = props;
  const { planned, worked, past, deadline, isAwaited, isCritical, marks } = row;
  const { x } = axis;
  const y = middleOf(at);
  const wide = (from: number, to: number) => Math.max(1, x(to) - x(from));
  const isComing = isAwaited && deadline !== undefined && deadline > now;
  const frame = isCritical
    ? { fill: 'var(--paper)', stroke: INK, strokeWidth: 1.8 }
    : { fill: 'none', stroke: 'var(--rule-2)', strokeWidth: 1 };
  return (
    <g>
      {planned && <rect x={x(planned.from)} y={y - 9} width={wide(planned.from, planned.to)} height="18" {...frame} />}
      {past.map(({ from, to }) => (
        <rect
          key={`past ${from}`}
          x={x(from)}
          y={y - 9}
          width={wide(from, to)}
          height="18"
          fill="url(#hatch)"
          stroke="var(--unsure)"
        />
      ))}
      {worked.map(({ from, to }) => (
        <rect
          key={`worked ${from}`}
          x={x(from)}
          y={y - 4}
          width={wide(from, to)}
          height="8"
          fill={isCritical ? INK : 'var(--rule-2)'}
        />
      ))}
      {isComing && past.length > 0 && (
        <path d={`M${x(now)} ${y}H${x(deadline)}`} stroke="var(--ink-3)" strokeDasharray="2 4" strokeWidth="2" />
      )}
      {deadline !== undefined && isAwaited && flag(x(deadline), y)}
      {marks.map((each) => mark(each, x(each.at), y))}
      <Words {...props} y={y} />
    </g>
  );
});
