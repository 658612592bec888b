/** The draft as a plan document: gaps filled in so that every criterion has somebody to answer for it, and said so. */
import { GATES, type GateName } from '../../domain/plan';
import type { PlanDocument } from '../schema';
import type { ItemDocument } from '../schema/item';
import { asMoment } from './dates';
import type { Draft, DraftGate, DraftItem } from './draft';
import { EVERYONE } from './people';
import { asText, asTitle, slug } from './words';

/** Ids that other items name and that have no item of their own are someone else's work. */
export function addExternalItems(draft: Draft): void {
  for (const item of draft.items.slice()) {
    const { verifies = [], unblocks = [], orders = [], after = [] } = item.doc;
    for (const id of [...verifies, ...unblocks, ...orders, ...after]) {
      if (draft.hasId(id)) continue;
      const owners = ownersByPrefix(draft, id, item);
      const line = draft.lineOf(id) ?? item.doc.source;
      const external = draft.addItem({ id, title: id, external: true, owners, line });
      if (verifies.includes(id)) external.notes.push(`To be verified by ${item.doc.id}`);
    }
  }
}

/** `QA-HANDOFF-001` is QA's where there is a QA, `ENG-…` is ENGINEER's where the item that names it speaks of one. */
function ownersByPrefix(draft: Draft, id: string, by: DraftItem): string[] {
  const prefix = id.split('-')[0]!.toLowerCase();
  if (draft.people.has(prefix)) return [prefix];
  const near = draft.people
    .mentionedIn(by.notes.join(' '))
    .filter((person) => prefix.length >= 3 && person.startsWith(prefix));
  if (near.length === 1) return near;
  const reports = draft.people.mentionedIn(by.notes.find((note) => /^status\b/i.test(note)) ?? '');
  return by.doc.verifies?.includes(id) && reports.length === 1 ? reports : [];
}

/** Who decides, where the document does not say: a manager. */
function authorityOf(draft: Draft): { roles: string[]; quorum: 'any' | 'all' } {
  if (draft.authority) return { roles: draft.authority.roles, quorum: draft.authority.quorum };
  const manager = draft.people.find('manager') ?? draft.people.add('Manager');
  draft.warn(1, `nobody is said to have the authority for the launch: '${manager}' was put in`);
  return { roles: [manager], quorum: 'all' };
}

function fillOwners(draft: Draft, authority: string[]): void {
  const [fallback] = authority.includes('manager') ? ['manager'] : authority;
  const bare = draft.items.filter(({ doc }) => doc.owners.length === 0 && !doc.external);
  const entries = GATES.flatMap((gate) => draft.gates[gate]).filter(
    ({ item, entry }) => !item && !entry.check && !entry.owners?.length
  );
  for (const { doc } of bare) doc.owners = [fallback!];
  for (const { entry } of entries) entry.owners = [fallback!];
  const lines = [...bare.map(({ doc }) => doc.source), ...entries.map(({ entry }) => entry.source)];
  if (lines.length === 0) return;
  const names = [...bare.map(({ doc }) => doc.id), ...entries.map(({ entry }) => `'${entry.title}'`)];
  const listed = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  draft.warn(
    lines.reduce((a, b) => Math.min(a, b)),
    `${names.length === 1 ? '1 item names' : `${names.length} items name`} no owner, ${fallback} was put in: ${listed}`
  );
}

/** A document without a list of what a launch must have: everything that is to be done must be. */
function fillGates(draft: Draft): void {
  if (draft.gates.must.length > 0) return;
  const own = draft.items.filter(
    ({ doc, followsUp }) =>
      !doc.external &&
      !followsUp &&
      !draft.gated.should.has(draft.itemById(doc.id)!) &&
      !draft.gated.nice.has(draft.itemById(doc.id)!)
  );
  if (own.length === 0) {
    const gate = draft.gates.should.length > 0 ? 'should' : 'nice';
    draft.gates.must = draft.gates[gate];
    draft.gates[gate] = [];
    return draft.warn(1, `no list says what the launch must have: what the list '${gate}' names is a must`);
  }
  const levelled = own.some(({ levels }) => levels !== undefined);
  const blockers = own.filter(({ listedBlocker }) => listedBlocker);
  const chosen = blockers.length > 0 ? blockers : own;
  const link = (item: DraftItem): DraftGate => ({
    entry: { item: item.doc.id, source: item.doc.source },
    words: '',
    item,
  });
  const must = chosen.filter(({ levels }) => levels === undefined || levels === 1);
  const musts = new Set(must);
  draft.gates.must = (must.length > 0 ? must : chosen).map(link);
  if (must.length > 0)
    draft.gates.should = draft.gates.should.concat(chosen.filter((item) => !musts.has(item)).map(link));
  const what = blockers.length > 0 ? 'every blocker is a must' : 'every item is a must';
  draft.warn(
    1,
    levelled
      ? 'no list says what the launch must have: rows required at every level are musts, the others shoulds'
      : `no list says what the launch must have: ${what}`
  );
}

type Edge = { from: DraftItem; to: DraftItem; drop: () => void };

/** Edges of a circle would let none of its items open: the one that closes it is dropped, and said. */
function breakCircles(draft: Draft): void {
  const edges = new Map<DraftItem, Edge[]>();
  const add = (from: DraftItem | undefined, to: DraftItem | undefined, drop: () => void): void => {
    if (from && to) edges.set(from, [...(edges.get(from) ?? []), { from, to, drop }]);
  };
  for (const item of draft.items) {
    for (const id of item.doc.after ?? [])
      add(draft.itemById(id), item, () => (item.doc.after = item.doc.after?.filter((each) => each !== id)));
    for (const id of item.doc.unblocks ?? [])
      add(item, draft.itemById(id), () => (item.doc.unblocks = item.doc.unblocks?.filter((each) => each !== id)));
    for (const follower of item.doc.kind === 'decision' ? item.followUps : []) add(item, follower, () => undefined);
  }
  const done = new Set<DraftItem>();
  for (const root of draft.items) {
    const path = new Set<DraftItem>([root]);
    const stack = [{ item: root, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const edge = done.has(top.item) ? undefined : edges.get(top.item)?.[top.next++];
      if (!edge) {
        done.add(top.item);
        path.delete(top.item);
        stack.pop();
      } else if (path.has(edge.to)) {
        edge.drop();
        draft.warn(
          edge.to.doc.source,
          `${edge.to.doc.id} would wait for itself by way of ${edge.from.doc.id}; that edge was dropped`
        );
      } else if (!done.has(edge.to)) {
        path.add(edge.to);
        stack.push({ item: edge.to, next: 0 });
      }
    }
  }
}

function asItem(item: DraftItem): ItemDocument {
  const { doc, notes } = item;
  const acceptance = doc.acceptance.length > 0 ? doc.acceptance : undefined;
  const text = [...new Set(notes)].join('\n');
  const title = doc.external && doc.title === doc.id ? undefined : doc.title;
  const impact = doc.impact && asText(doc.impact);
  const { id, kind, owners, source, ...rest } = doc;
  return withoutGaps({
    id,
    kind,
    ...rest,
    title,
    impact,
    owners: owners.length > 0 ? owners : undefined,
    acceptance,
    notes: text ? asText(text) : undefined,
    source,
  });
}

/** Without keys that hold nothing. */
function withoutGaps<T extends object>(value: T): T {
  const full = { ...value };
  for (const key of Object.keys(full) as Array<keyof T>) {
    const each = full[key];
    if (each === undefined || (Array.isArray(each) && each.length === 0)) delete full[key];
  }
  return full;
}

/** A role may bear a person's id only if that person alone holds it. */
function peopleOf(draft: Draft, authority: string[]): PlanDocument['people'] {
  return draft.people.list().map((person) => {
    const roles = person.roles.filter((role) => role !== EVERYONE && (role === person.id || !draft.people.has(role)));
    const own = authority.includes(person.id) && !roles.includes(person.id) ? [person.id, ...roles] : roles;
    return withoutGaps({ ...person, roles: own.length > 0 ? own : undefined });
  });
}

function launchOf(draft: Draft, authority: ReturnType<typeof authorityOf>): PlanDocument['launch'] {
  const when = draft.launchWhen;
  if (!when) draft.warn(1, 'no launch date was found: `start` asks for --launch-at');
  else if (!when.time) draft.warn(when.line, `the launch of ${when.day} has no hour: \`start\` asks for --launch-at`);
  return withoutGaps({
    at: when && (when.time ? asMoment(when) : when.day),
    authority: { ...authority, no: 'hold' as const },
    announce: draft.lead && { lead: draft.lead.duration, to: [EVERYONE] },
    delay: { mode: 'until-resolved' as const },
    milestones: draft.milestones.map((milestone) => withoutGaps({ ...milestone, when: undefined })),
    rollback: draft.rollback.map(asText),
  });
}

function gatesOf(draft: Draft): PlanDocument['gates'] {
  const entries = (gate: GateName): DraftGate['entry'][] => draft.gates[gate].map(({ entry }) => entry);
  return withoutGaps({ must: entries('must'), should: entries('should'), nice: entries('nice') });
}

function defaultsOf(draft: Draft, authority: string[]): PlanDocument['defaults'] {
  const to = [...new Set(draft.escalateTo)];
  if (!draft.respond && to.length === 0) return undefined;
  return withoutGaps({
    sla: draft.respond === undefined ? undefined : { respond: draft.respond },
    escalation: [{ after: '0m', to: to.length > 0 ? to : authority }],
  });
}

/** Draws what is missing and makes the plan; nothing is read any more. */
export function assemble(draft: Draft): PlanDocument {
  const authority = authorityOf(draft);
  for (const role of authority.roles) if (!draft.people.has(role)) draft.people.add(role);
  fillGates(draft);
  fillOwners(draft, authority.roles);
  breakCircles(draft);
  if (!draft.timezone) draft.warn(1, 'no time zone is named: hours are read as UTC');
  return withoutGaps({
    version: 1 as const,
    id: slug(draft.title) || 'launch',
    title: asTitle(draft.title),
    timezone: draft.timezone ?? 'UTC',
    launch: launchOf(draft, authority),
    people: peopleOf(draft, authority.roles),
    defaults: defaultsOf(draft, authority.roles),
    items: draft.items.map(asItem),
    gates: gatesOf(draft),
    standup: draft.standup && withoutGaps({ ...draft.standup, to: [EVERYONE], reviews: draft.reviews }),
    metrics: draft.metrics.map((metric) => withoutGaps(metric)),
    context: draft.context,
  });
}
