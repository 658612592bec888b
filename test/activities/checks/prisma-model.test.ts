import { mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCheck } from '../../../activities/checks/registry';
import { AT_ONCE } from '../../../activities/checks/turns';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json, ProbeCheck } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { freshDatabase, type FreshDatabase } from '../../support/database';
import { until } from '../../support/until';

const MB = 1_048_576;
const REPOSITORY = path.join(__dirname, '../../..');

const HEAD = `
datasource db {
  provider = "postgresql"
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["fullTextSearchPostgres"]
}
`;
const MODELS = `
/// model Ghost { id Int @id }
model DashboardFact {
  id        String    @id @default(cuid())
  kind      FactKind  @default(COUNT)
  value     Decimal   @db.Decimal(12, 2)
  note      String?   @map("note_text") // a comment, "Int"
  tags      String[]
  data      Json
  createdAt DateTime  @default(now()) @map("created_at")
  owner     Person    @relation(fields: [ownerId], references: [id])
  ownerId   Int       @map("owner_id")

  @@index([kind, createdAt])
  @@map("dashboard_facts")
}
enum FactKind {
  COUNT
  SHARE
}
`;
const PERSON = `
model Person {
  id    Int             @id @default(autoincrement())
  facts DashboardFact[]
}
`;
const COLUMNS = `"id" TEXT NOT NULL, "kind" TEXT, "value" DECIMAL(12,2), "note_text" TEXT, "tags" TEXT[], "data" JSONB,
  "created_at" TIMESTAMP(3), "owner_id" INTEGER`;
const CREATE = `-- CreateTable\nCREATE TABLE "dashboard_facts" (\n  ${COLUMNS},\n  CONSTRAINT "p" PRIMARY KEY ("id")\n);\n`;

const FILES: { [name: string]: string } = {
  'prisma/schema.prisma': HEAD + MODELS + PERSON,
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"',
  'prisma/migrations/20260101_init/migration.sql': 'CREATE TABLE "Person" ("id" SERIAL NOT NULL);',
  'prisma/migrations/20260201_facts/migration.sql': CREATE,
  'former/schema.prisma': `${HEAD.replace('"postgresql"', '"postgresql"\n  url = env("DATABASE_URL")\n  directUrl="x"')}${MODELS}${PERSON}`,
  'several/schema/main.prisma': HEAD,
  'several/schema/models/facts.prisma': MODELS,
  'several/schema/models/person.prisma': PERSON,
  'several/schema/README.md': 'model DashboardFact {',
  'several/migrations/1/migration.sql': CREATE,
  'broken/schema.prisma': `${HEAD}model DashboardFact {\n  id Int @id\n  owner Nobody\n}\n`,
  'cut/schema.prisma': `${HEAD}model DashboardFact {\n  id Int @id`,
  'empty/schema.prisma': '',
  'empty-folder/README.md': '',
  'other/schema.prisma': '# Not a schema\n',
};

let outside: string;
let root: string;
let made: FreshDatabase;

beforeAll(async () => {
  outside = mkdtempSync(path.join(tmpdir(), 'prisma-check-'));
  root = path.join(outside, 'root');
  await Promise.all(Object.entries(FILES).map(([name, content]) => write(name, content)));
  await write('../secret.prisma', HEAD + MODELS + PERSON);
  await mkdir(path.join(root, 'links'));
  await symlink('../../secret.prisma', path.join(root, 'links/schema.prisma'));
  await symlink('../..', path.join(root, 'links/up'));
  made = await freshDatabase('empty');
  await made.admin(`CREATE TABLE dashboard_facts (${COLUMNS}); GRANT SELECT ON dashboard_facts TO PUBLIC`);
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

async function write(name: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, name)), { recursive: true });
  await writeFile(path.join(root, name), content);
}

interface Asked {
  signal?: AbortSignal;
  folder?: string;
  databases?: { [name: string]: { url: string } };
}

function run(check: { [key: string]: Json }, asked: Asked = {}): Promise<CheckResult> {
  const { signal = AbortSignal.timeout(20_000), folder = root, databases = { shop: { url: made.url } } } = asked;
  return runCheck({ type: 'prisma-model', model: 'DashboardFact', ...check } as ProbeCheck, {
    signal,
    access: localAccess(folder, { databases }),
    env: () => undefined,
    now: Date.now,
  });
}

/** The outcome and what was seen of a model whose migrations are these. */
async function migrated(...scripts: string[]): Promise<string> {
  const folder = path.join('tried', String(tried++));
  await write(path.join(folder, 'README.md'), '');
  for (const [at, sql] of scripts.entries()) await write(path.join(folder, `${at + 1}`, 'migration.sql'), sql);
  const { outcome, seen } = await run({ migration: { folder } });
  return `${outcome}: ${seen.split(', ').slice(1).join(', ')}`;
}
let tried = 0;

test.each<[what: string, check: { [key: string]: Json }]>([
  ['a model', {}],
  ['its fields, however they are named in the database', { fields: { note: 'String?', createdAt: 'DateTime' } }],
  [
    'enums, lists, native types and relations',
    {
      fields: { kind: 'FactKind', tags: 'String[]', value: 'Decimal', data: 'Json', owner: 'Person', ownerId: 'Int' },
    },
  ],
  ['the other side of a relation', { model: 'Person', fields: { facts: 'DashboardFact[]' } }],
  ['its migration, by the name that the table is mapped to', { migration: true }],
  ['its migration in a folder', { migration: { folder: 'several/migrations' } }],
  ['its table and columns in a database', { database: 'shop' }],
  ['a schema in several files', { schema: 'several/schema', fields: { owner: 'Person' }, migration: true }],
  [
    'a schema of Prisma 6, whose datasource has an address',
    { schema: 'former/schema.prisma', fields: { id: 'String' } },
  ],
  ['everything at once', { fields: { id: 'String' }, migration: true, database: 'shop' }],
])('passed: %s', async (_, check) => {
  expect(await run(check)).toMatchObject({ outcome: 'passed' });
});

test('what was seen tells what is there', async () => {
  expect((await run({ fields: { id: 'String', kind: 'FactKind' }, migration: true, database: 'shop' })).seen).toBe(
    '"prisma/schema.prisma" has the model "DashboardFact", it has the 2 fields, ' +
      'the migration "20260201_facts" creates its table "dashboard_facts", ' +
      'the database "shop" has the table "dashboard_facts" with its 8 columns'
  );
});

test.each<[what: string, check: { [key: string]: Json }, seen: string]>([
  ['another letter case', { model: 'dashboardFact' }, 'has no model "dashboardFact" (there is "DashboardFact")'],
  ['a slip', { model: 'DashbordFacts' }, 'has no model "DashbordFacts" (there is "DashboardFact")'],
  ['one that is only in a comment', { model: 'Ghost' }, 'has no model "Ghost"'],
  ['an enum', { model: 'FactKind' }, 'has no model "FactKind"'],
  ['a schema without models', { schema: 'empty/schema.prisma' }, 'has no model "DashboardFact"'],
  ['another type', { fields: { ownerId: 'String?' } }, 'its field "ownerId" is Int, expected String?'],
  ['optional', { fields: { note: 'String' } }, 'its field "note" is String?, expected String'],
  ['a list', { fields: { tags: 'String' } }, 'its field "tags" is String[], expected String'],
  [
    'a column instead of a field',
    { fields: { created_at: 'DateTime' } },
    'no field "created_at" (there is "createdAt")',
  ],
  ['no migration', { migration: { folder: 'empty' } }, 'no migration in "empty" creates its table "dashboard_facts"'],
  [
    'no folder of migrations',
    { schema: 'former/schema.prisma', migration: true },
    'there is no folder "former/migrations"',
  ],
  ['no table', { model: 'Person', database: 'shop' }, 'the database "shop" has no table "Person"'],
])('failed: %s', async (_, check, seen) => {
  expect(await run(check)).toEqual({ outcome: 'failed', seen: expect.stringContaining(seen) });
});

test('failed: columns that the table lacks, and a table in another schema', async () => {
  const other = await freshDatabase('empty');
  await other.admin(
    'CREATE SCHEMA app; CREATE TABLE app.dashboard_facts (id text); GRANT USAGE ON SCHEMA app TO PUBLIC'
  );
  const databases = (url: string) => ({ databases: { shop: { url } } });
  expect((await run({ database: 'shop' }, databases(other.url))).seen).toContain('(there is "app.dashboard_facts")');
  const result = await run({ database: 'shop' }, databases(`${other.url}?schema=app`));
  expect(result).toMatchObject({
    outcome: 'failed',
    seen: expect.stringContaining('lacks the columns "kind", "value", "note_text", "tags", "data" and 2 more'),
  });
});

test.each<[what: string, check: { [key: string]: Json }, seen: string]>([
  ['an unknown type', { schema: 'broken/schema.prisma' }, 'Type "Nobody" is neither a built-in type, nor refers to'],
  ['half a schema', { schema: 'cut/schema.prisma' }, 'This line is invalid'],
  ['something else', { schema: 'other/schema.prisma' }, 'This line is invalid'],
])('inconclusive: %s', async (_, check, seen) => {
  const result = await run(check);
  expect(result).toEqual({ outcome: 'inconclusive', seen: expect.stringContaining(`is not a Prisma schema: ${seen}`) });
  expect(result.seen).toMatch(/schema\.prisma:\d+\)$/);
});

test.each<[what: string, check: { [key: string]: Json }, seen: string]>([
  ['no such file', { schema: 'prisma/none.prisma' }, '"prisma/none.prisma" cannot be looked at (ENOENT)'],
  ['a folder without a schema', { schema: 'empty-folder' }, 'there is no .prisma file in "empty-folder"'],
  ['a link that leads out', { schema: 'links/schema.prisma' }, "leads out of the worker's folder"],
  ['a folder that leads out', { schema: 'links/up/secret.prisma' }, "leads out of the worker's folder"],
  ['migrations that lead out', { migration: { folder: 'links/up' } }, "leads out of the worker's folder"],
  ['a path above', { schema: '../secret.prisma' }, "expected a path below the worker's folder"],
  ['a database that the worker does not have', { database: 'other' }, 'this worker has no database "other"'],
])('errored: %s', async (_, check, seen) => {
  expect(await run(check)).toEqual({ outcome: 'errored', seen: expect.stringContaining(seen) });
});

test('a database that is down leaves what was found wrong elsewhere', async () => {
  const down = { databases: { shop: { url: 'postgresql://me:s3cr3t@127.0.0.1:1/shop' } } };
  const errored = await run({ database: 'shop' }, down);
  expect(errored).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('cannot be reached') });
  expect(errored.seen).not.toContain('s3cr3t');
  expect(await run({ database: 'shop', fields: { id: 'Int' } }, down)).toMatchObject({ outcome: 'failed' });
});

const CREATES = 'passed: the migration "1" creates its table "dashboard_facts"';
const NONE = 'failed: no migration in';
const UNSURE = 'inconclusive: the migration';
const TABLE = '"dashboard_facts"';

test.each<[result: string, what: string, scripts: string[]]>([
  [CREATES, 'in quotes', [CREATE]],
  [CREATES, 'without quotes, in capitals', ['create table DASHBOARD_FACTS (id int)']],
  [CREATES, 'with its schema', [`CREATE TABLE IF NOT EXISTS "public".${TABLE} (id int)`]],
  [CREATES, 'in MySQL', ['CREATE TABLE `dashboard_facts` (`id` INT)']],
  [CREATES, 'in SQL Server', ['CREATE TABLE [dbo].[dashboard_facts] ([id] INT)']],
  [CREATES, 'behind a comment and a text', [`/* /* x */ ; */ SELECT 'it''s;' -- ;'\n; ${CREATE}`]],
  [CREATES, 'with other tables dropped', [CREATE, 'DROP TABLE "dashboard_fact"; DROP TABLE "other";']],
  [CREATES, 'with a column dropped', [CREATE, `ALTER TABLE ${TABLE} DROP COLUMN "x"; DROP INDEX "dashboard_facts_x"`]],
  [CREATES, 'with a renamed column', [CREATE, `ALTER TABLE ${TABLE} RENAME COLUMN a TO b`]],
  [
    CREATES,
    'redefined, as in SQLite',
    [`CREATE TABLE "new_d" (id); DROP TABLE ${TABLE}; ALTER TABLE "new_d" RENAME TO ${TABLE}`],
  ],
  [CREATES, 'with a text that says otherwise', [`${CREATE} COMMENT ON TABLE ${TABLE} IS 'DROP TABLE ${TABLE};'`]],
  ['passed: the migration "3"', 'dropped and made again', [CREATE, `DROP TABLE ${TABLE}`, CREATE]],
  [NONE, 'in a line comment', [`-- ${CREATE.replaceAll('\n', ' ')}`]],
  [NONE, 'in a comment', [`/* /* */ ${CREATE} */`]],
  [NONE, 'in a text', [`INSERT INTO log VALUES ('x', '${CREATE}', E'\\'; ${CREATE.replaceAll("'", '')}');`]],
  [NONE, 'in a name', [`CREATE TABLE "a ""b"" CREATE TABLE dashboard_facts" (id int)`]],
  [NONE, 'in another schema', [`CREATE TABLE "app".${TABLE} (id int)`]],
  [
    NONE,
    'with another name',
    ['CREATE TABLE "dashboard_facts_old" (id int)', 'CREATE TABLE "Dashboard_Facts" (id int)'],
  ],
  [NONE, 'a temporary one', [`CREATE TEMP TABLE ${TABLE} (id int)`]],
  [
    NONE,
    'an index on it, a view of its name',
    [`CREATE INDEX "dashboard_facts" ON x (a); CREATE VIEW ${TABLE} AS SELECT 1`],
  ],
  [NONE, 'a reference to it', [`ALTER TABLE "x" ADD FOREIGN KEY ("a") REFERENCES ${TABLE} ("id")`]],
  ['failed: the migration "2" drops', 'dropped later', [CREATE, `DROP TABLE IF EXISTS "other", ${TABLE} CASCADE`]],
  [
    'failed: the migration "2" drops',
    'dropped behind a comment',
    [CREATE, `DROP /* x */ TABLE -- y\n "public".${TABLE};`],
  ],
  ['failed: the migration "1" drops', 'dropped at once', [`${CREATE} DROP TABLE ${TABLE}`]],
  ['failed: the migration "2" drops', 'renamed', [CREATE, `ALTER TABLE IF EXISTS ONLY ${TABLE} RENAME TO "gone"`]],
  ['failed: the migration "2" drops', 'moved', [CREATE, `ALTER TABLE ${TABLE} SET SCHEMA "attic"`]],
  ['failed: the migration "2" drops', 'renamed in MySQL', [CREATE, 'RENAME TABLE a TO b, `dashboard_facts` TO c']],
  ['failed: the migration "2" drops', 'dropped with its schema', [CREATE, 'DROP SCHEMA IF EXISTS public CASCADE']],
  [UNSURE, 'dropped in a block', [CREATE, `DO $do$ BEGIN DROP TABLE ${TABLE}; END $do$`]],
  [UNSURE, 'made in a block', [`DO $$ BEGIN ${CREATE} END $$`]],
  [UNSURE, 'renamed by a procedure', [CREATE, `EXEC SP_RENAME N'dbo.dashboard_facts', N'gone'`]],
  [UNSURE, 'made in vain', [`BEGIN; ${CREATE} ROLLBACK;`]],
  [UNSURE, 'made in vain, in other words', [`BEGIN; ${CREATE} ABORT;`]],
  [UNSURE, 'made by a function', [`CREATE FUNCTION f() RETURNS void BEGIN ATOMIC ${CREATE} END;`]],
  [UNSURE, 'made by a function, later', [`CREATE OR REPLACE FUNCTION f() BEGIN ATOMIC SELECT 1; ${CREATE} END;`]],
  [UNSURE, 'made by a procedure', [`CREATE PROCEDURE p() BEGIN SELECT 1; ${CREATE} END;`]],
  [UNSURE, 'made on a condition', [`IF 1 = 1 BEGIN ${CREATE} END`]],
  [UNSURE, 'made as part of a schema', [`CREATE SCHEMA s CREATE TABLE ${TABLE} (id int);`]],
  [UNSURE, 'what is data', [`COPY x FROM stdin;\n${CREATE}\\.\n`]],
  [UNSURE, 'a name of another spelling', [CREATE, 'DROP TABLE U&"d\\0061shboard_facts"']],
  [UNSURE, 'names put together', [CREATE, `DO $$ BEGIN EXECUTE 'DROP TABLE dash' || 'board_facts'; END $$`]],
  [UNSURE, 'names put together from pieces', [CREATE, `DO 'BEGIN DROP TABLE "dash' || 'board_facts"; END'`]],
  [UNSURE, 'another script', [CREATE, '\\i drop.sql']],
  [UNSURE, 'everything dropped', [CREATE, 'DROP OWNED BY app']],
  [UNSURE, 'the database dropped', [CREATE, 'DROP DATABASE shop']],
  [
    'passed: the migration "1"',
    'a type made in a block',
    [CREATE, `DO $$ BEGIN CREATE TYPE "T" AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null; END $$;`],
  ],
  [
    'passed: the migration "1"',
    'a function beside it',
    [`${CREATE} CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;`],
  ],
  [
    'inconclusive: a migration is not SQL',
    'a text without an end',
    [CREATE, `-- dashboard_facts\nSELECT 'x; DROP TABLE ${TABLE}`],
  ],
  ['inconclusive: a migration is not SQL', 'a comment without an end', [`${CREATE} /* /* */`]],
  ['inconclusive: a migration is not SQL', 'a block without an end', [`${CREATE} DO $a$ BEGIN $$ END`]],
])('%s: a table %s', async (result, _, scripts) => {
  expect(await migrated(...scripts)).toContain(result);
});

test('migrations are run in the order of their names, and what is no migration is not', async () => {
  await write('order/migrations/2_drop/migration.sql', `DROP TABLE ${TABLE}`);
  await write('order/migrations/1_create/migration.sql', CREATE);
  await write('order/migrations/3_notes/notes.sql', CREATE);
  await write('order/migrations/migration.sql', CREATE);
  const { outcome, seen } = await run({ migration: { folder: 'order/migrations' } });
  expect({ outcome, seen }).toEqual({ outcome: 'failed', seen: expect.stringContaining('"2_drop" drops') });
});

test('a folder of migrations that is a link is not passed over', async () => {
  await write('linked/migrations/1/migration.sql', CREATE);
  await write('linked/2/migration.sql', `DROP TABLE ${TABLE}`);
  await symlink('../2', path.join(root, 'linked/migrations/2'));
  expect(await run({ migration: { folder: 'linked/migrations' } })).toEqual({
    outcome: 'inconclusive',
    seen: expect.stringContaining('"linked/migrations/2" is a link to a folder'),
  });
});

test("the project's own schema, migrations and database agree", async () => {
  const { url } = await freshDatabase();
  const check = { model: 'Fact', fields: { launchId: 'String' }, migration: true, database: 'ledger' };
  const { outcome, seen } = await run(check, { folder: REPOSITORY, databases: { ledger: { url } } });
  expect(seen).toContain('creates its table "Fact"');
  expect(seen).toContain('the database "ledger" has the table "Fact"');
  expect(outcome).toBe('passed');
});

describe('what is made to harm', () => {
  /** Each of its lines is held against every other. */
  const SLOW = `${HEAD}model A {\n id Int @id\n${' @@index([id])\n'.repeat(60_000)}}\n`;

  test.each<[what: string, content: () => string, seen: string]>([
    ['longer than 1 MB', () => HEAD + MODELS + PERSON + '//'.repeat(MB / 2), 'is longer than 1 MB'],
    ['slow to read', () => SLOW, "takes Prisma's parser longer than 5 s"],
    [
      'nested without end',
      () => `${HEAD}model A {\n id Int @id @default(${'f('.repeat(100_000)}${')'.repeat(100_000)})\n}\n`,
      "breaks Prisma's parser",
    ],
  ])('%s is inconclusive, and the next schema is read', async (_, content, seen) => {
    await write('evil/schema.prisma', content());
    const [result, next] = await Promise.all([run({ schema: 'evil/schema.prisma' }), run({})]);
    expect(result).toEqual({ outcome: 'inconclusive', seen: expect.stringContaining(seen) });
    expect(next.outcome).toBe('passed');
  });

  test('when the time is up it ends, while others go on', async () => {
    await write('slow/schema.prisma', SLOW);
    const stop = new AbortController();
    let turns = 0;
    const result = run({ schema: 'slow/schema.prisma' }, { signal: stop.signal });
    await until('others have their turn', () => ++turns > 5);
    stop.abort();
    expect(await result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('time') });
    expect(await run({})).toMatchObject({ outcome: 'passed' });
  });

  test('one that waits for the parser until its time is up says so', async () => {
    await write('slow/schema.prisma', SLOW);
    const [stop, given] = [new AbortController(), new AbortController()];
    const slow = run({ schema: 'slow/schema.prisma' }, { signal: stop.signal });
    let turns = 0;
    await until('it is being read', () => ++turns > 5);
    const waiting = run({}, { signal: given.signal });
    await until('the next waits', () => ++turns > 15);
    given.abort();
    expect(await waiting).toEqual({
      outcome: 'errored',
      seen: 'It did not get its turn in time: another check of Prisma schemas was under way',
    });
    stop.abort();
    await slow;
    expect(await run({})).toMatchObject({ outcome: 'passed' });
  });

  test('a database that hangs holds up no files', async () => {
    const silent = net.createServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const databases = { dead: { url: `postgresql://a:b@127.0.0.1:${(silent.address() as AddressInfo).port}/x` } };
    const stop = new AbortController();
    const stuck = Array.from({ length: 2 * AT_ONCE }, () =>
      run({ database: 'dead' }, { databases, signal: stop.signal })
    );
    const connections = () => new Promise<number>((resolve) => silent.getConnections((_, count) => resolve(count)));
    await until('they wait for the database', async () => (await connections()) === AT_ONCE);
    expect(await run({ migration: true })).toMatchObject({ outcome: 'passed' });
    stop.abort();
    const told = (await Promise.all(stuck)).map(({ seen }) => seen).filter((seen) => seen.includes('its turn'));
    expect(told).toHaveLength(AT_ONCE);
    expect(told[0]).toContain('It did not get its turn in time: 16 checks of the database "dead" were under way');
    silent.close();
  });

  test('a large schema and twenty at once are read', async () => {
    const model = (at: number): string => `model M${at} {\n  id Int @id\n${'  f String?\n'.replace('f', `f${at}`)}}\n`;
    await write('large/schema.prisma', HEAD + Array.from({ length: 15_000 }, (_, at) => model(at)).join(''));
    expect(await run({ schema: 'large/schema.prisma', model: 'M14999' })).toMatchObject({ outcome: 'passed' });
    const results = await Promise.all(Array.from({ length: 20 }, () => run({ migration: true })));
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
  });

  test('a migration longer than 1 MB is inconclusive', async () => {
    expect(await migrated(CREATE, `-- ${'x'.repeat(MB)}`)).toContain('inconclusive');
  });
});
