import type { Measurement, WatchSpec } from '../domain/criterion';
import type { Situation } from '../domain/item-state';
import type { Notice } from '../domain/notice';
import type { Calendar } from '../domain/plan';
import type { CheckRefusal, Probe } from '../domain/probes';
import type { Route } from '../domain/routing';

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
  /** Which of a plan's checks this worker would not run. */
  admitChecks(asked: { probes: Probe[] }): Promise<CheckRefusal[]>;
  notify(delivery: Delivery): Promise<Delivered>;
  /** Tells items their situation; idempotent, items keep the newest. Items that are gone are left out. */
  tellItems(telling: Telling): Promise<void>;
  /** The calendar up to `until`; what it said before stays as it was. */
  extendCalendar(wanted: { calendar: Calendar; until: number }): Promise<Calendar>;
}
