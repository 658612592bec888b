/**
 * What a workflow hands to the ledger: facts, and the newest state of its own row. Plain values, so that workflow code
 * can build them and the store can write them.
 *
 * Units: every instant is epoch milliseconds (UTC); the ledger keeps whole milliseconds.
 */

import type { Outcome } from './criterion';
import type { ItemKind, Json, Priority } from './plan';

export interface FactRecord {
  /** Of the workflow, counted over all its runs from 0; with the workflow's id and first run id it is the fact's key. */
  seq: number;
  at: number;
  type: string;
  body: Json;
}

/** The launch as lists and pages show it. */
export interface LaunchRow {
  kind: 'launch';
  title: string;
  revision: number;
  phase: string;
  launchAt: number;
  verdict?: { value: 'GO' | 'DELAY' | 'NO_GO'; at: number };
  /** Only when it is new: at the start and after an amendment. Absent leaves the one that is stored. */
  plan?: Json;
}

/** The item as lists and pages show it. */
export interface ItemRow {
  kind: 'item';
  id: string;
  itemKind: ItemKind;
  title: string;
  status: string;
  owners: string[];
  priority?: Priority;
  deadline?: number;
}

/**
 * Facts of one workflow in one write. Batches may be repeated, overlap, and arrive in any order: a fact is written once
 * by its key, and `row` only when `rowSeq` is newer than what is stored.
 */
export interface FactBatch {
  launch: string;
  workflow: { id: string; firstRunId: string };
  /** The item the facts are about; absent: the launch itself. */
  item?: string;
  facts: FactRecord[];
  row?: LaunchRow | ItemRow;
  /** Grows with every change of the row; counted by the workflow over all its runs from 0. */
  rowSeq: number;
}

/** A fact as it stands in the ledger. Instants in epoch ms; `position` is a decimal string. */
export interface LedgerEntry {
  position: string;
  launch: string;
  workflow: { id: string; firstRunId: string };
  seq: number;
  item?: string;
  type: string;
  at: number;
  body: Json;
  recordedAt: number;
  /** In the launch's chain; absent of a fact that a version without a chain has written. */
  number?: number;
  hash?: string;
}

/** The last entry of a launch's chain: its number, from 1 without gaps, and its hash; number 0 is the chain's beginning. */
export interface LedgerHead {
  number: number;
  hash: string;
}

/** `position` is that of the launch's last entry, as a decimal string (it can outgrow a number); `'0'`: none yet. */
export interface Recorded {
  position: string;
  /** Of the chain when this was written. Whoever keeps it outside of the database can tell later what was lost. */
  head: LedgerHead;
}

/** The head in an answer, if there is one: workers of before the chain give none. */
export function readHead(value: unknown): LedgerHead | undefined {
  const { number, hash } = (value ?? {}) as Partial<LedgerHead>;
  const isHead = Number.isSafeInteger(number) && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash);
  return isHead ? { number: number!, hash: hash } : undefined;
}

/** Of two heads of one launch. */
export function newerHead(a: LedgerHead | undefined, b: LedgerHead | undefined): LedgerHead | undefined {
  return a && b && b.number < a.number ? a : (b ?? a);
}

/** As people read and type it. */
export function headText({ number, hash }: LedgerHead): string {
  return `${number}:${hash}`;
}

/** One run of a check as the measurement log keeps it: a log, neither chained nor rebuilt from the facts. */
export interface MeasurementRecord {
  launch: string;
  item: string;
  criterion: string;
  /** Digest of the check's configuration. */
  check: string;
  /** By the worker's clock. */
  begunAt: number;
  at: number;
  outcome: Outcome;
  seen: string;
  /** Another outcome than the run before it had. */
  changed: boolean;
}
