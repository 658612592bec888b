/**
 * The chain of a launch's ledger: each entry's hash covers everything in it and the hash of the entry before, so that
 * nothing in the middle can be changed, dropped, swapped or put in without it showing. What is cut off the end, or
 * written anew from some entry on, shows only against a head that was kept elsewhere.
 */

import { digestOf } from './digest';
import type { LedgerHead } from './ledger';
import type { Json } from './plan';

/** Part of the first entry's `previous`: another way to chain would have another name. */
const CHAIN = 'launch-director ledger, SHA-256 over canonical JSON, 1';
/** Findings that are kept; the rest is counted. */
const MOST_FINDINGS = 20;

/** One row of the ledger as the database holds it. Instants in epoch ms. */
export interface LedgerContent {
  launch: string;
  /** Of the database's own count over all launches, a decimal string. */
  position: string;
  workflow: string;
  firstRun: string;
  /** Of a fact; null: a row of lists and pages, see `RowBody`. */
  seq: number | null;
  item: string | null;
  type: string;
  at: number;
  body: Json;
  recordedAt: number;
}

/** `number` counts a launch's entries from 1; `hash` is the digest of all the rest. */
export interface ChainEntry extends LedgerContent {
  number: number;
  previous: string;
  hash: string;
}

/** Where the chain of a launch begins: the entries of one launch never fit another's. */
export function chainStart(launch: string): LedgerHead {
  return { number: 0, hash: digestOf({ chain: CHAIN, launch }) };
}

/** The hash that an entry must have. */
export function entryHash(entry: ChainEntry): string {
  return digestOf({ ...entry, hash: undefined });
}

/** As `entryHash`; undefined of what is nested too deep to be written as JSON, which nothing is that was hashed. */
export function hashIfAny(entry: ChainEntry): string | undefined {
  try {
    return entryHash(entry);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The same contents, in the same order, as the entries that follow `head`. */
export function chainOn(head: LedgerHead, contents: readonly LedgerContent[]): ChainEntry[] {
  let { number, hash: previous } = head;
  return contents.map((content) => {
    const entry = { ...content, number: ++number, previous, hash: '' };
    entry.hash = previous = entryHash(entry);
    return entry;
  });
}

/** A head that somebody kept outside of the database. Without a number it may be that of any entry. */
export interface KeptHead {
  number?: number;
  hash: string;
  /** In words: who has kept it. */
  from: string;
}

/**
 * - `CHANGED`: the entry is not what was hashed.
 * - `RELINKED`: it was written after another entry than the one that stands before it.
 * - `MISSING`: entries are gone from the middle. `CUT`: from the end.
 * - `TWICE`: a number stands there again, or out of order.
 * - `HEAD`: the launch's own head is not that of its last entry.
 * - `NOT_VOUCHED`: a head that was kept outside is not in the chain: it was written anew.
 * - `UNCHAINED`: rows stand outside of the chain.
 * - `UNREADABLE`: of an exported file, a line that is none.
 */
export type FindingCode =
  'CHANGED' | 'RELINKED' | 'MISSING' | 'CUT' | 'TWICE' | 'HEAD' | 'NOT_VOUCHED' | 'UNCHAINED' | 'UNREADABLE';

export interface Finding {
  code: FindingCode;
  /** Of the entry that breaks; of `MISSING` and `CUT` the first that is gone. */
  number: number;
  /** One sentence. */
  text: string;
}

export interface ChainReport {
  launch: string;
  entries: number;
  head: LedgerHead;
  /** None: the chain holds. At most 20 of `broken`. */
  findings: Finding[];
  broken: number;
  /** The heads that were kept outside, the last entry's last, and whether the chain has them. */
  kept: Array<KeptHead & { holds: boolean }>;
  /** The last entry that a head outside vouches for: with it everything before, nothing after. 0: none. */
  vouchedTo: number;
}

const span = (from: number, to: number): string => (from === to ? `entry ${from} is` : `entries ${from} to ${to} are`);

/** Takes a launch's entries one after the other, in the order of their numbers, and says what does not fit. */
export class ChainWalk {
  private readonly findings: Finding[] = [];
  private broken = 0;
  private entries = 0;
  private last: LedgerHead;
  private isLastSound = true;
  private readonly matched = new Map<KeptHead, number>();

  constructor(
    private readonly launch: string,
    private readonly kept: readonly KeptHead[]
  ) {
    this.last = chainStart(launch);
    this.match(this.last);
  }

  /** The last entry that was taken, undefined before the first: whoever reads in stretches goes on behind it. */
  get reached(): LedgerHead | undefined {
    return this.entries === 0 ? undefined : this.last;
  }

  /** `isExact`: read as it would have been written, to the byte. Returns whether it is what was hashed. */
  take(entry: ChainEntry, isExact = true): boolean {
    const { number, previous, hash } = entry;
    const follows = this.last.number + 1;
    this.entries++;
    if (number < follows) {
      this.found('TWICE', number, `entry ${number} stands there twice, or out of order`);
      return false;
    }
    if (number > follows) this.found('MISSING', follows, `${span(follows, number - 1)} missing`);
    const isSound = isExact && hashIfAny(entry) === hash;
    if (!isSound) this.found('CHANGED', number, `entry ${number} (${entry.type}) was changed`);
    // What follows a changed entry says nothing more of where it was changed.
    else if (number === follows && this.isLastSound && previous !== this.last.hash) {
      const text = `entry ${number} was written after another entry ${number - 1} than the one that stands there: one of the two was replaced`;
      this.found('RELINKED', number, text);
    }
    this.isLastSound = isSound;
    this.last = { number, hash };
    this.match(this.last);
    return isSound;
  }

  found(code: FindingCode, number: number, text: string): void {
    this.broken++;
    if (this.findings.length < MOST_FINDINGS) this.findings.push({ code, number, text });
  }

  /** `head` as the launch's row has it. */
  end(head: LedgerHead): ChainReport {
    this.compareEnd(head);
    const missed = this.kept.filter((each) => !this.matched.has(each));
    for (const each of missed) this.missed(each);
    const kept = this.kept.map((each) => ({ ...each, holds: this.matched.has(each) }));
    const { launch, entries, findings, broken } = this;
    const vouchedTo = Math.max(0, ...this.matched.values());
    return { launch, entries, head: this.last, findings, broken, kept, vouchedTo };
  }

  private match({ number, hash }: LedgerHead): void {
    for (const each of this.kept) {
      if (each.hash === hash && (each.number ?? number) === number) this.matched.set(each, number);
    }
  }

  private compareEnd(head: LedgerHead): void {
    const { number, hash } = this.last;
    if (head.number > number) {
      const text = `${span(number + 1, head.number)} missing from the end: the launch's own head is ${head.number}`;
      this.found('CUT', number + 1, text);
    } else if (head.number < number) {
      this.found('HEAD', number, `the launch's own head is ${head.number}, and its last entry is ${number}`);
    } else if (head.hash !== hash && this.isLastSound) {
      this.found('HEAD', number, `the launch's own head is not the hash of its last entry, ${number}`);
    }
  }

  private missed({ number, hash, from }: KeptHead): void {
    const end = this.last.number;
    const after = Math.max(0, ...this.matched.values());
    if (number !== undefined && number > end) {
      this.found('CUT', end + 1, `${span(end + 1, number)} missing from the end: ${from} vouches for ${number}`);
    } else if (number !== undefined) {
      const text = `entry ${number} is not the one that ${from} vouches for: the ledger was written anew somewhere after entry ${after}`;
      this.found('NOT_VOUCHED', number, text);
    } else {
      const text = `no entry has the hash ${hash} that ${from} vouches for: it was cut off the end, or the ledger was written anew, somewhere after entry ${after}`;
      this.found('NOT_VOUCHED', after + 1, text);
    }
  }
}
