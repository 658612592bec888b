import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Pages } from '../prisma/pages';
import type { LedgerEntry } from '../domain/ledger';
import type { Boards, ReadBoard } from './boards';
import { boardChunk, factsEvents, measurementsChunk, type FactsEvent } from './event-chunks';

/** One question to the database for all launches that are watched. */
const LOOK_EVERY_MS = 400;
/** A board also changes with time alone (what is overdue, what may go): so often it is looked at without news. */
const BOARD_EVERY_MS = 15_000;
/** … and where the database gives no news. */
const BOARD_EVERY_WITHOUT_NEWS_MS = 2_000;
/** What the boards of one launch may take of the network, all who watch it together: 200 of them, 200 kB, every 2 s. */
const BOARD_BYTES_PER_S = 20_000_000;
const BOARD_AT_LEAST_EVERY_MS = 5_000;

/** Somebody who watches a launch. None of these throws. */
export interface Reader {
  facts(event: FactsEvent): void;
  board(chunk: Buffer): void;
  measurements(chunk: Buffer): void;
}

interface Watched {
  readers: Set<Reader>;
  /** Of them: who knows another board than was sent last. */
  apart: Set<Reader>;
  /** Of the last fact that its readers were given; unknown until the database has said where it is. */
  position?: string;
  /** Without what changes with every look. */
  shown: string;
  lookedAt: number;
  /** Of the last board that was sent. */
  bytes: number;
  isNews: boolean;
}

/** How long after a board the next one comes at the earliest, ms: none for a few who watch. */
function paceOf({ readers, bytes }: Watched): number {
  return Math.min(BOARD_AT_LEAST_EVERY_MS, (1_000 * readers.size * bytes) / BOARD_BYTES_PER_S);
}

interface Deps {
  pages: Pages;
  boards: Boards;
  log: FastifyBaseLogger;
}

/** What makes two boards different for those who look at them. */
function shownOf({ board, live }: ReadBoard): string {
  return createHash('sha256').update(JSON.stringify({ board, live })).digest('base64');
}

function isBefore(position: string | null, other: string | undefined): boolean {
  return position !== null && other !== undefined && BigInt(position) < BigInt(other);
}

/** One tail of the ledger for all readers together. */
export class Live {
  private readonly watched = new Map<string, Watched>();
  private measured?: string;
  private running?: Promise<void>;
  private readonly stopping = new AbortController();
  private hasNews = true;

  constructor(private readonly deps: Deps) {}

  /** From now on, `seen` being the board that it knows; returns how to stop. */
  watch(launch: string, reader: Reader, seen: ReadBoard): () => void {
    const shown = shownOf(seen);
    const begun = { shown, lookedAt: Date.now(), bytes: 0, isNews: true };
    const none = { readers: new Set<Reader>(), apart: new Set<Reader>() };
    const known: Watched = this.watched.get(launch) ?? { ...none, ...begun };
    this.watched.set(launch, known);
    known.readers.add(reader);
    // While it was on its way here the others may have been sent another one.
    if (shown !== known.shown) {
      known.apart.add(reader);
      known.isNews = true;
    }
    this.running ??= this.run().finally(() => (this.running = undefined));
    return () => {
      known.readers.delete(reader);
      known.apart.delete(reader);
      if (known.readers.size === 0 && this.watched.get(launch) === known) this.watched.delete(launch);
    };
  }

  /** After which position those who watch a launch are given facts, from now on. @throws LedgerError */
  async from(launch: string): Promise<string> {
    const known = this.watched.get(launch)?.position;
    if (known !== undefined) return known;
    const { position } = await this.deps.pages.reach(launch);
    // Somebody else may have asked meanwhile; whoever has gone needs no answer.
    const watched = this.watched.get(launch);
    if (watched) watched.position ??= position;
    return watched?.position ?? position;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.watched.clear();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (this.watched.size > 0 && !signal.aborted) {
      await this.look();
      await this.showBoards();
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    this.measured = undefined;
  }

  private async look(): Promise<void> {
    try {
      await this.lookForFacts();
      await this.lookForMeasurements();
      this.hasNews = true;
    } catch (error) {
      if (this.hasNews) this.deps.log.warn({ reason: String(error) }, 'no news from the database');
      this.hasNews = false;
    }
  }

  private async lookForFacts(): Promise<void> {
    const begun = [...this.watched].flatMap(([launch, { position }]) =>
      position === undefined ? [] : [[launch, position] as const]
    );
    const asked = new Map(begun);
    const byLaunch = new Map<string, LedgerEntry[]>();
    for (const entry of await this.deps.pages.newFacts(asked)) {
      byLaunch.set(entry.launch, [...(byLaunch.get(entry.launch) ?? []), entry]);
    }
    for (const [launch, entries] of byLaunch) {
      const watched = this.watched.get(launch);
      // Begun anew meanwhile: it is asked again from where it begins.
      if (!watched || watched.position !== asked.get(launch)) continue;
      watched.position = entries.at(-1)!.position;
      watched.isNews = true;
      for (const event of factsEvents(entries)) for (const reader of watched.readers) reader.facts(event);
    }
  }

  private async lookForMeasurements(): Promise<void> {
    this.measured ??= await this.deps.pages.lastMeasurement();
    const all = await this.deps.pages.newMeasurements([...this.watched.keys()], this.measured);
    this.measured = all.at(-1)?.id ?? this.measured;
    for (const [launch, { readers }] of this.watched) {
      const theirs = all.filter((each) => each.launch === launch);
      const chunk = measurementsChunk(theirs);
      if (theirs.length > 0) for (const reader of readers) reader.measurements(chunk);
    }
  }

  private async showBoards(): Promise<void> {
    const every = this.hasNews ? BOARD_EVERY_MS : BOARD_EVERY_WITHOUT_NEWS_MS;
    const now = Date.now();
    const due = [...this.watched].filter(
      ([, watched]) => now - watched.lookedAt > (watched.isNews ? paceOf(watched) : every)
    );
    await Promise.all(due.map(([launch, watched]) => this.showBoard(launch, watched)));
  }

  private async showBoard(launch: string, watched: Watched): Promise<void> {
    watched.isNews = false;
    watched.lookedAt = Date.now();
    try {
      const read = await this.deps.boards.read(launch);
      // A read that had begun before the news came does not have it.
      watched.isNews ||= read.live && isBefore(read.ledger.position, watched.position);
      const shown = shownOf(read);
      const told = shown === watched.shown ? [...watched.apart] : [...watched.readers];
      watched.shown = shown;
      watched.apart.clear();
      if (told.length === 0) return;
      const chunk = boardChunk(read);
      watched.bytes = chunk.length;
      for (const reader of told) reader.board(chunk);
    } catch (error) {
      this.deps.log.warn({ launch, reason: String(error) }, 'its board cannot be read now');
    }
  }
}
