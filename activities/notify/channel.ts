import type { Notice } from '../../domain/notice';

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
