/** What the document says about itself and the launch: title, dates, zone, tables of keys and of people. */
import { addDays, asMoment, whenIn, zoneIn } from './dates';
import type { Draft } from './draft';
import type { Line } from './line';
import { sectionsOf, type Block, type Section } from './markdown';
import { DOCUMENT_LABELS, type Role } from './vocabulary';
import { asTitle, slug } from './words';

type Table = Extract<Block, { type: 'table' }>;
const LAUNCH_WORDS = /\b(?:launch|go-?live|release|ship)\b/i;
const LAUNCH_DATE_KEY = /\b(?:launch|go-?live|release|ship)\b.*\bdate\b|^date$|\bgo-?live\b/;
const DECIDER_KEY = /\b(?:decision maker|authority|approver|decider|go\/no-go)\b/;
const OWNER_KEY = /\bowner\b|\blead\b/;
const TODAY_HEADING = /^\s*(?:today|day 0)\b/i;

/** The heading that is the title: the first of level 1 (or the only first), unless it is a part of its own. */
export function titleSection(root: Section): Section | undefined {
  const [first] = root.children;
  return first?.level === 1 && root.children.filter(({ level }) => level === 1).length === 1
    ? first
    : first?.level === 1 && first.children.length === 0
      ? first
      : undefined;
}

function* textLines(section: Section): Generator<Line> {
  for (const block of section.blocks) {
    if (block.type === 'text') yield* block.lines;
    if (block.type === 'list') yield* block.entries;
  }
}

/** Reads what all other dates and hours depend on; nothing else may be read before. */
export function readFrame(draft: Draft, roles: Map<Section, Role>, title: Section | undefined): void {
  const { root, frontMatter } = draft.document;
  const sections = [root, ...sectionsOf(root)];
  if (title) {
    const heading = title.heading.text;
    const dated = whenIn(heading, undefined);
    draft.title = asTitle(dated ? heading.replace(dated.words, '').replace(/[\s–—:,(-]+$|\(\s*\)/g, '') : heading);
    draft.mark(title.heading.line, 'title');
    if (dated) draft.keepAsContext(title.heading.line, 'Date of the document', dated.day);
  }
  draft.today = documentDate(draft, sections, title);
  draft.timezone = zonesSaid(draft)[0];
  for (const { line, key, value } of frontMatter) {
    if (!title && key.toLowerCase() === 'title' && value) draft.title = asTitle(value);
    draft.keepAsContext(line, key, value);
  }
  for (const section of sections) {
    const introduces = section === root || section === title;
    for (const line of textLines(section)) readDocumentLabel(draft, line, introduces);
    for (const block of section.blocks) {
      if (block.type === 'table' && !readKeyTable(draft, block)) readPeopleTable(draft, block);
    }
    readLaunchHeading(draft, section, roles);
  }
  const [first] = draft.launchDates;
  if (first) draft.launchWhen = { ...first.when, line: first.line };
}

/** The heading of today, else the title's date, else the last update, else the front matter. */
function documentDate(draft: Draft, sections: Section[], title: Section | undefined): string | undefined {
  for (const { heading } of sections) {
    if (TODAY_HEADING.test(heading.text)) {
      const when = whenIn(heading.text, undefined);
      if (when) return when.day;
    }
  }
  const titled = title && whenIn(title.heading.text, undefined);
  if (titled) return titled.day;
  for (const section of sections) {
    for (const line of textLines(section)) {
      if (line.label && DOCUMENT_LABELS.has(line.label) && !line.label.startsWith('next')) {
        const when = whenIn(line.value, undefined);
        if (when) return when.day;
      }
    }
  }
  return draft.document.frontMatter.flatMap(({ key, value }) =>
    /date|created|updated/i.test(key) ? (whenIn(value, undefined)?.day ?? []) : []
  )[0];
}

/** Zones in the order of how often they are named beside an hour. */
function zonesSaid(draft: Draft): string[] {
  const counts = new Map<string, number>();
  for (const line of draft.document.lines) {
    const zone = /\d/.test(line) && line.length < 2_000 ? zoneIn(line) : undefined;
    if (zone) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([zone]) => zone);
}

function readDocumentLabel(draft: Draft, line: Line, introduces: boolean): void {
  if (!line.label) return;
  const when = whenIn(line.value, draft.today);
  if (/\b(?:launch|release|go live|ship)\b.*\bdate\b/.test(line.label) && when) {
    draft.launchDates.push({ when, line: line.line });
    draft.mark(line.line, 'launch date');
  } else if (/^next (?:review|meeting|update)$/.test(line.label) && when) {
    draft.reviews.push(asMoment(when));
    draft.keepAsContext(line.line, line.labelText ?? line.label, line.value);
  } else if (DOCUMENT_LABELS.has(line.label) || (introduces && line.checked === undefined)) {
    draft.keepAsContext(line.line, line.labelText ?? line.label, line.value);
  }
}

/** A heading in a timeline that gives the launch its date. */
function readLaunchHeading(draft: Draft, section: Section, roles: Map<Section, Role>): void {
  if (roles.get(section) !== 'timeline-day' || !LAUNCH_WORDS.test(section.heading.text.replace(/\([^)]*\)/g, '')))
    return;
  const when = whenIn(section.heading.text, draft.today);
  if (!when || /\b(?:pre|before|post|after)\b/i.test(section.heading.text)) return;
  draft.launchDates.push({ when, line: section.heading.line });
  draft.mark(section.heading.line, 'launch date');
}

/** A table of two columns, key and value. True when it was one. */
function readKeyTable(draft: Draft, table: Table): boolean {
  const [key = '', value = ''] = table.header.map((each) => each.toLowerCase());
  if (
    table.header.length !== 2 ||
    !/^(?:field|key|property|attribute|)$/.test(key) ||
    !/^(?:value|details?|)$/.test(value)
  )
    return false;
  draft.mark(table.line, 'table of keys');
  for (const { line, cells } of table.rows) {
    const [name, said] = [cells[0]?.text ?? '', cells[1]?.text ?? ''];
    draft.keepAsContext(line, name, said);
    const when = whenIn(said, draft.today);
    if (LAUNCH_DATE_KEY.test(name.toLowerCase()) && when) draft.launchDates.push({ when, line });
    else if (DECIDER_KEY.test(name.toLowerCase())) readDeciders(draft, said, line);
    else if (OWNER_KEY.test(name.toLowerCase())) draft.people.read(said);
  }
  return true;
}

/** Who signs off, and whether all of them: `A + B` is all, `A / B` any. */
export function readDeciders(draft: Draft, text: string, line: number): void {
  const names = draft.people.read(text);
  if (names.ids.length === 0) return;
  const quorum = /\/|\bor\b/i.test(text) && !/[+&]|\band\b/i.test(text) ? 'any' : 'all';
  draft.authority ??= { roles: names.ids, quorum, line };
  for (const [index, id] of names.ids.entries()) {
    const remark = names.remarks[index];
    const person = draft.people.get(id);
    const role = remark && slug(remark);
    if (person && role && !draft.people.has(role) && !person.roles.includes(role)) person.roles.push(role);
  }
}

/** A table of people: role, name, perhaps an address. True when it was one. */
function readPeopleTable(draft: Draft, table: Table): boolean {
  const header = table.header.map((each) => each.toLowerCase().trim());
  const name = header.findIndex((each) => /^(?:name|person|who)$/.test(each));
  const role = header.findIndex((each) => /^(?:role|team|area|function|title)$/.test(each));
  if (name < 0 || role < 0) return false;
  draft.mark(table.line, 'table of people');
  for (const { line, cells } of table.rows) {
    const id = draft.people.add(cells[name]?.text ?? '');
    const person = draft.people.get(id);
    if (!person) continue;
    const as = slug(cells[role]?.text ?? '');
    if (as !== '' && !draft.people.has(as) && !person.roles.includes(as)) person.roles.push(as);
    const email = cells.map(({ text }) => /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(text)?.[0]).find(Boolean);
    if (email) person.email = email;
    draft.mark(line, `person ${id}`);
  }
  return true;
}

/** The day that a heading of a timeline names. */
export function dayOfHeading(draft: Draft, section: Section): string | undefined {
  const text = section.heading.text;
  const when = whenIn(text, draft.today);
  if (when) return when.day;
  const launch = draft.launchWhen?.day;
  const relative = /\bT\s*([+-])\s*(\d{1,3})\b/.exec(text);
  if (relative && launch) return addDays(launch, Number(`${relative[1]}${relative[2]}`));
  return LAUNCH_WORDS.test(text) ? launch : undefined;
}
