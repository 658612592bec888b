/** Who does what: lists of tasks under a person's name, and people without any. */
import { whenIn } from './dates';
import type { Draft, DraftItem } from './draft';
import type { Entry, Section } from './markdown';
import type { NumberedLine } from './result';
import { priorityIn } from './read-items';
import { brackets, idsIn, meaningfulWords, withoutBrackets } from './words';

const AFTER = /\b(?:after|once|blocked (?:on|by)|waiting (?:for|on)|depends on)\s+(.+)$/i;
const IN_PROGRESS = /\b(?:in progress|started|under way|ongoing|wip)\b/i;
const FRACTION = /\b(\d{1,5})\s*\/\s*(\d{1,5})\b/;
const REMAINING = /\b(\d{1,5})\s+(?:\w+\s+)?(?:remaining|left|to go)\b/i;
/** Stricter than elsewhere: a task without an id is taken for a known item only when it clearly is that. */
const SAME_TASK = 0.75;

/** Edges that can be drawn only when every item is known. */
export interface Waiting {
  items: DraftItem[];
  people: string[];
  phrase: string;
  line: number;
}

/** Names of assignees, before any text is searched for people. */
export function readAssigneeName(draft: Draft, section: Section): void {
  draft.people.read(withoutBrackets(section.heading.text));
}

export function readAssignee(draft: Draft, section: Section): Waiting | undefined {
  const heading = section.heading;
  const people = draft.people.read(withoutBrackets(heading.text)).ids;
  const remark = brackets(heading.text).join(' - ');
  draft.mark(heading.line, `assignments of ${people.join(', ')}`);
  const waiting: DraftItem[] = [];
  for (const block of section.blocks) {
    const entries = block.type === 'list' ? block.entries : [];
    for (const entry of entries) {
      const item = readTask(draft, people, entry);
      readListHeading(draft, item, { text: remark, line: heading.line });
      const progressing = item.doc.startAs !== undefined || item.doc.progress !== undefined;
      if (!progressing) waiting.push(item);
      else if (AFTER.test(remark)) {
        draft.warn(
          entry.line,
          `${item.doc.id} is in progress although its list is to come '${remark}'; it waits for nothing`
        );
      }
    }
    if (block.type === 'text') {
      for (const line of block.lines) if (!draft.isTaken(line.line)) draft.keepAsContext(line.line, line.text);
    }
  }
  const phrase = AFTER.exec(remark)?.[1];
  return phrase ? { items: waiting, people, phrase, line: heading.line } : undefined;
}

function readListHeading(draft: Draft, item: DraftItem, { text: remark, line }: NumberedLine): void {
  const priority = priorityIn(remark);
  if (priority) {
    item.doc.priority ??= priority;
    item.facts.push({ about: 'priority', line, value: priority });
  }
  const when = whenIn(remark, draft.today);
  if (!when) return;
  item.facts.push({ about: 'due', line, when });
  item.doc.deadline ??= `${when.day} ${when.time ?? '23:59'}${when.zone === 'UTC' ? 'Z' : ''}`;
}

/** One entry of a person's list: a known item by its id or its words, or a new one. */
function readTask(draft: Draft, people: string[], entry: Entry): DraftItem {
  const id = idsIn(entry.labelText ?? '')[0] ?? idsIn(entry.text)[0];
  const said = id && idsIn(entry.labelText ?? '').length > 0 ? entry.value : entry.text.replace(id ?? '\0', '').trim();
  const known = id
    ? draft.itemById(id)
    : draft.matcher.find(entry.text, {
        owners: people,
        threshold: SAME_TASK,
        only: (each) => people.some((one) => each.doc.owners.includes(one)),
      }).item;
  const title = withoutBrackets(said) || said || id || entry.text;
  const item =
    known ??
    draft.addItem({
      id: id ?? (entry.labelText && draft.unusedId(`${people[0] ?? ''}-${entry.labelText}`)),
      prefix: people[0]?.toUpperCase(),
      title,
      owners: people,
      line: entry.line,
    });
  draft.mark(entry.line, `assignment of ${item.doc.id}`);
  draft.matcher.learn(item, title, known ? 0.9 : 1);
  for (const person of people) draft.matcher.learn(item, person, 0.6);
  if (known) checkOwners(draft, item, { people, line: entry.line });
  if (known && meaningfulWords(said).some((word) => !meaningfulWords(item.doc.title).includes(word)))
    item.notes.push(`Assigned as: ${said}`);
  for (const remark of brackets(said)) readRemark(draft, item, { remark, entry, known: known !== undefined });
  for (const child of [...entry.children, ...entry.more]) draft.note(item, child.line, child.text);
  if (entry.checked || entry.mark === 'done') claim(item, entry.line);
  return item;
}

function claim(item: DraftItem, line: number): void {
  item.doc.startAs = 'resolved';
  item.facts.push({ about: 'state', line, value: 'claimed' });
}

function checkOwners(draft: Draft, item: DraftItem, { people, line }: { people: string[]; line: number }): void {
  if (item.doc.owners.length === 0) item.doc.owners = people;
  const strangers = people.filter((id) => !item.doc.owners.includes(id));
  if (strangers.length > 0 && !item.doc.owners.includes('everyone')) {
    draft.warn(
      line,
      `${item.doc.id} is assigned to ${strangers.join(', ')} here and to ${item.doc.owners.join(', ')} in line ${item.doc.source}; the latter was taken`
    );
  }
}

function readRemark(draft: Draft, item: DraftItem, given: { remark: string; entry: Entry; known: boolean }): void {
  const { remark, entry, known } = given;
  const fraction = FRACTION.exec(remark);
  if (fraction && Number(fraction[1]) <= Number(fraction[2])) {
    item.doc.progress = { done: Number(fraction[1]), total: Number(fraction[2]) };
    const remaining = REMAINING.exec(entry.text)?.[1];
    const left = Number(fraction[2]) - Number(fraction[1]);
    if (remaining !== undefined && Number(remaining) !== left) {
      draft.countMismatch(
        entry.line,
        `'${remaining} remaining' does not agree with '${fraction[0]}', which leaves ${left}`
      );
    }
  }
  if (IN_PROGRESS.test(remark)) {
    item.doc.startAs ??= 'acknowledged';
    item.facts.push({ about: 'state', line: entry.line, value: 'in-progress' });
  } else if (/\bblocked\b|\bawaiting\b|\bwaiting\b/i.test(remark)) {
    item.facts.push({ about: 'state', line: entry.line, value: 'blocked' });
  }
  if (!known) item.notes.push(remark);
}

/** Draws the edges of "after X": by the words of X, or by the kind of work it names. */
export function drawWaiting(draft: Draft, waiting: Waiting): void {
  const { items, phrase, line } = waiting;
  for (const part of phrase.split(/\s*(?:,|\+|&|\band\b)\s*/i).filter(Boolean)) {
    const target = findAwaited(draft, part, waiting);
    if (!target) {
      draft.warn(line, `'after ${part}' was not recognised as one item; nothing waits for it`);
      for (const item of items) item.notes.push(`After ${part}`);
      continue;
    }
    for (const item of items)
      if (item !== target) item.doc.after = [...new Set([...(item.doc.after ?? []), target.doc.id])];
  }
}

function findAwaited(draft: Draft, part: string, { items, people }: Waiting): DraftItem | undefined {
  const own = new Set(items);
  const found = draft.matcher.find(part, {
    prefer: ['blocker', 'verification', 'coordination'],
    only: (each) => !own.has(each) && !each.claimed && !each.doc.external,
  });
  if (found.item) return found.item;
  const [kind] = (['coordination', 'verification', 'decision', 'blocker'] as const).filter((each) =>
    part.toLowerCase().includes(each.slice(0, 8))
  );
  const ofKind = draft.items.filter((each) => each.doc.kind === kind && !own.has(each));
  const names = new Set([...people, ...items.map(({ doc }) => doc.id)]);
  const about = ofKind.filter(({ doc }) =>
    [doc.reportedBy ?? [], doc.orders ?? [], doc.verifies ?? []].flat().some((id) => names.has(id))
  );
  return about.length === 1 ? about[0] : ofKind.length === 1 ? ofKind[0] : undefined;
}

export function readIdle(draft: Draft, section: Section): void {
  draft.mark(section.heading.line, 'people without work');
  for (const block of section.blocks) {
    const lines = block.type === 'list' ? block.entries : block.type === 'text' ? block.lines : [];
    for (const line of lines) {
      const names = draft.people.read(line.labelText ?? withoutBrackets(line.text).split(/[:–—]/)[0] ?? '');
      for (const person of names.ids) draft.idle.push({ person, line: line.line });
      draft.keepAsContext(line.line, `Idle: ${line.labelText ?? line.text}`, line.label ? line.value : undefined);
    }
  }
}
