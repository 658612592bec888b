import { resolve } from 'node:path';
import { readConfig } from '../config';
import { CliError, EXIT } from './failure';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** What a process of production works with. */
export interface Services {
  address?: string;
  namespace: string;
  taskQueue: string;
  databaseUrl: string;
}

/**
 * What the environment gives, else what runs in the data folder; `why` a database is needed.
 * @throws CliError DATABASE_UNAVAILABLE, UNREACHABLE
 */
export async function servicesOf(data: string, why: string): Promise<Services> {
  const config = readConfig();
  const isGiven = config.temporalAddress !== undefined || config.temporalProfile !== undefined;
  const { readStack } = await import('../stack/stack-file.js');
  const stack = isGiven && config.databaseUrl ? undefined : readStack(resolve(data));
  const databaseUrl = config.databaseUrl ?? stack?.database.url;
  if (!databaseUrl) {
    const message = `No database is known: DATABASE_URL is not set and no stack runs in ${data}. ${why}.`;
    throw new CliError('DATABASE_UNAVAILABLE', message, { exit: EXIT.unreachable });
  }
  const { targetOf } = await import('./target.js');
  const { namespaceOf } = await import('../client/connection.js');
  const target = await targetOf(data);
  return { address: target.address, namespace: namespaceOf(target), taskQueue: target.taskQueue, databaseUrl };
}
