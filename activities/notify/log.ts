import type { Channel, Told } from './channel';

/** The fields of a line of the log that tells a notice. */
export function logged(key: string, { launch, notice, people }: Told) {
  const { about, subject, text, command, urgent } = notice;
  return { key, to: people.join(', '), launch, about, subject, text, command, urgent };
}

/** Writes notices as lines of the worker's log, where they are always to be found. */
export const log: Channel<'log'> = {
  prepare() {},
  async send({ key, told }, _way, context) {
    for (const each of told) context.log.info(logged(key, each), 'Notice');
  },
};
