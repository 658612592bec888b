import { z } from 'zod';
import type { Asked, CheckRefusal } from '../domain/probes';
import { actionRefusals } from './actions/run';
import type { CheckDeps } from './checks';
import { refusalsOf } from './checks/registry';
import { badInput } from './input';
import { channelRefusals } from './notify/registry';
import type { LaunchActivities } from './types';

const probe = z.object({
  item: z.string(),
  criterion: z.string(),
  title: z.string(),
  check: z.object({ type: z.string() }).catchall(z.json()),
});
/** What an action is of is read where it is looked at. */
const action = z.object({ place: z.string(), title: z.string(), action: z.looseObject({}) });
const admission: z.ZodType<Asked> = z.object({
  probes: z.array(probe),
  actions: z.array(action).optional(),
  channels: z.record(z.string(), z.object({ type: z.string() }).catchall(z.json())).optional(),
});

/** What this worker says of a plan before it is started. */
export const createAdmissionActivities = ({ access, env }: Pick<CheckDeps, 'access' | 'env'>) =>
  ({
    /**
     * The checks and actions that this worker would not run, and the channels that it could not send by, with the
     * reasons; each run and each message asks again.
     */
    async admitChecks(given: Asked): Promise<CheckRefusal[]> {
      const parsed = admission.safeParse(given);
      if (!parsed.success) throw badInput('the checks, actions and channels of a plan', parsed.error);
      const { probes, actions = [], channels = {} } = parsed.data;
      const ofChecks = probes.map(({ check, ...where }) => {
        return { ...where, type: check.type, reasons: refusalsOf(check, access) };
      });
      const ofActions = actions.map(({ place, title, action }) => {
        const type = action.webhook ? 'webhook' : 'command';
        return { criterion: place, title, type, reasons: actionRefusals(action, access) };
      });
      const ofChannels = Object.entries(channels).map(([channel, { type }]) => {
        const reasons = channelRefusals([channel, channels], { access, env });
        return { criterion: `channels.${channel}`, channel, title: channel, type, reasons };
      });
      return [...ofChecks, ...ofActions, ...ofChannels].filter(({ reasons }) => reasons.length > 0);
    },
  }) satisfies Pick<LaunchActivities, 'admitChecks'>;
