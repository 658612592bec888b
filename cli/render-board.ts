import type { Board, BoardGate, BoardItem } from '../domain/board';
import type { Need } from '../domain/launch-state';
import { fromNow, verdictSentence } from './board-words';
import { Page, type RenderOptions } from './page';
import { clean, count, cut, instantIn, pad, widthOf, wrap } from './text';

/** The title, what phase it is in, the verdict in one sentence, the countdown. */
export function addHead(page: Page, board: Board): void {
  const { style, options } = page;
  const facts = [board.id, `revision ${board.revision}`, board.phase];
  if (board.trial) facts.push('trial: nothing is sent');
  if (board.speed) facts.push(`${board.speed.factor} times as fast`);
  page.add(`${style.bold(cut(clean(board.title), page.width))}`);
  page.text(facts.join(' · '), 0, style.dim);
  page.add();
  const sentence = verdictSentence(board);
  const paint = { GO: style.green, DELAY: style.yellow, NO_GO: style.red }[sentence.value];
  const [first = '', ...rest] = wrap(`${sentence.head}: ${sentence.rest}.`, page.width);
  page.add(style.bold(paint(sentence.head)) + first.slice(sentence.head.length));
  for (const line of rest) page.add(line);
  if (board.ended) return;
  const isPast = new Date(board.launchAt).getTime() <= options.now;
  const when = `${instantIn(board.timezone, board.launchAt)}, ${fromNow(board.launchAt, options.now)}`;
  page.add(`${isPast ? 'The launch date was' : 'Launch'} ${when}.`);
  for (const floor of board.speed?.floors.slice(0, 3) ?? []) page.add(style.dim(`Not faster: ${clean(floor)}`));
}

/** By who is awaited, in the order of what has to be done first. */
export function byPerson(needs: readonly Need[]): Map<string, Need[]> {
  const people = new Map<string, Need[]>();
  for (const need of needs) people.set(need.who, [...(people.get(need.who) ?? []), need]);
  return people;
}

function awaited(page: Page, board: Board): void {
  const { needs } = board.verdict;
  if (needs.length === 0) return;
  const { style } = page;
  page.title('Awaited', count(needs.length, 'thing'));
  let shown = 0;
  for (const [who, theirs] of byPerson(needs)) {
    if (shown >= page.most) break;
    page.text(who, 2, style.bold);
    for (const need of theirs.slice(0, page.most - shown)) {
      page.text(`${need.ref}: ${need.action}`, 4);
      // A command is to be copied: it is never broken or cut.
      if (need.command) page.add(`      ${style.cyan(clean(need.command))}`);
      shown++;
    }
  }
  page.more(needs.length - shown, 'things: launch status --json');
}

function gate(page: Page, name: string, entries: readonly BoardGate[]): void {
  if (entries.length === 0) return;
  const met = entries.filter(({ state }) => state === 'met' || state === 'waived').length;
  page.title(name, `${met} of ${entries.length} met`);
  for (const { ref, state, title, reason } of entries) {
    page.row(state, { title, note: reason ?? (state === 'waived' ? 'waived' : ref) });
  }
}

function itemNote(item: BoardItem, page: Page): string {
  const notes = [
    ...(item.overdue ? ['overdue'] : []),
    ...(item.chosen ? [`chosen: ${item.chosen}`] : []),
    ...(item.waitingOn.length > 0 ? [`waits for ${item.waitingOn.join(', ')}`] : []),
    ...(item.reopened > 0 ? [`reopened ${item.reopened}×`] : []),
    item.owners.join(', '),
    ...(item.deadline && !item.overdue ? [`due ${fromNow(item.deadline, page.options.now)}`] : []),
  ];
  return notes.filter(Boolean).join('; ');
}

function items(page: Page, board: Board): void {
  const over = new Set(['resolved', 'waived', 'dropped', 'carried-over']);
  const open = board.items.filter(({ status }) => !over.has(status));
  const shown = [...open, ...board.items.filter(({ status }) => over.has(status))].slice(0, page.most);
  page.title('Items', `${open.length} of ${board.items.length} open`);
  const columns = Math.min(page.width >= 110 ? 44 : 30, Math.max(0, ...shown.map(({ id }) => widthOf(id))));
  for (const item of shown) {
    const name = pad(cut(clean(item.id), columns), columns);
    const title = `${item.priority ? `${item.priority} ` : ''}${item.title}`;
    page.row(item.status, { name, title, note: itemNote(item, page), alarm: item.overdue });
  }
  page.more(board.items.length - shown.length, 'items');
}

function people(page: Page, board: Board): void {
  if (board.signOffs.length > 0) {
    page.title('Sign-offs');
    for (const { by, answer, state, reason } of board.signOffs) {
      const note = reason ? `  ${page.style.dim(clean(reason))}` : '';
      page.add(`  ${answer === 'no' ? '✗ no ' : '✓ yes'}  ${clean(by)}, ${state}${note}`);
    }
  }
  for (const { by, reason, at } of board.holds) {
    page.title('Held');
    page.text(`${by}, ${fromNow(at, page.options.now)}: ${reason}`, 2);
  }
}

function refused(page: Page, board: Board): void {
  if (board.refused.length === 0) return;
  page.title('Refused', 'messages that could not be answered');
  for (const { command, by, message } of board.refused.slice(-3)) page.text(`${command} by ${by}: ${message}`, 2);
}

/**
 * The board as a terminal shows it, calm enough for the night: the verdict, the countdown, who is awaited and what they
 * type, the gates, the items. Pure: the same board at the same instant gives the same text. No trailing newline.
 */
export function renderBoard(board: Board, options: RenderOptions): string {
  const page = new Page(options);
  addHead(page, board);
  awaited(page, board);
  gate(page, 'Must', board.gates.must);
  gate(page, 'Should', board.gates.should);
  gate(page, 'Nice to have', board.gates.nice);
  items(page, board);
  people(page, board);
  refused(page, board);
  return page.lines.join('\n');
}
