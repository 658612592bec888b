import { z } from 'zod';
import type { CheckRefusal, PlannedAction, Probe } from '../domain/probes';
import { actionRefusals } from './actions/run';
import type { Access } from './checks/access';
import { refusalsOf } from './checks/registry';
import { badInput } from './input';
import type { LaunchActivities } from './types';

const probe = z.object({
  item: z.string(),
  criterion: z.string(),
  title: z.string(),
  check: z.object({ type: z.string() }).catchall(z.json()),
});
/** What an action is of is read where it is looked at. */
const action = z.object({ place: z.string(), title: z.string(), action: z.looseObject({}) });
const admission: z.ZodType<{ probes: Probe[]; actions?: PlannedAction[] }> = z.object({
  probes: z.array(probe),
  actions: z.array(action).optional(),
});

/** What this worker says of a plan before it is started. */
export const createAdmissionActivities = ({ access }: { access: Access }) =>
  ({
    /** The checks and actions that this worker would not run, with the reasons; each run asks again. */
    async admitChecks(given: { probes: Probe[]; actions?: PlannedAction[] }): Promise<CheckRefusal[]> {
      const parsed = admission.safeParse(given);
      if (!parsed.success) throw badInput('the checks and actions of a plan', parsed.error);
      const { probes, actions = [] } = parsed.data;
      const ofChecks = probes.map(({ check, ...where }) => {
        return { ...where, type: check.type, reasons: refusalsOf(check, access) };
      });
      const ofActions = actions.map(({ place, title, action }) => {
        const type = action.webhook ? 'webhook' : 'command';
        return { criterion: place, title, type, reasons: actionRefusals(action, access) };
      });
      return [...ofChecks, ...ofActions].filter(({ reasons }) => reasons.length > 0);
    },
  }) satisfies Pick<LaunchActivities, 'admitChecks'>;
