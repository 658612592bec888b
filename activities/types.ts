import type { Measurement, WatchSpec } from '../domain/criterion';
import type { Situation } from '../domain/item-state';
import type { Notice } from '../domain/notice';
import type { Action, Calendar, Json } from '../domain/plan';
import type { ActionResult } from '../domain/go-actions';
import type { Asked, CheckRefusal } from '../domain/probes';
import type { Route } from '../domain/routing';
import type { Standup, StandupAsked } from '../domain/standup';

/** One criterion's check, as a workflow asks for it to be looked at. */
export interface CheckRun {
  launch: string;
  item: string;
  criterion: string;
  spec: WatchSpec;
}

/** A notice on its way: `to` may be fewer than the notice's, where some have accepted it already. */
export interface Delivery {
  launch: string;
  notice: Notice;
  to: string[];
  /** How they are reached; absent: by the log. */
  routes?: Route[];
  /** The answer is waited for: whether channels accept it. */
  confirm?: boolean;
  /** Nothing is sent: what would be is logged. */
  trial: boolean;
}

/** For each of `to`: whether a channel has accepted it. */
export interface Delivered {
  accepted: string[];
  failed: string[];
  /** Not known: it stands in the outbox, and nobody waits for its channels. */
  queued?: string[];
}

/** An action that follows a verdict, to be attempted once. */
export interface ActionRun {
  launch: string;
  /** The same for every attempt at it, so that whoever it reaches can tell a repeat. */
  key: string;
  action: Action;
  /** What a webhook without a body of its own is sent. */
  message: Json;
  /** How long it may take, in ms. */
  timeout: number;
  /** Nothing is done: what would be is logged. */
  trial: boolean;
}

export interface Telling {
  launch: string;
  items: Array<{ item: string; situation: Situation }>;
}

/** What workflows may ask of the world. */
export interface LaunchActivities {
  /** Looks again and again (each attempt fails until the outcome changes; its retry policy is the interval). */
  awaitCheck(run: CheckRun): Promise<Measurement>;
  /** Looks once. */
  measure(run: CheckRun): Promise<Measurement>;
  /** Which of a plan's checks, and of its actions, this worker would not run. */
  admitChecks(asked: Asked): Promise<CheckRefusal[]>;
  /** One attempt. What is not seen to be done is an answer too; a rejection says that nobody knows. */
  runAction(run: ActionRun): Promise<ActionResult>;
  notify(delivery: Delivery): Promise<Delivered>;
  /** Tells items their situation; idempotent, items keep the newest. Items that are gone are left out. */
  tellItems(telling: Telling): Promise<void>;
  /** The launch's standup as it stands, unless the launch is over. */
  takeStandup(given: { launch: string; asked: StandupAsked }): Promise<{ over: boolean; standup?: Standup }>;
  /** The calendar up to `until`; what it said before stays as it was. */
  extendCalendar(wanted: { calendar: Calendar; until: number }): Promise<Calendar>;
}
