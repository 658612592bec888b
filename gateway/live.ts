import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { digestOf } from '../domain/digest';
import type { NewMeasurement, Pages } from '../prisma/pages';
import type { LedgerEntry } from '../prisma/stored';
import type { Boards, ReadBoard } from './boards';

/** One question to the database for all launches that are watched. */
const LOOK_EVERY_MS = 400;
/** A board also changes with time alone (what is overdue, what may go): so often it is looked at without news. */
const BOARD_EVERY_MS = 15_000;
/** … and where the database gives no news. */
const BOARD_EVERY_WITHOUT_NEWS_MS = 2_000;

/** Somebody who watches a launch. None of these throws. */
export interface Reader {
  facts(entries: readonly LedgerEntry[]): void;
  board(read: ReadBoard): void;
  measurements(all: readonly NewMeasurement[]): void;
}

interface Watched {
  readers: Set<Reader>;
  /** Of the last fact that its readers were given. */
  position: string;
  /** Without what changes with every look. */
  shown: string;
  lookedAt: number;
  isNews: boolean;
}

interface Deps {
  pages: Pages;
  boards: Boards;
  log: FastifyBaseLogger;
}

/** What makes two boards different for those who look at them. */
function shownOf({ board, live }: ReadBoard): string {
  return digestOf({ board: JSON.parse(JSON.stringify(board)), live });
}

function isBefore(position: string | null, other: string): boolean {
  return position !== null && BigInt(position) < BigInt(other);
}

/** One tail of the ledger for all readers together. */
export class Live {
  private readonly watched = new Map<string, Watched>();
  private measured?: string;
  private running?: Promise<void>;
  private readonly stopping = new AbortController();
  private hasNews = true;

  constructor(private readonly deps: Deps) {}

  /** From now on, `seen` being the board that it knows; returns how to stop, and after which position it is given facts. */
  async watch(launch: string, reader: Reader, seen: ReadBoard): Promise<{ from: string; stop: () => void }> {
    const { position } = await this.deps.pages.reach(launch);
    const anew = { readers: new Set<Reader>(), position, shown: shownOf(seen), lookedAt: Date.now(), isNews: true };
    const known = this.watched.get(launch) ?? anew;
    this.watched.set(launch, known);
    known.readers.add(reader);
    this.running ??= this.run().finally(() => (this.running = undefined));
    const stop = (): void => {
      known.readers.delete(reader);
      if (known.readers.size === 0 && this.watched.get(launch) === known) this.watched.delete(launch);
    };
    return { from: known.position, stop };
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
    const asked = new Map([...this.watched].map(([launch, { position }]) => [launch, position]));
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
      for (const reader of watched.readers) reader.facts(entries);
    }
  }

  private async lookForMeasurements(): Promise<void> {
    this.measured ??= await this.deps.pages.lastMeasurement();
    const all = await this.deps.pages.newMeasurements([...this.watched.keys()], this.measured);
    this.measured = all.at(-1)?.id ?? this.measured;
    for (const [launch, { readers }] of this.watched) {
      const theirs = all.filter((each) => each.launch === launch);
      if (theirs.length > 0) for (const reader of readers) reader.measurements(theirs);
    }
  }

  private async showBoards(): Promise<void> {
    const every = this.hasNews ? BOARD_EVERY_MS : BOARD_EVERY_WITHOUT_NEWS_MS;
    const due = [...this.watched].filter(([, { isNews, lookedAt }]) => isNews || Date.now() - lookedAt > every);
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
      if (shown === watched.shown) return;
      watched.shown = shown;
      for (const reader of watched.readers) reader.board(read);
    } catch (error) {
      this.deps.log.warn({ launch, reason: String(error) }, 'its board cannot be read now');
    }
  }
}
