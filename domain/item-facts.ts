import type { CheckRef, Evidence, Measurement } from './criterion';
import type { ClockName, Fall, ItemStatus, LaunchEnd, Situation } from './item-state';
import type { Notice } from './notice';

/** One run of a check has come in: of a watch, of the final poll that began at `pollFrom`, or a single one. */
export interface Measured {
  type: 'measured';
  criterion: string;
  measurement: Measurement;
  /** The check that was run; one of another configuration than the plan's of now says nothing. */
  check?: CheckRef;
  pollFrom?: number;
  single?: boolean;
}

/** What has happened to an item. Never refused; instants are epoch ms. */
export type ItemFact = { at: number; via?: 'operator' } & (
  | { type: 'situated'; situation: Situation }
  | { type: 'moved'; to: ItemStatus; text: string; fall?: Fall }
  | { type: 'acknowledged'; by: string; note?: string }
  | { type: 'attested'; by: string; criterion: string; evidence?: Evidence }
  /** Their claim that it is done, where no word is theirs to give: checks alone have to show it. */
  | { type: 'resolveClaimed'; by: string; note?: string }
  | { type: 'retracted'; by: string; criterion: string; what: 'word' | 'waiver' }
  | Measured
  | { type: 'waiverGiven'; by: string; criterion: string; reason: string; risk: string; until: number }
  | { type: 'reopened'; by: string; reason: string }
  | { type: 'chose'; by: string; option: string; why?: string }
  | { type: 'decided'; option: string; how: 'quorum' | 'silent' }
  | { type: 'assigned'; by: string; owners: string[] }
  | { type: 'commented'; by: string; text: string }
  | { type: 'told'; clock: ClockName; step: number; notice: Notice }
  /** `before` ms ahead of the clock's limit at `due`. */
  | { type: 'reminded'; clock: ClockName; before: number; due: number; notice: Notice }
  | { type: 'noticed'; notice: Notice }
  | { type: 'staled'; reason: string }
  | { type: 'refused'; command: string; by: string; code: string; message: string }
  | { type: 'ended'; how: LaunchEnd }
);
