import type { FactRecord, LedgerHead } from '../domain/ledger';
import type { Notice } from '../domain/notice';

/** What a workflow carries over a continue-as-new beside its rules' state. */
export interface RunState {
  firstRunId: string;
  /** Of the next fact to be written; continues over runs. */
  nextSeq: number;
  unwritten: FactRecord[];
  /** The newest of the ledger that this workflow knows: it is kept here, outside of the database. */
  head?: LedgerHead;
  unsent: Notice[];
  /** Answers by idempotency key, the oldest first. */
  answers: Array<{ key: string; digest: string; text: string; status: string }>;
  /** Digests of what was told last, by item id (launch) or to the launch (item). */
  told: { [to: string]: string };
  /** Items that have been started (launch). */
  started: string[];
}
