import { resolve } from 'node:path';
import { readConfig } from '../config';
import { migrate } from '../prisma/migrate';
import { StackError } from './errors';
import type { Report } from './report';
import { readStack } from './stack-file';

/**
 * Brings the database that the environment gives, else the one of the data folder's stack, up to date. Returns the
 * names of the migrations applied.
 * @throws StackError DATABASE_UNAVAILABLE where none is known, ConfigError, LedgerError
 */
export async function migrateDatabase(data: string, report: Report, env = process.env): Promise<string[]> {
  const url = readConfig(env).databaseUrl ?? readStack(resolve(data))?.database.url;
  if (url) return await migrate(url, { report });
  throw new StackError(
    'DATABASE_UNAVAILABLE',
    `No database is known: DATABASE_URL is not set and no stack runs in ${data}. Set it, or start one with 'launch up'.`
  );
}
