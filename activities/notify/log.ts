import type { Logger } from 'pino';
import type { Channel } from './channel';

/** Writes notices as lines of the worker's log, where they are always to be found. */
export function logChannel(log: Pick<Logger, 'info'>): Channel {
  return {
    async send({ key, to, launch, notice, trial }) {
      const { about, subject, text, command, urgent } = notice;
      log.info({ key, to, launch, about, subject, text, command, urgent }, trial ? 'Would send notice' : 'Notice');
    },
  };
}
