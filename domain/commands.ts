import type { Evidence } from './criterion';
import type { GateName, Plan, Priority, Severity } from './plan';
import { isInstant } from './text';

export type SpeakerKind = 'person' | 'agent' | 'observer';

/** What every command carries: who says it, and a key under which it is never done twice. */
export interface Said {
  by: string;
  key?: string;
  /** An agent may do the work and report it, never decide; an observer only looks. Set by the gateway; absent: a person. */
  kind?: SpeakerKind;
  /** The operator of the gateway says it for them; recorded with what comes of it. */
  via?: 'operator';
}

export interface ItemCommands {
  acknowledge: Said & { note?: string };
  attest: Said & { criterion?: string; evidence?: Evidence };
  retract: Said & { criterion?: string };
  resolve: Said & { note?: string };
  decide: Said & { option: string; why?: string };
  waive: Said & { criterion?: string; reason: string; risk: string; until: number };
  reopen: Said & { reason: string };
  assign: Said & { owners: string[] };
  comment: Said & { text: string };
  verifyNow: Said & { criterion?: string };
}

export interface LaunchCommands {
  signOff: Said & {
    answer: 'yes' | 'no' | 'withdraw';
    accepts?: string[];
    /** What the signer looked at; another digest than the present one is refused. */
    seen?: { digest: string; head?: string };
    why?: string;
  };
  hold: Said & { reason: string };
  release: Said & { reason?: string };
  reschedule: Said & { at: number; reason: string };
  reportBlocker: Said & {
    title: string;
    impact?: string;
    owners?: string[];
    priority?: Priority;
    severity?: Severity;
    /** By when it must be resolved, epoch ms. */
    deadline?: number;
    acceptance?: string[];
  };
  reviewBlocker: Said & { report: string; accept: boolean; gate?: GateName; reason?: string; owners?: string[] };
  amend: Said & { plan: Plan; reason: string };
  /** `skip`: the number of the action that failed, to go on behind it; that needs a reason. */
  retryActions: Said & { skip?: number; reason?: string };
  cancel: Said & { reason: string };
}

export type ItemCommandName = keyof ItemCommands;
export type LaunchCommandName = keyof LaunchCommands;
export type ItemCommand = { [name in ItemCommandName]: { type: name } & ItemCommands[name] }[ItemCommandName];
export type LaunchCommand = { [name in LaunchCommandName]: { type: name } & LaunchCommands[name] }[LaunchCommandName];

export const ITEM_COMMANDS = [
  'acknowledge',
  'attest',
  'retract',
  'resolve',
  'decide',
  'waive',
  'reopen',
  'assign',
  'comment',
  'verifyNow',
] as const satisfies readonly ItemCommandName[];
export const LAUNCH_COMMANDS = [
  'signOff',
  'hold',
  'release',
  'reschedule',
  'reportBlocker',
  'reviewBlocker',
  'amend',
  'retryActions',
  'cancel',
] as const satisfies readonly LaunchCommandName[];

/** What an agent may say; everything else is for people. */
export const AGENT_COMMANDS: readonly string[] = [
  'acknowledge',
  'attest',
  'retract',
  'resolve',
  'comment',
  'verifyNow',
  'reportBlocker',
];

/** A field's shape: its type, with `?` where it may be absent. `oneOf` lists the only values. */
type Field =
  | 'string'
  | 'string?'
  | 'number'
  | 'number?'
  | 'count?'
  | 'boolean'
  | 'strings'
  | 'strings?'
  | 'object?'
  | 'object'
  | { oneOf: readonly string[] }
  | { oneOf: readonly string[]; optional: true };

const SAID: { [field: string]: Field } = {
  by: 'string',
  key: 'string?',
  kind: { oneOf: ['person', 'agent', 'observer'], optional: true },
  via: { oneOf: ['operator'], optional: true },
};

const PRIORITY: Field = { oneOf: ['P0', 'P1', 'P2', 'P3', 'P4'], optional: true };
const SEVERITY: Field = { oneOf: ['critical', 'high', 'medium', 'low'], optional: true };
const GATE: Field = { oneOf: ['must', 'should', 'nice'], optional: true };

/** The shapes, by command. A light check: workflow code carries no schema library. */
const SHAPES: { [name in ItemCommandName | LaunchCommandName]: { [field: string]: Field } } = {
  acknowledge: { note: 'string?' },
  attest: { criterion: 'string?', evidence: 'object?' },
  retract: { criterion: 'string?' },
  resolve: { note: 'string?' },
  decide: { option: 'string', why: 'string?' },
  waive: { criterion: 'string?', reason: 'string', risk: 'string', until: 'number' },
  reopen: { reason: 'string' },
  assign: { owners: 'strings' },
  comment: { text: 'string' },
  verifyNow: { criterion: 'string?' },
  signOff: { answer: { oneOf: ['yes', 'no', 'withdraw'] }, accepts: 'strings?', seen: 'object?', why: 'string?' },
  hold: { reason: 'string' },
  release: { reason: 'string?' },
  reschedule: { at: 'number', reason: 'string' },
  reportBlocker: {
    title: 'string',
    impact: 'string?',
    owners: 'strings?',
    priority: PRIORITY,
    severity: SEVERITY,
    deadline: 'number?',
    acceptance: 'strings?',
  },
  reviewBlocker: { report: 'string', accept: 'boolean', gate: GATE, reason: 'string?', owners: 'strings?' },
  amend: { plan: 'object', reason: 'string' },
  retryActions: { skip: 'count?', reason: 'string?' },
  cancel: { reason: 'string' },
};

const MEANINGS: { [name in ItemCommandName | LaunchCommandName]: string } = {
  acknowledge: 'I have seen it and am on it.',
  attest: 'My word that a criterion is met.',
  retract: 'I take my word, or my waiver, back.',
  resolve: 'It is done; its checks are run before that is believed.',
  decide: 'My choice between the options.',
  waive: 'Accept that a criterion is not met, until an instant after the launch.',
  reopen: 'It is not done; my word is then needed that it is.',
  assign: 'Give it to other owners.',
  comment: 'A remark beside it.',
  verifyNow: 'Run its checks now.',
  signOff: 'The sign-off of one of the authority.',
  hold: 'Stop the clock until it is released.',
  release: 'End the hold.',
  reschedule: 'Move the launch date; sign-offs are void then.',
  reportBlocker: 'Report what nobody has planned; until it is reviewed the launch cannot be GO.',
  reviewBlocker: 'Accept a reported blocker as an item, or reject it.',
  amend: 'Put a new revision of the plan in place.',
  retryActions: 'After GO: try the action again that failed, or skip it by its number, and go on from there.',
  cancel: 'End the launch for good.',
};

/** Longest text a command may carry, in characters: a state that grows without bound ends its workflow. */
const LONGEST_TEXT = 4_000;
/** All texts of one list together. */
const LONGEST_LIST = 20_000;

function isTexts(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > 100) return false;
  const length = value.reduce((sum: number, each: unknown) => sum + (typeof each === 'string' ? each.length : 0), 0);
  return length <= LONGEST_LIST && value.every((each) => problem('string', each) === undefined);
}

function problem(field: Field, value: unknown): string | undefined {
  if (typeof field === 'object') {
    if (value === undefined && 'optional' in field) return undefined;
    return field.oneOf.includes(value as string) ? undefined : `one of ${field.oneOf.join(', ')}`;
  }
  if (value === undefined && field.endsWith('?')) return undefined;
  switch (field.replace('?', '')) {
    case 'string':
      return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT
        ? undefined
        : `a text of 1 to ${LONGEST_TEXT} characters`;
    case 'number':
      return isInstant(value) ? undefined : 'an instant in epoch milliseconds, before the year 10000';
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : 'a number from 1 on';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'strings':
      return isTexts(value) ? undefined : `a list of texts, at most ${LONGEST_LIST} characters together`;
    default:
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object';
  }
}

function evidenceProblem(evidence: unknown): string | undefined {
  if (evidence === undefined) return undefined;
  const { note, link, file, ...rest } = evidence as { [key: string]: unknown };
  const unknown = Object.keys(rest);
  if (unknown.length > 0) return `no key '${unknown[0]}' (note, link, file)`;
  if (problem('string?', note) || problem('string?', link)) return 'note and link as texts';
  if (file === undefined) return undefined;
  const { name, sha256, ...more } = (file ?? {}) as { [key: string]: unknown };
  const isDigest = typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
  return !problem('string', name) && isDigest && Object.keys(more).length === 0
    ? undefined
    : 'file as { name, sha256 }';
}

function seenProblem(seen: unknown): string | undefined {
  if (seen === undefined) return undefined;
  const { digest, head, ...more } = seen as { [key: string]: unknown };
  const isSeen = !problem('string', digest) && !problem('string?', head) && Object.keys(more).length === 0;
  return isSeen ? undefined : '{ digest, head? } as texts';
}

/** One line for whoever writes a message by hand: what it says, and its JSON, `?` where a field may be left out. */
export function describeCommand(name: ItemCommandName | LaunchCommandName): string {
  const fields = Object.entries(SHAPES[name]).map(([key, field]) => {
    if (typeof field === 'string') return `"${key}"${field.endsWith('?') ? '?' : ''}: ${field.replace('?', '')}`;
    return `"${key}"${'optional' in field ? '?' : ''}: ${field.oneOf.join(' | ')}`;
  });
  return `${MEANINGS[name]} {${['"by": string', ...fields].join(', ')}}`;
}

export type Read<Command> = { command: Command } | { problem: string };

/**
 * Takes a message as it came from outside; gives the command or one sentence that says which field is wrong, what was
 * expected, and never throws.
 */
export function readCommand<Name extends ItemCommandName | LaunchCommandName>(
  name: Name,
  input: unknown
): Read<{ type: Name } & (ItemCommands & LaunchCommands)[Name]> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { problem: `${name} takes one JSON object, for example {"by": "ana"}` };
  }
  if ('undecodable' in input) {
    const why = typeof input.undecodable === 'string' ? input.undecodable.slice(0, LONGEST_TEXT) : 'it is not said why';
    return { problem: `the input of ${name} could not be decoded: ${why}` };
  }
  const fields: { [field: string]: Field } = { ...SAID, ...SHAPES[name] };
  const record = input as { [key: string]: unknown };
  const unknown = Object.keys(record).find((key) => !Object.hasOwn(fields, key) && key !== 'type');
  if (unknown !== undefined)
    return { problem: `${name} has no field '${unknown.slice(0, 100)}'; it takes ${Object.keys(fields).join(', ')}` };
  for (const [key, field] of Object.entries(fields)) {
    const expected = problem(field, record[key]);
    if (expected) return { problem: `${name}: '${key}' must be ${expected}` };
  }
  const evidence = name === 'attest' ? evidenceProblem(record.evidence) : undefined;
  if (evidence) return { problem: `${name}: 'evidence' takes ${evidence}` };
  const seen = name === 'signOff' ? seenProblem(record.seen) : undefined;
  if (seen) return { problem: `${name}: 'seen' takes ${seen}` };
  return { command: { ...record, type: name } as { type: Name } & (ItemCommands & LaunchCommands)[Name] };
}
