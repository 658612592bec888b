import { defaultPayloadConverter } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time';
import { z } from 'zod';
import { OUTCOMES } from '../domain/criterion';
import type { LiveWatch } from '../domain/watching';
import { itemWorkflowId, readWatchActivityId } from '../workflows/messages';
import type { Connected } from './connection';
import { withDeadline } from './connection';

type Described = Awaited<ReturnType<ReturnType<Connected['client']['workflow']['getHandle']>['describe']>>;
type Pending = NonNullable<Described['raw']['pendingActivities']>[number];

/** What an attempt leaves, as `activities/checks.ts` heartbeats it. */
const attempt = z.object({
  n: z.int().min(1),
  outcome: z.enum(OUTCOMES),
  begunAt: z.number(),
  at: z.number(),
  seen: z.string(),
});

/** Of temporal.api.enums.v1.PendingActivityState. */
const STARTED = 2;

function detailsOf({ heartbeatDetails }: Pending): LiveWatch['last'] {
  const [payload] = heartbeatDetails?.payloads ?? [];
  try {
    return payload && attempt.safeParse(defaultPayloadConverter.fromPayload(payload)).data;
  } catch {
    return undefined; // not what our worker writes: nothing is known of it
  }
}

function instant(at: Pending['scheduledTime']): number | undefined {
  return at ? tsToMs(at) : undefined;
}

function liveWatch(pending: Pending): LiveWatch | undefined {
  const known = readWatchActivityId(pending.activityId ?? '');
  if (!known) return undefined;
  const { criterion, isPoll } = known;
  const isFirst = (pending.attempt ?? 1) <= 1;
  const isLooking = pending.state === STARTED || String(pending.state).endsWith('STARTED');
  return {
    criterion,
    isPoll,
    isLooking,
    begunAt: isFirst ? instant(pending.scheduledTime) : instant(pending.lastStartedTime),
    last: detailsOf(pending),
    nextAt: isLooking ? undefined : instant(pending.nextAttemptScheduleTime ?? pending.scheduledTime),
  };
}

/** The watches of one item, from one look at the server that wakes no worker. An item that is over has none. */
export async function liveWatches(connected: Connected, launch: string, item: string): Promise<LiveWatch[]> {
  const handle = connected.client.workflow.getHandle(itemWorkflowId(launch, item));
  const { raw } = await withDeadline(connected, () => handle.describe());
  return (raw.pendingActivities ?? []).flatMap((pending) => liveWatch(pending) ?? []);
}
