import { markup, Markup } from './markup';
import { ticks } from './scale';
import type { Report, ReportTimeline } from './schema';
import { clean } from './text';
import { when } from './words';

/** Rows of one picture: as many as a sheet of paper holds together with its axis. */
const ROWS = 24;
const WIDTH = 1000;
const LABELS = 262;
/** Room for half a label behind the last instant. */
const MARGIN = 28;
const ROW = 22;
const TOP = 46;
/** Letters of an id that the labels' column holds. */
const LETTERS = 34;
/** What is nearer than this to one another shares its number, px. */
const APART = 22;

type Row = ReportTimeline['rows'][number];

/** The clock of one picture. */
interface Axis {
  from: number;
  to: number;
  x(at: string | number): number;
  has(at: string | number): boolean;
}

function ms(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

function axisOf(timeline: ReportTimeline): Axis {
  const from = ms(timeline.from);
  const to = Math.max(ms(timeline.to), from + 1);
  const x = (at: string | number): number => {
    const part = Math.min(1, Math.max(0, (ms(at) - from) / (to - from)));
    return Math.round((LABELS + part * (WIDTH - LABELS - MARGIN)) * 10) / 10;
  };
  return { from, to, x, has: (at) => ms(at) >= from && ms(at) <= to };
}

function rounded(px: number): number {
  return Math.round(px * 10) / 10;
}

function box(kind: string, { left, width, y }: { left: number; width: number; y: number }): Markup {
  return markup`<rect class="${kind}" x="${left}" y="${y - 5}" width="${width}" height="10"/>`;
}

function bar(axis: Axis, { status, from, to }: Row['spans'][number], y: number): Markup {
  const left = axis.x(from);
  const width = Math.max(1, rounded(axis.x(to ?? axis.to) - left));
  switch (status) {
    case 'open':
    case 'acknowledged':
      return box(status, { left, width, y });
    case 'waiting':
    case 'resolved':
    case 'waived':
      return markup`<path class="${status}" d="M${left} ${y}h${width}"/>`;
    default:
      return markup``;
  }
}

/** The part of an open span that lies behind the deadline. */
function late(axis: Axis, { deadline, spans }: Row, y: number): Markup[] {
  if (deadline === null) return [];
  const open = spans.filter(({ status }) => status === 'open' || status === 'acknowledged');
  return open.flatMap(({ from, to }) => {
    const left = axis.x(Math.max(ms(from), ms(deadline)));
    const width = rounded(axis.x(to ?? axis.to) - left);
    const isLate = (to === null ? axis.to : ms(to)) > ms(deadline) && width > 0;
    return isLate ? [box('late', { left, width, y })] : [];
  });
}

function label({ item, gate }: Row, y: number): Markup {
  const letters = [...clean(item)];
  const shown = letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join('')}…` : letters.join('');
  return markup`<text class="${gate === 'must' ? 'id strong' : 'id'}" x="0" y="${y + 4}">${shown}</text>`;
}

function rowOf(axis: Axis, row: Row, index: number): Markup {
  const y = TOP + index * ROW + ROW / 2;
  const { deadline } = row;
  const isDue = deadline !== null && axis.has(deadline);
  const flag = isDue ? markup`<path class="flag" d="M${axis.x(deadline)} ${y + 8}v-16h7l-2.5 3 2.5 3h-7"/>` : markup``;
  const falls = row.falls
    .filter((at) => axis.has(at))
    .map((at) => markup`<rect class="fell" x="${axis.x(at) - 4}" y="${y - 4}" width="8" height="8"/>`);
  const line = markup`<path class="axis" d="M0 ${y + ROW / 2}H${WIDTH}"/>`;
  const bars = row.spans.map((each) => bar(axis, each, y));
  return markup`${line}${label(row, y)}${bars}${late(axis, row, y)}${flag}${falls}\n`;
}

/** Instants of the launch, numbered; neighbours share a label. */
function marks(axis: Axis, { marks: all }: ReportTimeline, bottom: number): Markup[] {
  const shown = all.map((mark, index) => ({ ...mark, number: index + 1 })).filter(({ at }) => axis.has(at));
  const groups: Array<{ x: number; first: number; last: number; strong: boolean }> = [];
  for (const { at, number, kind } of shown) {
    const x = axis.x(at);
    const near = groups.at(-1);
    const strong = kind === 'verdict' || kind === 'launch';
    if (near && x - near.x < APART) Object.assign(near, { last: number, strong: near.strong || strong });
    else groups.push({ x, first: number, last: number, strong });
  }
  return groups.map(({ x, first, last, strong }) => {
    const numbers = first === last ? `${first}` : `${first}–${last}`;
    const line = markup`<path class="${strong ? 'end' : 'mark'}" d="M${x} 36V${bottom}"/>`;
    return markup`${line}<text class="strong" x="${x}" y="32" text-anchor="middle">${numbers}</text>`;
  });
}

/** One picture: its rows on one axis. */
function sheet(
  report: Report,
  timeline: ReportTimeline,
  { rows, number }: { rows: readonly Row[]; number: number }
): Markup {
  const axis = axisOf(timeline);
  const bottom = TOP + rows.length * ROW;
  const scale = ticks(axis, report.timezone).map(({ at, label: said }) => {
    const line = markup`<path class="axis" d="M${axis.x(at)} 18V${bottom}"/>`;
    return markup`${line}<text x="${axis.x(at)}" y="12" text-anchor="middle">${said}</text>`;
  });
  const title = `Items against time, ${when(report, timeline.from)} to ${when(report, timeline.to)}, part ${number}. The same facts are in the tables.`;
  const drawn = markup`${scale}\n${rows.map((row, index) => rowOf(axis, row, index))}${marks(axis, timeline, bottom)}`;
  const view = `0 0 ${WIDTH} ${bottom + 6}`;
  return markup`<figure class="scroll" tabindex="0" aria-label="Timeline, part ${number}"><svg class="plot" viewBox="${view}" role="img" aria-label="${title}">${drawn}</svg></figure>\n`;
}

const KEY: ReadonlyArray<[shape: string, word: string]> = [
  ['<rect class="open" x="2" y="3" width="24" height="10"/>', 'open'],
  ['<rect class="acknowledged" x="2" y="3" width="24" height="10"/>', 'in hand'],
  ['<path class="resolved" d="M2 8h24"/>', 'resolved'],
  ['<path class="waived" d="M2 8h24"/>', 'waived'],
  ['<path class="waiting" d="M2 8h24"/>', 'waiting'],
  ['<rect class="late" x="2" y="3" width="24" height="10"/>', 'past its deadline'],
  ['<path class="flag" d="M10 15v-14h7l-2.5 3 2.5 3h-7"/>', 'deadline'],
  ['<rect class="fell" x="10" y="4" width="8" height="8"/>', 'fell'],
];

function key(): Markup {
  const shapes = KEY.map(([drawn, word]) => {
    const svg = markup`<svg class="plot" viewBox="0 0 28 16" width="28" height="16" aria-hidden="true">${new Markup(drawn)}</svg>`;
    return markup`<li>${svg}${word}</li>`;
  });
  return markup`<ul class="key">${shapes}<li>numbers: instants of the launch, listed below</li></ul>\n`;
}

/** Items against time, a sheet for every 24; the musts first. */
export function picture(report: Report, timeline: ReportTimeline): Markup {
  const sheets: Markup[] = [];
  for (let first = 0; first < timeline.rows.length; first += ROWS) {
    sheets.push(sheet(report, timeline, { rows: timeline.rows.slice(first, first + ROWS), number: sheets.length + 1 }));
  }
  return markup`${key()}${sheets}`;
}
