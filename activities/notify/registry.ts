/** The ways by which a notice reaches somebody. */
import type { Logger } from 'pino';
import type { Notice } from '../../domain/notice';
import { logChannel } from './log';

export interface Message {
  /** The same on every attempt, so that whoever receives it twice can tell. */
  key: string;
  launch: string;
  to: string;
  notice: Notice;
  /** It is only to be told what would be sent. */
  trial: boolean;
}

export interface Channel {
  /** Sends one message, safe to repeat with the same key. Rejects when the message was not accepted. */
  send(message: Message): Promise<void>;
}

/** Finds the channel for a role, person or channel id. All of them are written to the log. */
export function createChannels(log: Pick<Logger, 'info'>): (to: string) => Channel {
  const channel = logChannel(log);
  return () => channel;
}
