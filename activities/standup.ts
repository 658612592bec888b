import { getClient } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { Standup, StandupAsked } from '../domain/standup';
import { badInput } from './input';
import type { LaunchActivities } from './types';

const CALL_DEADLINE_MS = 10_000;

/** As workflows/messages.ts has them, which is not loaded here: it is made for workflow code. A test compares. */
export const STANDUP_WIRE = {
  query: 'standup',
  workflowId: (launch: string): string => `launch:${launch}`,
} as const;

const wanted = z.object({ launch: z.string(), asked: z.looseObject({ now: z.number() }) });

/** The board of a launch, asked for as a standup. */
export const createStandupActivities = () =>
  ({
    /**
     * The standup of a launch as it stands, composed by the launch from all that it knows: one query, no event. `over`
     * where the launch does not run any more, however it ended. Fails, to be retried, where nobody answers.
     */
    async takeStandup(given: { launch: string; asked: StandupAsked }): Promise<{ over: boolean; standup?: Standup }> {
      const parsed = wanted.safeParse(given);
      if (!parsed.success) throw badInput('a standup to take', parsed.error);
      const { launch, asked } = given;
      const client = getClient();
      const handle = client.workflow.getHandle(STANDUP_WIRE.workflowId(launch));
      try {
        return await client.withDeadline(Date.now() + CALL_DEADLINE_MS, async () => {
          const { status } = await handle.describe();
          if (status.name !== 'RUNNING') return { over: true };
          return { over: false, standup: await handle.query<Standup, [StandupAsked]>(STANDUP_WIRE.query, asked) };
        });
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { over: true };
        throw error;
      }
    },
  }) satisfies Pick<LaunchActivities, 'takeStandup'>;
