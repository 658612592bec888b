/**
 * The plan: a launch document compiled to plain JSON. Ids are given, instants are absolute, intervals are milliseconds,
 * groups are expanded to people, defaults are filled in. Workflows, rules and pages read this and nothing else.
 *
 * Units: every instant is epoch milliseconds (UTC), every duration is milliseconds.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An instant; with `anchor` it hangs on the launch date T and moves with it. */
export interface Instant {
  at: number;
  /** `T-2d` is `{ days: -2, ms: 0 }` (same wall-clock time), `T-48h` is `{ days: 0, ms: -172800000 }` (elapsed time). */
  anchor?: { days: number; ms: number };
}

/** Half-open: `[from, to)`. */
export interface Interval {
  from: number;
  to: number;
}

export interface Calendar {
  zone: string;
  /** Offset of the zone from UTC in ms, valid from `at`; ascending, the first covers everything before it too. */
  transitions: Array<{ at: number; offset: number }>;
  /** Everything the calendar says is known up to here; later instants are closed and an extension is asked for. */
  until: number;
  /** It was made longer since the launch began. */
  extended?: boolean;
  /** When the launch may happen; absent: always. Holidays and freezes are already cut out. */
  open?: Interval[];
  /** Working time, for clocks that run in business time; absent: no clock of this plan does. */
  business?: Interval[];
  /** What `open` and `business` were made from, for extending them; no rule reads it. */
  rules?: { open?: string[]; holidays: string[]; freezes: Interval[] };
}

/**
 * How many answers of `by` are enough. `any`: one person; `all`: each listed role by one of its people, one person
 * filling one role; a number: that many different people; an object: that many different people per role.
 */
export type Quorum = 'any' | 'all' | number | { [role: string]: number };

/** People who may answer, as role or person ids (groups are expanded at compile time). */
export interface Answerers {
  by: string[];
  quorum: Quorum;
}

export interface Person {
  id: string;
  name: string;
  roles: string[];
  email?: string;
  channels?: string[];
  /** Until then (exclusive) `to` answers instead of this person. */
  delegate?: { to: string; until: number };
}

/** Either a count or a share between 0 and 1. */
export type Threshold = { count: number } | { share: number };

/** Answered by the rules from the items' states; no activity runs it. */
export interface ItemsCheck {
  type: 'items';
  where: { kind?: string; priority?: string; severity?: string; owner?: string; ids?: string[] };
  is: 'resolved' | 'open';
  atLeast?: Threshold;
  atMost?: Threshold;
}

/** A check that an activity runs; all keys besides `type` belong to that type's schema in `plan/checks/`. */
export interface ProbeCheck {
  type: string;
  [key: string]: Json;
}

export interface Criterion {
  id: string;
  title: string;
  /** Document line it came from. */
  source?: number;
  /** Automatic: measured by an activity, or counted from the items when `type` is `items`. */
  check?: ItemsCheck | ProbeCheck;
  /** How it is measured. Present exactly when `check` is, and unused by `items`. */
  watch?: Watch;
  /** Human: met by people's words. Present exactly when `check` is not. */
  attest?: Answerers & {
    as: 'attest' | 'acknowledge' | 'claim';
    /** What is to be read (`acknowledge`), as written. */
    documents?: string[];
    /** What is said to be done (`claim`). */
    text?: string;
  };
  /** The item's owners may not answer. */
  independent: boolean;
  /** Human evidence older than this is stale. */
  freshFor?: number;
  /** Not looked at before this instant. */
  from?: Instant;
}

export interface Watch {
  every: number;
  timeout: number;
  consecutive: number;
  failureLimit: number;
  errorLimit: number;
}

export const ITEM_KINDS = ['blocker', 'verification', 'decision', 'coordination', 'task'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];
export const PRIORITIES = ['P0', 'P1', 'P2', 'P3', 'P4'] as const;
export type Priority = (typeof PRIORITIES)[number];
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Sla {
  /** Until an owner acknowledges. */
  respond?: number;
  /** Until it is resolved. */
  resolve?: number;
  clock: 'wall' | 'business';
}

/** One step of the chain that is told when a clock has passed: `after` counts from that moment. */
export interface EscalationStep {
  after: number;
  /** Roles or people. */
  to: string[];
  /** Told again this often until somebody who was told acknowledges. */
  repeat?: number;
}

export interface DecisionOption {
  id: string;
  title: string;
  /** What follows from it, in plain words. */
  consequences?: string;
  /** Items that start when this option is chosen. */
  opens: string[];
}

export interface Decision extends Answerers {
  options: DecisionOption[];
  /** At the deadline: tell the chain, or take this option. */
  ifSilent: 'escalate' | { option: string };
}

export interface Item {
  id: string;
  kind: ItemKind;
  title: string;
  impact?: string;
  owners: string[];
  reportedBy: string[];
  priority?: Priority;
  severity?: Severity;
  deadline?: Instant;
  planned?: { from?: Instant; to?: Instant };
  estimate?: number;
  /** All edges of the graph, `unblocks` turned round: what must be satisfied before this opens. */
  after: string[];
  verifies: string[];
  orders: string[];
  external: boolean;
  progress?: { done: number; total: number };
  startAs?: 'acknowledged' | 'resolved';
  sla: Sla;
  escalation: EscalationStep[];
  /** Before the deadline, in ms. */
  remind: number[];
  notes?: string;
  source?: number;
  decision?: Decision;
  /** Never empty, save for a decision. */
  criteria: Criterion[];
}

export type GateName = 'must' | 'should' | 'nice';
export const GATES: readonly GateName[] = ['must', 'should', 'nice'];

export interface GateEntry {
  item: string;
  /** As the gate words it; the item's title where it does not. */
  title: string;
  source?: number;
}

export interface Authority extends Answerers {
  /** What a "no" does: hold the launch, or stop it. */
  no: 'hold' | 'stop';
}

export interface Milestone {
  title: string;
  at?: Instant;
  items: string[];
}

export interface Metric {
  id: string;
  title: string;
  measure: 'resolved-share' | 'idle-owners' | 'overdue' | 'sla-kept';
  where?: ItemsCheck['where'];
  target?: { op: '<' | '<=' | '>' | '>=' | '='; value: number; unit?: '%' };
  /** What the document said when it was written. */
  baseline?: number;
  by?: Instant;
}

/** The lists of actions, by the verdict that they follow. */
export const FOLLOWS = ['go', 'delay', 'noGo'] as const;
export type Follows = (typeof FOLLOWS)[number];

/** A text, or the variable of the worker's environment that holds it. */
export type TextOrVariable = string | { env: string };

/** What follows a verdict: one of `webhook`, `command`, `notify`. */
export interface Action {
  title?: string;
  webhook?: {
    url: TextOrVariable;
    method?: 'POST' | 'PUT' | 'GET';
    headers?: { [name: string]: TextOrVariable };
    /** Sent instead of what the launch says of itself. */
    body?: Json;
    /** Signs it, by Standard Webhooks. */
    secret?: { env: string };
  };
  /** One of the worker's allowed commands. */
  command?: { name: string; args?: string[] };
  /** Roles, people or channels. */
  notify?: string[];
  /** How long it may take; absent: a minute. */
  timeout?: number;
}

/** A line worth keeping that nothing acts on. */
export interface ContextLine {
  title: string;
  value?: Json;
  source?: number;
}

export interface Plan {
  id: string;
  title: string;
  revision: number;
  /** The instant that `+7d` and the like were counted from. */
  start: number;
  timezone: string;
  calendar: Calendar;
  launch: {
    at: number;
    finalPoll: number;
    authority: Authority;
    separation: boolean;
    signOffGrace: number;
    /** `to` holds people's ids and channels' ids; empty: nothing is announced and nothing waits for it. */
    announce: { lead: number; to: string[] };
    /** Counted from the first launch date. */
    giveUpAfter?: number;
    shouldMin?: Threshold;
    noGo: Criterion[];
    milestones: Milestone[];
    /** Watched for `watch` ms after GO. */
    postLaunch?: { watch: number; criteria: Criterion[] };
    /** Steps that take the launch back, as written: shown, never taken. */
    rollback: string[];
  };
  people: Person[];
  groups: { [id: string]: string[] };
  channels: { [id: string]: { type: string; [key: string]: Json } };
  items: Item[];
  gates: { [gate in GateName]: GateEntry[] };
  /** The clock that a reported blocker's review, and items without their own, are given. */
  defaults: { sla: Sla; escalation: EscalationStep[]; remind: number[] };
  standup?: { at: string; days: number[]; to: string[]; reviews: Instant[] };
  metrics: Metric[];
  onVerdict: { [follows in Follows]: Action[] };
  notify?: { perHour?: number; fallback?: string };
  context: ContextLine[];
  /** Set by `start --speed`: what was divided, and where a floor applied. */
  speed?: { factor: number; floors: string[] };
  /** Set by `start --trial`: everything runs, nothing is sent. */
  trial?: boolean;
}
