/** Sections that are an item each: a heading, bold labels, boxes, options. */
import type { ItemKind, Priority, Severity } from '../../domain/plan';
import { asMoment, whenIn } from './dates';
import type { Draft, DraftItem } from './draft';
import type { Line } from './line';
import { sectionsOf, type Entry, type Section } from './markdown';
import { EVERYONE } from './people';
import type { NumberedLine } from './result';
import { fieldOf, headingOrder, type Field, type Role } from './vocabulary';
import { asTitle, brackets, idsIn, slug, withoutBrackets } from './words';

const NUMBER_PREFIX =
  /^\s*(?:(?:blocker|issue|item|verification|decision|task|risk|action)\s*#?\s*\d*|\d+)\s*[:.)–—-]\s*/i;
const ARROW = /\s*(?:→|->|=>|⇒)\s*/;
const PREFIX: { [kind in ItemKind]: string } = {
  blocker: 'BLOCKER',
  verification: 'VERIFY',
  decision: 'DECISION',
  coordination: 'COORD',
  task: '',
};
const KIND_OF_ROLE: { [role in Role]?: ItemKind } = {
  blockers: 'blocker',
  verifications: 'verification',
  coordination: 'coordination',
};
const KIND_WORDS: Array<[RegExp, ItemKind]> = [
  [/\bblock/i, 'blocker'],
  [/\bverif/i, 'verification'],
  [/\bcoord/i, 'coordination'],
];
/** Fields that a list below their label fills, entry by entry. */
const LIST_FIELDS: readonly Field[] = ['acceptance', 'done', 'options'];

export function priorityIn(text: string): Priority | undefined {
  const named = /\bP([0-4])\b/i.exec(text);
  if (named) return `P${named[1]}` as Priority;
  const words: Array<[RegExp, Priority]> = [
    [/\b(?:critical|highest|urgent)\b/i, 'P0'],
    [/\bhigh\b/i, 'P1'],
    [/\bmedium\b/i, 'P2'],
    [/\blow\b/i, 'P3'],
  ];
  return words.find(([pattern]) => pattern.test(text))?.[1];
}

export function severityIn(text: string): Severity | undefined {
  return /\b(critical|high|medium|low)\b/i.exec(text)?.[1]?.toLowerCase() as Severity | undefined;
}

interface Raw {
  lines: Array<{ line: Line; field?: Field; label: string; value: string }>;
  entries: FieldEntry[];
}

interface FieldEntry {
  entry: Entry;
  field?: Field;
}

/** Whether a section outside the known parts is an item all the same: it has an id or an owner, and something to do. */
export function looksLikeItem(section: Section): boolean {
  const fields = section.blocks.flatMap((block) =>
    block.type === 'text' ? block.lines.map((line) => fieldOf(line)?.field) : []
  );
  return fields.includes('owner') || (fields.includes('acceptance') && fields.includes('deadline'));
}

function collect(draft: Draft, section: Section): Raw {
  const raw: Raw = { lines: [], entries: [] };
  for (const part of [section, ...sectionsOf(section)]) {
    let field: Field | undefined;
    if (part !== section) {
      field = fieldOf({
        ...part.heading,
        label: part.heading.text
          .toLowerCase()
          .replace(/[^a-z ]/g, '')
          .trim(),
      })?.field;
      draft.mark(part.heading.line, `part of ${asTitle(section.heading.text)}`);
    }
    for (const block of part.blocks) {
      if (block.type === 'text') {
        for (const line of block.lines.filter((each) => !draft.isTaken(each.line))) {
          const read = fieldOf(line);
          if (read) field = read.field;
          raw.lines.push(read ? { line, ...read } : { line, label: '', value: line.text });
        }
      } else if (block.type === 'list') for (const entry of block.entries) raw.entries.push({ entry, field });
    }
  }
  return raw;
}

/** Takes the names that fields hold, so that every later mention of them is known. */
export function readNames(draft: Draft, section: Section): void {
  for (const block of section.blocks) {
    if (block.type !== 'text') continue;
    for (const line of block.lines) {
      const read = fieldOf(line);
      if (!read?.value || !['owner', 'reporter', 'waiting', 'decider'].includes(read.field ?? '')) continue;
      for (const part of read.value.split(ARROW)) draft.people.read(part);
    }
  }
}

export function readItem(draft: Draft, section: Section, role: Role | undefined): void {
  const raw = collect(draft, section);
  const heading = headingOrder(section.heading.text).text;
  const bare = withoutBrackets(heading.replace(NUMBER_PREFIX, '')) || heading;
  const fieldText = (field: Field): string | undefined => raw.lines.find((each) => each.field === field)?.value;
  const hasOptions = raw.entries.some(({ entry, field }) => field === 'options' && entry.checked === undefined);
  const id = idsIn(fieldText('id') ?? '')[0] ?? idsIn(heading)[0];
  const named = KIND_WORDS.find(([pattern]) => pattern.test(id ?? heading))?.[1] ?? 'task';
  const kind = hasOptions ? 'decision' : ((role && KIND_OF_ROLE[role]) ?? named);
  const prefix = role === 'blockers' ? PREFIX.blocker : PREFIX[kind];
  const item = draft.addItem({ id, prefix, title: bare, kind, line: section.heading.line });
  item.listedBlocker = role === 'blockers';
  if (item.listedBlocker) item.facts.push({ about: 'gate', line: section.heading.line, value: 'blocker' });
  const parent = section.parent?.heading.text ?? '';
  if (item.listedBlocker) item.doc.severity = severityIn(parent);
  for (const remark of brackets(heading)) item.notes.push(remark);
  for (const { line, field, label, value } of raw.lines) readField(draft, item, { line, field, label, value });
  for (const each of raw.entries) readEntry(draft, item, each);
  finishItem(draft, item);
  completeReadings(item, section);
}

type FieldLine = Raw['lines'][number];

function readField(draft: Draft, item: DraftItem, given: FieldLine): void {
  const { line, field, label, value } = given;
  const as = (what: string): void => draft.mark(line.line, `${what} of ${item.doc.id}`);
  const said = { line: line.line, text: value };
  const note = (): void => draft.note(item, line.line, label ? `${label}: ${value}` : value);
  if (value === '') return void (field && LIST_FIELDS.includes(field) ? as(field) : note());
  switch (field) {
    case 'id':
      return idsIn(value)[0] ? as('id') : note();
    case 'owner':
      return readOwners(draft, item, said);
    case 'reporter': {
      const names = draft.people.read(value);
      item.doc.reportedBy = [...new Set([...[item.doc.reportedBy ?? []].flat(), ...names.ids])];
      for (const rest of [...names.unnamed, ...names.remarks]) item.notes.push(`${label}: ${rest}`);
      return as('reporters');
    }
    case 'impact':
      item.doc.impact = value;
      draft.matcher.learn(item, value, 0.5);
      return as('impact');
    case 'priority':
      return readPriority(draft, item, said) ? as('priority') : note();
    case 'severity':
      item.doc.severity = severityIn(value) ?? item.doc.severity;
      return severityIn(value) ? as('severity') : note();
    case 'deadline':
      return readDeadline(draft, item, said) ? as('deadline') : note();
    case 'decider': {
      const names = draft.people.read(value);
      if (item.doc.kind !== 'decision' || names.ids.length === 0) return note();
      item.doc.decide = { by: names.ids, quorum: /\/|\bor\b/i.test(value) && !/[+&]/.test(value) ? 'any' : 'all' };
      return as('deciders');
    }
    case 'after':
    case 'unblocks':
    case 'verifies': {
      const ids = idsIn(value);
      if (ids.length === 0) return note();
      item.doc[field] = [...new Set([...(item.doc[field] ?? []), ...ids])];
      return as(field);
    }
    case 'acceptance':
    case 'done':
      return readEntry(draft, item, {
        entry: { ...line, value, text: value, label: undefined, children: [], more: [] },
        field,
      });
    case 'issue':
    case 'status':
    case 'need':
      draft.matcher.learn(item, value, 0.4);
      return note();
    case 'waiting':
      draft.people.read(value);
      return note();
    default:
      return note();
  }
}

function readPriority(draft: Draft, item: DraftItem, { line, text }: NumberedLine): boolean {
  const value = priorityIn(text);
  if (!value) return false;
  item.doc.priority ??= value;
  item.facts.push({ about: 'priority', line, value });
  return true;
}

/** Said once, it is the item's; said again, it is kept to be compared. False where the words name no day. */
function readDeadline(draft: Draft, item: DraftItem, { line, text }: NumberedLine): boolean {
  const fromLaunch = /\bT-\d+[dhw]\b/.exec(text)?.[0];
  const when = whenIn(text, draft.today);
  if (!fromLaunch && !when) {
    draft.warn(
      line,
      `${item.doc.id}: '${text}' names no day that can be told${draft.today ? '' : ', since the document has no date'}; no deadline was set`
    );
    return false;
  }
  item.doc.deadline ??= fromLaunch ?? asMoment(when!);
  if (when) item.facts.push({ about: 'due', line, when });
  if (when?.vague) draft.warn(line, `${item.doc.id}: '${when.words}' was read as its last day, ${when.day} 23:59`);
  return true;
}

/** `A + B` own it together; `A (decision) → B (implementation)` is a second item of B that follows. */
function readOwners(draft: Draft, item: DraftItem, { line, text: value }: NumberedLine): void {
  const [first = '', ...followers] = value.split(ARROW);
  const names = draft.people.read(first);
  item.doc.owners = names.ids;
  for (const remark of names.remarks) item.notes.push(`Assigned: ${remark}`);
  for (const id of names.ids) draft.matcher.learn(item, id, 0.5);
  draft.mark(line, `owners of ${item.doc.id}`);
  for (const part of followers) {
    const next = draft.people.read(part);
    const what = next.remarks[0] ?? 'follow-up';
    const thing =
      item.doc.title
        .replace(/\bdecision\b/i, '')
        .replace(/\s+/g, ' ')
        .trim() || item.doc.title;
    const follower = draft.addItem({
      id: draft.hasId(`${item.doc.id}-${slug(what).toUpperCase()}`)
        ? undefined
        : `${item.doc.id}-${slug(what).toUpperCase()}`,
      title: `${thing}: ${what}`,
      kind: 'task',
      owners: next.ids,
      line: line,
    });
    follower.followsUp = item;
    item.followUps.push(follower);
  }
}

const ADDRESSEE_CAN =
  /^\S+(?: \S+)? (?:can|confirms?|is able to|signs?|accepts?|approves?|reports?|agrees?|has confirmed)\b/i;
const READS = /^(?:please )?(?:re-?)?(?:read|acknowledge)\b/i;
const DOCUMENT = /^(?:https?:\/\/\S+|[\w./-]*\w\.(?:md|mdx|txt|pdf|html?|docx?|rst|adoc))$/i;
const CHECKS = /^(?:re-?)?(?:verify|check|confirm|validate|test|make sure)\b/i;
const ORDERS = /\b(?:review|priorit\w*|order|rank|sequence|schedule|triage)\b/i;

/** Documents that any line of the entry names. */
export function documentsIn(codes: readonly string[]): string[] {
  return [...new Set(codes.filter((code) => DOCUMENT.test(code)))];
}

function readEntry(draft: Draft, item: DraftItem, { entry, field }: FieldEntry): void {
  const isBox = entry.checked !== undefined;
  if (field === 'options' && !isBox) readOption(draft, item, entry);
  else if (isBox || field === 'acceptance' || field === 'done' || entry.mark)
    readCriterion(draft, item, { entry, field });
  else draft.note(item, entry.line, entry.text);
  for (const line of entry.more) draft.note(item, line.line, line.text);
  for (const child of entry.children)
    readEntry(draft, item, { entry: child, field: field === 'options' ? undefined : field });
}

function readOption(draft: Draft, item: DraftItem, entry: Entry): void {
  const options = (item.doc.options ??= []);
  const base = slug(entry.labelText ?? entry.text) || 'option';
  const ids = new Set(options.map((option) => option.id));
  let id = base;
  for (let number = 2; ids.has(id); number++) id = `${base}-${number}`;
  options.push({ id, title: asTitle(entry.text), opens: [], source: entry.line });
  draft.mark(entry.line, `option of ${item.doc.id}`);
}

function readCriterion(draft: Draft, item: DraftItem, { entry, field }: FieldEntry): void {
  const { text, value, line } = entry;
  const ids = idsIn(text);
  const unblocks = /^unblocks?\b/i.test(text) && ids.length > 0;
  if (unblocks && entry.checked !== true) {
    item.doc.unblocks = [...new Set([...(item.doc.unblocks ?? []), ...ids])];
    return draft.mark(line, `${item.doc.id} unblocks ${ids.join(', ')}`);
  }
  if (item.doc.kind === 'verification' && CHECKS.test(text)) addIds(item, 'verifies', ids);
  if (item.doc.kind === 'coordination' && ORDERS.test(text)) addIds(item, 'orders', ids);
  draft.matcher.learn(item, text, 0.3);
  const claimed = entry.checked === true || entry.mark === 'done' || (field === 'done' && entry.checked === undefined);
  if (claimed) return draft.addCriterion(item, entry, { claim: { text: claimText(entry) } });
  const addressee = entry.labelText === undefined ? undefined : draft.people.find(entry.labelText);
  const documents = documentsIn(entry.codes);
  if (READS.test(addressee ? value : text) && documents.length > 0) {
    return draft.addCriterion(item, entry, { acknowledge: reading(item, addressee, documents) });
  }
  const witness = ADDRESSEE_CAN.test(text)
    ? draft.people.mentionedIn(text.split(' ').slice(0, 3).join(' '))[0]
    : undefined;
  const by = addressee ?? (witness && text.startsWith(draft.people.get(witness)?.name ?? '\0') ? witness : undefined);
  draft.addCriterion(item, entry, by ? { attest: by === EVERYONE ? { by: [by], quorum: 'all' } : { by: [by] } } : {});
}

function reading(
  item: DraftItem,
  addressee: string | undefined,
  documents: string[]
): { by?: string[]; documents: string[]; quorum?: 'all' } {
  const by = addressee ? [addressee] : item.doc.owners.length > 0 ? item.doc.owners : undefined;
  return { by, documents, quorum: 'all' };
}

function claimText(entry: Entry): string {
  return entry.checked ? 'Ticked in the document' : 'Said to be done in the document';
}

function addIds(item: DraftItem, key: 'verifies' | 'orders', ids: string[]): void {
  const others = ids.filter((id) => id !== item.doc.id);
  if (others.length > 0) item.doc[key] = [...new Set([...(item.doc[key] ?? []), ...others])];
}

/** What needs the whole item: what a decision opens, all documents of a reading, and who may decide. */
function finishItem(draft: Draft, item: DraftItem): void {
  const { doc } = item;
  if (doc.kind === 'decision') {
    for (const option of doc.options ?? []) option.opens = item.followUps.map(({ doc: { id } }) => id);
  }
  for (const follower of item.followUps) {
    follower.doc.priority ??= doc.priority;
    if (doc.impact) draft.matcher.learn(follower, doc.impact, 0.5);
    if (doc.kind !== 'decision') follower.doc.after = [doc.id];
    follower.notes.push(`Follows ${doc.id}`);
  }
  if (!doc.priority && item.listedBlocker) {
    draft.warn(doc.source, `${doc.id}: no priority is said${doc.deadline ? '' : ' and no deadline'}; none was set`);
  }
}

/** Documents named in the item's done things belong to what is to be read in it. */
function completeReadings(item: DraftItem, section: Section): void {
  const named = section.blocks.flatMap((block) => {
    if (block.type === 'list') return block.entries.flatMap(({ codes }) => documentsIn(codes));
    return block.type === 'text' ? block.lines.flatMap(({ codes }) => documentsIn(codes)) : [];
  });
  for (const { acknowledge } of item.doc.acceptance) {
    if (acknowledge) acknowledge.documents = [...new Set([...(acknowledge.documents ?? []), ...named])].map(asTitle);
  }
}
