import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import { LedgerError } from '../prisma/errors';
import type { LedgerEntry } from '../domain/ledger';
import { boardChunk, factsEvent, factsEvents, type FactsEvent } from './event-chunks';
import type { ReadBoard } from './boards';
import type { Reader } from './live';

const HEARTBEAT_MS = 5_000;
/** Of one reader: beyond it nothing is laid by for it, and it reads on from the ledger once it has taken that. */
const MOST_UNREAD_BYTES = 1_000_000;
/** Whoever takes nothing for so long is cut off, and resumes where they were. */
const STALLED_MS = 20_000;
/** Of the ledger at once: as many facts as come to so much, as those before them were. */
const PAGE_BYTES = 1_000_000;
const FIRST_PAGE = 50;
const MOST_OF_A_PAGE = 500;
/** How long a page waits before it connects again, ms. */
const RETRY_MS = 1_000;
/** While the database is away. */
const ASK_AGAIN_MS = 2_000;
/** Whoever was known when the database went away is believed so long; nobody can be revoked meanwhile. */
const BELIEVED_MS = 10 * 60_000;
/** Until what is left unread of a stream that has ended is thrown away. */
const END_WITHIN_MS = 2_000;

export interface StreamOptions {
  log: FastifyBaseLogger;
  /** Asked with each heartbeat; throws where it may not. */
  mayGoOn: () => Promise<unknown>;
  ended: () => void;
}

export interface CatchingUp {
  /** How far the board goes that the reader was given; null where nobody knew. */
  seen: string | null;
  /** The last of the ledger. */
  reach: () => Promise<string>;
  /** After which position news are told to it, from then on. */
  from: () => Promise<string>;
  read: (page: { after: string; limit: number }) => Promise<LedgerEntry[]>;
}

function isBeyond(position: string, other: string): boolean {
  return BigInt(position) > BigInt(other);
}

function lower(position: string, other: string): string {
  return isBeyond(position, other) ? other : position;
}

/** One reader of a launch: facts from where it was, each once and in order, then what happens. */
export class EventStream implements Reader {
  private hasEnded = false;
  private readonly raw: ServerResponse;
  private heartbeat?: NodeJS.Timeout;
  private position = '0';
  /** It is read from the ledger what it has missed, and news are there too. */
  private isBehind = true;
  private hasNews = false;
  /** The last board, while those before it have not been taken. */
  private nextBoard?: Buffer;
  private fullSince?: number;
  private knownAt = Date.now();
  private whenDrained?: () => void;
  private source?: CatchingUp;
  private page = FIRST_PAGE;

  constructor(
    private readonly reply: FastifyReply,
    private readonly options: StreamOptions
  ) {
    this.raw = reply.raw;
  }

  /** From here on the answer is this stream. */
  begin(read: ReadBoard): void {
    const { reply } = this;
    reply.hijack();
    this.raw.on('close', () => this.end());
    this.raw.on('error', () => this.end());
    this.raw.on('drain', () => this.drained());
    const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    this.raw.writeHead(200, { ...headers, 'x-accel-buffering': 'no' } as { [name: string]: string });
    this.heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS);
    this.send(Buffer.from(`retry: ${RETRY_MS}\n\n`));
    this.send(boardChunk(read));
    if (this.raw.destroyed) this.end();
  }

  /**
   * Tells what was written after `after`, or else after the board that it was given, and goes on with what comes; waits
   * for a database that is away.
   */
  async catchUp(source: CatchingUp, after?: string): Promise<void> {
    this.source = source;
    await this.insist(async () => {
      const next = await source.from();
      const wanted = after ?? source.seen ?? next;
      // A position beyond the last fact: the ledger was put back to what it was before, and grows from there.
      this.position = isBeyond(wanted, next) ? lower(wanted, await source.reach()) : wanted;
    });
    await this.insist(() => this.readOn(source));
  }

  /** Until it is done, or nobody listens any more. */
  private async insist(work: () => Promise<void>): Promise<void> {
    while (!this.hasEnded) {
      try {
        return await work();
      } catch (error) {
        this.options.log.warn({ reason: String(error) }, 'a reader cannot be told what it has missed');
        if (!(error instanceof LedgerError)) return this.end();
        await delay(ASK_AGAIN_MS);
      }
    }
  }

  facts(event: FactsEvent): void {
    this.hasNews = true;
    if (this.isBehind || !this.source) return;
    if (this.raw.writableLength <= MOST_UNREAD_BYTES) return this.tell(event);
    this.isBehind = true;
    const { source } = this;
    void this.insist(() => this.readOn(source));
  }

  board(chunk: Buffer): void {
    // Whoever is slow is told how things stand, not how they stood.
    if (this.fullSince === undefined) this.send(chunk);
    else this.nextBoard = chunk;
  }

  /** They are a log, which has them too. */
  measurements(chunk: Buffer): void {
    if (this.raw.writableLength <= MOST_UNREAD_BYTES) this.send(chunk);
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearInterval(this.heartbeat);
    this.raw.end();
    setTimeout(() => this.raw.destroy(), END_WITHIN_MS).unref();
    this.whenDrained?.();
    this.options.ended();
  }

  private async readOn({ read }: CatchingUp): Promise<void> {
    while (this.isBehind && !this.hasEnded) {
      await this.room();
      this.hasNews = false;
      const limit = this.page;
      const found = await read({ after: this.position, limit });
      await this.tellAll(found);
      // What came in between is in the ledger, and is read there.
      this.isBehind = found.length === limit || this.hasNews;
    }
  }

  private async tellAll(page: readonly LedgerEntry[]): Promise<void> {
    const events = factsEvents(page);
    const bytes = events.reduce((sum, { chunk }) => sum + chunk.length, 0);
    const fitting = Math.floor((PAGE_BYTES * page.length) / Math.max(bytes, 1));
    if (page.length > 0) this.page = Math.min(MOST_OF_A_PAGE, Math.max(1, fitting));
    for (const event of events) {
      await this.room();
      this.tell(event);
    }
  }

  private tell(event: FactsEvent): void {
    const facts = event.entries.filter(({ position }) => isBeyond(position, this.position));
    const last = facts.at(-1);
    if (!last) return;
    this.position = last.position;
    this.send(facts.length === event.entries.length ? event.chunk : factsEvent(facts).chunk);
  }

  private send(chunk: Buffer): void {
    if (this.hasEnded) return;
    if (!this.raw.write(chunk)) this.fullSince ??= Date.now();
  }

  private drained(): void {
    this.fullSince = undefined;
    const { nextBoard } = this;
    this.nextBoard = undefined;
    if (nextBoard) this.send(nextBoard);
    this.whenDrained?.();
  }

  /** Until all that was sent has been taken. */
  private async room(): Promise<void> {
    if (this.fullSince === undefined || this.hasEnded) return;
    await new Promise<void>((resolve) => (this.whenDrained = resolve));
  }

  private cutOff(): void {
    this.options.log.info({ unread: this.raw.writableLength }, 'a reader takes nothing and is cut off');
    this.raw.destroy();
    this.end();
  }

  private async beat(): Promise<void> {
    if (this.fullSince !== undefined && Date.now() - this.fullSince > STALLED_MS) return this.cutOff();
    try {
      await this.options.mayGoOn();
      this.knownAt = Date.now();
    } catch (error) {
      const isBelieved = error instanceof LedgerError && Date.now() - this.knownAt < BELIEVED_MS;
      if (!isBelieved) return this.end();
    }
    this.send(Buffer.from(': heartbeat\n\n'));
  }
}
