import type { Connection } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities';
import { createMeasurementLog } from '../activities/measurements';
import { startOutbox } from '../activities/outbox';
import type { Access } from '../activities/checks/access';
import { openDatabase } from '../prisma/database';
import { createDeliveryStore } from '../prisma/deliveries';
import { createStore } from '../prisma/store';
import { workflowBundle } from './bundle';
import { createWorker } from './create-worker';
import { ensureSearchAttributes } from './search-attributes';

export interface WorkerSettings {
  /** HOST:PORT; absent: what Temporal's own profiles and variables say. */
  address?: string;
  namespace: string;
  taskQueue: string;
  databaseUrl: string;
  /** What checks may reach; see `readAccess`. */
  access: Access;
  /** True for the worker of `launch up`: the only one, so nobody else takes its workflows over. */
  alone: boolean;
  /** Its version in a Worker Deployment; absent: it is not versioned. */
  version?: WorkerDeploymentVersion;
  log: Logger;
}

/** A killed worker's workflows go on elsewhere after this long: at once where it is restarted on the spot. */
const STICKY_ALONE = '1 second';
const STICKY = '5 seconds';

/**
 * Runs a worker until `stop` is aborted; then what is in hand is finished. `ready` is called when it polls.
 * @throws SearchAttributesMissingError before it polls, where they are missing and cannot be registered; whatever
 *   connecting says, where Temporal does not answer
 */
export async function runWorker(
  settings: WorkerSettings,
  { stop, ready }: { stop: AbortSignal; ready: () => void }
): Promise<void> {
  const { address, namespace, taskQueue, databaseUrl, version, log } = settings;
  Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });
  const where = address ? { address } : loadClientConnectConfig().connectionOptions;
  const connection = await NativeConnection.connect(where);
  const database = openDatabase(databaseUrl);
  const store = createStore(database);
  const measurements = createMeasurementLog({ store, now: Date.now, log });
  const world = { access: settings.access, env: (name: string) => process.env[name], log, now: Date.now };
  const outbox = startOutbox({ store: createDeliveryStore(database), channels: world });
  try {
    // The worker's connection has the same services; the type asks for the client's.
    await ensureSearchAttributes(connection as unknown as Connection, namespace);
    const activities = createActivities({
      ...world,
      store,
      outbox,
      measurements,
    });
    const bundle = await workflowBundle();
    const stickyTimeout = settings.alone ? STICKY_ALONE : STICKY;
    const options = { connection, namespace, taskQueue, activities, bundle, stickyTimeout, version };
    const worker = await createWorker(options);
    stop.addEventListener('abort', () => worker.getState() === 'RUNNING' && worker.shutdown());
    const running = worker.run();
    ready();
    await running;
  } finally {
    await connection.close();
    await Promise.all([measurements.close(), outbox.close()]);
    await database.close();
  }
}

function temporalLogger(log: Logger) {
  const write = (level: string, message: string, meta?: object): void => {
    const child = { ...meta };
    if (level === 'ERROR') log.error(child, message);
    else if (level === 'WARN') log.warn(child, message);
    else if (level === 'INFO') log.info(child, message);
    else log.debug(child, message);
  };
  return {
    log: write,
    trace: (message: string, meta?: object) => write('TRACE', message, meta),
    debug: (message: string, meta?: object) => write('DEBUG', message, meta),
    info: (message: string, meta?: object) => write('INFO', message, meta),
    warn: (message: string, meta?: object) => write('WARN', message, meta),
    error: (message: string, meta?: object) => write('ERROR', message, meta),
  };
}
