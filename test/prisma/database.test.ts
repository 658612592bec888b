import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { migrate } from '../../prisma/migrate';
import { openDatabase } from '../../prisma/database';
import type { Database } from '../../prisma/database';
import { createStore } from '../../prisma/store';
import { freshDatabase } from '../support/database';
import type { FreshDatabase } from '../support/database';

const opened: Database[] = [];
afterEach(() => Promise.all(opened.splice(0).map((database) => database.close())));

function open(url: string): Database {
  const database = openDatabase(url);
  opened.push(database);
  return database;
}

const batch = {
  launch: 'storefront-2',
  workflow: { id: 'launch:storefront-2', firstRunId: 'run' },
  facts: [{ seq: 0, at: 0, type: 'noted', body: {} }],
  row: { kind: 'item' as const, id: 'I', itemKind: 'task' as const, title: 'I', status: 'open', owners: [] },
  rowSeq: 0,
};

let shared: Database;
beforeAll(async () => {
  shared = openDatabase((await freshDatabase()).url);
  await createStore(shared).recordFacts(batch);
});
afterAll(() => shared.close());

async function databaseWithAFact(): Promise<{ fresh: FreshDatabase; database: Database }> {
  const fresh = await freshDatabase();
  const database = open(fresh.url);
  await createStore(database).recordFacts(batch);
  return { fresh, database };
}

test.each([
  `UPDATE "Fact" SET "type" = 'other'`,
  `UPDATE "Fact" SET "body" = "body"`,
  `UPDATE "Fact" SET "number" = "number" + 1`,
  `UPDATE "Fact" SET "previous" = '', "hash" = ''`,
  `INSERT INTO "Fact" SELECT * FROM "Fact" ON CONFLICT ("launchId", "number") DO UPDATE SET "hash" = ''`,
  `SELECT 1 FROM "Fact" FOR UPDATE`,
  `DELETE FROM "Fact"`,
  `TRUNCATE "Fact"`,
  `DROP TABLE "Fact"`,
  `ALTER TABLE "Fact" ADD COLUMN "more" INT`,
  `INSERT INTO "Fact" SELECT * FROM "Fact" ON CONFLICT ("position") DO UPDATE SET "type" = 'other'`,
  `CREATE TRIGGER silence BEFORE INSERT ON "Fact" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  `SELECT setval('"Fact_position_seq"', 1)`,
  `UPDATE "Measurement" SET "outcome" = 'passed'`,
  `TRUNCATE "Measurement"`,
  `DELETE FROM "Launch"`,
  `TRUNCATE "Launch" CASCADE`,
  `UPDATE "_prisma_migrations" SET "checksum" = ''`,
  `CREATE TABLE "Mine" (id INT)`,
])('the application may not: %s', async (sql) => {
  await expect(shared.client.$executeRawUnsafe(sql)).rejects.toThrow(/must be owner|permission denied/);
});

test('RESET ROLE does not lead out of the role', async () => {
  const role = shared.client.$transaction(async (tx) => {
    await tx.$executeRawUnsafe('RESET ROLE');
    return tx.$queryRawUnsafe('SELECT current_user::text AS role');
  });
  expect(await role).toEqual([{ role: 'launch_app' }]);
});

test('a login of its own, which owns nothing, can work and cannot leave the role for the owner', async () => {
  const fresh = await freshDatabase();
  const worker = await fresh.newUser();
  await fresh.admin(`GRANT launch_app TO ${worker.name}`);
  const database = open(worker.url);
  await expect(createStore(database).recordFacts(batch)).resolves.toMatchObject({ position: '2', head: { number: 2 } });
  const attempt = database.client
    .$executeRawUnsafe('SET ROLE NONE')
    .then(() => database.client.$executeRawUnsafe('DELETE FROM "Fact"'));
  await expect(attempt).rejects.toThrow('permission denied');
});

test('a user who may not act as the role is refused, and told so', async () => {
  const stranger = await (await freshDatabase()).newUser();
  const attempt = createStore(open(stranger.url)).launches();
  await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });
  await expect(attempt).rejects.toThrow('permission denied to set role "launch_app"');
});

test('a database that was not migrated is refused, and told so', async () => {
  const attempt = createStore(open((await freshDatabase('empty')).url)).launches();
  await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });
  await expect(attempt).rejects.toThrow('there is no table Fact; migrate the database first');
});

test('a role that may change facts is refused, and told how to mend it', async () => {
  const fresh = await freshDatabase();
  await fresh.admin('GRANT DELETE ON "Fact" TO launch_app');
  const attempt = createStore(open(fresh.url)).recordFacts(batch);
  await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });
  await expect(attempt).rejects.toThrow('REVOKE UPDATE, DELETE, TRUNCATE ON "Fact" FROM launch_app');
});

/** Between client and server, like a pooler that drops our start-up option. */
async function optionsIgnored(databaseUrl: string): Promise<{ url: string; stop(): void }> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const proxy = createServer((client) => {
    const server = connect(target);
    client.once('data', (startup) => {
      // Of the same length, since the packet begins with its length.
      const without = startup.toString('latin1').replace('-c role=launch_app', '-c geqo=on        ');
      server.write(Buffer.from(without, 'latin1'));
      client.pipe(server).pipe(client);
    });
    for (const socket of [client, server]) socket.on('error', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  url.port = String((proxy.address() as AddressInfo).port);
  return { url: url.toString(), stop: () => proxy.close() };
}

test('a connection that does not take on the role, as behind some poolers, is refused', async () => {
  const pooler = await optionsIgnored((await freshDatabase()).url);
  const attempt = createStore(open(pooler.url)).recordFacts(batch);
  await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });
  await expect(attempt).rejects.toThrow('connected as ledger_owner, not as launch_app as was asked; connect directly');
  pooler.stop();
});

test('a restored copy whose user has lost the role is mended by migrating again', async () => {
  const fresh = await freshDatabase();
  const restorer = await fresh.newUser('CREATEROLE');
  await fresh.admin(`
    GRANT launch_app TO ${restorer.name} WITH ADMIN OPTION, SET FALSE;
    ALTER DATABASE ${fresh.name} OWNER TO ${restorer.name};
    ALTER TABLE "_prisma_migrations" OWNER TO ${restorer.name}`);
  await expect(createStore(open(restorer.url)).launches()).rejects.toThrow('permission denied to set role');
  await migrate(restorer.url);
  await expect(createStore(open(restorer.url)).launches()).resolves.toEqual([]);
});

test('a broken connection is reported as such, and the next use works again', async () => {
  const { fresh, database } = await databaseWithAFact();
  const store = createStore(database);
  await fresh.admin(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${fresh.name}' AND pid <> pg_backend_pid()`
  );
  const results = await Promise.allSettled([store.launches(), store.items('storefront-2')]);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  }
  await expect(store.items('storefront-2')).resolves.toHaveLength(1);
});

test('of many writers waiting for one launch only the first finds out that the database is down', async () => {
  let connections = 0;
  const dead = createServer((socket) => {
    connections++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(dead, 'listening');
  const store = createStore(open(`postgresql://ana@127.0.0.1:${(dead.address() as AddressInfo).port}/ledger`));
  const attempts = await Promise.allSettled(Array.from({ length: 50 }, () => store.recordFacts(batch)));
  const unreachable = {
    status: 'rejected',
    reason: expect.objectContaining({ code: 'DATABASE_UNREACHABLE' }) as unknown,
  };
  expect(attempts).toEqual(attempts.map(() => unreachable));
  expect(connections).toBe(1);
  await expect(store.recordFacts(batch)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  expect(connections).toBe(2);
  dead.close();
});

test('closing leaves no connection behind', async () => {
  const { fresh, database } = await databaseWithAFact();
  await database.close();
  const rows = await fresh.admin<{ pid: number } & pg.QueryResultRow>(
    `SELECT pid FROM pg_stat_activity WHERE datname = '${fresh.name}' AND application_name = 'launch-director'`
  );
  expect(rows).toEqual([]);
});
