import type { CriterionProgress, Outcome } from './criterion';
import { NO_PROGRESS } from './criterion';
import { digestOf } from './digest';
import type { Authority, Calendar, Criterion, GateName, Item, Person } from './plan';
import type { Directory } from './routing';

export const ITEM_STATUSES = [
  'waiting',
  'open',
  'acknowledged',
  'resolved',
  'waived',
  'dropped',
  'carried-over',
] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** The part of a plan that one item needs. */
export interface ItemPlan {
  launch: string;
  revision: number;
  item: Item;
  /** The strongest gate that names it. */
  gate?: GateName;
  people: Person[];
  authority: Authority;
  signOffGrace: number;
  calendar: Calendar;
  /** How much later than its nominal instant this item's clock wakes it, so that many do not wake at once. */
  spread: number;
  /** Nothing is sent; what would be is logged. */
  trial?: boolean;
  /** How people are reached, besides who they are; of an item that began before there were channels: by the log. */
  directory?: Omit<Directory, 'people'>;
}

/** What an item must know of its launch; told whole, the newest version wins. */
export interface Situation {
  version: number;
  launchAt: number;
  held: boolean;
  /** While the final poll is on: when it began. */
  pollFrom?: number;
  /** Items that must be satisfied first. */
  waitingOn: string[];
  /** Set when a decision went the other way. */
  dropped?: string;
  /** Results of this item's `items` checks, by criterion id. */
  computed: { [criterion: string]: Outcome };
  ended?: LaunchEnd;
  /** Present when an amendment changed the item. */
  plan?: ItemPlan;
}

export type LaunchEnd = 'launched' | 'stopped' | 'cancelled';

/** Why a resolved item is not any more. */
export const FALLS = ['regressed', 'retracted', 'reopened', 'stale', 'waiver-expired', 'undecided'] as const;
export type Fall = (typeof FALLS)[number];

/** Whether a fall of this kind suspends sign-offs. */
export function suspends(kind: Fall): boolean {
  return kind === 'regressed' || kind === 'retracted' || kind === 'reopened';
}

/** A clock that can stand still: `spent` ms were counted, and it runs since `since`. */
export interface Clock {
  spent: number;
  since?: number;
}

export const CLOCKS = ['respond', 'resolve', 'deadline'] as const;
export type ClockName = (typeof CLOCKS)[number];

/** How far an escalation has come: steps told, and when last. */
export interface Escalated {
  steps: number;
  at?: number;
  /** How many steps had been told when somebody who was told answered: those are not repeated any more. */
  answeredTo?: number;
  /** By step, how much of the item's time had been spent when it was told last. */
  last?: { [step: number]: number };
  told: string[];
}

export interface Choice {
  by: string;
  option: string;
  at: number;
  why?: string;
}

/** A message that was refused and could not be answered: it is shown on the board. */
export interface Refused {
  at: number;
  command: string;
  by: string;
  code: string;
  message: string;
}

/** What the launch reads of an item: told whole with every change. */
export interface ItemReport {
  seq: number;
  status: ItemStatus;
  owners: string[];
  acknowledgedBy?: string;
  openedAt?: number;
  acknowledgedAt?: number;
  settledAt?: number;
  /** How often it was resolved and is not any more. */
  reopened: number;
  fell?: { kind: Fall; at: number; text: string };
  progress: { [criterion: string]: CriterionProgress };
  /** Digest of the plan's criteria as the item knew them: progress on others says nothing of an amended plan's. */
  basis?: string;
  /** Criteria that a reopening added. */
  added: Criterion[];
  chosen?: { option: string; at: number; how: 'quorum' | 'silent' };
  choices: Choice[];
  /** Whoever resolved, attested, decided or waived: they do not sign where duties are separated. */
  touchedBy: string[];
  slaMissed: ClockName[];
  /** It has ended with its launch. */
  ended: boolean;
}

export interface ItemState extends ItemReport {
  plan: ItemPlan;
  situation: Situation;
  /** The status to return to when it waits no longer. */
  before?: 'open' | 'acknowledged';
  waitingSince?: number;
  clocks: { respond: Clock; resolve: Clock };
  escalated: { [clock in ClockName]: Escalated };
  /** The last reminder of each clock; of those that were due at once the nearest to its limit. */
  reminded?: { [clock in ClockName]?: { before: number; due: number } };
  /** The last ones; the ledger keeps all. */
  comments: Array<{ by: string; at: number; text: string }>;
  refused: Refused[];
}

const NOT_ESCALATED: Escalated = { steps: 0, told: [] };

/** Every item begins waiting; its first step opens it unless it waits for something. */
export function initialItemState(plan: ItemPlan, situation: Situation): ItemState {
  return {
    plan,
    situation,
    seq: 0,
    status: 'waiting',
    owners: plan.item.owners,
    reopened: 0,
    progress: Object.fromEntries(plan.item.criteria.map(({ id }) => [id, NO_PROGRESS])),
    added: [],
    choices: [],
    touchedBy: [],
    slaMissed: [],
    clocks: { respond: { spent: 0 }, resolve: { spent: 0 } },
    escalated: { respond: NOT_ESCALATED, resolve: NOT_ESCALATED, deadline: NOT_ESCALATED },
    comments: [],
    refused: [],
    ended: false,
  };
}

/** Of what made a criterion met the launch needs no more than a line, and nothing of how passes are counted. */
const SEEN_IN_REPORT = 160;

function inShort(given: CriterionProgress): CriterionProgress {
  const progress = { ...given, brokenOff: undefined };
  const { metBy } = progress;
  if (!metBy || metBy.seen.length <= SEEN_IN_REPORT) return progress;
  return { ...progress, metBy: { ...metBy, seen: `${metBy.seen.slice(0, SEEN_IN_REPORT)}…` } };
}

/** What is told to the launch. */
export function reportOf(state: ItemState): ItemReport {
  return {
    seq: state.seq,
    status: state.status,
    owners: state.owners,
    acknowledgedBy: state.acknowledgedBy,
    openedAt: state.openedAt,
    acknowledgedAt: state.acknowledgedAt,
    settledAt: state.settledAt,
    reopened: state.reopened,
    fell: state.fell,
    progress: Object.fromEntries(Object.entries(state.progress).map(([id, each]) => [id, inShort(each)])),
    basis: digestOf(state.plan.item.criteria),
    added: state.added,
    chosen: state.chosen,
    choices: state.choices,
    touchedBy: state.touchedBy,
    slaMissed: state.slaMissed,
    ended: state.ended,
  };
}

/** All criteria of an item: the plan's and those that a reopening added. */
export function criteriaOf(item: Item, { added }: Pick<ItemReport, 'added'>): Criterion[] {
  return added.length === 0 ? item.criteria : [...item.criteria, ...added];
}
