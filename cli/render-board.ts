import type { Board, BoardGate, BoardItem } from '../domain/board';
import type { Need } from '../domain/launch-state';
import { fromNow, verdictSentence } from '../report/board-words';
import { Page, type RenderOptions } from './page';
import { addActions, addWatch } from './render-after';
import { clean, count, cut, instantIn, pad, widthOf, wrap } from './text';

/** A person's reason may be pages long; the board is still to be seen below it. */
const SENTENCE_LINES = 4;
/** Of what has been growing since the beginning, like slips. */
const LAST = 3;

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
  const [first = '', ...rest] = wrap(
    cut(`${sentence.head}: ${sentence.rest}.`, page.width * SENTENCE_LINES),
    page.width
  );
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
      if (need.command) page.add(`      ${style.cyan(page.typed(need.command))}`);
      shown++;
    }
  }
  page.more(needs.length - shown, 'things: launch status --json');
}

/** How far the item of an entry is, in few words: `API open, 1 of 2 met`. */
export function howFar({ items }: Board, { ref, state }: BoardGate): string {
  const item = items.find(({ id }) => id === ref);
  if (!item || state === 'met' || state === 'waived') return ref;
  const met = item.criteria.filter((each) => each.state === 'met' || each.state === 'waived').length;
  const criteria = item.criteria.length > 1 ? `, ${met} of ${item.criteria.length} met` : '';
  return `${ref} ${item.status}${criteria}`;
}

function gate(page: Page, board: Board, [name, entries, whole]: [string, readonly BoardGate[], boolean]): void {
  if (entries.length === 0) return;
  const met = entries.filter(({ state }) => state === 'met' || state === 'waived').length;
  page.title(name, `${met} of ${entries.length} met`);
  for (const entry of entries) {
    const { state, title, reason } = entry;
    if (whole && reason) page.fullRow(state, { title, note: reason });
    else page.row(state, { title, note: howFar(board, entry) });
  }
}

function ownersOf({ owners }: BoardItem): string {
  const [first, second, ...others] = owners;
  return others.length < 2 ? owners.join(', ') : `${first}, ${second} and ${others.length} others`;
}

function itemNote(item: BoardItem, page: Page): string {
  const notes = [
    ...(item.overdue ? ['overdue'] : []),
    ...(item.chosen ? [`chosen: ${item.chosen}`] : []),
    ...(item.waitingOn.length > 0 ? [`waits for ${item.waitingOn.join(', ')}`] : []),
    ...(item.reopened > 0 ? [`reopened ${item.reopened}×`] : []),
    ownersOf(item),
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
  page.text(`One of them with its criteria: ${page.typed(`launch status ${board.id} ITEM`)}`, 2, page.style.dim);
}

/** What happened to the launch itself, and what is counted. */
function history(page: Page, board: Board): void {
  const { timezone, reported, slips, announcement, metrics, standup } = board;
  if (reported.length > 0) page.title('Reported blockers');
  for (const { id, title, by, review } of reported) {
    const answer = review
      ? review.accept
        ? `accepted by ${review.by}`
        : `rejected by ${review.by}${review.reason ? `: ${cut(clean(review.reason), page.width)}` : ''}`
      : 'to be reviewed';
    page.text(`${id}, ${by}: ${cut(clean(title), page.width)} (${answer})`, 2);
  }
  if (slips.length > 0) page.title('Date moved', count(slips.length, 'time'));
  for (const { from, to, by, reason } of slips.slice(-LAST)) {
    const moved = `${instantIn(timezone, from)} → ${instantIn(timezone, to)}`;
    page.text(`${moved}, ${by ?? 'by itself'}: ${cut(clean(reason), page.width)}`, 2);
  }
  if (announcement) page.add();
  if (announcement) page.text(`Announced for ${instantIn(timezone, announcement.for)}.`, 0);
  if (standup) {
    page.add();
    page.text(`Next ${standup.kind} ${instantIn(timezone, standup.next)}.`, 0);
  }
  if (metrics.length > 0) page.title('Metrics');
  for (const { title, value, target, met, counted, of, by } of metrics) {
    const unit = of === undefined ? '' : ' %';
    const notes = [
      value === null ? 'nothing to measure' : `${value}${unit}`,
      ...(of ? [`${counted} of ${of}`] : []),
      ...(target ? [`target ${target}${by ? ` by ${instantIn(timezone, by)}` : ''}`] : []),
    ];
    const note = notes.join(', ');
    page.row(met === null ? 'unknown' : met ? 'met' : 'unmet', { title, note });
  }
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
  addActions(page, board);
  addWatch(page, board);
  gate(page, board, ['Must', board.gates.must, true]);
  gate(page, board, ['Should', board.gates.should, false]);
  gate(page, board, ['Nice to have', board.gates.nice, false]);
  items(page, board);
  people(page, board);
  history(page, board);
  refused(page, board);
  return page.lines.join('\n');
}
