import type { NativeConnection, WorkerOptions, WorkflowBundle } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import type { LaunchActivities } from '../activities/types';
import { PAYLOAD_CONVERTER_PATH } from './bundle';

/** Checks that wait for their target take a slot each; a target that hangs must not hold up the others. */
const ACTIVITIES_AT_ONCE = 200;
/** A launch of 300 items is 301 workflows; a few of those stay in memory. */
const CACHED_WORKFLOWS = 1_500;
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
}

/** A worker for launches and items; it polls when it is run. */
export async function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const { connection, namespace, taskQueue, activities, bundle, stickyTimeout } = options;
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
  });
}
