import { stripVTControlCharacters } from 'node:util';
import type { Board } from '../domain/board';
import type { Need } from '../domain/launch-state';
import { Page, type RenderOptions } from './page';
import { addHead, byPerson, howFar } from './render-board';
import { clean, count, cut, widthOf } from './text';

/** However low the terminal, this many rows are for what can be done. */
const LEAST_ROWS_FOR_NEEDS = 6;
/** Titles, blank lines, the summary and the two lines that count what is left out. */
const ROWS_AROUND = 8;
/** Those of them that are not above the needs. */
const ROWS_AROUND_NEEDS = 3;
const OPEN_STATES = ['open', 'acknowledged', 'waiting'] as const;

function gates({ gates: { should, nice }, items }: Board): string {
  const met = (entries: Board['gates']['must']) =>
    entries.filter(({ state }) => state === 'met' || state === 'waived').length;
  const overdue = items.filter((item) => item.overdue).length;
  const by = (status: string) => items.filter((item) => item.status === status).length;
  const open = OPEN_STATES.reduce((sum, status) => sum + by(status), 0);
  const states = OPEN_STATES.filter((status) => by(status) > 0).map((status) => `${by(status)} ${status}`);
  return [
    ...(should.length > 0 ? [`Should ${met(should)} of ${should.length} met`] : []),
    ...(nice.length > 0 ? [`Nice ${met(nice)} of ${nice.length} met`] : []),
    `Items ${items.length - open} of ${items.length} done${states.length > 0 ? ` (${states.join(', ')})` : ''}`,
    ...(overdue > 0 ? [`${overdue} overdue`] : []),
  ].join(' · ');
}

function musts(page: Page, board: Board, rows: number): void {
  const { must } = board.gates;
  const open = must.filter(({ state }) => state !== 'met' && state !== 'waived');
  const shown = [...open, ...must.filter((entry) => !open.includes(entry))].slice(0, rows);
  page.title('Must', `${must.length - open.length} of ${must.length} met`);
  for (const entry of shown) page.row(entry.state, { title: entry.title, note: howFar(board, entry) });
  page.more(must.length - shown.length, 'musts');
}

/** Two lines for each thing: what, and what to type. What is done first comes first. */
function needLines(page: Page, needs: readonly Need[]): string[][] {
  const { style, width } = page;
  return [...byPerson(needs)].flatMap(([who, theirs]) =>
    theirs.map(({ ref, action, command }) => {
      const head = cut(clean(who), 24);
      const what = cut(clean(`${ref}: ${action}`), width - head.length - 4);
      return [`  ${style.bold(head)}  ${what}`, ...(command ? [`    ${style.cyan(page.typed(command))}`] : [])];
    })
  );
}

/** A command is never cut, so that it may take more rows than one. */
function rowsOf(line: string, { width }: Page): number {
  return Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / width));
}

function needs(page: Page, board: Board, rows: number): void {
  // What somebody can type comes before what only the world can change.
  const all = [...board.verdict.needs].sort((a, b) => Number(a.command === null) - Number(b.command === null));
  if (all.length === 0) return;
  page.title('Next', `${count(all.length, 'thing')} to do, in another terminal`);
  let left = rows;
  let shown = 0;
  for (const lines of needLines(page, all)) {
    const taken = lines.reduce((sum, line) => sum + rowsOf(line, page), 0);
    if (taken > left) break;
    lines.forEach((line) => page.add(line));
    left -= taken;
    shown++;
  }
  page.more(all.length - shown, `things: ${page.typed(`launch status ${board.id}`)}`);
}

/**
 * The board as it stays on a terminal while the stack runs: the verdict, the musts, the rest in one line, and what to
 * type next, in at most `rows` lines where that is possible. Pure.
 */
export function renderLive(board: Board, options: RenderOptions & { rows: number }): string {
  const page = new Page(options);
  addHead(page, board);
  const rows = options.rows - page.lines.length - ROWS_AROUND;
  const forMusts = Math.max(2, Math.min(board.gates.must.length, rows - LEAST_ROWS_FOR_NEEDS, Math.floor(rows / 2)));
  musts(page, board, forMusts);
  page.add();
  page.text(gates(board), 0);
  for (const { by, reason } of board.holds)
    page.text(cut(`Held by ${by}: ${clean(reason)}`, page.width), 0, page.style.yellow);
  needs(page, board, Math.max(LEAST_ROWS_FOR_NEEDS / 2, options.rows - page.lines.length - ROWS_AROUND_NEEDS));
  return page.lines.join('\n');
}
