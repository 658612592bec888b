import { EventSourceParserStream } from 'eventsource-parser/stream';
import { launchPath, open } from '../api/client';
import { asRefused, NO_ANSWER, Refused } from '../api/refused';
import type { BoardAnswer, FactAnswer, MeasurementAnswer } from '../api/types';
import { changedItems } from './changes';

/** Without a sign of life for so long what is shown is said to be old. The gateway's heartbeat comes each 5 s. */
export const STALE_AFTER_MS = 10_000;
/** A connection without a heartbeat for so long is given up, and another one tried. */
const GIVEN_UP_AFTER_MS = 15_000;
/** As long as the tint of a changed row. */
const CHANGED_FOR_MS = 2_500;
const TICK_MS = 1_000;
/** Between attempts: each twice the one before, up to the last. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 8_000;
/** What is no answer of a moment: asking again by itself would change nothing. */
const FINAL = new Set([400, 401, 403, 404]);

export interface Connection {
  state: 'connecting' | 'live' | 'stale';
  /** Epoch ms of the last sign of life, by this machine's clock. */
  heardAt?: number;
  /** When the next attempt is made; absent while one is under way. */
  nextTryAt?: number;
}

export interface LaunchView {
  board?: BoardAnswer;
  connection: Connection;
  /** Why there is no board, or no further one. */
  refused?: Refused;
  /** How far the gateway's clock is ahead of this machine's, ms. */
  ahead: number;
  /** Items that the last board changed: shown once. */
  changed: ReadonlySet<string>;
}

/** Two clocks that are as good as the same are taken to be. */
const SAME_CLOCK_MS = 2_000;

function aheadOf({ at }: BoardAnswer): number {
  const ahead = Date.parse(at) - Date.now();
  return Math.abs(ahead) < SAME_CLOCK_MS ? 0 : ahead;
}

type Heard = { facts: (facts: FactAnswer[]) => void; measurement: (measured: MeasurementAnswer) => void };

/**
 * One launch as it happens, for as long as somebody looks: a store for `useSyncExternalStore`. It reads the stream by
 * `fetch`, since an EventSource says nothing of heartbeats and of why it was refused.
 */
export class LaunchStream {
  private view: LaunchView = { connection: { state: 'connecting' }, ahead: 0, changed: new Set() };
  private readonly watchers = new Set<() => void>();
  private readonly hearers = new Set<Partial<Heard>>();
  private stopping = new AbortController();
  private attempt?: AbortController;
  private wake?: () => void;
  private position?: string;
  private failures = 0;
  private fading?: ReturnType<typeof setTimeout>;
  private ticking?: ReturnType<typeof setInterval>;

  constructor(readonly launch: string) {}

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly snapshot = (): LaunchView => this.view;

  /** Is told facts and measurements as they come; returns how to stop. */
  hear(hearer: Partial<Heard>): () => void {
    this.hearers.add(hearer);
    return () => this.hearers.delete(hearer);
  }

  start(): void {
    this.stopping = new AbortController();
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    window.addEventListener('online', this.tryNow);
    document.addEventListener('visibilitychange', this.tryNow);
    void this.run(this.stopping.signal);
  }

  stop(): void {
    window.removeEventListener('online', this.tryNow);
    document.removeEventListener('visibilitychange', this.tryNow);
    clearInterval(this.ticking);
    clearTimeout(this.fading);
    this.stopping.abort();
    this.attempt?.abort();
    this.wake?.();
  }

  /** Does not wait for the next attempt. */
  readonly tryNow = (): void => this.wake?.();

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.listen(signal);
      } catch (error) {
        if (signal.aborted) return;
        const refused = asRefused(error);
        const isFinal = FINAL.has(refused.more.status ?? 0);
        this.show({ refused });
        if (isFinal) return this.lost();
      }
      await this.pause(signal);
    }
  }

  private async listen(stopping: AbortSignal): Promise<void> {
    this.attempt = new AbortController();
    const signal = AbortSignal.any([stopping, this.attempt.signal]);
    const after = this.position === undefined ? '' : `?after=${this.position}`;
    const given = setTimeout(() => this.attempt?.abort(), GIVEN_UP_AFTER_MS);
    try {
      const response = await open(`${launchPath(this.launch, 'events')}${after}`, { signal });
      // From here on its heartbeats say that it is alive.
      clearTimeout(given);
      if (response.body) await this.read(response.body);
    } catch (error) {
      // Ended by us, since nothing was heard: that is no answer.
      if (signal.aborted && !stopping.aborted) throw new Refused(NO_ANSWER, 'The gateway does not answer.');
      throw error;
    } finally {
      clearTimeout(given);
    }
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new EventSourceParserStream({ onComment: () => this.heard() });
    const texts = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
    const reader = texts.pipeThrough(parser).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) this.take(next.value);
  }

  private take({ event, data, id }: { event?: string; data: string; id?: string }): void {
    this.heard();
    if (id !== undefined) this.position = id;
    const body: unknown = JSON.parse(data);
    if (event === 'board') this.takeBoard(body as BoardAnswer);
    if (event === 'facts') for (const { facts } of this.hearers) facts?.((body as { facts: FactAnswer[] }).facts);
    if (event === 'measurement') for (const { measurement } of this.hearers) measurement?.(body as MeasurementAnswer);
  }

  private takeBoard(board: BoardAnswer): void {
    const before = this.view.board;
    this.position ??= board.ledger.position ?? undefined;
    const changed = before ? changedItems(before, board) : new Set<string>();
    clearTimeout(this.fading);
    // Whoever comes back to the page later is not shown it again.
    this.fading = setTimeout(() => this.show({ changed: new Set() }), CHANGED_FOR_MS);
    this.show({ board, changed, ahead: board.live ? aheadOf(board) : this.view.ahead, refused: undefined });
  }

  private heard(): void {
    this.failures = 0;
    this.show({ connection: { state: 'live', heardAt: Date.now() }, refused: undefined });
  }

  private lost(): void {
    const { connection, board } = this.view;
    this.show({ connection: { state: board ? 'stale' : 'connecting', heardAt: connection.heardAt } });
  }

  private tick(): void {
    const { connection } = this.view;
    const silentFor = Date.now() - (connection.heardAt ?? Infinity);
    if (silentFor > GIVEN_UP_AFTER_MS && connection.nextTryAt === undefined && connection.state === 'stale')
      this.attempt?.abort();
    if (silentFor > STALE_AFTER_MS && connection.state === 'live')
      this.show({ connection: { ...connection, state: 'stale' } });
  }

  private async pause(signal: AbortSignal): Promise<void> {
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures++);
    this.show({ connection: { ...this.view.connection, nextTryAt: Date.now() + wait } });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', this.wake, { once: true });
    });
    this.wake = undefined;
    this.show({ connection: { ...this.view.connection, nextTryAt: undefined } });
  }

  private show(change: Partial<LaunchView>): void {
    this.view = { ...this.view, ...change };
    for (const watcher of this.watchers) watcher();
  }
}
