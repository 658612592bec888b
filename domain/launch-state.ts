import type { FollowUps } from './go-actions';
import type { ItemReport, LaunchEnd, Refused } from './item-state';
import type { Criterion, Item, Plan, Priority, Severity } from './plan';
import type { PostLaunch } from './post-launch';
import { SECOND } from './units';

export const PHASES = [
  'preparing',
  'polling',
  'delayed',
  'held',
  'launching',
  'launched',
  'launch-failed',
  'stopped',
] as const;
export type Phase = (typeof PHASES)[number];

export type Verdict = 'GO' | 'DELAY' | 'NO_GO';

export const REASON_CODES = [
  'NO_MUST',
  'MUST_UNMET',
  'REPORT_UNREVIEWED',
  'NO_GO_TRIGGER',
  'SAID_NO',
  'GAVE_UP',
  'SIGN_OFF_MISSING',
  'HOLD',
  'WINDOW',
  'ANNOUNCEMENT',
  'SHOULD_MIN',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Reasons that pass by themselves as time goes by. */
export const TIME_ONLY: readonly ReasonCode[] = ['WINDOW', 'ANNOUNCEMENT'];

export interface Reason {
  code: ReasonCode;
  /** The item, person, role or report it is about. */
  ref: string;
  text: string;
}

export interface Condition {
  code: 'WAIVER' | 'SHOULD_UNMET';
  ref: string;
  text: string;
}

/** One thing that somebody, or only the world, can do towards GO. */
export interface Need {
  who: string;
  action: string;
  ref: string;
  /** The line to type; null where only the world can change it. */
  command: string | null;
}

export interface Assessment {
  verdict: Verdict;
  reasons: Reason[];
  needs: Need[];
  conditions: Condition[];
  /** The earliest instant that could work, where only time stands in the way. */
  earliest?: number;
}

export interface RecordedVerdict {
  value: Verdict;
  at: number;
  /** The launch date it was given for. */
  launchAt: number;
  reasons: Reason[];
  conditions: Condition[];
}

export interface SignOff {
  by: string;
  at: number;
  answer: 'yes' | 'no';
  digest: string;
  accepts: string[];
  why?: string;
  /** Musts that fell after it, and when: it is suspended while there is one. */
  fallen: Array<{ item: string; at: number }>;
  void?: { at: number; reason: string };
}

export interface Hold {
  by: string;
  at: number;
  reason: string;
}

export interface ReportedBlocker {
  id: string;
  by: string;
  at: number;
  title: string;
  impact?: string;
  owners: string[];
  priority?: Priority;
  severity?: Severity;
  deadline?: number;
  acceptance: string[];
  review?: { by: string; at: number; accept: boolean; reason?: string };
  /** Somebody was told that its review is late. */
  late?: boolean;
  /** When each step of the chain was told so last. */
  told?: { [step: number]: number };
  /** By step, how much of the time to review it had passed then. */
  last?: { [step: number]: number };
  /** How much of its time passed under holds that are over: it does not count. */
  held?: number;
}

export interface Announcement {
  for: number;
  /** When it was due. */
  nominal: number;
  /** When it was tried last. */
  at: number;
  accepted: string[];
}

export interface LaunchState {
  plan: Plan;
  /** Grows with every fact. */
  seq: number;
  phase: Exclude<Phase, 'held'>;
  launchAt: number;
  /** The date of the plan, or the last that a person set: from it giving up is counted. */
  firstAt: number;
  startedAt: number;
  reports: { [item: string]: ItemReport };
  signOffs: SignOff[];
  holds: Hold[];
  /** How long holds have stood since then, those that are over. */
  heldFor: number;
  /** It was held at some time. */
  wasHeld?: boolean;
  naggedAt?: number;
  reported: ReportedBlocker[];
  announcement?: Announcement;
  /** Everybody who was ever told a date. */
  told: string[];
  poll?: { from: number; until: number };
  verdict?: RecordedVerdict;
  /** What follows the verdicts that were given; of several with the same value the last. */
  followUps?: FollowUps;
  /** The watch after GO, where the plan has one. */
  postLaunch?: PostLaunch;
  /** The date for which the authority was asked to sign. */
  askedFor?: number;
  slips: Array<{ at: number; from: number; to: number; by?: string; reason: string }>;
  refused: Refused[];
  ended?: { how: LaunchEnd; at: number; reason: string };
}

export function initialLaunchState(plan: Plan, now: number): LaunchState {
  return {
    plan,
    seq: 0,
    phase: 'preparing',
    launchAt: plan.launch.at,
    firstAt: plan.launch.at,
    startedAt: now,
    reports: {},
    signOffs: [],
    holds: [],
    heldFor: 0,
    reported: [],
    told: [],
    slips: [],
    refused: [],
  };
}

/** Nothing can be measured in less: a poll shorter than this would delay for ever. */
const SHORTEST_FINAL_POLL = 20 * SECOND;

/** How long before the date every must is measured afresh, in ms. */
export function finalPollOf({ plan }: Pick<LaunchState, 'plan'>): number {
  return Math.max(plan.launch.finalPoll, SHORTEST_FINAL_POLL);
}

/** When the launch gives up; holds do not count. */
export function givesUpAt({ plan, firstAt, heldFor, holds }: LaunchState): number {
  if (plan.launch.giveUpAfter === undefined || holds.length > 0) return Infinity;
  return firstAt + plan.launch.giveUpAfter + heldFor;
}

/** The phase as people see it: a held launch is held whatever it was doing. */
export function phaseOf(state: LaunchState): Phase {
  const runs = state.phase === 'preparing' || state.phase === 'polling' || state.phase === 'delayed';
  return runs && state.holds.length > 0 ? 'held' : state.phase;
}

/** Whether the verdict was GO: it stays that, whatever follows. */
export function isGone({ verdict }: Pick<LaunchState, 'verdict'>): boolean {
  return verdict?.value === 'GO';
}

function itemFor(criterion: Criterion, id: string, title: string): Item {
  return {
    id,
    kind: 'task',
    title,
    owners: [],
    reportedBy: [],
    after: [],
    verifies: [],
    orders: [],
    external: true,
    sla: { clock: 'wall' },
    escalation: [],
    remind: [],
    criteria: [criterion],
  };
}

/** A criterion of `noGo` runs as an item of its own, in no gate. */
export function noGoItems(plan: Plan): Item[] {
  return plan.launch.noGo.map((criterion) => itemFor(criterion, `NO-GO.${criterion.id}`, `No-go: ${criterion.title}`));
}

/** A criterion that is watched after GO runs as an item of its own too, from GO on. */
export function postLaunchItems({ launch }: Plan): Item[] {
  const criteria = launch.postLaunch?.criteria ?? [];
  return criteria.map((criterion) =>
    itemFor(criterion, `POST-LAUNCH.${criterion.id}`, `After the launch: ${criterion.title}`)
  );
}

/** Everything that ever runs as an item. */
export function allItems(plan: Plan): Item[] {
  return [...plan.items, ...noGoItems(plan), ...postLaunchItems(plan)];
}

/** Everything that runs as an item, or has: what is watched after GO begins with it. */
export function runningItems(state: Pick<LaunchState, 'plan' | 'verdict'>): Item[] {
  const { plan } = state;
  if (isGone(state)) return allItems(plan);
  return plan.launch.noGo.length === 0 ? plan.items : [...plan.items, ...noGoItems(plan)];
}

/** How an item's work is over, if it is: at GO for all but what is watched after it. */
export function endOf(state: LaunchState, { id }: Item): LaunchEnd | undefined {
  if (state.ended) return state.ended.how;
  if (!isGone(state)) return undefined;
  const isWatched = id.startsWith('POST-LAUNCH.') && postLaunchItems(state.plan).some((item) => item.id === id);
  return isWatched && state.postLaunch?.over === undefined ? undefined : 'launched';
}
