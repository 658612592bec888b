import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ConfigError } from '../config';
import { isLate, isUnavailable, LaunchError, reasonOf } from './errors';

/** Long enough for a cluster on another continent, short enough for somebody who waits at a terminal. */
const CONNECT_WITHIN_MS = 5_000;
/** Of every single call, so that nothing waits for ever. */
export const CALL_WITHIN_MS = 10_000;
/** Only to find out whether the server answers at all. */
const PING_WITHIN_MS = 2_000;
/** Temporal's own. */
const DEFAULT_ADDRESS = 'localhost:7233';

/** Which Temporal to talk to. */
export interface Target {
  /** HOST:PORT; absent: what the environment and Temporal's own profiles say. */
  address?: string;
  /** Goes with `address`. */
  namespace?: string;
  taskQueue: string;
}

export interface Connected {
  client: Client;
  address: string;
  namespace: string;
  taskQueue: string;
  close(): Promise<void>;
}

/** The namespace that `connect` would use. @throws ConfigError */
export function namespaceOf(target: Target, env: NodeJS.ProcessEnv = process.env): string {
  return settings(target, env).namespace;
}

/** The server and namespace that `connect` would use. @throws ConfigError */
export function placeOf(target: Target, env: NodeJS.ProcessEnv = process.env): { address: string; namespace: string } {
  const { connection, namespace } = settings(target, env);
  return { address: connection.address ?? DEFAULT_ADDRESS, namespace };
}

function settings(target: Target, env: NodeJS.ProcessEnv) {
  if (target.address) return { connection: { address: target.address }, namespace: target.namespace ?? 'default' };
  const given = Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(given) });
    return { connection: connectionOptions, namespace: namespace ?? 'default' };
  } catch (error) {
    throw new ConfigError(
      `The settings for Temporal cannot be used: ${reasonOf(error)}. Correct the profile or TEMPORAL_* variables.`
    );
  }
}

/**
 * Connects within 5 s or says why not.
 * @throws LaunchError UNREACHABLE, ConfigError
 */
export async function connect(target: Target, env: NodeJS.ProcessEnv = process.env): Promise<Connected> {
  const { connection: options, namespace } = settings(target, env);
  const address = options.address ?? DEFAULT_ADDRESS;
  try {
    const connection = await Connection.connect({ ...options, connectTimeout: CONNECT_WITHIN_MS });
    return connectedBy(new Client({ connection, namespace }), { address, taskQueue: target.taskQueue });
  } catch (error) {
    throw unreachable(address, error);
  }
}

/** For whoever has a client already, like a test's environment. */
export function connectedBy(client: Client, { address, taskQueue }: { address: string; taskQueue: string }): Connected {
  const namespace = client.options.namespace;
  return { client, address, namespace, taskQueue, close: () => client.connection.close() };
}

function unreachable(address: string, error: unknown): LaunchError {
  const message = `Temporal at ${address} does not answer (${reasonOf(error)}). Start it with 'launch up', or correct TEMPORAL_ADDRESS. 'launch doctor' says more.`;
  return new LaunchError('UNREACHABLE', message, { address });
}

/**
 * Runs one call with a deadline.
 * @throws LaunchError UNREACHABLE where the server itself does not answer; else what the call throws
 */
export async function withDeadline<T>(connected: Connected, work: () => Promise<T>, ms = CALL_WITHIN_MS): Promise<T> {
  try {
    return await connected.client.connection.withDeadline(Date.now() + ms, work);
  } catch (error) {
    if (isUnavailable(error) || (isLate(error) && !(await answers(connected)))) {
      throw unreachable(connected.address, error);
    }
    throw error;
  }
}

async function answers({ client }: Connected): Promise<boolean> {
  try {
    await client.connection.withDeadline(Date.now() + PING_WITHIN_MS, () => client.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}
