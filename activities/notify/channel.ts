import type { Logger } from 'pino';
import type { Notice } from '../../domain/notice';
import type { Way } from '../../domain/routing';
import type { Access } from '../checks/access';

/** One notice in a message, and the people whom this message tells it. */
export interface Told {
  launch: string;
  notice: Notice;
  people: string[];
}

/** What goes to one place at once: one notice, or several of which none could go alone. */
export interface Message {
  /** The same on every attempt, so that whoever receives it twice can tell. */
  key: string;
  told: readonly [Told, ...Told[]];
}

/** What the channels of a worker act through. */
export interface ChannelDeps {
  /** What plans may reach, and the mail server; the worker's decision. */
  access: Access;
  /** The worker's environment; `access` says which variables a plan may read. */
  env: (name: string) => string | undefined;
  /** Where notices of the `log` channel are written. */
  log: Pick<Logger, 'info' | 'warn'>;
  /** Epoch ms. */
  now: () => number;
}

export interface ChannelContext extends ChannelDeps {
  /** Aborted when the time is up or the worker stops. */
  signal: AbortSignal;
}

export interface Channel<Type extends Way['type']> {
  /**
   * Whether it could send as this worker is, as far as that can be told without touching the world.
   * @throws NotAccepted
   */
  prepare(way: Way & { type: Type }, context: Pick<ChannelDeps, 'access' | 'env'>): void;

  /**
   * Sends one message, safe to repeat with the same key: whoever receives it gets the key with it. Ends promptly when
   * `signal` is aborted.
   * @throws NotAccepted
   */
  send(message: Message, way: Way & { type: Type }, context: ChannelContext): Promise<void>;
}

/** A message was not accepted, or it is not known whether it was; the reason is for people and holds no secret. */
export class NotAccepted extends Error {
  constructor(
    message: string,
    /** The very message is refused: to send it again would be in vain. */
    readonly isFinal: boolean,
    /** For how many ms whoever is there wants to be left alone. */
    readonly pause = 0
  ) {
    super(message);
  }
}
