import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { APP_ROLE, connectionConfig, describeUrl } from './connection';
import { LedgerError } from './errors';
import { PrismaClient } from './generated/client';

/** Enough for a worker's writers, which queue per launch, few enough for ten workers on a small Postgres. */
const MAX_CONNECTIONS = 10;
/** An answer that takes longer than this is not coming: the connection is given up. */
const QUERY_TIMEOUT_MS = 30_000;
/** Behind another writer of the same launch, in this process or another. */
const LOCK_TIMEOUT_MS = 15_000;
/** A writer that lost its machine in mid-transaction holds the launch's lock no longer than this. */
const IDLE_IN_TRANSACTION_MS = 20_000;

export interface Database {
  client: PrismaClient;
  /** For messages: user, host and name, no password. */
  where: string;
  close(): Promise<void>;
}

/**
 * The database as the application sees it. Connects when first used, so a database that is down is no error here.
 *
 * Every connection acts as the role `launch_app`, whoever logs in: one DATABASE_URL serves to migrate and to work, on
 * the embedded Postgres, in a container and on a managed one, and there is no second password to keep. It is set when
 * the session starts, so that `RESET ROLE` does not lead out of it. Against a bug this protects the facts fully; against
 * whoever knows the URL only if that user owns no table: for that give the workers a login of their own
 * (`GRANT launch_app TO worker`) and keep the owner's for migrating.
 * A pooler between must keep sessions (PgBouncer: session mode, and pass `options` on). A connection that turns out not
 * to be the role, or a role that may change facts, is refused: nothing works rather than unprotected.
 */
export function openDatabase(databaseUrl: string): Database {
  const where = describeUrl(databaseUrl);
  const pool = new pg.Pool({
    ...connectionConfig(withAppRole(databaseUrl)),
    application_name: 'launch-director',
    max: MAX_CONNECTIONS,
    query_timeout: QUERY_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    // pg-pool waits for the promise; its types do not say so.
    onConnect: (connection): void => refuseUnprotected(connection, where) as unknown as void,
  });
  pool.on('error', () => {}); // an idle connection that breaks is replaced by the pool when next one is needed
  const client = new PrismaClient({ adapter: new PrismaPg(pool) });
  const close = async (): Promise<void> => {
    await client.$disconnect();
    if (!pool.ended) await pool.end();
  };
  return { client, where, close };
}

function withAppRole(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', `${given ? `${given} ` : ''}-c role=${APP_ROLE}`);
  return url.toString();
}

interface Rights {
  role: string;
  migrated: boolean;
  mayChange: boolean | null;
}

async function refuseUnprotected(connection: pg.ClientBase, where: string): Promise<void> {
  const { rows } = await connection.query<Rights>(`
    SELECT current_user AS role, fact IS NOT NULL AS migrated,
           has_table_privilege(fact, 'UPDATE') OR has_table_privilege(fact, 'DELETE') OR has_table_privilege(fact, 'TRUNCATE')
             AS "mayChange"
    FROM (SELECT to_regclass('public."Fact"') AS fact) AS found`);
  const problem = rows[0] ? problemOf(rows[0]) : 'it did not say who we are';
  if (problem) throw new LedgerError('DATABASE_NOT_READY', `${where}: ${problem}`);
}

function problemOf({ role, migrated, mayChange }: Rights): string | undefined {
  if (role !== APP_ROLE) {
    const fix = 'connect directly, or through a pooler that keeps sessions and passes `options` on';
    return `connected as ${role}, not as ${APP_ROLE} as was asked; ${fix}`;
  }
  if (!migrated) return 'there is no table Fact; migrate the database first';
  if (mayChange !== false) {
    return `${APP_ROLE} may change recorded facts; let an administrator run: REVOKE UPDATE, DELETE, TRUNCATE ON "Fact" FROM ${APP_ROLE};`;
  }
  return undefined;
}
