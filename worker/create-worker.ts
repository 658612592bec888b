import type { WorkerDeploymentVersion } from '@temporalio/common';
import type { NativeConnection, WorkerOptions, WorkflowBundle } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import type { LaunchActivities } from '../activities/types';
import { PAYLOAD_CONVERTER_PATH } from './bundle';

/**
 * A check takes a slot for as long as its target lets it wait, and notices and the ledger take theirs from the same: so
 * many that targets which hang leave room for everything else. A slot that is not taken costs nothing.
 */
const ACTIVITIES_AT_ONCE = 5_000;
/**
 * A launch of 300 items is 301 workflows, a third of a MB each; ten of those stay in memory. Where more wait, each that is
 * woken is replayed from its first event and puts out another that will be woken: clocks then come tens of seconds late
 * (`npm run bench -- timers`). Add a worker before that.
 */
const CACHED_WORKFLOWS = 3_000;
/** What is in hand when the worker is told to stop gets this long. */
const SHUTDOWN_GRACE = '5 seconds';

export interface CreateWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  activities: LaunchActivities & object;
  bundle: WorkflowBundle;
  /** How long a killed worker's workflows wait for it before another takes them over. */
  stickyTimeout: WorkerOptions['stickyQueueScheduleToStartTimeout'];
  /** Absent: it is not versioned, and takes whatever no version has. */
  version?: WorkerDeploymentVersion;
}

/**
 * Pinned: a launch ends on the version that it began on, over every continue-as-new, and its items and standups with it.
 * What it has decided so far was decided by that version's rules; to move it is a person's decision (docs/deploy.md).
 */
function versioned(version: WorkerDeploymentVersion | undefined): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (!version) return {};
  return { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' } };
}

/** A worker for launches and items; it polls when it is run. */
export async function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const { connection, namespace, taskQueue, activities, bundle, stickyTimeout, version } = options;
  return await Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    workflowBundle: bundle,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
    maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    stickyQueueScheduleToStartTimeout: stickyTimeout,
    shutdownGraceTime: SHUTDOWN_GRACE,
    ...versioned(version),
  });
}
