/** The words by which parts of a launch document are known: headings and labels, never a document's own sentences. */
import type { Line } from './line';
import type { Section } from './markdown';

export type Role =
  | 'blockers'
  | 'verifications'
  | 'coordination'
  | 'item'
  | 'readiness'
  | 'ready'
  | 'pending'
  | 'not-ready'
  | 'assignments'
  | 'assignee'
  | 'idle'
  | 'criteria'
  | 'must'
  | 'should'
  | 'nice'
  | 'timeline'
  | 'timeline-day'
  | 'metrics'
  | 'metric'
  | 'communication'
  | 'standup'
  | 'escalation'
  | 'authority'
  | 'next'
  | 'rollback'
  | 'rollback-steps'
  | 'summary';

const GATE_ROLES: Array<[RegExp, Role]> = [
  [/\bmust\b|\brequired\b|\bmandatory\b/, 'must'],
  [/\bshould\b/, 'should'],
  [/\bnice\b|\bcould\b|\boptional\b/, 'nice'],
];
const LIST_ROLES: Array<[RegExp, Role]> = [
  [/\bnot ready\b|\bnot done\b|\bstill open\b/, 'not-ready'],
  [/\bpending\b|\bawaiting\b|\bto (?:be )?verif|\bunverified\b/, 'pending'],
  [/\bready\b|\bcompleted\b|\bdone\b/, 'ready'],
];
const TALK_ROLES: Array<[RegExp, Role]> = [
  [/\bstand-?ups?\b|\bdaily\b/, 'standup'],
  [/\bescalat/, 'escalation'],
  [
    /\bauthority\b|\bapprov|\bsign-?offs?\b|\b(?:launch|release|go\/no-go|go-live) decision\b|\bdecision maker/,
    'authority',
  ],
];
const ROLLBACK_ROLES: Array<[RegExp, Role]> = [[/\bsteps?\b|\bprocedure\b/, 'rollback-steps']];
const IDLE: [RegExp, Role] = [/\bidle\b|\bunassigned\b|\bwithout (?:a )?tasks?\b/, 'idle'];

/** The first that fits wins, so the narrower words come first. */
const TOP_ROLES: Array<[RegExp, Role]> = [
  [/\bmust[- ]have|\bmusts?\b/, 'must'],
  [/\bshould[- ]have|\bshoulds?\b/, 'should'],
  [/\bnice[- ]to|\bcould[- ]have|\boptional\b/, 'nice'],
  [/\bsummary\b|\boverview\b|\bat a glance\b/, 'summary'],
  [/\bnext (?:actions?|steps?)\b|\bimmediate actions?\b|\baction items?\b/, 'next'],
  [/\btimeline\b|\bschedule\b|\bmilestones?\b|\broadmap\b|\bcalendar\b|\bcheckpoints?\b/, 'timeline'],
  [/\bmetrics?\b|\bkpis?\b/, 'metrics'],
  [/\broll-?back\b|\bcontingency\b/, 'rollback'],
  [/\bcommunications?\b/, 'communication'],
  ...TALK_ROLES,
  [/\bcriteria\b|\bgates?\b|\bgo\/no-go\b/, 'criteria'],
  IDLE,
  [/\bassignments?\b|\bwho does what\b|\bworkload\b|\bresponsibilit/, 'assignments'],
  [/\breadiness\b/, 'readiness'],
  [/\bnot ready\b/, 'not-ready'],
  [/\bpending\b/, 'pending'],
  [/\bready (?:for|to)\b/, 'ready'],
  [/\bverif(?:y|ications?)\b|\bcompletions?\b/, 'verifications'],
  [/\bcoordinat|\bdecisions?\b/, 'coordination'],
  [/\bblockers?\b|\bblocking\b|\bshow-?stoppers?\b/, 'blockers'],
];

/** What a heading may be below a heading of the role on the left; `else` is what any other heading there is. */
const BELOW: { [role in Role]?: { roles: Array<[RegExp, Role]>; else?: Role } } = {
  item: { roles: [] },
  blockers: { roles: [], else: 'item' },
  verifications: { roles: [], else: 'item' },
  coordination: { roles: [], else: 'item' },
  readiness: { roles: LIST_ROLES },
  criteria: { roles: GATE_ROLES },
  assignments: { roles: [IDLE], else: 'assignee' },
  timeline: { roles: [], else: 'timeline-day' },
  metrics: { roles: [], else: 'metric' },
  communication: { roles: TALK_ROLES },
  rollback: { roles: ROLLBACK_ROLES, else: 'rollback' },
};

const ORDER_PREFIX = /^\s*(?:priority|phase|step|part|stage)\s+(\d+)\s*[:.)–—-]\s*/i;

/** `PRIORITY 2: VERIFY` is 2 and `VERIFY`. */
export function headingOrder(text: string): { order?: number; text: string } {
  const match = ORDER_PREFIX.exec(text);
  return match ? { order: Number(match[1]), text: text.slice(match[0].length) } : { text };
}

function first(roles: Array<[RegExp, Role]>, text: string): Role | undefined {
  return roles.find(([pattern]) => pattern.test(text))?.[1];
}

/** The part of a heading that names it; what is in brackets only comments on it. */
function headingWords(section: Section): { full: string; bare: string } {
  const full = headingOrder(section.heading.text).text.toLowerCase();
  return { full, bare: full.replace(/\([^)]*\)/g, ' ').trim() || full };
}

/** The role of each section, by its own heading and the one above it. */
export function assignRoles(root: Section, title: Section | undefined): Map<Section, Role> {
  const roles = new Map<Section, Role>();
  const stack: Section[] = [...root.children].reverse();
  for (let section = stack.pop(); section; section = stack.pop()) {
    for (let index = section.children.length - 1; index >= 0; index--) stack.push(section.children[index]!);
    if (section === title) continue;
    const { full, bare } = headingWords(section);
    const parent = section.parent && roles.get(section.parent);
    const below = parent && BELOW[parent];
    const role = below ? (first(below.roles, bare) ?? below.else) : (first(TOP_ROLES, bare) ?? first(TOP_ROLES, full));
    if (role) roles.set(section, role);
  }
  return roles;
}

export type Field =
  | 'id'
  | 'owner'
  | 'reporter'
  | 'issue'
  | 'impact'
  | 'priority'
  | 'severity'
  | 'deadline'
  | 'acceptance'
  | 'done'
  | 'decider'
  | 'options'
  | 'status'
  | 'need'
  | 'unblocks'
  | 'after'
  | 'verifies'
  | 'waiting';

const FIELDS: { [field in Field]: string } = {
  id: 'task|task id|id|ticket|ref|reference|key|tracking id',
  owner: 'assigned|assigned to|assignee|assignees|owner|owners|owned by|responsible|dri|lead|who',
  reporter: 'agent|agents|reporter|reporters|reported by|raised by|found by|raised|from',
  issue: 'issue|problem|description|details|detail|summary|what|context',
  impact: 'impact|effect|consequence|consequences|risk',
  priority: 'priority|prio',
  severity: 'severity',
  deadline: 'deadline|due|due date|due by|target date|by when|eta',
  acceptance:
    'acceptance|acceptance criteria|criteria|done when|definition of done|action|actions|action required|actions required|required actions|steps|checklist|to do|todo|tasks',
  done: 'solution deployed|solution|done|already done|completed|deployed|done so far|fixed',
  decider:
    'decision needed|decision needed from|decision by|decided by|decider|deciders|decision maker|decision makers',
  options: 'options|alternatives|choices',
  status: 'status|state|current status',
  need: 'need|needs|needed',
  unblocks: 'unblocks|blocks',
  after: 'depends on|after|blocked by|requires|waiting for|prerequisites|dependencies',
  verifies: 'verifies',
  waiting: 'blocked agents|blocked|waiting agents|waiting',
};
const FIELD_OF = new Map(
  Object.entries(FIELDS).flatMap(([field, words]) => words.split('|').map((word) => [word, field as Field] as const))
);

const PLAIN_LABEL = /^([A-Za-z][A-Za-z ()]{1,28}):\s+(.*)$/;

/** The field that a line fills, by its bold label, or by a plain one that is known. */
export function fieldOf(line: Line): { field?: Field; label: string; value: string } | undefined {
  if (line.label !== undefined) {
    return { field: FIELD_OF.get(line.label), label: line.labelText ?? line.label, value: line.value };
  }
  const plain = PLAIN_LABEL.exec(line.text);
  const field =
    plain &&
    FIELD_OF.get(
      plain[1]!
        .toLowerCase()
        .replace(/\(.*?\)/g, '')
        .trim()
    );
  return plain && field ? { field, label: plain[1]!, value: plain[2]! } : undefined;
}

/** Labels that speak about the whole document, wherever they stand. */
export const DOCUMENT_LABELS = new Set([
  'last updated',
  'updated',
  'created',
  'date',
  'author',
  'version',
  'next review',
  'next update',
  'next meeting',
]);
