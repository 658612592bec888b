import { GATES, ITEM_KINDS, PRIORITIES, SEVERITIES } from './plan';
import type { Shape } from './shape';
import { amount, anyOf, flag, isRecord, list, mapOf, number, oneOf, optional, record, text } from './shape';
import { isInstant } from './text';

/** More answers than there could be people; each is a slot that is filled one by one. */
const MOST_ANSWERS = 1_000;

export const instantValue: Shape = (value, path) =>
  typeof value === 'number' && isInstant(Math.round(value))
    ? undefined
    : `${path} should be an instant in epoch milliseconds`;
const instant = record({ at: number, anchor: optional(record({ days: number, ms: number })) });
const interval = record({ from: number, to: number });
const intervals = optional(list(interval));
const texts = list(text);
const answers: Shape = (value, path) =>
  typeof value === 'number' && value <= MOST_ANSWERS ? undefined : `${path} should be at most ${MOST_ANSWERS}`;
const quorum = anyOf(oneOf('any', 'all'), answers, mapOf(answers));
const threshold = anyOf(record({ count: number }), record({ share: number }));
const sla = record({
  respond: optional(amount),
  resolve: optional(amount),
  clock: oneOf('wall', 'business'),
});
const escalation = list(record({ after: amount, to: texts, repeat: optional(amount) }));
const where = record({
  kind: optional(text),
  priority: optional(text),
  severity: optional(text),
  owner: optional(text),
  ids: optional(texts),
});
const itemsCheck = record({
  type: oneOf('items'),
  where,
  is: oneOf('resolved', 'open'),
  atLeast: optional(threshold),
  atMost: optional(threshold),
});
const probeCheck = record({ type: text });
const check: Shape = (value, path) =>
  isRecord(value) && value.type === 'items' ? itemsCheck(value, path) : probeCheck(value, path);

/** Names that belong to every object: kept as keys they would be lost. */
const id: Shape = (value, path) =>
  typeof value === 'string' && value !== '' && value.length <= 200 && value !== '__proto__'
    ? undefined
    : `${path} should be an id`;

export const criterionShape = record({
  id,
  title: text,
  check: optional(check),
  watch: optional(
    record({ every: amount, timeout: amount, consecutive: amount, failureLimit: amount, errorLimit: amount })
  ),
  attest: optional(
    record({ by: texts, quorum, as: oneOf('attest', 'acknowledge', 'claim'), documents: optional(texts) })
  ),
  independent: flag,
  freshFor: optional(amount),
  from: optional(instant),
});

const decision = record({
  by: texts,
  quorum,
  options: list(record({ id, title: text, consequences: optional(text), opens: texts })),
  ifSilent: anyOf(oneOf('escalate'), record({ option: text })),
});

export const itemShape = record({
  id,
  kind: oneOf(...ITEM_KINDS),
  title: text,
  impact: optional(text),
  owners: texts,
  reportedBy: texts,
  priority: optional(oneOf(...PRIORITIES)),
  severity: optional(oneOf(...SEVERITIES)),
  deadline: optional(instant),
  after: texts,
  verifies: texts,
  orders: texts,
  external: flag,
  startAs: optional(oneOf('acknowledged', 'resolved')),
  sla,
  escalation,
  remind: list(amount),
  decision: optional(decision),
  criteria: list(criterionShape),
});

const person = record({
  id,
  name: text,
  roles: texts,
  delegate: optional(record({ to: text, until: number })),
});
export const peopleShape = list(person);
export const authorityShape = record({ by: texts, quorum, no: oneOf('hold', 'stop') });

export const calendarShape = record({
  zone: text,
  transitions: list(record({ at: number, offset: number })),
  until: number,
  open: intervals,
  business: intervals,
});

const launch = record({
  at: instantValue,
  finalPoll: amount,
  authority: authorityShape,
  separation: flag,
  signOffGrace: amount,
  announce: record({ lead: amount, to: texts }),
  giveUpAfter: optional(amount),
  shouldMin: optional(threshold),
  noGo: list(criterionShape),
  milestones: list(record({ title: text, at: optional(instant), items: texts })),
  postLaunch: optional(record({ watch: amount, criteria: list(criterionShape) })),
  rollback: texts,
});

const metric = record({
  id,
  title: text,
  measure: oneOf('resolved-share', 'idle-owners', 'overdue', 'sla-kept'),
  where: optional(where),
  target: optional(record({ op: oneOf('<', '<=', '>', '>=', '='), value: number })),
});
export const standupShape = record({ at: text, days: list(number), to: texts, reviews: list(instant) });
const entries = list(record({ item: text, title: text }));
const variable = record({ env: text });
const action = record({
  title: optional(text),
  webhook: optional(
    record({
      url: anyOf(text, variable),
      method: optional(oneOf('POST', 'PUT', 'GET')),
      headers: optional(mapOf(anyOf(text, variable))),
      secret: optional(variable),
    })
  ),
  command: optional(record({ name: text, args: optional(texts) })),
  notify: optional(texts),
  timeout: optional(amount),
});
const actions = list(action);

const plan = record({
  id,
  title: text,
  revision: amount,
  start: number,
  timezone: text,
  calendar: calendarShape,
  launch,
  people: peopleShape,
  items: list(itemShape),
  gates: record({ must: entries, should: entries, nice: entries }),
  defaults: record({ sla, escalation, remind: list(amount) }),
  standup: optional(standupShape),
  metrics: list(metric),
  onVerdict: record({ go: actions, delay: actions, noGo: actions }),
});

interface Named {
  items: Array<{ id: string; criteria: Array<{ id: string }> }>;
  gates: { [gate in (typeof GATES)[number]]: Array<{ item: string }> };
}

function twice(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((each) => seen.has(each) || !seen.add(each));
}

/** What the rules rely on beyond the shape: each id once, and no gate that names what is not there. */
function namesProblem({ items, gates }: Named): string | undefined {
  const ids = new Set(items.map((each) => each.id));
  const double = twice(items.map((each) => each.id));
  if (double !== undefined) return `it has two items '${double}'`;
  const unclear = items.find(({ criteria }) => twice(criteria.map((each) => each.id)) !== undefined);
  if (unclear) return `item ${unclear.id} has two criteria of one id`;
  const gate = GATES.find((name) => gates[name].some((entry) => !ids.has(entry.item)));
  return gate && `gate '${gate}' names an item that is not there`;
}

/**
 * Why a value is no compiled plan, in a few words, or nothing. Workflow code has no schema library, and a plan that is
 * none would fail its every task: this looks at all that the rules read.
 */
export function planProblem(value: unknown): string | undefined {
  if (isRecord(value) && Object.hasOwn(value, 'undecodable')) {
    return `it could not be decoded${typeof value.undecodable === 'string' ? `: ${value.undecodable.slice(0, 500)}` : ''}`;
  }
  return plan(value, '') ?? namesProblem(value as unknown as Named);
}
