import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, migrationsFolder } from '../../prisma/migrate';
import { withSchemaEngine } from '../../prisma/schema-engine';
import { freshDatabase } from '../support/database';
import type { FreshDatabase } from '../support/database';

const INIT = '20261123000000_init';
const ALL = [
  INIT,
  '20261124000000_measurements',
  '20261125000000_deliveries',
  '20261127000000_passed_on',
  '20261128000000_ledger_chain',
  '20261130000000_tokens',
  '20261202000000_messages_of_a_launch',
];

const copies: string[] = [];
afterAll(() => copies.forEach((copy) => rmSync(copy, { recursive: true })));

function copyOfMigrations(): string {
  const home = mkdtempSync(join(tmpdir(), 'launch-migrations-'));
  copies.push(home);
  const folder = join(home, 'migrations');
  cpSync(migrationsFolder(), folder, { recursive: true });
  return folder;
}

test('a second migration does nothing, and only the first says that it did something', async () => {
  const { url } = await freshDatabase('empty');
  const lines: string[] = [];
  expect(await migrate(url, { report: (line) => lines.push(line) })).toEqual(ALL);
  expect(await migrate(url, { report: (line) => lines.push(line) })).toEqual([]);
  expect(lines).toEqual(ALL.map((name) => `Database migrated: ${name}`));
});

test('of four processes at once one migrates, and all succeed', async () => {
  const { url } = await freshDatabase('empty');
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(url)));
  expect(applied.flat()).toEqual(ALL);
});

test('several databases of one cluster can be migrated at once by a user who has never been in the role', async () => {
  const databases = await Promise.all([1, 2, 3, 4].map(() => freshDatabase('empty')));
  const newcomer = await databases[0]!.newUser('CREATEROLE');
  await databases[0]!.admin(`GRANT launch_app TO ${newcomer.name} WITH ADMIN OPTION, SET FALSE`);
  const urls = databases.map(({ name }) => newcomer.url.replace(databases[0]!.name, name));
  for (const { admin, name } of databases) await admin(`ALTER DATABASE ${name} OWNER TO ${newcomer.name}`);
  const applied = await Promise.all(urls.map((url) => migrate(url)));
  expect(applied).toEqual(databases.map(() => ALL));
});

test('refuses when an applied migration was edited', async () => {
  const { url } = await freshDatabase();
  const migrations = copyOfMigrations();
  appendFileSync(join(migrations, INIT, 'migration.sql'), '\n-- changed\n');
  const attempt = migrate(url, { migrations });
  await expect(attempt).rejects.toMatchObject({ code: 'MIGRATION_REFUSED' });
  await expect(attempt).rejects.toThrow(`the migration ${INIT} was edited after it had been applied`);
});

test('refuses a database that a newer version has migrated', async () => {
  const { url } = await freshDatabase('empty');
  const newer = copyOfMigrations();
  mkdirSync(join(newer, '29990101000000_later'));
  writeFileSync(join(newer, '29990101000000_later', 'migration.sql'), 'CREATE TABLE "Later" (id INT PRIMARY KEY);');
  await migrate(url, { migrations: newer });
  await expect(migrate(url)).rejects.toThrow('migrations that this version does not know (29990101000000_later)');
});

test('names a migration that fails, why, and refuses to go on from there', async () => {
  const { url } = await freshDatabase();
  const broken = copyOfMigrations();
  mkdirSync(join(broken, '29990101000000_broken'));
  writeFileSync(join(broken, '29990101000000_broken', 'migration.sql'), 'CREATE TABLE "Fact" (id INT PRIMARY KEY);');
  const first = migrate(url, { migrations: broken });
  await expect(first).rejects.toMatchObject({ code: 'MIGRATION_REFUSED' });
  await expect(first).rejects.toThrow(/29990101000000_broken[^]*relation "Fact" already exists/);
  await expect(migrate(url, { migrations: broken })).rejects.toThrow('29990101000000_broken failed half-way');
});

test('says which database it cannot reach, without the password', async () => {
  const attempt = migrate('postgresql://ana:secret@127.0.0.1:1/ledger');
  await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  await expect(attempt).rejects.toThrow('ana@127.0.0.1:1/ledger');
  await expect(attempt).rejects.not.toThrow('secret');
});

test.each([
  ['ledger', 'expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE'],
  ['mysql://ana:secret@h/ledger', 'expected postgresql://'],
  ['postgresql://h/ledger?schema=other', "schema is 'other', only 'public' is used"],
])('refuses the URL %s', async (url, message) => {
  await expect(migrate(url)).rejects.toThrow(message);
  await expect(migrate(url)).rejects.not.toThrow('secret');
});

test('a user who may not make the role is told what an administrator has to run', async () => {
  const nobody = await (await freshDatabase('empty')).newUser();
  const attempt = migrate(nobody.url);
  await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });
  await expect(attempt).rejects.toThrow(`GRANT launch_app TO ${nobody.name};`);
});

/** Columns, indices and constraints as Postgres itself describes them. */
async function catalogue({ admin }: FreshDatabase): Promise<string[]> {
  const rows = await admin<{ line: string }>(`
    SELECT format('%s.%s %s %s %s', table_name, column_name, udt_name || coalesce(datetime_precision::text, ''), is_nullable, column_default)
      AS line FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
    UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
    UNION SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('public._prisma_migrations'), 0)
    ORDER BY line`);
  return rows.map((row) => row.line);
}

test('schema.prisma and the migrations build the same tables', async () => {
  const [migrated, built] = [await freshDatabase(), await freshDatabase('empty')];
  const path = join(migrationsFolder(), '../schema.prisma');
  const files = [{ path, content: readFileSync(path, 'utf8') }];
  const target = { tag: 'schemaDatamodel' as const, files };
  const filters = { externalTables: [], externalEnums: [] };
  const params = { from: { tag: 'empty' as const }, to: target, script: true, exitCode: null, filters };
  const { stdout } = await withSchemaEngine(built.url, (engine) => engine.diff(params));
  await built.admin(stdout ?? '');
  const expected = await catalogue(built);
  expect(expected.length).toBeGreaterThan(30);
  expect(await catalogue(migrated)).toEqual(expected);
});
