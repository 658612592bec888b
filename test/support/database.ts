import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../prisma/migrate';
import { startCluster } from './postgres-cluster';

/** How a test finds the cluster: set by whoever started it, inherited by jest's workers. */
const PORT_VARIABLE = 'LAUNCH_TEST_POSTGRES_PORT';
/** An ordinary user, as managed Postgres gives one: it may make databases and roles, and is no superuser. */
const OWNER = 'ledger_owner';
const TEMPLATE = 'launch_migrated';

const url = (port: string, database: string, user: string): string =>
  `postgresql://${user}@127.0.0.1:${port}/${database}`;

let started: Promise<string> | undefined;

/** One cluster with a migrated template database; jest's `globalSetup` calls it, `stop` belongs in `globalTeardown`. */
export async function startTestPostgres(): Promise<{ stop(): Promise<void> }> {
  const cluster = await startCluster();
  const port = String(cluster.port);
  await query(port, `CREATE ROLE ${OWNER} LOGIN CREATEDB CREATEROLE`);
  await query(port, `CREATE DATABASE ${TEMPLATE} OWNER ${OWNER}`);
  await migrate(url(port, TEMPLATE, OWNER));
  process.env[PORT_VARIABLE] = port;
  return { stop: () => cluster.stop() };
}

export interface FreshDatabase {
  /** As the owner of the tables, who is no superuser. */
  url: string;
  /** Runs SQL as the cluster's superuser, in this database. */
  admin<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  /** The same database for another user of the cluster. */
  urlFor(user: string): string;
}

/** A database of the test's own, in about 50 ms: migrated, or with `empty` as the server makes it. */
export async function freshDatabase(kind: 'migrated' | 'empty' = 'migrated'): Promise<FreshDatabase> {
  const port = await clusterPort();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = kind === 'migrated' ? TEMPLATE : 'template1';
  await query(port, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${OWNER}`);
  return {
    url: url(port, name, OWNER),
    admin: (sql) => query(port, sql, name),
    urlFor: (user) => url(port, name, user),
  };
}

/** Without a `globalSetup` each test file has a cluster of its own; it ends with the process. */
async function clusterPort(): Promise<string> {
  const port = process.env[PORT_VARIABLE];
  if (port) return port;
  started ??= startTestPostgres().then(() => process.env[PORT_VARIABLE] ?? '');
  return started;
}

async function query<Row extends pg.QueryResultRow>(port: string, sql: string, database = 'postgres'): Promise<Row[]> {
  const client = new pg.Client(url(port, database, 'postgres'));
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
