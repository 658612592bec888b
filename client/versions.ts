import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { LAUNCH_WORKFLOW } from '../workflows/messages';
import { withDeadline, type Connected } from './connection';
import { isNobodyPolling, isNotThere, LaunchError, reasonOf } from './errors';

const LOOK_AGAIN_MS = 250;
/** A poll is answered after a minute at the latest, then the next one is seen. */
const POLLED_WITHIN_MS = 75_000;
/** Temporal's numbers, part of the wire format. */
const WORKFLOW_QUEUE = 1;
const ACTIVITY_QUEUE = 2;
const PINNED = 1;
const STATES = ['unknown', 'new', 'current', 'ramping', 'draining', 'drained', 'new'] as const;

/** One version of a Worker Deployment, as Temporal knows it. */
export interface VersionSummary {
  buildId: string;
  /**
   * `new`: nothing has begun on it; `current`: new launches begin on it; `ramping`: a part of them; `draining`: some that
   * began on it are under way; `drained`: none is.
   */
  state: (typeof STATES)[number];
  /** Launches that are under way on it, as far as Temporal's list has got. */
  launches: number;
}

async function launchesOn(connected: Connected, { deploymentName, buildId }: WorkerDeploymentVersion): Promise<number> {
  const on = `TemporalWorkerDeploymentVersion = '${deploymentName}:${buildId}'`;
  const query = `${on} AND WorkflowType = '${LAUNCH_WORKFLOW}' AND ExecutionStatus = 'Running'`;
  return (await withDeadline(connected, () => connected.client.workflow.count(query))).count;
}

/** The versions of a deployment, the newest first; none where no worker of it has ever polled. @throws LaunchError UNREACHABLE */
export async function versionsOf(connected: Connected, deploymentName: string): Promise<VersionSummary[]> {
  const { client, namespace } = connected;
  const ask = () => client.workflowService.describeWorkerDeployment({ namespace, deploymentName });
  const found = await withDeadline(connected, ask).catch((error: unknown) => {
    if (isNotThere(error)) return undefined;
    throw error;
  });
  const summaries = [...(found?.workerDeploymentInfo?.versionSummaries ?? [])];
  summaries.sort((a, b) => Number(b.createTime?.seconds ?? 0) - Number(a.createTime?.seconds ?? 0));
  return await Promise.all(
    summaries.map(async ({ deploymentVersion, status }) => {
      const buildId = deploymentVersion?.buildId ?? '';
      const launches = await launchesOn(connected, { deploymentName, buildId });
      return { buildId, state: STATES[status ?? 0] ?? 'unknown', launches };
    })
  );
}

async function polls(connected: Connected, version: WorkerDeploymentVersion, taskQueueType: number): Promise<boolean> {
  const { client, namespace, taskQueue } = connected;
  const asked = { namespace, taskQueue: { name: taskQueue }, taskQueueType };
  const { pollers } = await withDeadline(connected, () => client.workflowService.describeTaskQueue(asked));
  return (pollers ?? []).some(
    ({ deploymentOptions, lastAccessTime }) =>
      deploymentOptions?.deploymentName === version.deploymentName &&
      deploymentOptions.buildId === version.buildId &&
      Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < POLLED_WITHIN_MS
  );
}

/** Temporal refuses until it has heard of both queues of the version from a worker. */
async function tryToMakeCurrent(connected: Connected, version: WorkerDeploymentVersion): Promise<string | undefined> {
  const { client, namespace } = connected;
  for (const queue of [WORKFLOW_QUEUE, ACTIVITY_QUEUE])
    if (!(await polls(connected, version, queue))) return `no worker of it polls '${connected.taskQueue}'`;
  const { identity } = client.options;
  const asked = { namespace, identity, ...version };
  try {
    await withDeadline(connected, () => client.workflowService.setWorkerDeploymentCurrentVersion(asked));
    return undefined;
  } catch (error) {
    if (isNobodyPolling(error) || isNotThere(error)) return reasonOf(error);
    throw error;
  }
}

/**
 * Makes a version the one that new launches begin on, once a worker of it polls. Repeating it changes nothing.
 * @throws LaunchError NO_WORKER where none does within `withinMs`: nothing was changed then; UNREACHABLE
 */
export async function makeCurrent(
  connected: Connected,
  version: WorkerDeploymentVersion,
  withinMs: number
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const why = await tryToMakeCurrent(connected, version);
    if (why === undefined) return;
    if (Date.now() >= deadline) {
      const message = `version ${version.buildId} of ${version.deploymentName} was not made current within ${withinMs / 1_000} s, nothing was changed: ${why}. Start a worker of it: launch worker --deployment ${version.deploymentName} --build-id ${version.buildId}`;
      throw new LaunchError('NO_WORKER', message, { ...version });
    }
    await delay(LOOK_AGAIN_MS);
  }
}

/** The version that a workflow stays on; nothing where it is on none, or moves by itself. @throws what the server answers */
export async function pinnedVersion(
  connected: Connected,
  workflowId: string
): Promise<WorkerDeploymentVersion | undefined> {
  const handle = connected.client.workflow.getHandle(workflowId);
  const { raw } = await withDeadline(connected, () => handle.describe());
  const { behavior, deploymentVersion, versioningOverride } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  if (versioningOverride?.autoUpgrade) return undefined;
  const version = versioningOverride?.pinned?.version ?? (behavior === PINNED ? deploymentVersion : undefined);
  if (!version?.deploymentName || !version.buildId) return undefined;
  return { deploymentName: version.deploymentName, buildId: version.buildId };
}
