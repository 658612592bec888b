/** Metrics, ceremonies, escalation, who decides, what is next: everything that is said about the launch as a whole. */
import { asMoment, durationIn, timeIn, whenIn, zoneIn } from './dates';
import type { Draft } from './draft';
import type { Line } from './line';
import type { Section } from './markdown';
import { readDeciders } from './read-document';
import { documentsIn, priorityIn, severityIn } from './read-items';
import { readGoRule } from './read-timeline';
import type { Role } from './vocabulary';
import { asTitle, slug } from './words';

/** All lines of a section, entries of lists included, that nothing has read yet. */
export function openLines(draft: Draft, section: Section): Line[] {
  const lines = section.blocks.flatMap((block) => {
    if (block.type === 'text') return block.lines;
    return block.type === 'list'
      ? block.entries.flatMap((entry) => [
          entry,
          ...entry.more,
          ...entry.children.flatMap((child) => [child, ...child.more]),
        ])
      : [];
  });
  return lines.filter(({ line }) => !draft.isTaken(line));
}

type Metric = Draft['metrics'][number];
const TARGET = /^(?:target|goal|objective)$/;
const CURRENT = /^(?:current|baseline|now|today|actual|currently)$/;
const PERCENT = /(<=|>=|<|>|≤|≥|under|below|at least|over|above)?\s*(\d{1,3}(?:\.\d+)?) ?%/i;
const OPERATORS: { [said: string]: string } = {
  '≤': '<=',
  '≥': '>=',
  under: '<',
  below: '<',
  over: '>',
  above: '>',
  'at least': '>=',
};

function targetIn(text: string, otherwise: string): string | undefined {
  const percent = PERCENT.exec(text);
  if (percent) {
    const said = percent[1]?.toLowerCase();
    return `${(said && (OPERATORS[said] ?? said)) ?? otherwise} ${percent[2]}%`;
  }
  if (/\b(?:all|every)\b/i.test(text)) return '>= 100%';
  return /\b(?:no|zero)\b/i.test(text) ? '<= 0' : undefined;
}

function measureOf(draft: Draft, text: string): Pick<Metric, 'measure' | 'where'> | undefined {
  if (/\bidle\b|\bunassigned\b|\butili[sz]ation\b/i.test(text)) return { measure: 'idle-owners' };
  if (/\boverdue\b/i.test(text)) return { measure: 'overdue' };
  if (/\bsla\b|\bresponse time/i.test(text)) return { measure: 'sla-kept' };
  if (!/\b(?:resol\w+|complet\w+|done|closed|fixed|finished)\b/i.test(text)) return undefined;
  const priority = /\bP[0-4]\b/.test(text) ? priorityIn(text) : undefined;
  if (priority) return { measure: 'resolved-share', where: { priority } };
  if (!/\bblockers?\b/i.test(text)) return { measure: 'resolved-share' };
  const severity = severityIn(text);
  const some = severity && draft.items.some(({ doc }) => doc.severity === severity);
  return { measure: 'resolved-share', where: some ? { severity } : { kind: 'blocker' } };
}

/** A heading with a target and what it is now. What cannot be computed is kept as context. */
export function readMetric(draft: Draft, section: Section): void {
  const lines = openLines(draft, section);
  const heading = section.heading;
  draft.mark(heading.line, 'metric');
  const target = lines.find(({ label }) => label && TARGET.test(label));
  const current = lines.find(({ label }) => label && CURRENT.test(label));
  for (const line of lines)
    draft.keepAsContext(line.line, `${heading.text}: ${line.labelText?.replace(/:$/, '') ?? 'note'}`, line.value);
  if (!target) return;
  const measured = measureOf(draft, target.value) ?? measureOf(draft, heading.text);
  if (!measured)
    return draft.warn(target.line, `'${heading.text}' is no measure that is computed; it is kept as context`);
  const when = whenIn(target.value, draft.today);
  const baseline = /\d[\d,]*(?:\.\d+)?/.exec(current?.value ?? '')?.[0]?.replace(/,/g, '');
  draft.metrics.push({
    id: slug(heading.text) || undefined,
    title: asTitle(heading.text),
    ...measured,
    target: targetIn(target.value, measured.measure === 'idle-owners' ? '<=' : '>='),
    ...(baseline === undefined ? {} : { baseline: Number(baseline) }),
    ...(when ? { by: asMoment(when) } : {}),
    source: heading.line,
  });
  const total = /\b\d{1,5}\s*\/\s*(\d{1,5})\b/.exec(current?.value ?? '')?.[1];
  if (total && current && /\bblockers?\b/i.test(target.value))
    draft.blockerTotals.push({ line: current.line, count: Number(total) });
  const percent = PERCENT.exec(target.value)?.[2];
  if (measured.where?.priority && percent)
    draft.shares.push({ line: target.line, priority: measured.where.priority, percent: Number(percent) });
  if (when && /\ball\b.*\bblockers?\b/i.test(target.value)) draft.blockersDue.push({ line: target.line, when });
}

/** A section of ceremonies and rules, or one of its parts. */
export function readTalk(draft: Draft, section: Section, role: Role): void {
  draft.mark(section.heading.line, role);
  for (const line of openLines(draft, section)) {
    const label = line.label ?? '';
    const text = line.label ? line.value : line.text;
    if (role === 'standup') readStandup(draft, line);
    const waits = /\bsla\b|\brespon|\baddressed\b|\backnowledg/i.test(line.text) && durationIn(text);
    if (role === 'escalation' && waits) draft.respond ??= waits;
    if (role === 'escalation' && /\bprocess\b|\bescalat/i.test(label))
      draft.escalateTo.push(...draft.people.mentionedIn(text, true));
    if (/^(?:authority|approvers?|approved by|sign off|decision makers?|decided by)$/.test(label))
      readDeciders(draft, text, line.line);
    if (role === 'authority') readGoRule(draft, line);
    const lead =
      /\bannounc|\bcommunicat|\bnotif/i.test(line.text) && /\bbefore\b|\bprior\b|\bahead\b|\badvance\b/i.test(text)
        ? durationIn(text)
        : undefined;
    if (lead) draft.lead ??= { duration: lead, line: line.line };
    draft.keepAsContext(line.line, `${section.heading.text}: ${line.labelText?.replace(/:$/, '') ?? 'note'}`, text);
  }
}

const DAYS = /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\s*(?:-|–|to)\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i;

function readStandup(draft: Draft, line: Line): void {
  const at = timeIn(line.text);
  if (!at || draft.standup) return;
  const range = DAYS.exec(line.text);
  const short = (day: string): string => day[0]!.toUpperCase() + day.slice(1, 3).toLowerCase();
  const weekdays = /\bweekdays?\b|\bworking days?\b/i.test(line.text);
  if (!zoneIn(line.text))
    draft.warn(line.line, `'${line.value}' names no time zone: it is read in ${draft.timezone ?? 'UTC'}`);
  draft.standup = { at, days: range ? `${short(range[1]!)}-${short(range[2]!)}` : weekdays ? 'Mon-Fri' : 'Mon-Sun' };
}

/** Next actions: remarks on items that are known, else work of its own. */
export function readNextActions(draft: Draft, section: Section): void {
  draft.mark(section.heading.line, 'next actions');
  for (const block of section.blocks) {
    for (const entry of block.type === 'list' ? block.entries : []) {
      const owners = entry.labelText ? draft.people.read(entry.labelText).ids : [];
      const text = entry.labelText ? entry.value : entry.text;
      const document = documentsIn(entry.codes)[0];
      const reading =
        document &&
        draft.items.find(({ doc }) =>
          doc.acceptance.some(({ acknowledge }) => acknowledge?.documents?.includes(document))
        );
      const prefer = /\bverif/i.test(text)
        ? (['verification'] as const)
        : /\bdeci/i.test(text)
          ? (['decision'] as const)
          : undefined;
      const only = owners.length > 0 ? undefined : () => true;
      const known = reading ?? draft.matcher.find(text, { owners, prefer, only }).item;
      draft.nextActions++;
      const number = entry.ordered ?? draft.nextActions;
      draft.context.push({ title: `Next action ${number}`, value: entry.text, source: entry.line });
      if (!known) {
        const item = draft.addItem({ title: text, owners, line: entry.line });
        draft.warn(entry.line, `the next action '${asTitle(text)}' fits no item; it is one of its own, ${item.doc.id}`);
      }
      draft.mark(entry.line, known ? `next action on ${known.doc.id}` : 'next action');
      for (const line of [...entry.more, ...entry.children])
        draft.keepAsContext(line.line, `Next action ${number}`, line.text);
    }
  }
}

const FIGURE = /^(\d[\d,]*(?:\.\d+)?)(%?) (\S.*)$/;

/** Figures and sentences of a summary, kept as they are; figures in bold one by one too. */
export function readSummary(draft: Draft, section: Section): void {
  draft.mark(section.heading.line, 'summary');
  for (const line of openLines(draft, section)) {
    readGoRule(draft, line);
    draft.keepAsContext(
      line.line,
      line.labelText?.replace(/:$/, '') ?? section.heading.text,
      line.label ? line.value : line.text
    );
    for (const bold of line.bold) {
      const figure = FIGURE.exec(bold);
      if (!figure) continue;
      const value = figure[2] ? `${figure[1]}%` : Number(figure[1]!.replace(/,/g, ''));
      draft.context.push({ title: asTitle(figure[3]!), value, source: line.line });
    }
  }
}

export function readRollback(draft: Draft, section: Section, role: Role): void {
  draft.mark(section.heading.line, 'rollback');
  const isSteps =
    role === 'rollback-steps' ||
    section.blocks.some((block) => block.type === 'list' && block.entries[0]?.ordered !== undefined);
  for (const line of openLines(draft, section)) {
    if (isSteps) {
      draft.rollback.push(line.text);
      draft.mark(line.line, 'rollback step');
    } else draft.keepAsContext(line.line, section.heading.text, line.text);
  }
}
