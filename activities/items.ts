import { activityInfo, cancellationSignal, Context, getClient, heartbeat } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { Situation } from '../domain/item-state';
import { badInput } from './input';
import type { LaunchActivities, Telling } from './types';

/** Items that are told at once; more only queue up at the server. */
const AT_ONCE = 20;
const CALL_DEADLINE_MS = 10_000;

/** As workflows/messages.ts has them, which is not loaded here: it is made for workflow code. A test compares. */
export const ITEM_WIRE = {
  signal: 'situation',
  workflowId: (launch: string, item: string): string => `launch:${launch}:item:${item}`,
} as const;

/** Situations come from the launch's own rules; only what this activity itself reads is looked at. */
const telling = z.object({ launch: z.string(), items: z.array(z.looseObject({ item: z.string() })) });

async function tell(client: Client, launch: string, { item, situation }: Telling['items'][number]): Promise<void> {
  const handle = client.workflow.getHandle(ITEM_WIRE.workflowId(launch, item));
  try {
    await client.withDeadline(Date.now() + CALL_DEADLINE_MS, () =>
      handle.signal<[Situation]>(ITEM_WIRE.signal, situation)
    );
  } catch (error) {
    // It never began, or has ended: it needs to know nothing any more.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** How many were told by an attempt before this one. */
function toldBefore(): number {
  const parsed = z.int().min(0).safeParse(activityInfo().heartbeatDetails);
  return parsed.success ? parsed.data : 0;
}

/** Messages from the launch to its items, as workflows may send them. */
export const createItemActivities = () =>
  ({
    /**
     * Signals each item its situation. A retry goes on where the last attempt stood; an item may be told the same twice.
     * Fails, to be retried, when the server cannot be reached, after having told whom it could of those at once.
     */
    async tellItems(given: Telling): Promise<void> {
      const parsed = telling.safeParse(given);
      if (!parsed.success) throw badInput('items to tell', parsed.error);
      const client = getClient();
      for (let told = toldBefore(); told < given.items.length; told += AT_ONCE) {
        if (cancellationSignal().aborted) await Context.current().cancelled; // rejects with the reason
        const items = given.items.slice(told, told + AT_ONCE);
        const results = await Promise.allSettled(items.map((item) => tell(client, given.launch, item)));
        const refused = results.find((result) => result.status === 'rejected');
        if (refused) throw refused.reason;
        heartbeat(told + items.length);
      }
    },
  }) satisfies Pick<LaunchActivities, 'tellItems'>;
