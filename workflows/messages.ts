import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Board } from '../domain/board';
import type { ItemCommandName, ItemCommands, LaunchCommandName, LaunchCommands } from '../domain/commands';
import { ITEM_COMMANDS, LAUNCH_COMMANDS } from '../domain/commands';
import type { ItemPlan, ItemReport, ItemState, LaunchEnd, Situation } from '../domain/item-state';
import type { LedgerHead } from '../domain/ledger';
import type { LaunchState, Verdict } from '../domain/launch-state';
import type { LookedAt } from '../domain/looked';
import type { Plan } from '../domain/plan';
import type { Asking, PossibleAction } from '../domain/possible';
import type { Asked } from '../domain/probes';
import type { Standup, StandupAsked } from '../domain/standup';
import type { StandupSituation } from '../domain/standup-times';
import type { RunState } from './run-state';
import type { StandupState } from './standup';

/** Everything a launch or an item can be told or asked: the public interface on the wire. */

export const LAUNCH_WORKFLOW = 'launchWorkflow';
export const ITEM_WORKFLOW = 'itemWorkflow';
export const STANDUP_WORKFLOW = 'standupWorkflow';
export const ADMISSION_WORKFLOW = 'admissionWorkflow';

export function launchWorkflowId(launch: string): string {
  return `launch:${launch}`;
}

export function itemWorkflowId(launch: string, item: string): string {
  return `launch:${launch}:item:${item}`;
}

export function standupWorkflowId(launch: string): string {
  return `launch:${launch}:standup`;
}

/** An activity that watches a check, so that whoever looks from outside knows whose it is; `n` makes it unique. */
export interface WatchActivity {
  criterion: string;
  /** Of the final poll. */
  isPoll: boolean;
  n: number;
}

export function watchActivityId({ criterion, isPoll, n }: WatchActivity): string {
  return `${isPoll ? 'poll' : 'watch'}:${n}:${criterion}`;
}

/** Nothing where the id is of another activity. */
export function readWatchActivityId(id: string): WatchActivity | undefined {
  const found = /^(watch|poll):(\d+):(.*)$/s.exec(id);
  return found ? { isPoll: found[1] === 'poll', n: Number(found[2]), criterion: found[3]! } : undefined;
}

/** `question` makes it unique: each start asks for itself. */
export function admissionWorkflowId(plan: string, question: string): string {
  return `admission:${plan}:${question}`;
}

/** What a worker is asked of a plan, before it is started. */
export type AdmissionInput = Asked;

export interface LaunchInput {
  plan: Plan;
  by: string;
  /** Carried over a continue-as-new. */
  carried?: { state: Omit<LaunchState, 'plan'>; run: RunState };
}

export interface ItemInput {
  plan: ItemPlan;
  situation: Situation;
  carried?: { state: ItemState; run: RunState };
}

export interface StandupInput {
  situation: StandupSituation;
  carried?: { state: StandupState; run: RunState };
}

/** How an item ended; the workflow's result. */
export interface ItemResult {
  item: string;
  status: string;
  /** As of a launch's result. */
  ledger?: LedgerHead;
}

/** How a launch ended; the workflow's result. */
export interface LaunchResult {
  launch: string;
  how: LaunchEnd;
  verdict: Verdict | null;
  at: number;
  reason: string;
  /** The ledger's head when it ended, for `launch ledger verify`; absent where nothing could be written. */
  ledger?: LedgerHead;
}

/** The answer to an accepted command. */
export interface Accepted {
  /** One sentence for a person. */
  text: string;
  /** The item's status, or the launch's phase, after it. */
  status: string;
  /** What `verifyNow` and `resolve` have just seen; absent where a repeated key is answered from memory. */
  looked?: LookedAt[];
}

/**
 * People act by Update: its validator refuses at once and leaves no event. A Signal of the same name is there for the
 * Temporal UI and CLI, which cannot wait for an answer; a refused one is shown on the board. Inputs are `unknown`: what
 * comes in is read, not trusted.
 */
export const itemUpdates = Object.fromEntries(
  ITEM_COMMANDS.map((name) => [name, defineUpdate<Accepted, [unknown]>(name)])
) as { [name in ItemCommandName]: ReturnType<typeof defineUpdate<Accepted, [ItemCommands[name]]>> };

export const launchUpdates = Object.fromEntries(
  LAUNCH_COMMANDS.map((name) => [name, defineUpdate<Accepted, [unknown]>(name)])
) as { [name in LaunchCommandName]: ReturnType<typeof defineUpdate<Accepted, [LaunchCommands[name]]>> };

export const itemSignals = Object.fromEntries(ITEM_COMMANDS.map((name) => [name, defineSignal<[unknown]>(name)]));
export const launchSignals = Object.fromEntries(LAUNCH_COMMANDS.map((name) => [name, defineSignal<[unknown]>(name)]));

/** An item tells its launch all that the verdict reads, and the ledger's head as it knows it. */
export const reportSignal = defineSignal<[{ item: string; report: ItemReport; ledger?: LedgerHead }]>('report');
/** The launch tells an item all that it must know; sent by an activity, the newest version wins. */
export const situationSignal = defineSignal<[Situation]>('situation');

/** The launch tells its standups what they must know. */
export const standupSituationSignal = defineSignal<[StandupSituation]>('situation');

/** With the instant (epoch ms) of whoever looks, where it is known. */
export const boardQuery = defineQuery<Board, [lookedAt?: number]>('board');
/** What somebody could do to the launch now; no answer to what is no question. */
export const possibleQuery = defineQuery<PossibleAction[], [Asking]>('possible');
/** The plan that a launch runs: its present revision. */
export const planQuery = defineQuery<Plan>('plan');
/** The newest head of the ledger that the launch, or the item, knows. */
export const ledgerQuery = defineQuery<LedgerHead | null>('ledger');
/** The page that the Temporal UI shows as current details, in Markdown. */
export const detailsQuery = defineQuery<string>('details');
/** An item's whole state. */
export const itemQuery = defineQuery<ItemState>('item');
/** A launch's standup at the instant that it is asked for with. */
export const standupQuery = defineQuery<Standup, [StandupAsked]>('standup');
/** The standup that was held last, of the workflow that holds them. */
export const lastStandupQuery = defineQuery<Standup | null>('last');
