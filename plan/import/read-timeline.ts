/** The days before the launch as milestones, and what is said to happen on its day. */
import { asMoment, timeIn, whenIn, zoneIn, type When } from './dates';
import type { Draft, DraftItem } from './draft';
import type { Line } from './line';
import type { Block, Section } from './markdown';
import { dayOfHeading } from './read-document';
import type { NumberedLine } from './result';
import { asTitle, brackets, withoutBrackets } from './words';

type Table = Extract<Block, { type: 'table' }>;

const CONDITION = /^\s*(?:if|when|once|unless)\b/i;
const RULE = /\b(?:go|no-?go|launch|delay|ship)\b/i;

/** A rule of the form "if all … : GO"; what it needs is a set of items. */
export function readGoRule(draft: Draft, line: Line): void {
  const text = line.text;
  const needs = /\bmust[- ]?haves?\b|["“']must/i.test(text)
    ? 'must'
    : /\bblockers?\b/i.test(text)
      ? 'blockers'
      : undefined;
  if (needs && /\ball\b|\bmust\b|\d/i.test(text)) draft.goRules.push({ line: line.line, text, needs });
}

function lookUp(draft: Draft, text: string): DraftItem[] {
  const bare = withoutBrackets(text);
  const deciding = /\bdeci|\bchoose|\bcoordinat/i.test(bare);
  const verifying = /\bverif|\bcheck|\bconfirm/i.test(bare);
  const prefer = deciding
    ? (['decision', 'coordination'] as const)
    : verifying
      ? (['verification'] as const)
      : (['blocker'] as const);
  const only = (item: DraftItem): boolean => !item.claimed && !item.doc.external;
  const parts = brackets(text)
    .flatMap((inner) => inner.split(/\s*(?:,|;|\+|&|\band\b)\s*/i))
    .filter(Boolean);
  const found = parts.flatMap((part) => draft.matcher.find(part, { prefer, only }).item ?? []);
  if (found.length > 0) return [...new Set(found)];
  return [draft.matcher.find(bare, { prefer, only }).item ?? []].flat();
}

/** One planned thing; the items it speaks about are planned for that instant. */
function addMilestone(draft: Draft, { text, line }: NumberedLine, when: When | undefined): void {
  const items = lookUp(draft, text);
  for (const item of items) {
    if (!when) continue;
    item.facts.push({ about: 'planned', line, when });
    item.doc.planned ??= { to: asMoment(when) };
  }
  const at = when && asMoment(when);
  draft.milestones.push({ title: asTitle(text), at, items: items.map(({ doc }) => doc.id), when, source: line });
  draft.mark(line, 'milestone');
}

export function readTimelineDay(draft: Draft, section: Section): void {
  const day = dayOfHeading(draft, section);
  const zone = zoneIn(section.heading.text);
  draft.mark(section.heading.line, day ? `timeline: ${day}` : 'timeline');
  if (!day && section.blocks.length > 0)
    draft.warn(
      section.heading.line,
      `'${section.heading.text}' names no day that can be told; its milestones have no date`
    );
  for (const block of section.blocks) {
    if (block.type === 'table') readSchedule(draft, block);
    const lines = block.type === 'list' ? block.entries : block.type === 'text' ? block.lines : [];
    for (const line of lines) {
      if (draft.isTaken(line.line)) continue;
      if (CONDITION.test(line.text) && RULE.test(line.text)) {
        readGoRule(draft, line);
        draft.keepAsContext(
          line.line,
          line.labelText?.replace(/:$/, '') ?? section.heading.text,
          line.label ? line.value : line.text
        );
        continue;
      }
      const time = line.labelText ? timeIn(line.labelText) : timeIn(line.text);
      const written = whenIn(line.text, draft.today);
      const when = day ? { day, time, zone: zone ?? zoneIn(line.text), words: line.labelText ?? '' } : written;
      addMilestone(draft, { text: line.labelText && time ? line.value : line.text, line: line.line }, when);
    }
    if (block.type === 'list')
      for (const entry of block.entries)
        for (const child of [...entry.children, ...entry.more]) draft.keepAsContext(child.line, entry.text, child.text);
  }
}

/** A timeline without a heading per day: every entry brings its own date. */
export function readTimeline(draft: Draft, section: Section): void {
  draft.mark(section.heading.line, 'timeline');
  for (const block of section.blocks) {
    if (block.type === 'table') readSchedule(draft, block);
    const lines = block.type === 'list' ? block.entries : block.type === 'text' ? block.lines : [];
    for (const line of lines) {
      if (draft.isTaken(line.line)) continue;
      const when = whenIn(line.text, draft.today);
      if (when) addMilestone(draft, { text: line.label && line.value ? line.value : line.text, line: line.line }, when);
      else draft.keepAsContext(line.line, section.heading.text, line.text);
    }
  }
}

/** A table with a column of dates. */
export function readSchedule(draft: Draft, table: Table): boolean {
  const date = table.header.findIndex((each) => /^(?:date|when|day|at|time)$/i.test(each.trim()));
  if (date < 0 || table.rows.some(({ line }) => draft.isTaken(line))) return false;
  draft.mark(table.line, 'timeline');
  for (const { line, cells } of table.rows) {
    const said = cells[date]?.text ?? '';
    const when = whenIn(said, draft.today ?? draft.launchWhen?.day);
    const [title = said, ...rest] = cells.filter((_, index) => index !== date).map(({ text }) => text);
    addMilestone(draft, { text: title, line }, when);
    if (!when && said) draft.warn(line, `'${said}' names no day that can be told; the milestone has no date`);
    if (rest.some(Boolean)) draft.keepAsContext(line, title, rest.join(' | '));
  }
  return true;
}
