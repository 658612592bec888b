import type { FastifyBaseLogger } from 'fastify';
import { LaunchError } from '../client/errors';
import type { Launches } from '../client/launches';
import type { Board } from '../domain/board';
import type { Pages } from '../prisma/pages';

/** Whoever asks again within this gets the same answer: one question to the worker serves all who look. */
const FRESH_FOR_MS = 300;
/** How often launches are looked for whose kept board is out of date. */
const KEEP_EVERY_MS = 10_000;
const MOST_KEPT_AT_ONCE = 20;

/** A board with what it rests on. */
export interface ReadBoard {
  board: Board;
  /** Of the ledger when the board was read: the board knows at least what was written up to there. */
  ledger: { position: string | null; head: string | null };
  /** Epoch ms. */
  at: number;
  /** False: the launch itself did not answer; this is the board that was kept last. */
  live: boolean;
}

interface Deps {
  launches: Launches;
  pages: Pages;
  log: FastifyBaseLogger;
}

/** The boards of launches, each read once for all who look, and kept for when Temporal has forgotten the launch. */
export class Boards {
  private readonly reading = new Map<string, Promise<ReadBoard>>();
  private readonly last = new Map<string, ReadBoard>();
  private readonly forgotten = new Set<string>();
  private timer?: NodeJS.Timeout;
  private keeping: Promise<void> = Promise.resolve();

  constructor(private readonly deps: Deps) {}

  /** Keeps boards until `stop`. */
  start(): void {
    this.timer = setInterval(() => (this.keeping = this.keeping.then(() => this.keepAll())), KEEP_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.keeping;
  }

  /** @throws LaunchError NOT_FOUND, or why it does not answer where no board of it was kept */
  async read(launch: string): Promise<ReadBoard> {
    const last = this.last.get(launch);
    if (last && Date.now() - last.at < FRESH_FOR_MS) return last;
    const under = this.reading.get(launch) ?? this.readAnew(launch).finally(() => this.reading.delete(launch));
    this.reading.set(launch, under);
    return await under;
  }

  private async readAnew(launch: string): Promise<ReadBoard> {
    try {
      const read = await this.readLive(launch);
      this.last.set(launch, read);
      // So that the map does not grow with every launch that there ever was.
      setTimeout(() => this.last.get(launch) === read && this.last.delete(launch), FRESH_FOR_MS).unref();
      return read;
    } catch (error) {
      const { pages } = this.deps;
      const kept = await pages.keptBoard(launch).catch(() => undefined);
      if (!kept) throw error;
      const { head } = await pages.reach(launch).catch(() => ({ head: null }));
      return { board: kept.board, ledger: { position: kept.position, head }, at: kept.at, live: false };
    }
  }

  private async readLive(launch: string): Promise<ReadBoard> {
    const { pages, launches } = this.deps;
    // First the position, then the board: what is written in between is in the board too.
    const ledger = await pages.reach(launch).catch(() => ({ position: null, head: null }));
    const board = await launches.board(launch);
    return { board, ledger, at: Date.now(), live: true };
  }

  private async keepAll(): Promise<void> {
    const { pages, log } = this.deps;
    try {
      for (const launch of await pages.staleBoards(MOST_KEPT_AT_ONCE, [...this.forgotten])) await this.keep(launch);
    } catch (error) {
      log.warn({ reason: String(error) }, 'boards are not kept now');
    }
  }

  private async keep(launch: string): Promise<void> {
    try {
      const { board, ledger, at } = await this.readLive(launch);
      if (ledger.position !== null) await this.deps.pages.keepBoard(launch, { board, position: ledger.position, at });
    } catch (error) {
      if (error instanceof LaunchError && error.code === 'NOT_FOUND') this.forgotten.add(launch);
      else this.deps.log.warn({ launch, reason: String(error) }, 'its board is not kept now');
    }
  }
}
