/** The ways by which a notice reaches somebody. */
import type { Logger } from 'pino';
import type { Channel } from './channel';
import { logChannel } from './log';

/** Finds the channel for a role, person or channel id. All of them are written to the log. */
export function createChannels(log: Pick<Logger, 'info'>): (to: string) => Channel {
  const channel = logChannel(log);
  return () => channel;
}
