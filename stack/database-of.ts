import { resolve } from 'node:path';
import { readConfig } from '../config';
import { openDatabase, type Database } from '../prisma/database';
import { StackError } from './errors';
import { readStack } from './stack-file';

/** Where the database is that the environment gives, else that of the data folder's stack. @throws StackError, ConfigError */
export function databaseUrlOf(data: string, env: NodeJS.ProcessEnv): string {
  const url = readConfig(env).databaseUrl ?? readStack(resolve(data))?.database.url;
  if (url) return url;
  const message = `No database is known: DATABASE_URL is not set and no stack runs in ${data}. Set it, or start one with 'launch up'.`;
  throw new StackError('DATABASE_UNAVAILABLE', message);
}

/**
 * Opens that database, works, and closes it whatever happens.
 * @throws StackError DATABASE_UNAVAILABLE where none is known, ConfigError, LedgerError
 */
export async function withDatabase<T>(
  data: string,
  work: (database: Database) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env
): Promise<T> {
  const database = openDatabase(databaseUrlOf(data, env));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
