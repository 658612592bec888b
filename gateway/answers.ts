import type { ItemPage } from '../client/item-page';
import type { Board, BoardCriterion, BoardItem } from '../domain/board';
import type { DecisionRecord } from '../domain/decision-record';
import type { ItemClock } from '../domain/item-clock-views';
import type { LedgerEntry } from '../domain/ledger';
import type { PossibleAction } from '../domain/possible';
import type { Standup } from '../domain/standup';

/** What the API answers where the OpenAPI document names a type of domain/: the page reads these. No code. */

export interface BoardAnswer extends Board {
  /** Of the ledger when the board was read. */
  ledger: { position: string | null; head: string | null };
  /** When it was read, ISO 8601. */
  at: string;
  /** False: the launch itself did not answer. */
  live: boolean;
  /** The ledger that the board is made of is not as it was written. */
  broken: boolean;
  /** Parts of it that nothing is known of; absent: all is known. */
  incomplete?: readonly string[];
}

type OfBoard = keyof BoardItem | 'launch';

/** Of a launch that is over there is only what its board kept. */
export interface ItemAnswer extends Omit<BoardItem, 'criteria'>, Partial<Omit<ItemPage, OfBoard>> {
  launch: string;
  criteria: Array<BoardCriterion & Partial<ItemPage['criteria'][number]>>;
  live: boolean;
  actions: PossibleAction[];
  /** Those below: of a launch that answers. When it did, ISO 8601. */
  at?: string;
  clocks?: ItemClock[];
  /** Null of an item that is no decision. */
  decision?: DecisionRecord | null;
}

export type FactAnswer = LedgerEntry;

export interface FactsAnswer {
  facts: FactAnswer[];
  next: string | null;
}

/** A run of a check as the stream tells it; instants are epoch ms, `id` is its place in the log. */
export interface MeasurementAnswer {
  id: string;
  launch: string;
  item: string;
  criterion: string;
  at: number;
  ms: number;
  outcome: 'passed' | 'failed' | 'inconclusive' | 'errored';
  seen: string;
  changed: boolean;
}

export interface MeasurementsAnswer {
  /** `check`: digest of the check's configuration. */
  measurements: Array<MeasurementAnswer & { check: string; begunAt: number }>;
  next: string | null;
}

/** The last run of each criterion's check. */
export type LastMeasurementsAnswer = Pick<MeasurementsAnswer, 'measurements'>;

export interface StandupsAnswer {
  standups: Standup[];
}

export interface DeliveryAnswer {
  id: string;
  key: string;
  launch: string;
  people: string[];
  channel: string;
  type: string;
  state: string;
  held: boolean;
  attempts: number;
  subject: string;
  text: string;
  about: string;
  urgent: boolean;
  createdAt: string;
  sentAt: string | null;
  nextTryAt: string | null;
  lastError?: string;
}

export interface OutboxAnswer {
  deliveries: DeliveryAnswer[];
}
