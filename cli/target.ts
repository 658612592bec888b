import { resolve } from 'node:path';
import { readConfig } from '../config';
import type { Connected, Target } from '../client/connection';
import type { Launches } from '../client/launches';
import { CliError, EXIT } from './failure';

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

/** Connects, works, and closes the connection whatever happens. */
export async function withSession<T>(data: string, work: (session: Session) => Promise<T>): Promise<T> {
  const target = await targetOf(data);
  const [{ connect }, { createLaunches }] = await Promise.all([
    import('../client/connection.js'),
    import('../client/launches.js'),
  ]);
  const connected = await connect(target);
  try {
    return await work({ connected, launches: createLaunches(connected) });
  } finally {
    await connected.close();
  }
}
