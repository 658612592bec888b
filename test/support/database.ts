import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../prisma/migrate';
import { startPostgresAlone } from '../../stack/postgres';

/** How a test finds the cluster, as its superuser: set by whoever started it, inherited by jest's workers. */
const URL_VARIABLE = 'LAUNCH_TEST_POSTGRES';
/** An ordinary user, as managed Postgres gives one: it may make databases and roles, and is no superuser. */
const OWNER = 'ledger_owner';
const PASSWORD = 'test';
const TEMPLATE = 'launch_migrated';

/** One cluster with a migrated template database; jest's `globalSetup` calls it, `stop` belongs in `globalTeardown`. */
export async function startTestPostgres(): Promise<{ stop(): Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), 'launch-test-postgres-'));
  const options = { folder: join(home, 'data'), logs: join(home, 'logs'), report: () => {}, disposable: true };
  const server = await startPostgresAlone(options);
  await query(server.url, `CREATE ROLE ${OWNER} LOGIN PASSWORD '${PASSWORD}' CREATEDB CREATEROLE`);
  await query(server.url, `CREATE DATABASE ${TEMPLATE} OWNER ${OWNER}`);
  await migrate(urlOf(server.url, TEMPLATE, OWNER));
  process.env[URL_VARIABLE] = server.url;
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return { stop };
}

export interface FreshDatabase {
  name: string;
  /** As the owner of the tables, who is no superuser. */
  url: string;
  /** Runs SQL as the cluster's superuser, in this database. */
  admin: <Row extends pg.QueryResultRow>(sql: string) => Promise<Row[]>;
  /** Makes a user of the cluster who may log in, with these attributes, and returns this database's URL for it. */
  newUser: (attributes?: string) => Promise<{ name: string; url: string }>;
}

/** A database of the test's own, in about 50 ms: migrated, or with `empty` as the server makes it. */
export async function freshDatabase(kind: 'migrated' | 'empty' = 'migrated'): Promise<FreshDatabase> {
  const cluster = process.env[URL_VARIABLE];
  if (!cluster) throw new Error(`${URL_VARIABLE} is not set: jest's globalSetup has to start Postgres for the tests`);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = kind === 'migrated' ? TEMPLATE : 'template1';
  await query(cluster, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${OWNER}`);
  const admin = <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => query<Row>(urlOf(cluster, name), sql);
  return {
    name,
    url: urlOf(cluster, name, OWNER),
    admin,
    newUser: async (attributes = '') => {
      const user = `user_${randomUUID().replaceAll('-', '')}`;
      await admin(`CREATE ROLE ${user} LOGIN PASSWORD '${PASSWORD}' ${attributes}`);
      return { name: user, url: urlOf(cluster, name, user) };
    },
  };
}

function urlOf(cluster: string, database: string, user?: string): string {
  const url = new URL(cluster);
  url.pathname = `/${database}`;
  if (user) [url.username, url.password] = [user, PASSWORD];
  return url.toString();
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
