import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DiagnoseMigrationHistoryOutput, MigrationList } from '@prisma/schema-engine-wasm';
import type pg from 'pg';
import { letAppLogIn } from './app-login';
import { chainOld, unchained } from './chain-old';
import { APP_ROLE, describeUrl, withClient } from './connection';
import { LedgerError, toLedgerError } from './errors';
import { withSchemaEngine } from './schema-engine';
import { unescapeText } from './text';

/** Any number, the same in every version: who holds it is migrating. */
const MIGRATION_LOCK = 5_064_217_731;
/** How long one process waits for another one's migration. */
const LOCK_TIMEOUT = '120s';

/** The one that brought the chains. */
const CHAIN_MIGRATION = '20261128000000_ledger_chain';

/** Launches that a line names. */
const SHOWN = 5;

const NO_FILTERS = { externalTables: [], externalEnums: [] };

export interface MigrateOptions {
  /** Told one line for each thing done; nothing when there is nothing to do. */
  report?: (line: string) => void;
  /** A folder in Prisma's format; the application's own by default. */
  migrations?: string;
  /** With which the application's role may log in from now on; absent: as it was. */
  appPassword?: string;
  /** Chains also what has come to stand outside of the chains since they were begun; see `chainAll`. */
  chain?: boolean;
}

/**
 * Brings the database at `databaseUrl` up to date, chains what older versions have written, and makes sure that its user may act as the application's role.
 * Idempotent; of several processes at once one migrates and the others wait for it. Returns the names applied.
 *
 * The user must own the database's tables and be able to make roles, or an administrator has made `launch_app` before.
 * Throws `LedgerError`: `DATABASE_UNREACHABLE`, `DATABASE_NOT_READY`, `MIGRATION_REFUSED`.
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const list = readMigrations(options.migrations ?? migrationsFolder());
  return withClient(databaseUrl, async (lock) => {
    await takeLock(lock, describeUrl(databaseUrl));
    await ensureAppRole(lock);
    const applied = await applyMigrations(databaseUrl, list);
    for (const name of applied) options.report?.(`Database migrated: ${name}`);
    // For `launch doctor`, whoever logs in.
    await lock.query(`GRANT SELECT ON "_prisma_migrations" TO ${APP_ROLE}`);
    if (options.appPassword !== undefined) await letAppLogIn(lock, options.appPassword);
    if (await hasChain(lock)) await chainAll(lock, options, applied.includes(CHAIN_MIGRATION));
    return applied;
  });
}

/**
 * What was there before there were chains is chained with the migration that brings them. What is found outside of them
 * later may be a worker's of an older version, or anybody's who can insert: that is for a person to say.
 */
async function chainAll(client: pg.Client, { report, chain }: MigrateOptions, isNew: boolean): Promise<void> {
  const launches = await unchained(client);
  if (launches.length === 0) return;
  if (isNew || chain) {
    report?.(`Ledger chained: ${await chainOld(client, launches)} facts of ${launches.length} launches`);
  } else {
    const more = launches.length > SHOWN ? ` and ${launches.length - SHOWN} more` : '';
    const named = launches.slice(0, SHOWN).map(unescapeText).join(', ');
    const hint = "'launch ledger verify' says which; if an older version wrote them, launch migrate --chain";
    report?.(`Launches with facts outside of their chain: ${named}${more}. ${hint}`);
  }
}

/** Not in a database whose migrations are somebody else's. */
async function hasChain(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = 'Fact' AND column_name = 'number'`
  );
  return rows.length > 0;
}

/** Beside this file in the sources; compiled, this file is in `dist/prisma` and the folder stays where it was. */
export function migrationsFolder(): string {
  const candidates = [join(__dirname, 'migrations'), resolve(__dirname, '../../prisma/migrations')];
  const found = candidates.find((folder) => existsSync(folder));
  if (found) return found;
  throw new LedgerError(
    'MIGRATION_REFUSED',
    `No migrations in ${candidates.join(' or ')}; is the installation complete?`
  );
}

function readMigrations(baseDir: string): MigrationList {
  const names = readdirSync(baseDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const lockfile = join(baseDir, 'migration_lock.toml');
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: existsSync(lockfile) ? readFileSync(lockfile, 'utf8') : null },
    shadowDbInitScript: '',
    migrationDirectories: names
      .map(({ name }) => ({ path: name, migrationFile: { path: 'migration.sql', content: readScript(baseDir, name) } }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

function readScript(baseDir: string, name: string): { tag: 'ok'; value: string } | { tag: 'error'; value: string } {
  try {
    return { tag: 'ok', value: readFileSync(join(baseDir, name, 'migration.sql'), 'utf8') };
  } catch (error) {
    return { tag: 'error', value: String(error) };
  }
}

/** Held by the session, so that it goes with the process, however that ends. */
async function takeLock(client: pg.Client, where: string): Promise<void> {
  try {
    await client.query(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error;
    const found = `another process has been migrating ${where} for ${LOCK_TIMEOUT}`;
    throw new LedgerError('DATABASE_UNREACHABLE', `${found}; wait for it or end it, then try again`, { cause: error });
  }
}

/**
 * The role is made here and not only in the migrations because being allowed to take it on is a property of the user
 * and of the cluster: a restored copy of the database has the tables but may lack both.
 */
async function ensureAppRole(client: pg.Client): Promise<void> {
  try {
    await client.query(`DO $$
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_ROLE}') THEN CREATE ROLE ${APP_ROLE} NOLOGIN; END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END $$`);
    // Whoever makes a role may grant it to himself, but since Postgres 16 may not take it on before he has.
    await client.query(`DO $$
      BEGIN
        EXECUTE 'SET LOCAL ROLE ${APP_ROLE}';
        EXECUTE 'RESET ROLE';
      EXCEPTION WHEN insufficient_privilege THEN EXECUTE format('GRANT ${APP_ROLE} TO %I', session_user);
      END $$`);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new LedgerError('DATABASE_NOT_READY', await missingRole(client), { cause: error });
  }
}

async function missingRole(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ me: string }>('SELECT quote_ident(session_user) AS me');
  const commands = `CREATE ROLE ${APP_ROLE} NOLOGIN; (if there is none) and GRANT ${APP_ROLE} TO ${rows[0]?.me};`;
  const why = `facts are written by the role ${APP_ROLE}, which cannot change them`;
  return `${rows[0]?.me} may neither make nor take on the role ${APP_ROLE} (${why}); let an administrator run: ${commands}`;
}

async function applyMigrations(databaseUrl: string, migrationsList: MigrationList): Promise<string[]> {
  const where = describeUrl(databaseUrl);
  try {
    return await withSchemaEngine(databaseUrl, async (engine) => {
      const history = { migrationsList, optInToShadowDatabase: false, filters: NO_FILTERS };
      const problem = problemOf(await engine.diagnoseMigrationHistory(history));
      if (problem) throw new LedgerError('MIGRATION_REFUSED', `${where}: ${problem}`);
      return (await engine.applyMigrations({ migrationsList, filters: NO_FILTERS })).appliedMigrationNames;
    });
  } catch (error) {
    const sorted = toLedgerError(error, 'A migration', where);
    if (sorted.code === 'DATABASE_UNREACHABLE' || sorted.code === 'MIGRATION_REFUSED') throw sorted;
    throw new LedgerError('MIGRATION_REFUSED', shorten(sorted.message), { cause: error });
  }
}

/** The engine adds where in its own sources it was; of that only the migration's name is of use. */
function shorten(message: string): string {
  const name = /migration_name="([^"]+)"/.exec(message)?.[1];
  const [text = message] = message.split(/\n\s*0: /);
  return name ? text.replace('A migration', `The migration ${name}`) : text;
}

/** Why no migration may run on this history; nothing when it is ours, complete or behind. */
function problemOf(found: DiagnoseMigrationHistoryOutput): string | undefined {
  if (found.failedMigrationNames.length > 0) {
    const names = found.failedMigrationNames.join(', ');
    return `the migration ${names} failed half-way; repair what it left, then \`prisma migrate resolve\` says how it ended`;
  }
  if (found.editedMigrationNames.length > 0) {
    const names = found.editedMigrationNames.join(', ');
    return `the migration ${names} was edited after it had been applied; restore the file, and put the change in a new one`;
  }
  if (found.history && found.history.diagnostic !== 'databaseIsBehind') {
    const names = found.history.unpersistedMigrationNames.join(', ');
    return `it has migrations that this version does not know (${names}); use the version that made them, or a newer one`;
  }
  return undefined;
}
