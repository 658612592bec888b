import { Context, cancellationSignal } from '@temporalio/activity';
import type { Logger } from 'pino';
import { z } from 'zod';
import { actionTitle, type ActionResult } from '../../domain/go-actions';
import { whileAlive, type CheckDeps } from '../checks';
import { seenText } from '../checks/result';
import { badInput } from '../input';
import type { ActionRun, LaunchActivities } from '../types';
import { within } from '../within';
import { actionRefusals, carryOut } from './run';

export interface ActionDeps extends Pick<CheckDeps, 'access' | 'env' | 'now'> {
  log: Pick<Logger, 'info'>;
}

const actionRun: z.ZodType<ActionRun> = z.object({
  launch: z.string(),
  key: z.string(),
  action: z.looseObject({}),
  message: z.json(),
  timeout: z.number().min(0),
  trial: z.boolean(),
});

/** What follows a verdict, as workflows may ask for it. */
export const createActionActivities = ({ log, ...deps }: ActionDeps) => {
  const rehearse = ({ launch, key, action }: ActionRun): ActionResult => {
    const refused = actionRefusals(action, deps.access);
    if (refused.length > 0)
      return { outcome: 'failed', seen: seenText(`it would not be begun: ${refused.join('; ')}`) };
    log.info({ launch, key, action }, 'Would carry out');
    return { outcome: 'done', seen: seenText(`a trial: would ${actionTitle(action)}`) };
  };
  return {
    /**
     * One attempt, never repeated by itself: its caller must ask with one attempt and a heartbeat timeout, and take a
     * rejection for `unknown`.
     */
    async runAction(given: ActionRun): Promise<ActionResult> {
      const parsed = actionRun.safeParse(given);
      if (!parsed.success) throw badInput('an action to carry out', parsed.error);
      const run = parsed.data;
      if (run.trial) return rehearse(run);
      const cancelled = cancellationSignal();
      const attempt = within(run.timeout, cancelled, (signal) => carryOut(run, { ...deps, signal }));
      const result = await whileAlive(undefined, attempt);
      if (cancelled.aborted && result.outcome !== 'done') await Context.current().cancelled; // rejects with the reason
      return result;
    },
  } satisfies Pick<LaunchActivities, 'runAction'>;
};
