import { resolve } from 'node:path';
import { readConfig } from '../config';
import { openDatabase } from '../prisma/database';
import { createDeliveryStore, type StoredDelivery } from '../prisma/deliveries';
import { StackError } from './errors';
import { readStack } from './stack-file';

export type { StoredDelivery };

/**
 * The outbox of the database that the environment gives, else of the data folder's stack; the newest first.
 * @throws StackError DATABASE_UNAVAILABLE where none is known, ConfigError, LedgerError
 */
export async function readOutbox(
  data: string,
  page: { launch?: string; limit?: number },
  env = process.env
): Promise<StoredDelivery[]> {
  const url = readConfig(env).databaseUrl ?? readStack(resolve(data))?.database.url;
  if (!url) {
    const message = `No database is known: DATABASE_URL is not set and no stack runs in ${data}. Set it, or start one with 'launch up'.`;
    throw new StackError('DATABASE_UNAVAILABLE', message);
  }
  const database = openDatabase(url);
  try {
    return await createDeliveryStore(database).list(page);
  } finally {
    await database.close();
  }
}
