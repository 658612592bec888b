import { readConfig } from '../config';
import { migrate } from '../prisma/migrate';
import { databaseUrlOf } from './database-of';
import type { Report } from './report';

/**
 * Brings the database that the environment gives, else the one of the data folder's stack, up to date, and with
 * LAUNCH_APP_PASSWORD lets the application's role log in. `chain`: see `MigrateOptions`. Returns the names of the migrations applied.
 * @throws StackError DATABASE_UNAVAILABLE where none is known, ConfigError, LedgerError
 */
export async function migrateDatabase(
  data: string,
  { report, chain }: { report: Report; chain?: boolean },
  env = process.env
): Promise<string[]> {
  const { appPassword } = readConfig(env);
  return await migrate(databaseUrlOf(data, env), { report, appPassword, chain });
}
