import { useId, useLayoutEffect, useRef, type CSSProperties, type ReactNode } from 'react';
import { timeIn } from '../../parts/times';
import type { Axis } from './axis';
import type { Burn } from './burn';
import type { LaunchDate } from './dates';
import { Bars } from './gantt-bars';
import { BurnUp } from './gantt-burn';
import { Labels } from './gantt-labels';
import { Scale } from './gantt-scale';
import { edgePath, edgesOf, endOf, HEAD, heightOf, middleOf, ROW } from './layout';
import { placeWords } from './place';
import type { Row } from './rows';
import { sayOf } from './words';

export interface GanttProps {
  rows: readonly Row[];
  axis: Axis;
  dates: readonly LaunchDate[];
  burn?: Burn;
  zone: string;
  launchAt: number;
  now: number;
  /** Nothing goes on any more: `now` is when it ended. */
  isOver: boolean;
  /** The picture in one sentence. */
  label: string;
}

/** How much of the picture lies before now where it is wider than the screen. */
const BEFORE_NOW = 0.4;

/** Items against dates: labels stay, the picture scrolls, and opens with now in sight. */
export function Gantt(props: GanttProps): ReactNode {
  const { rows, axis, burn, zone, launchAt, now, isOver, label } = props;
  const region = useRef<HTMLDivElement>(null);
  const title = useId();
  const height = heightOf(rows.length, burn !== undefined);
  const opensAt = useRef(axis.x(now));
  useLayoutEffect(() => {
    const shown = region.current;
    const labels = shown?.querySelector('ol')?.offsetWidth ?? 0;
    if (shown) shown.scrollLeft = Math.max(0, opensAt.current - (shown.clientWidth - labels) * BEFORE_NOW);
  }, []);
  return (
    <div
      className="gantt"
      ref={region}
      role="region"
      aria-label="Timeline, scrolls sideways"
      tabIndex={0}
      style={{ '--plot': axis.width } as CSSProperties}
    >
      <Labels {...props} />
      <svg
        className="plot"
        viewBox={`0 0 ${axis.width} ${height}`}
        width={axis.width}
        height={height}
        role="img"
        aria-labelledby={title}
      >
        <title id={title}>{label}</title>
        <Patterns />
        <Lines {...props} />
        <Scale axis={axis} height={height} zone={zone} now={now} />
        <path d={`M${axis.x(launchAt) - 2} ${HEAD}V${height}m4 0V${HEAD}`} stroke="var(--ink)" strokeWidth="1.5" />
        <Edges rows={rows} axis={axis} />
        <path d={`M${axis.x(now)} 20V${height}`} stroke="var(--ink)" strokeWidth="2" />
        <Dates {...props} />
        {rows.map((row, at) => (
          <Bars
            key={row.id}
            row={row}
            at={at + 1}
            axis={axis}
            now={now}
            say={sayOf(row, now, (instant) => timeIn(zone, instant))}
          />
        ))}
        {burn && <BurnUp burn={burn} axis={axis} top={HEAD + (rows.length + 1) * ROW} launchAt={launchAt} now={now} />}
        <NowFlag text={`${isOver ? 'Ended' : 'Now'} ${timeIn(zone, now)}`} x={axis.x(now)} width={axis.width} />
      </svg>
    </div>
  );
}

function Patterns(): ReactNode {
  const arrow = { viewBox: '0 0 6 6', refX: 5.5, refY: 3, markerWidth: 9, markerHeight: 9, orient: 'auto' } as const;
  return (
    <defs>
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0v5" stroke="var(--unsure)" strokeWidth="2.2" />
      </pattern>
      <marker id="arrow" markerUnits="userSpaceOnUse" {...arrow}>
        <path d="M0 0l6 3-6 3z" fill="var(--ink)" />
      </marker>
      <marker id="arrow-quiet" markerUnits="userSpaceOnUse" {...arrow}>
        <path d="M0 0l6 3-6 3z" fill="var(--ink-3)" />
      </marker>
    </defs>
  );
}

/** One below each row; a bold one where the critical path ends. */
function Lines({ rows, axis, burn }: GanttProps): ReactNode {
  const cut = rows.filter(({ isCritical }) => isCritical).length;
  const count = rows.length + (burn ? 2 : 1);
  const all = Array.from({ length: count }, (_, at) => at).filter((at) => at === 0 || at !== cut + 1 || cut === 0);
  const y = (at: number) => HEAD + at * ROW + 0.5;
  return (
    <>
      <path d={all.map((at) => `M0 ${y(at)}H${axis.width}`).join('')} stroke="var(--rule)" />
      {cut > 0 && cut < rows.length && (
        <path d={`M0 ${y(cut + 1) + 0.5}H${axis.width}`} stroke="var(--ink)" strokeWidth="2" />
      )}
    </>
  );
}

function Edges({ rows, axis }: Pick<GanttProps, 'rows' | 'axis'>): ReactNode {
  const place = new Map(rows.map((row, at) => [row, middleOf(at + 1)]));
  return edgesOf(rows).flatMap(({ from, to, isCritical }) => {
    const end = endOf(from);
    if (end === undefined) return [];
    const begin = to.planned?.from;
    const path = edgePath(
      { x: axis.x(end), y: place.get(from)! },
      { x: begin === undefined ? undefined : axis.x(begin), y: place.get(to)! }
    );
    return (
      <path
        key={`${from.id} ${to.id}`}
        d={path}
        fill="none"
        stroke={isCritical ? 'var(--ink)' : 'var(--ink-3)'}
        strokeWidth={isCritical ? 2.2 : 1.1}
        markerEnd={isCritical ? 'url(#arrow)' : 'url(#arrow-quiet)'}
      />
    );
  });
}

const WEIGHT = { launch: 5, poll: 4, milestone: 3, announce: 3, verdict: 3, review: 2, clock: 2, standup: 1, due: 0 };

/** The launch's own dates on their row; words that have no room are in the table. */
function Dates({ dates, axis }: GanttProps): ReactNode {
  const y = middleOf(0);
  const inSight = dates.filter(({ at }) => at >= axis.from && at <= axis.to);
  const wanted = inSight.map(({ at, kind, short }) => ({ x: axis.x(at), text: short, weight: WEIGHT[kind] }));
  const words = placeWords(wanted, axis.width);
  return inSight.map(({ at, kind, warn }, index) => {
    const x = axis.x(at);
    const word = words[index];
    const colour = warn ? 'var(--unsure)' : 'var(--ink)';
    const isSmall = kind === 'standup' || kind === 'clock';
    return (
      <g key={`${kind} ${at}`}>
        {isSmall && <path d={`M${x} ${y - 6}v12`} stroke="var(--ink-2)" strokeWidth="1.5" />}
        {!isSmall && kind !== 'launch' && <path d={`M${x} ${y - 6}l6 6-6 6-6-6z`} fill={colour} />}
        {word && (
          <text className={warn ? 'slip' : isSmall ? undefined : 'strong'} x={word.x} y={y + 4} textAnchor={word.side}>
            {word.text}
          </text>
        )}
      </g>
    );
  });
}

const FLAG = 74;

function NowFlag({ text, x, width }: { text: string; x: number; width: number }): ReactNode {
  const left = Math.max(0, Math.min(width - FLAG, x - FLAG / 2));
  return (
    <g>
      <rect x={left} y="2" width={FLAG} height="19" fill="var(--ink)" />
      <text className="flat now" x={left + FLAG / 2} y="15" textAnchor="middle">
        {text}
      </text>
    </g>
  );
}
