import type { Criterion, Decision, DecisionOption, EscalationStep, GateEntry, Item, Sla } from '../../domain/plan';
import { GATES } from '../../domain/plan';
import { assignIds } from '../ids';
import { expand, unique } from '../names';
import type { Path } from '../problem';
import type { ItemDocument } from '../schema/item';
import type { GateEntryDocument } from '../schema/launch';
import { parseDuration } from '../time';
import { answerers, optionalDuration, optionalInstant, type Context } from './context';
import { compileCriteria, compileCriterion, ownWord } from './criteria';

export function compileSla(own: ItemDocument['sla'], defaults: ItemDocument['sla']): Sla {
  const { respond, resolve, clock } = { ...defaults, ...own };
  return { respond: optionalDuration(respond), resolve: optionalDuration(resolve), clock: clock ?? 'wall' };
}

export function compileEscalation(context: Context, steps: ItemDocument['escalation']): EscalationStep[] {
  return (steps ?? []).map(({ after, to, repeat }) => ({
    after: parseDuration(after),
    to: expand(context.names, to),
    repeat: optionalDuration(repeat),
  }));
}

/** For each item what must come before it: its own `after`, and everything that says it unblocks it. */
function edges({ document, ids }: Context): Map<string, string[]> {
  const before = new Map(ids.items.map((id, index) => [id, [...(document.items?.[index]?.after ?? [])]]));
  for (const [index, item] of (document.items ?? []).entries()) {
    for (const id of item.unblocks ?? []) before.set(id, [...(before.get(id) ?? []), ids.items[index]!]);
  }
  return before;
}

/** An external item belongs to those who wait for it, since only they would hear that it is done. */
function ownersOf(context: Context, before: ReadonlyMap<string, readonly string[]>): string[][] {
  const items = context.document.items ?? [];
  const written = items.map(({ owners }) => expand(context.names, owners));
  return items.map(({ external }, index) => {
    const own = written[index]!;
    if (!external || own.length > 0) return own;
    const id = context.ids.items[index]!;
    const waiting = context.ids.items.flatMap((other, at) => (before.get(other)?.includes(id) ? written[at]! : []));
    return waiting.length > 0 ? unique(waiting) : context.authorityRoles;
  });
}

function decision(context: Context, document: ItemDocument, deciders: readonly string[]): Decision | undefined {
  if (document.kind !== 'decision') return undefined;
  const ids = assignIds(document.options ?? [], 'option');
  const options: DecisionOption[] = (document.options ?? []).map(({ title, consequences, opens }, index) => ({
    id: ids[index]!,
    title,
    ...(consequences === undefined ? {} : { consequences }),
    opens: opens ?? [],
  }));
  const { ifSilent = 'escalate' } = document;
  return {
    ...answerers(context, document.decide, deciders),
    options,
    ifSilent: ifSilent === 'escalate' ? 'escalate' : { option: ifSilent },
  };
}

function criteria(context: Context, document: ItemDocument, item: Pick<Item, 'id' | 'title'> & ItemPlace): Criterion[] {
  const list = document.acceptance ?? [];
  const written = compileCriteria(
    context,
    { id: item.id, path: item.path, answers: item.answers },
    { key: 'acceptance', list }
  );
  if (document.startAs === 'resolved' && !written.some(({ attest }) => attest?.as === 'claim')) {
    const [id = 'claimed'] = assignIds([...list, { title: 'claimed' }], 'claimed').slice(-1);
    return [
      ...written,
      ownWord(item.answers, { id, title: 'It is done, as was said at the start', claim: item.title }),
    ];
  }
  if (written.length > 0 || document.kind === 'decision') return written;
  return [ownWord(item.answers, { id: 'done', title: 'Its owner says that it is done' })];
}

interface ItemPlace {
  path: Path;
  /** Who answers where nobody is named. */
  answers: readonly string[];
}

function compileItem(
  context: Context,
  index: number,
  graph: { before: Map<string, string[]>; owners: string[] }
): Item {
  const document = context.document.items![index]!;
  const id = context.ids.items[index]!;
  const path: Path = ['items', index];
  const title = document.title ?? id;
  const { defaults } = context.document;
  const { owners } = graph;
  const external = document.external ?? false;
  // What is somebody else's is confirmed by those who wait for it, or by the authority.
  const confirming = external ? unique([...owners, ...context.authorityRoles]) : owners;
  const answers = confirming.length > 0 ? confirming : context.authorityRoles;
  context.paths.set(id, path);
  return {
    id,
    kind: document.kind ?? 'task',
    title,
    impact: document.impact,
    owners,
    reportedBy: expand(context.names, document.reportedBy),
    priority: document.priority,
    severity: document.severity,
    deadline: optionalInstant(context, document.deadline, [...path, 'deadline']),
    planned: document.planned && {
      from: optionalInstant(context, document.planned.from, [...path, 'planned', 'from']),
      to: optionalInstant(context, document.planned.to, [...path, 'planned', 'to']),
    },
    estimate: optionalDuration(document.estimate),
    after: unique(graph.before.get(id) ?? []),
    verifies: document.verifies ?? [],
    orders: document.orders ?? [],
    external,
    progress: document.progress,
    startAs: document.startAs,
    sla: external ? { clock: 'wall' } : compileSla(document.sla, defaults?.sla),
    escalation: external ? [] : compileEscalation(context, document.escalation ?? defaults?.escalation),
    remind: external ? [] : (document.remind ?? defaults?.remind ?? []).map(parseDuration),
    notes: document.notes,
    source: document.source,
    decision: decision(context, document, answers),
    criteria: criteria(context, document, { id, title, path, answers }),
  };
}

/** A gate entry with a criterion of its own, as the item that it is. Without owners nobody is timed. */
function itemOfEntry(context: Context, entry: GateEntryDocument, place: { id: string; path: Path }): Item {
  const { id, path } = place;
  const title = entry.title ?? id;
  const owners = expand(context.names, entry.owners);
  const answers = owners.length > 0 ? owners : context.authorityRoles;
  const { defaults } = context.document;
  context.paths.set(id, path).set(`${id}/met`, path);
  return {
    id,
    kind: 'task',
    title,
    owners,
    reportedBy: [],
    priority: entry.priority,
    severity: entry.severity,
    deadline: optionalInstant(context, entry.deadline, [...path, 'deadline']),
    after: [],
    verifies: [],
    orders: [],
    external: false,
    sla: owners.length > 0 ? compileSla(undefined, defaults?.sla) : { clock: 'wall' },
    escalation: owners.length > 0 ? compileEscalation(context, defaults?.escalation) : [],
    remind: owners.length > 0 ? (defaults?.remind ?? []).map(parseDuration) : [],
    source: entry.source,
    criteria: [compileCriterion(context, { id, path, answers }, { ...entry, id: 'met', title })],
  };
}

export interface Work {
  items: Item[];
  gates: { must: GateEntry[]; should: GateEntry[]; nice: GateEntry[] };
}

/** All items, those of gate entries last, and the gates that name them. */
export function compileWork(context: Context): Work {
  const before = edges(context);
  const owners = ownersOf(context, before);
  const items = context.ids.items.map((_, index) => compileItem(context, index, { before, owners: owners[index]! }));
  const titles = new Map(items.map(({ id, title }) => [id, title]));
  const gates: Work['gates'] = { must: [], should: [], nice: [] };
  for (const gate of GATES) {
    for (const [index, entry] of (context.document.gates[gate] ?? []).entries()) {
      const id = context.ids.gates[gate][index]!;
      if (entry.item === undefined) items.push(itemOfEntry(context, entry, { id, path: ['gates', gate, index] }));
      gates[gate].push({ item: id, title: entry.title ?? titles.get(id) ?? id, source: entry.source });
    }
  }
  return { items, gates };
}
