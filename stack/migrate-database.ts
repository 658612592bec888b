import { ConfigError, readConfig } from '../config';
import { migrate } from '../prisma/migrate';
import type { Report } from './report';

/**
 * Brings the database that DATABASE_URL names up to date, and says what it did.
 * @throws ConfigError without one; LedgerError when the database cannot be migrated
 */
export async function migrateDatabase(report: Report, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { databaseUrl } = readConfig(env);
  if (!databaseUrl) {
    throw new ConfigError(
      'DATABASE_URL is not set. Set it to the database to migrate; the embedded one is migrated by launch up.'
    );
  }
  const applied = await migrate(databaseUrl, { report });
  if (applied.length === 0) report('The database is up to date');
}
