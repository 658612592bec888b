import { html, Markup } from './markup';
import { ticks } from './scale';
import type { Report, ReportTimeline } from './schema';
import { clean } from './text';
import { when } from './words';

/** Rows of one picture: as many as a sheet of paper holds together with its axis. */
const ROWS = 24;
const WIDTH = 1000;
const LABELS = 250;
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
    return Math.round((LABELS + part * (WIDTH - LABELS - 8)) * 10) / 10;
  };
  return { from, to, x, has: (at) => ms(at) >= from && ms(at) <= to };
}

function bar(axis: Axis, { status, from, to }: Row['spans'][number], y: number): Markup {
  const [left, right] = [axis.x(from), axis.x(to ?? axis.to)];
  const width = Math.max(1, Math.round((right - left) * 10) / 10);
  switch (status) {
    case 'open':
    case 'acknowledged':
      return html`<rect class="${status}" x="${left}" y="${y - 5}" width="${width}" height="10" />`;
    case 'waiting':
    case 'resolved':
    case 'waived':
      return html`<path class="${status}" d="M${left} ${y}h${width}" />`;
    default:
      return html``;
  }
}

/** The part of an open span that lies behind the deadline. */
function late(axis: Axis, { deadline, spans }: Row, y: number): Markup[] {
  if (deadline === null) return [];
  return spans
    .filter(({ status }) => status === 'open' || status === 'acknowledged')
    .flatMap(({ from, to }) => {
      const [left, right] = [axis.x(Math.max(ms(from), ms(deadline))), axis.x(to ?? axis.to)];
      const isLate = (to === null ? axis.to : ms(to)) > ms(deadline) && right > left;
      return isLate
        ? [
            html`<rect
              class="late"
              x="${left}"
              y="${y - 5}"
              width="${Math.round((right - left) * 10) / 10}"
              height="10"
            />`,
          ]
        : [];
    });
}

function label({ item, gate }: Row, y: number): Markup {
  const id = clean(item);
  const shown = [...id].length > LETTERS ? `${[...id].slice(0, LETTERS - 1).join('')}…` : id;
  const kind = gate === 'must' ? 'id strong' : 'id';
  return html`<text class="${kind}" x="0" y="${y + 4}">${shown}</text>`;
}

function rowOf(axis: Axis, row: Row, index: number): Markup {
  const y = TOP + index * ROW + ROW / 2;
  const { deadline, falls } = row;
  const flag =
    deadline !== null && axis.has(deadline)
      ? html`<path class="flag" d="M${axis.x(deadline)} ${y + 8}v-16h7l-2.5 3 2.5 3h-7" />`
      : html``;
  const fallen = falls
    .filter((at) => axis.has(at))
    .map((at) => html`<rect class="fell" x="${axis.x(at) - 4}" y="${y - 4}" width="8" height="8" />`);
  return html`<path
      class="axis"
      d="M0 ${y + ROW / 2}H${WIDTH}"
    />${label(row, y)}${row.spans.map((each) => bar(axis, each, y))}${late(axis, row, y)}${flag}${fallen} `;
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
    return html`<path class="${strong ? 'end' : 'mark'}" d="M${x} 36V${bottom}" /><text
        class="strong"
        x="${x}"
        y="32"
        text-anchor="middle"
        >${numbers}</text
      >`;
  });
}

function sheet(
  report: Report,
  timeline: ReportTimeline,
  { rows, number }: { rows: readonly Row[]; number: number }
): Markup {
  const axis = axisOf(timeline);
  const bottom = TOP + rows.length * ROW;
  const scale = ticks(axis, report.timezone).map(
    ({ at, label: said }) =>
      html`<path class="axis" d="M${axis.x(at)} 18V${bottom}" /><text x="${axis.x(at)}" y="12" text-anchor="middle"
          >${said}</text
        >`
  );
  const title = `Items against time, ${when(report, timeline.from)} to ${when(report, timeline.to)}, part ${number}. The same facts are in the tables.`;
  return html`<figure class="scroll" tabindex="0" aria-label="Timeline, part ${number}">
    <svg class="plot" viewBox="0 0 ${WIDTH} ${bottom + 6}" role="img" aria-label="${title}">
      ${scale} ${rows.map((row, index) => rowOf(axis, row, index))}${marks(axis, timeline, bottom)}
    </svg>
  </figure> `;
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
  const shapes = KEY.map(
    ([shape, word]) =>
      html`<li>
        <svg class="plot" viewBox="0 0 28 16" width="28" height="16" aria-hidden="true">${new Markup(shape)}</svg
        >${word}
      </li>`
  );
  return html`<ul class="key">
    ${shapes}
    <li>numbers: instants of the launch, listed below</li>
  </ul>`;
}

/** Items against time, a sheet for every 24; the musts first. */
export function picture(report: Report, timeline: ReportTimeline): Markup {
  const sheets: Markup[] = [];
  for (let first = 0; first < timeline.rows.length; first += ROWS) {
    sheets.push(sheet(report, timeline, { rows: timeline.rows.slice(first, first + ROWS), number: sheets.length + 1 }));
  }
  return html`${key()}${sheets}`;
}
