import { z } from 'zod';
import type { CheckRefusal, Probe } from '../domain/probes';
import type { Access } from './checks/access';
import { refusalsOf } from './checks/registry';
import { badInput } from './input';
import type { LaunchActivities } from './types';

const admission: z.ZodType<{ probes: Probe[] }> = z.object({
  probes: z.array(
    z.object({
      item: z.string().optional(),
      criterion: z.string(),
      title: z.string(),
      check: z.object({ type: z.string() }).catchall(z.json()),
    })
  ),
});

/** What this worker says of a plan before it is started. */
export const createAdmissionActivities = ({ access }: { access: Access }) =>
  ({
    /** The checks that this worker would not run, with the reasons; each run asks again. */
    async admitChecks(given: { probes: Probe[] }): Promise<CheckRefusal[]> {
      const parsed = admission.safeParse(given);
      if (!parsed.success) throw badInput('the checks of a plan', parsed.error);
      return parsed.data.probes.flatMap(({ item, criterion, title, check }) => {
        const reasons = refusalsOf(check, access);
        const where = item === undefined ? {} : { item };
        return reasons.length === 0 ? [] : [{ ...where, criterion, title, type: check.type, reasons }];
      });
    },
  }) satisfies Pick<LaunchActivities, 'admitChecks'>;
