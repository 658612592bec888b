import { resolve } from 'node:path';
import { readConfig } from '../config';
import type { Connected, Target } from '../client/connection';
import type { Launches } from '../client/launches';
import { LaunchError } from '../client/errors';
import { nearest } from '../plan/nearest';
import { CliError, EXIT } from './failure';

/** Launches named in an error at most. */
const MOST_NAMED = 10;

/** A connection to whatever the environment or the data folder's stack says, for the length of one command. */
export interface Session {
  launches: Launches;
  connected: Connected;
}

/** Where Temporal is: given by the environment, else the stack that runs in the data folder. */
export async function targetOf(data: string, env: NodeJS.ProcessEnv = process.env): Promise<Target> {
  const config = readConfig(env);
  if (config.temporalAddress || config.temporalProfile) return { taskQueue: config.taskQueue };
  const { readStack } = await import('../stack/stack-file.js');
  const stack = readStack(resolve(data));
  if (!stack) {
    const message = `No stack runs in ${data}, and TEMPORAL_ADDRESS is not set. Start one with 'launch up', or say where it is with --data DIR.`;
    throw new CliError('UNREACHABLE', message, { exit: EXIT.unreachable });
  }
  const { address, namespace } = stack.temporal;
  return { address, namespace, taskQueue: stack.worker.taskQueue };
}

/** Where there is no such launch: which one may have been meant, or what runs. Other errors as they are. */
export async function withNearest(error: unknown, running: () => Promise<string[]>): Promise<unknown> {
  const named = error instanceof LaunchError && /^there is no launch '(.*)'$/s.exec(error.message)?.[1];
  if (typeof named !== 'string') return error;
  const ids = await running().catch((): string[] => []);
  const near = nearest(named, ids);
  // By name: two that were started in one moment have no order that Temporal and the ledger would agree on.
  const names = ids.slice(0, MOST_NAMED).sort();
  const list = names.length > 0 ? `running: ${names.join(', ')}` : 'none is running';
  return new CliError('NOT_FOUND', `there is no launch '${named}'; ${near ? `did you mean '${near}'?` : list}`);
}

/** Connects, works, and closes the connection whatever happens. */
export async function withSession<T>(data: string, work: (session: Session) => Promise<T>): Promise<T> {
  const target = await targetOf(data);
  const [{ connect }, { createLaunches }] = await Promise.all([
    import('../client/connection.js'),
    import('../client/launches.js'),
  ]);
  const connected = await connect(target);
  const launches = createLaunches(connected);
  try {
    return await work({ connected, launches });
  } catch (error) {
    throw await withNearest(error, async () => (await launches.list()).map(({ id }) => id));
  } finally {
    await connected.close();
  }
}
