/** Tables of items and boxes outside the known parts: what most launch documents consist of. */
import { whenIn, asMoment } from './dates';
import type { Draft, DraftItem } from './draft';
import type { Line } from './line';
import type { Block, Entry, Row, Section } from './markdown';
import { priorityIn, severityIn } from './read-items';
import type { NumberedLine } from './result';
import type { Role } from './vocabulary';
import { asTitle, idsIn, slug } from './words';

type Table = Extract<Block, { type: 'table' }>;
type Column = 'item' | 'owner' | 'due' | 'status' | 'notes' | 'impact' | 'priority' | 'severity' | 'id';

const COLUMNS: Array<[Column, RegExp]> = [
  ['id', /^(?:id|ref|ticket|key|#)$/i],
  [
    'item',
    /^(?:items?|tasks?|checks?|check name|name|issues?|steps?|criteri(?:a|on)|requirements?|activity|deliverable|action|action item|title|blocker|risk)$/i,
  ],
  ['owner', /^(?:owners?|assignee|assigned(?: to)?|responsible|who|dri|lead)$/i],
  ['due', /^(?:due|due date|deadline|target date|by|eta|date)$/i],
  ['status', /^(?:status|state|done\??|progress)$/i],
  ['impact', /^(?:impact|effect|consequence)$/i],
  ['priority', /^(?:priority|prio)$/i],
  ['severity', /^severity$/i],
  ['notes', /^(?:notes?|comments?|description|short description|details?|evidence)$/i],
];
const DONE = /^(?:done|complete[d]?|yes|finished|passed|approved|closed|resolved|✅|✔️?|:white_check_mark:|100 ?%)$/iu;
const MOVING = /\b(?:in progress|started|ongoing|investigating|following up|wip|in review)\b/i;
const NOT_MOVING = /\bnot started\b/i;
const TICK = /^(?:✅|✔️?|☑️?|x|yes|:white_check_mark:|:heavy_check_mark:)$/iu;
const COMPLETE = /\b(\d{1,2}) ?% (?:complete|done)\b/i;

function columnsOf(table: Table): Map<Column, number> {
  const columns = new Map<Column, number>();
  for (const [column, pattern] of COLUMNS) {
    const index = table.header.findIndex(
      (each, at) => pattern.test(each.trim()) && ![...columns.values()].includes(at)
    );
    if (index >= 0) columns.set(column, index);
  }
  return columns;
}

/** Columns that hold nothing but ticks: levels at which a row is required, not states. */
function levelsOf(table: Table, columns: Map<Column, number>): number[] {
  const known = [...columns.values()];
  const levels = table.header.flatMap((_, index) => {
    const cells = table.rows.map(({ cells: row }) => row[index]).filter((cell) => cell !== undefined);
    const marked = cells.filter((cell) => cell.mark === 'done' || cell.checked || TICK.test(cell.text));
    const empty = cells.filter((cell) => cell.text === '' && !cell.mark && cell.checked === undefined);
    return !known.includes(index) && marked.length > 0 && marked.length + empty.length === cells.length ? [index] : [];
  });
  return levels.length > 1 ? levels : [];
}

function isTicked(cell: Line | undefined): boolean {
  return cell !== undefined && (cell.mark === 'done' || cell.checked === true || TICK.test(cell.text));
}

/** Rows as items. False where the table is of another kind. */
function readItemTable(draft: Draft, table: Table, { section, role }: Place): boolean {
  const columns = columnsOf(table);
  const boxes = table.rows.some(({ cells }) => cells[0]?.checked !== undefined);
  const at = columns.get('item') ?? (boxes ? 0 : undefined);
  const levels = levelsOf(table, columns);
  const told = columns.has('owner') || columns.has('status') || columns.has('due') || levels.length > 0 || boxes;
  if (at === undefined || !told || table.rows.length === 0) return false;
  columns.set('item', at);
  draft.mark(table.line, 'table of items');
  for (const row of table.rows) readRow(draft, { row, table, columns, levels, section, role });
  return true;
}

interface Place {
  section: Section;
  role: Role | undefined;
}

interface RowReading extends Place {
  row: Row;
  table: Table;
  columns: Map<Column, number>;
  levels: number[];
}

function readRow(draft: Draft, reading: RowReading): void {
  const { row, columns, section, role } = reading;
  const cell = (column: Column): Line | undefined => row.cells[columns.get(column) ?? -1];
  const text = (column: Column): string => cell(column)?.text ?? '';
  const name = cell('item');
  if (!name?.text)
    return draft.keepAsContext(row.line, section.heading.text || 'Row', row.cells.map((each) => each.text).join(' | '));
  const blocking = role === 'blockers' || /\bblocker\b/i.test(text('impact'));
  const item = draft.addItem({
    id: idsIn(text('id'))[0] ?? idsIn(name.text)[0],
    title: name.text,
    kind: blocking ? 'blocker' : 'task',
    owners: draft.people.read(text('owner')).ids,
    line: row.line,
  });
  item.listedBlocker = role === 'blockers';
  for (const id of item.doc.owners) draft.matcher.learn(item, id, 0.4);
  item.doc.priority = priorityIn(text('priority'));
  item.doc.severity = severityIn(text('severity'));
  if (text('impact')) item.doc.impact = text('impact');
  readDue(draft, item, { text: text('due'), line: row.line });
  readStatus(draft, item, reading);
  readLevels(item, reading);
  readNotes(item, reading);
}

function readDue(draft: Draft, item: DraftItem, { text: said, line }: NumberedLine): void {
  if (!said) return;
  const when = whenIn(said, draft.launchWhen?.day ?? draft.today);
  item.notes.push(`Due: ${said}`);
  if (!when) return draft.warn(line, `${item.doc.id}: '${said}' names no day that can be told; no deadline was set`);
  item.doc.deadline = asMoment(when);
  item.facts.push({ about: 'due', line, when });
}

function readStatus(draft: Draft, item: DraftItem, { row, columns }: RowReading): void {
  const box = row.cells[columns.get('item') ?? 0];
  const cell = row.cells[columns.get('status') ?? -1];
  const status = cell?.text ?? '';
  const ticked = box?.checked ?? box?.mark === 'done';
  const done = DONE.test(status) || cell?.mark === 'done';
  if (status) item.notes.push(`Status: ${status}`);
  if (ticked || done) {
    item.doc.startAs = 'resolved';
    item.facts.push({ about: 'state', line: row.line, value: 'claimed' });
  } else if (MOVING.test(status) && !NOT_MOVING.test(status)) {
    item.doc.startAs = 'acknowledged';
    item.facts.push({ about: 'state', line: row.line, value: 'in-progress' });
  } else if (status || box?.checked === false) item.facts.push({ about: 'state', line: row.line, value: 'unticked' });
  if (ticked && status && !done) {
    draft.contradictions.push({
      lines: [row.line],
      text: `'${item.doc.title}' is ticked, and its status is '${status}'`,
    });
  }
  if (box?.checked === false && done) {
    draft.contradictions.push({
      lines: [row.line],
      text: `'${item.doc.title}' is not ticked, and its status is '${status}'`,
    });
  }
}

function readLevels(item: DraftItem, { row, table, levels }: RowReading): void {
  if (levels.length === 0) return;
  const required = levels.filter((index) => isTicked(row.cells[index]));
  item.levels = required.length / levels.length;
  item.notes.push(`Required at: ${required.map((index) => table.header[index]).join(', ') || 'no level'}`);
}

function readNotes(item: DraftItem, { row, table, columns, levels, section }: RowReading): void {
  const read = new Set([
    ...['item', 'owner', 'due', 'status', 'impact', 'priority', 'severity', 'id'].map((each) =>
      columns.get(each as Column)
    ),
    ...levels,
  ]);
  for (const [index, { text }] of row.cells.entries()) {
    if (read.has(index) || text === '') continue;
    item.notes.push(`${table.header[index] ?? 'Note'}: ${text}`);
    const share = COMPLETE.exec(text);
    if (share) item.doc.progress = { done: Number(share[1]), total: 100 };
  }
  if (section.heading.text) item.notes.push(`Section: ${section.heading.text}`);
}

/** An entry with boxes below it is an item whose criteria they are; a box of its own is an item. */
function readChecklist(draft: Draft, entries: Entry[], { section, role }: Place): void {
  const listed = role === 'blockers' || role === 'verifications' || role === 'coordination';
  for (const entry of entries) {
    const boxes = entry.children.filter(({ checked }) => checked !== undefined);
    if (draft.isTaken(entry.line) || (entry.checked === undefined && boxes.length === 0 && !listed)) continue;
    const kind =
      role === 'blockers'
        ? 'blocker'
        : role === 'verifications'
          ? 'verification'
          : role === 'coordination'
            ? 'coordination'
            : 'task';
    const named = entry.labelText ? draft.people.find(entry.labelText) : undefined;
    const said = named ? entry.value : entry.text;
    const owners = named ? [named] : draft.people.mentionedIn(said).slice(0, 1);
    const [id] = idsIn(entry.text);
    const free = id && !draft.hasId(id) ? id : undefined;
    const item = draft.addItem({ id: free, title: said || entry.text, kind, owners, line: entry.line });
    item.listedBlocker = role === 'blockers';
    if (entry.checked || entry.mark === 'done') {
      item.doc.startAs = 'resolved';
      item.facts.push({ about: 'state', line: entry.line, value: 'claimed' });
    } else item.facts.push({ about: 'state', line: entry.line, value: 'unticked' });
    for (const child of entry.children) readChild(draft, item, child);
    for (const line of entry.more) draft.note(item, line.line, line.text);
    if (section.heading.text) item.notes.push(`Section: ${section.heading.text}`);
  }
}

function readChild(draft: Draft, item: DraftItem, child: Entry): void {
  if (child.checked === undefined) draft.note(item, child.line, child.text);
  else draft.addCriterion(item, child, child.checked ? { claim: { text: 'Ticked in the document' } } : {});
  for (const line of child.more) draft.note(item, line.line, line.text);
  for (const inner of child.children) readChild(draft, item, inner);
}

/** What a section holds that none of the narrower readers took. */
export function readRest(draft: Draft, section: Section, role: Role | undefined): void {
  let found = false;
  for (const block of section.blocks) {
    if (block.type === 'table' && !block.rows.some(({ line }) => draft.isTaken(line)))
      found = readItemTable(draft, block, { section, role }) || found;
    if (block.type === 'list') {
      const before = draft.items.length;
      readChecklist(draft, block.entries, { section, role });
      found ||= draft.items.length > before;
    }
  }
  const heading = section.heading;
  if (found && slug(heading.text)) draft.mark(heading.line, `section: ${asTitle(heading.text)}`);
}
