import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { LaunchError } from '../client/errors';
import type { Launches } from '../client/launches';
import type { Board } from '../domain/board';
import type { Ledger } from '../prisma/ledger';
import type { Pages } from '../prisma/pages';
import type { Store } from '../prisma/store';
import { ledgerBoard, replayedBoard, type LedgerBoard } from './ledger-board';

/** Whoever asks again within this gets the same answer: one question to the worker serves all who look. */
const FRESH_FOR_MS = 300;
/** How often launches are looked for whose kept board is out of date. */
const KEEP_EVERY_MS = 10_000;
const MOST_KEPT_AT_ONCE = 20;
/** Boards made of ledgers that are held in memory. */
const MOST_REPLAYED = 20;
/** A launch that does not answer is left alone so long, so that it is not in the way of those that do. */
const LEFT_ALONE_MS = 60_000;

/** How long a launch that has not answered is waited for again, where something is known of it. */
const WAITED_AGAIN_MS = 1_000;

/** A board with what it rests on. */
export interface ReadBoard {
  board: Board | LedgerBoard;
  /** Of the ledger when the board was read: the board knows at least what was written up to there. */
  ledger: { position: string | null; head: string | null };
  /** Epoch ms. */
  at: number;
  /** False: the launch itself did not answer. */
  live: boolean;
  /** Temporal has forgotten it, or it has ended: it takes nothing any more. */
  isOver: boolean;
  /** The ledger that the board is made of is not as it was written. */
  isBroken?: boolean;
}

interface Deps {
  launches: Launches;
  pages: Pages;
  store: Store;
  ledger: Ledger;
  log: FastifyBaseLogger;
}

/** The boards of launches, each read once for all who look, and kept for when Temporal has forgotten the launch. */
export class Boards {
  private readonly reading = new Map<string, Promise<ReadBoard>>();
  private readonly last = new Map<string, ReadBoard>();
  /** Those that did not answer when they were asked last, and why. */
  private readonly silent = new Map<string, unknown>();
  private readonly forgotten = new Set<string>();
  private readonly replayed = new Map<string, ReadBoard>();
  /** Until when, epoch ms. */
  private readonly leftAlone = new Map<string, number>();
  private timer?: NodeJS.Timeout;
  private keeping: Promise<void> = Promise.resolve();

  constructor(private readonly deps: Deps) {}

  /** Keeps boards until `stop`: at once those of launches that ended while no gateway ran, if Temporal still has them. */
  start(): void {
    const keep = (): void => void (this.keeping = this.keeping.then(() => this.keepAll()));
    keep();
    this.timer = setInterval(keep, KEEP_EVERY_MS);
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
    if (!this.isSilent(launch)) return await under;
    const why = this.silent.get(launch);
    const waited = delay(WAITED_AGAIN_MS, undefined, { ref: false });
    const answer = await Promise.race([under.catch(() => undefined), waited]);
    return answer ?? (await this.readWritten(launch, why)) ?? (await under);
  }

  /** It did not answer when it was asked last: whoever has another answer need not wait for it. */
  isSilent(launch: string): boolean {
    return this.silent.has(launch);
  }

  private async readAnew(launch: string): Promise<ReadBoard> {
    try {
      const read = await this.readLive(launch);
      this.last.set(launch, read);
      this.silent.delete(launch);
      // So that the map does not grow with every launch that there ever was.
      setTimeout(() => this.last.get(launch) === read && this.last.delete(launch), FRESH_FOR_MS).unref();
      return read;
    } catch (error) {
      this.silent.delete(launch);
      const written = await this.readWritten(launch, error);
      if (!written) throw error;
      if (!isGone(error)) this.silent.set(launch, error);
      return written;
    }
  }

  /**
   * What is known where the launch does not answer: the board that was kept last. Where Temporal has forgotten it, what
   * follows from the ledger, and not what was kept, which nothing vouches for.
   */
  private async readWritten(launch: string, error: unknown): Promise<ReadBoard | undefined> {
    const { pages } = this.deps;
    const kept = await pages.keptBoard(launch).catch(() => undefined);
    const { position, head } = await pages.reach(launch).catch(() => ({ position: null, head: null }));
    const isForgotten = isGone(error);
    const isOver = isForgotten || Boolean(kept?.board.ended);
    const known = kept && { ...kept, ledger: { position: kept.position, head }, live: false, isOver };
    if (!isForgotten) return known;
    const replayed = await this.readLedger(launch, head);
    // One that was kept before the launch was over says nothing of its end, which was written all the same.
    if (replayed || kept?.board.ended) return replayed ?? known;
    const written = await ledgerBoard(this.deps.store, launch).catch(() => undefined);
    return written ? { ...written, ledger: { position, head }, live: false, isOver } : known;
  }

  /** Made once for each head of the chain. */
  private async readLedger(launch: string, head: string | null): Promise<ReadBoard | undefined> {
    const before = this.replayed.get(launch);
    if (before && before.ledger.head === head) return before;
    const made = await replayedBoard(this.deps.ledger, launch).catch(() => undefined);
    if (!made) return undefined;
    const { position, ...rest } = made;
    const read = { ...rest, ledger: { position, head }, live: false, isOver: true };
    this.replayed.delete(launch);
    this.replayed.set(launch, read);
    const [oldest] = this.replayed.keys();
    if (this.replayed.size > MOST_REPLAYED) this.replayed.delete(oldest!);
    return read;
  }

  private async readLive(launch: string): Promise<ReadBoard> {
    const { pages, launches } = this.deps;
    // First the position, then the board: what is written in between is in the board too.
    const ledger = await pages.reach(launch).catch(() => ({ position: null, head: null }));
    const board = await launches.board(launch);
    return { board, ledger, at: Date.now(), live: true, isOver: board.ended !== null };
  }

  private async keepAll(): Promise<void> {
    const { pages, log } = this.deps;
    try {
      const now = Date.now();
      for (const [launch, until] of this.leftAlone) if (until <= now) this.leftAlone.delete(launch);
      const stale = await pages.staleBoards(MOST_KEPT_AT_ONCE, [...this.forgotten, ...this.leftAlone.keys()]);
      for (const launch of stale) await this.keep(launch);
    } catch (error) {
      log.warn({ reason: String(error) }, 'boards are not kept now');
    }
  }

  private async keep(launch: string): Promise<void> {
    try {
      const { board, ledger, at } = await this.readLive(launch);
      if (ledger.position !== null) await this.deps.pages.keepBoard(launch, { board, position: ledger.position, at });
    } catch (error) {
      if (isGone(error)) return void this.forgotten.add(launch);
      this.leftAlone.set(launch, Date.now() + LEFT_ALONE_MS);
      this.deps.log.warn({ launch, reason: String(error) }, 'its board is not kept now');
    }
  }
}

/** Temporal has forgotten it, or never knew it. */
export function isGone(error: unknown): boolean {
  return error instanceof LaunchError && error.code === 'NOT_FOUND';
}
