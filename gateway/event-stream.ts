import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import type { NewMeasurement } from '../prisma/pages';
import type { LedgerEntry } from '../prisma/stored';
import { boardAnswer } from './app';
import type { ReadBoard } from './boards';
import type { Reader } from './live';

const HEARTBEAT_MS = 5_000;
/** Of one reader that takes nothing: it is cut off, and resumes where it was. */
const MOST_UNREAD_BYTES = 4_000_000;
const PAGE = 500;
/** How long a page waits before it connects again, ms. */
const RETRY_MS = 1_000;

interface Options {
  log: FastifyBaseLogger;
  /** Asked with each heartbeat; throws where it may not. */
  mayGoOn: () => Promise<unknown>;
  ended: () => void;
}

type ReadFacts = (page: { after: string; limit: number }) => Promise<LedgerEntry[]>;

function eventText(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** One reader of a launch: facts from where it was, each once and in order, then what happens. */
export class EventStream implements Reader {
  private raw?: ServerResponse;
  private heartbeat?: NodeJS.Timeout;
  private hasEnded = false;
  /** What came before the answer had begun. */
  private early: string[] = [];
  private position = '0';
  /** What came while it was still being told what it had missed. */
  private waiting?: LedgerEntry[] = [];

  constructor(private readonly options: Options) {}

  begin(reply: FastifyReply, read: ReadBoard): void {
    reply.hijack();
    this.raw = reply.raw;
    this.raw.on('close', () => this.end());
    this.raw.on('error', () => this.end());
    const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    this.raw.writeHead(200, { ...headers, 'x-accel-buffering': 'no' } as { [name: string]: string });
    this.send(`retry: ${RETRY_MS}\n\n`);
    this.board(read);
    for (const text of this.early.splice(0)) this.send(text);
    this.heartbeat = setInterval(() => void this.beat(), HEARTBEAT_MS);
    if (this.raw.destroyed || this.hasEnded) this.end();
  }

  /** Tells what was written after `after`, then what has come meanwhile, and goes on with what comes. */
  async catchUp(after: string, read: ReadFacts): Promise<void> {
    this.position = after;
    try {
      for (let page = await read({ after, limit: PAGE }); page.length > 0 && !this.hasEnded;) {
        this.tell(page);
        page = page.length < PAGE ? [] : await read({ after: this.position, limit: PAGE });
      }
    } catch (error) {
      this.options.log.warn({ reason: String(error) }, 'a reader could not be told what it had missed');
      return this.end();
    }
    const { waiting = [] } = this;
    this.waiting = undefined;
    this.tell(waiting);
  }

  facts(entries: readonly LedgerEntry[]): void {
    if (this.waiting) this.waiting.push(...entries);
    else this.tell(entries);
  }

  board(read: ReadBoard): void {
    this.send(eventText('board', boardAnswer(read)));
  }

  measurements(all: readonly NewMeasurement[]): void {
    for (const measurement of all) this.send(eventText('measurement', measurement));
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearInterval(this.heartbeat);
    this.raw?.end();
    this.options.ended();
  }

  private tell(entries: readonly LedgerEntry[]): void {
    const facts = entries.filter(({ position }) => BigInt(position) > BigInt(this.position));
    const last = facts.at(-1);
    if (!last) return;
    this.position = last.position;
    this.send(eventText('facts', { facts }, last.position));
  }

  private send(text: string): void {
    if (this.hasEnded) return;
    if (!this.raw) return void this.early.push(text);
    this.raw.write(text);
    if (this.raw.writableLength > MOST_UNREAD_BYTES) this.raw.destroy();
  }

  private async beat(): Promise<void> {
    try {
      await this.options.mayGoOn();
      this.send(': heartbeat\n\n');
    } catch {
      this.end();
    }
  }
}
