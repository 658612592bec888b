/**
 * A launch document in Markdown as a plan document. Parts are known by the words of their headings and labels, in any
 * order; every line ends up in the plan or among what was kept.
 */
import type { GateName } from '../../domain/plan';
import { addExternalItems, assemble } from './assemble';
import { findContradictions } from './contradictions';
import { Draft } from './draft';
import { readMarkdown, sectionsOf, type Block, type Section } from './markdown';
import { drawWaiting, readAssignee, readAssigneeName, readIdle, type Waiting } from './read-assignments';
import { readRest } from './read-checklists';
import { readFrame, titleSection } from './read-document';
import { readGate } from './read-gates';
import { looksLikeItem, readItem, readNames } from './read-items';
import { readReadiness } from './read-readiness';
import { readMetric, readNextActions, readRollback, readSummary, readTalk } from './read-talk';
import { readTimeline, readTimelineDay } from './read-timeline';
import { ImportError, type ImportResult, type NumberedLine, type Understood } from './result';
import { assignRoles, headingOrder, type Role } from './vocabulary';
import { asTitle } from './words';

/** Sections whose tables and boxes are items of their own. */
const OPEN_ROLES: ReadonlySet<Role | undefined> = new Set([
  undefined,
  'blockers',
  'verifications',
  'coordination',
  'readiness',
  'communication',
]);
const ITEM_PARENTS: ReadonlySet<Role | undefined> = new Set(['blockers', 'verifications', 'coordination']);

class Reading {
  readonly draft: Draft;
  readonly roles: Map<Section, Role>;
  private readonly sections: Section[];
  private readonly inItems = new Set<Section>();

  constructor(markdown: string) {
    const document = readMarkdown(markdown);
    const title = titleSection(document.root);
    this.draft = new Draft(document);
    this.roles = assignRoles(document.root, title);
    this.sections = [document.root, ...sectionsOf(document.root)];
    for (const line of document.structure) this.draft.mark(line, 'structure');
    readFrame(this.draft, this.roles, title);
  }

  private withRole(...wanted: Role[]): Section[] {
    return this.sections.filter((section) => {
      const role = this.roles.get(section);
      return role !== undefined && wanted.includes(role) && !this.inItems.has(section);
    });
  }

  /** Ids and names first: every later part refers to them. */
  readItems(): void {
    for (const section of this.sections) readNames(this.draft, section);
    for (const section of this.withRole('assignee')) readAssigneeName(this.draft, section);
    for (const section of this.sections) {
      const role = this.roles.get(section);
      const lonely = section !== this.draft.document.root && (role === undefined || ITEM_PARENTS.has(role));
      if (this.inItems.has(section) || !(role === 'item' || (lonely && looksLikeItem(section)))) continue;
      for (const below of sectionsOf(section)) this.inItems.add(below);
      readItem(this.draft, section, role === 'item' ? section.parent && this.roles.get(section.parent) : role);
      this.inItems.add(section);
    }
    for (const section of this.sections) {
      const role = this.roles.get(section);
      if (!this.inItems.has(section) && OPEN_ROLES.has(role)) readRest(this.draft, section, role);
    }
  }

  readReferences(): void {
    const { draft } = this;
    const waits: Waiting[] = this.withRole('assignee').flatMap((section) => readAssignee(draft, section) ?? []);
    for (const section of this.withRole('idle')) readIdle(draft, section);
    addExternalItems(draft);
    for (const waiting of waits) drawWaiting(draft, waiting);
    for (const role of ['ready', 'pending', 'not-ready'] as const) {
      for (const section of this.withRole(role)) readReadiness(draft, section, role);
    }
    for (const gate of ['must', 'should', 'nice'] satisfies GateName[]) {
      for (const section of this.withRole(gate)) readGate(draft, section, gate);
    }
  }

  readTheRest(): void {
    const { draft, roles } = this;
    for (const section of this.withRole('next')) readNextActions(draft, section);
    for (const section of this.withRole('timeline-day')) readTimelineDay(draft, section);
    for (const section of this.withRole('timeline')) readTimeline(draft, section);
    for (const section of this.withRole('metric', 'metrics')) readMetric(draft, section);
    for (const section of this.withRole('communication', 'standup', 'escalation', 'authority')) {
      readTalk(draft, section, roles.get(section)!);
    }
    for (const section of this.withRole('summary')) readSummary(draft, section);
    for (const section of this.withRole('rollback', 'rollback-steps'))
      readRollback(draft, section, roles.get(section)!);
    this.readOrder();
  }

  /** Numbered parts are the order in which the document wants its work done. */
  private readOrder(): void {
    const { draft } = this;
    const ordered = this.sections.flatMap((section) => {
      const { order, text } = headingOrder(section.heading.text);
      return order === undefined ? [] : [{ order, text, line: section.heading.line }];
    });
    for (const { order, text, line } of ordered.sort((a, b) => a.order - b.order))
      draft.keepAsContext(line, `Priority ${order}`, text);
    for (const [section, role] of this.roles) draft.mark(section.heading.line, `section: ${role}`);
    for (const section of this.sections.filter(({ heading }) => heading.line > 0 && !draft.isTaken(heading.line))) {
      if (section.blocks.some((block) => linesOfBlock(block).some((line) => draft.isTaken(line)))) {
        draft.mark(section.heading.line, `heading: ${asTitle(section.heading.text)}`);
      } else if (section.blocks.length === 0 && section.children.length > 0)
        draft.keepAsContext(section.heading.line, section.heading.text);
    }
  }

  /** Whatever no reader took, as it stands. */
  keepTheRest(): NumberedLine[] {
    const { draft } = this;
    const { lines } = draft.document;
    const opaque = this.sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.type === 'opaque' ? [block] : []))
    );
    const kept: NumberedLine[] = [];
    const keep = (line: number, as: string): void => {
      const text = lines[line - 1] ?? '';
      if (text.trim() === '' || draft.isTaken(line)) return;
      kept.push({ line, text: text.trim() });
      draft.mark(line, as);
    };
    for (const { what, from, to } of opaque) {
      const text = lines
        .slice(from - 1, to)
        .join('\n')
        .trim();
      if (!draft.isTaken(from) && text)
        draft.context.push({
          title: what === 'comment' ? 'Comment' : 'Code',
          value: text.slice(0, 5_000),
          source: from,
        });
      for (let line = from; line <= to; line++) keep(line, what === 'comment' ? 'template' : 'code');
    }
    for (let line = 1; line <= lines.length; line++) {
      const before = kept.length;
      keep(line, 'kept');
      if (kept.length === before) continue;
      const { text } = kept.at(-1)!;
      draft.context.push({
        title: asTitle(text),
        ...(text.length > 200 ? { value: text.slice(0, 5_000) } : {}),
        source: line,
      });
    }
    return kept.sort((a, b) => a.line - b.line);
  }
}

function linesOfBlock(block: Block): number[] {
  if (block.type === 'table') return block.rows.map(({ line }) => line);
  if (block.type === 'list') return block.entries.map(({ line }) => line);
  return block.type === 'text' ? block.lines.map(({ line }) => line) : [];
}

function count(draft: Draft, plan: ImportResult['plan'], kept: NumberedLine[]): Understood {
  const items = plan.items ?? [];
  const ofKind = (kind: string): number => items.filter((item) => item.kind === kind && !item.external).length;
  const lines = draft.document.lines.filter((line) => line.trim() !== '').length;
  return {
    items: items.length,
    blockers: draft.items.filter(({ listedBlocker, doc }) => listedBlocker || doc.kind === 'blocker').length,
    verifications: ofKind('verification'),
    decisions: ofKind('decision'),
    options: items.reduce((sum, { options }) => sum + (options?.length ?? 0), 0),
    coordinations: ofKind('coordination'),
    tasks: ofKind('task'),
    external: items.filter(({ external }) => external).length,
    claims: items.filter(({ startAs }) => startAs === 'resolved').length,
    criteria: items.reduce((sum, { acceptance }) => sum + (acceptance?.length ?? 0), 0),
    people: plan.people.length,
    must: plan.gates.must?.length ?? 0,
    should: plan.gates.should?.length ?? 0,
    nice: plan.gates.nice?.length ?? 0,
    milestones: plan.launch.milestones?.length ?? 0,
    metrics: plan.metrics?.length ?? 0,
    nextActions: draft.nextActions,
    lines,
    linesUnderstood: lines - kept.length,
  };
}

/**
 * Reads a launch document. `file` is only named in errors. Throws an `ImportError` where nothing in the document can be
 * met, and nothing else, whatever the text.
 */
export function importDirection(markdown: string, options: { file: string }): ImportResult {
  const reading = new Reading(markdown);
  const { draft } = reading;
  reading.readItems();
  reading.readReferences();
  reading.readTheRest();
  const entries = draft.gates.must.length + draft.gates.should.length + draft.gates.nice.length;
  if (draft.items.length + entries === 0) throw new ImportError(options.file);
  const kept = reading.keepTheRest();
  const plan = assemble(draft);
  return {
    plan,
    understood: count(draft, plan, kept),
    kept,
    warnings: draft.warnings.sort((a, b) => a.line - b.line),
    contradictions: findContradictions(draft, reading.roles),
    trace: [...draft.trace].map(([line, as]) => ({ line, as })).sort((a, b) => a.line - b.line),
  };
}
