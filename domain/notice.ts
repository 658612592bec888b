import type { Route } from './routing';

/** A message that the rules have decided to send; delivery is an activity's work and not a fact. */
export interface Notice {
  /** Unique within a launch: the same notice is never sent twice. */
  key: string;
  /** Roles, people or channels. */
  to: string[];
  /** What it is about: an item's id, or the launch's. */
  about: string;
  subject: string;
  text: string;
  /** The line that answers it, where there is one. */
  command?: string;
  /** Never bundled and never held back. */
  urgent: boolean;
  /** Sent with the ledger's head, so that it is kept outside of the database. */
  keepsHead?: true;
}

/** A notice on one of its ways: a row of the outbox. */
export interface Outgoing {
  /** The same on every attempt, so that whoever receives it twice can tell. */
  key: string;
  launch: string;
  notice: Notice;
  route: Route;
}

export const DELIVERY_STATES = ['queued', 'sent', 'failed', 'bundled'] as const;
/** `bundled`: told by another message, together with others. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];
