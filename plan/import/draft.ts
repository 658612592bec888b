/** What has been read so far, and what each line of the document became. */
import type { GateName, Priority } from '../../domain/plan';
import type { PlanDocument } from '../schema';
import type { CriterionDocument } from '../schema/criterion';
import type { ItemDocument } from '../schema/item';
import type { GateEntryDocument } from '../schema/launch';
import type { When } from './dates';
import type { MarkdownDocument } from './markdown';
import { Matcher } from './match';
import { People } from './people';
import type { Contradiction, NumberedLine } from './result';
import { asText, asTitle, idsIn, slug } from './words';

export type State = 'verified' | 'claimed' | 'pending' | 'not-ready' | 'blocked' | 'in-progress' | 'unticked';

/** One thing that one line says about an item; contradictions are found by comparing them. */
export type Fact =
  | { about: 'priority'; line: number; value: Priority }
  | { about: 'state'; line: number; value: State }
  | { about: 'due'; line: number; when: When }
  | { about: 'planned'; line: number; when: When }
  | { about: 'gate'; line: number; value: GateName | 'blocker' };

export type DraftItemDocument = ItemDocument & {
  id: string;
  kind: NonNullable<ItemDocument['kind']>;
  title: string;
  owners: string[];
  acceptance: CriterionDocument[];
  source: number;
};

export interface DraftItem {
  doc: DraftItemDocument;
  facts: Fact[];
  notes: string[];
  /** Lines that a note came from. */
  noteLines: number[];
  /** Listed under a heading of blockers, whatever its kind. */
  listedBlocker: boolean;
  /** Made from a list of things that are said to be ready. */
  claimed: boolean;
  /** Share of the levels of a table at which it is required. */
  levels?: number;
  criterionIds: Map<string, number>;
  followUps: DraftItem[];
  followsUp?: DraftItem;
}

/** A sentence that says when the launch may go: which set of things must be done first. */
export interface GoRule {
  line: number;
  text: string;
  needs: 'blockers' | 'must';
}

export interface DraftGate {
  entry: GateEntryDocument & { source: number };
  words: string;
  item?: DraftItem;
}

type Launch = PlanDocument['launch'];
export type ContextLine = Exclude<NonNullable<PlanDocument['context']>[number], string>;

export class Draft {
  readonly people = new People();
  readonly matcher = new Matcher();
  readonly items: DraftItem[] = [];
  readonly gates: { [gate in GateName]: DraftGate[] } = { must: [], should: [], nice: [] };
  /** Items that a gate names already. */
  readonly gated: { [gate in GateName]: Set<DraftItem> } = { must: new Set(), should: new Set(), nice: new Set() };
  readonly trace = new Map<number, string>();
  readonly warnings: NumberedLine[] = [];
  /** Found while reading a line on its own; the others are found at the end. */
  readonly contradictions: Contradiction[] = [];
  readonly context: ContextLine[] = [];
  readonly milestones: Array<NonNullable<Launch['milestones']>[number] & { when?: When; source: number }> = [];
  readonly metrics: NonNullable<PlanDocument['metrics']> = [];
  readonly rollback: string[] = [];
  readonly goRules: GoRule[] = [];
  /** Shares of a priority that must be complete, where a line says so. */
  readonly shares: Array<{ line: number; priority: Priority; percent: number }> = [];
  /** People said to have nothing to do. */
  readonly idle: Array<{ person: string; line: number }> = [];
  /** Blocker deadlines said for all of them at once. */
  readonly blockersDue: Array<{ line: number; when: When }> = [];
  /** Totals said of a part, `0/5 resolved`. */
  readonly blockerTotals: Array<{ line: number; count: number }> = [];
  title = 'Launch';
  /** The document's own date, `YYYY-MM-DD`. */
  today?: string;
  timezone?: string;
  launchWhen?: When & { line: number };
  launchDates: Array<{ when: When; line: number }> = [];
  authority?: { roles: string[]; quorum: 'any' | 'all'; line: number };
  lead?: { duration: string; line: number };
  respond?: string;
  escalateTo: string[] = [];
  standup?: { at: string; days: string };
  reviews: string[] = [];
  nextActions = 0;
  private readonly ids = new Set<string>();

  constructor(readonly document: MarkdownDocument) {}

  /** The first meaning of a line stays; the lines it goes on with belong to it. */
  mark(line: number, as: string): void {
    if (line > 0 && !this.trace.has(line)) this.trace.set(line, as);
  }

  isTaken(line: number): boolean {
    return this.trace.has(line);
  }

  warn(line: number, text: string): void {
    this.warnings.push({ line, text: asText(text) });
  }

  countMismatch(line: number, text: string): void {
    this.contradictions.push({ lines: [line], text });
  }

  keepAsContext(line: number, title: string, value?: ContextLine['value']): void {
    const text = typeof value === 'string' ? asText(value) : value;
    this.context.push({ title: asTitle(title), ...(text === undefined ? {} : { value: text }), source: line });
    this.mark(line, `context: ${asTitle(title)}`);
  }

  /** An id that nothing else has: as given, or with a number behind it. */
  freeId(wanted: string): string {
    const base = wanted.slice(0, 58) || 'ITEM';
    let id = base;
    for (let number = this.tries.get(base.toLowerCase()) ?? 2; this.ids.has(id.toLowerCase()); number++) {
      id = `${base}-${number}`;
      this.tries.set(base.toLowerCase(), number);
    }
    this.ids.add(id.toLowerCase());
    return id;
  }
  private readonly tries = new Map<string, number>();

  /** Asked only when every item has been read. */
  hasPriority(priority: Priority): boolean {
    this.priorities ??= new Set(this.items.flatMap(({ doc }) => doc.priority ?? []));
    return this.priorities.has(priority);
  }
  private priorities?: Set<Priority>;

  /** The first line that an id stands in. */
  lineOf(id: string): number | undefined {
    this.idLines ??= new Map(
      this.document.lines
        .flatMap((text, index) => idsIn(text.slice(0, 2_000)).map((each) => [each, index + 1] as const))
        .reverse()
    );
    return this.idLines.get(id);
  }
  private idLines?: Map<string, number>;

  /** The text as an id, unless it is one already. */
  unusedId(text: string): string | undefined {
    const id = slug(text).toUpperCase();
    return id === '' || this.hasId(id) ? undefined : id;
  }

  hasId(id: string): boolean {
    return this.ids.has(id.toLowerCase());
  }

  itemById(id: string): DraftItem | undefined {
    return this.byId.get(id.toLowerCase());
  }
  private readonly byId = new Map<string, DraftItem>();

  /** `id` as the document gives it, or made from the title behind `prefix`. */
  addItem(given: { id?: string; prefix?: string; title: string; line: number } & Partial<ItemDocument>): DraftItem {
    const { id, prefix, line, ...rest } = given;
    const made = [slug(prefix ?? ''), slug(given.title)].filter(Boolean).join('-').toUpperCase();
    if (id !== undefined && this.hasId(id)) {
      this.warn(line, `'${id}' is the id of two items; the second one is given another`);
    }
    const doc: DraftItemDocument = {
      kind: 'task',
      acceptance: [],
      ...rest,
      id: this.freeId(id ?? made),
      title: asTitle(given.title.replace(/:\s*$/, '')),
      owners: typeof rest.owners === 'string' ? [rest.owners] : (rest.owners ?? []),
      source: line,
    };
    const item: DraftItem = {
      doc,
      facts: [],
      notes: [],
      noteLines: [],
      listedBlocker: false,
      claimed: false,
      criterionIds: new Map(),
      followUps: [],
    };
    this.items.push(item);
    this.byId.set(doc.id.toLowerCase(), item);
    this.matcher.learn(item, doc.title, 1);
    this.matcher.learn(item, doc.id.replace(/-/g, ' '), 1);
    this.mark(line, `item ${doc.id}`);
    return item;
  }

  /** Its id is made from its title and is unique within the item. */
  addCriterion(item: DraftItem, { text: title, line }: NumberedLine, how: Partial<CriterionDocument> = {}): void {
    const base = slug(title) || 'criterion';
    let number = item.criterionIds.get(base) ?? 0;
    let id: string;
    do id = ++number === 1 ? base : `${base}-${number}`;
    while (item.criterionIds.has(id));
    item.criterionIds.set(base, number);
    item.criterionIds.set(id, 1);
    item.doc.acceptance.push({ id, title: asTitle(title), ...how, source: line });
    this.mark(line, `criterion ${id} of ${item.doc.id}`);
  }

  note(item: DraftItem, line: number, text: string): void {
    item.notes.push(text);
    item.noteLines.push(line);
    this.mark(line, `note of ${item.doc.id}`);
  }
}
