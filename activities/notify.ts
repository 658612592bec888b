import type { Logger } from 'pino';
import { z } from 'zod';
import { badInput } from './input';
import { createChannels } from './notify/registry';
import type { Delivered, Delivery, LaunchActivities } from './types';

const delivery: z.ZodType<Delivery> = z.object({
  launch: z.string(),
  notice: z.object({
    key: z.string(),
    to: z.array(z.string()),
    about: z.string(),
    subject: z.string(),
    text: z.string(),
    command: z.string().optional(),
    urgent: z.boolean(),
  }),
  to: z.array(z.string()),
  trial: z.boolean(),
});

/** The sending of notices, as workflows may ask for it. */
export const createNotifyActivities = ({ log }: { log: Pick<Logger, 'info' | 'warn'> }) => {
  const channelFor = createChannels(log);
  return {
    /**
     * Sends a notice to each of `to`, keyed by launch, notice and recipient, so at least once. A recipient who cannot be
     * reached is an answer, not an error: nobody else's notice waits for theirs.
     */
    async notify(given: Delivery): Promise<Delivered> {
      const parsed = delivery.safeParse(given);
      if (!parsed.success) throw badInput('a notice to send', parsed.error);
      const { launch, notice, trial } = parsed.data;
      const delivered: Delivered = { accepted: [], failed: [] };
      for (const to of new Set(parsed.data.to)) {
        try {
          await channelFor(to).send({ key: `${launch}/${notice.key}/${to}`, launch, to, notice, trial });
          delivered.accepted.push(to);
        } catch (error) {
          delivered.failed.push(to);
          log.warn({ err: error, launch, to, key: notice.key }, 'Notice was not accepted');
        }
      }
      return delivered;
    },
  } satisfies Pick<LaunchActivities, 'notify'>;
};
