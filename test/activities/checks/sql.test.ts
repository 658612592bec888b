import pg from 'pg';
import type { Access } from '../../../activities/checks/access';
import { runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json, ProbeCheck } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { freshDatabase, type FreshDatabase } from '../../support/database';
import { until } from '../../support/until';

const MB = 1_048_576;
const CHECK_CONNECTIONS = `SELECT pid FROM pg_stat_activity
  WHERE application_name = 'launch-director check' AND datname = current_database()`;

let shop: FreshDatabase;

beforeAll(async () => {
  shop = await freshDatabase('empty');
  const owner = new pg.Client(shop.url);
  await owner.connect();
  await owner.query(`
    CREATE TABLE orders (id int PRIMARY KEY, amount numeric, placed timestamptz, paid boolean, tags text[], detail jsonb);
    INSERT INTO orders VALUES (1, 12.50, '2027-03-01 12:00+00', true, '{a,b}', '{"a": 1}'), (2, 20, NULL, false, '{}', '[]');
    CREATE TABLE "DashboardFact" (id int, "createdAt" date);
    CREATE SCHEMA app;
    CREATE TABLE app.users (id bigint, dropped int);
    ALTER TABLE app.users DROP COLUMN dropped;
    CREATE VIEW recent AS SELECT * FROM orders;
    CREATE SEQUENCE numbers;
    CREATE FUNCTION sneak() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM orders; RETURN 1; END';
    CREATE FUNCTION shout() RETURNS int LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'order of %', 'mrs-private'; END $$;
    CREATE FUNCTION murmur() RETURNS int LANGUAGE plpgsql AS
      $$ BEGIN FOR i IN 1..200 LOOP RAISE WARNING '%', repeat('x', 100000); END LOOP; RETURN 1; END $$;`);
  await owner.end();
});

interface Asked {
  signal?: AbortSignal;
  env?: { [name: string]: string };
  access?: Partial<Access>;
}

function run(check: { [key: string]: Json }, { signal, env = {}, access }: Asked = {}): Promise<CheckResult> {
  return runCheck({ type: 'sql', database: 'shop', ...check } as ProbeCheck, {
    signal: signal ?? AbortSignal.timeout(20_000),
    env: (name) => ({ SHOP_URL: shop.url, ...env })[name],
    access: localAccess(__dirname, { databases: { shop: { url: { env: 'SHOP_URL' } } }, ...access }),
    now: Date.now,
  });
}

const ask = (query: string, expect: Json, { params, ...asked }: Asked & { params?: Json } = {}) =>
  run(params === undefined ? { query, expect } : { query, expect, params }, asked);
const value = (query: string, expected: Json, asked?: Asked) => ask(query, { value: expected }, asked);

/** Whether the data is as it was made. */
async function isUntouched(): Promise<boolean> {
  const [found] = await shop.admin<{ state: string }>(
    `SELECT (SELECT count(*) FROM orders) || '/' || (SELECT last_value || is_called::text FROM numbers) || '/' ||
            (SELECT count(*) FROM pg_class WHERE relname = 'made') AS state`
  );
  return found?.state === '2/1false/0';
}

test.each<[query: string, expected: Json]>([
  ['select count(*) from orders', { equals: 2 }],
  ['select count(*) from orders;', { equals: 2 }],
  ['SELECT id FROM orders ORDER BY id DESC -- the last one', { equals: 2 }],
  ['with o as (select * from orders) select id from o order by id', { equals: 1 }],
  ['values (7), (8)', { equals: 7 }],
  ['table orders', { equals: 1 }],
  ['select 1 as x, 2 as x', { equals: 1 }],
  ['select amount from orders where id = 1', { equals: 12.5, atLeast: 12, atMost: 13 }],
  ['select 9007199254740991::bigint', { equals: 9007199254740991 }],
  ['select 9223372036854775807::bigint', { atLeast: 9000000000000000 }],
  ['select avg(id) from orders where id < 2', { equals: 1 }],
  ['select 0.1::float8 + 0.2::float8', { equals: 0.30000000000000004 }],
  ['select paid from orders where id = 1', { equals: true }],
  ['select placed from orders where id = 1', { equals: '2027-03-01T12:00:00+00:00' }],
  ["select date '2027-03-01'", { equals: '2027-03-01' }],
  ['select \'text with "quotes" and ☃\'', { contains: '"quotes" and ☃' }],
  ['select tags from orders where id = 1', { length: 2, contains: 'b' }],
  ['select detail from orders where id = 2', { length: 0 }],
  ["select detail -> 'a' from orders where id = 1", { equals: 1 }],
  ['select null::int', { equals: null }],
  ['select placed from orders where id = 2', { exists: true }],
  ['select id from orders where false', { exists: false }],
  ["select 'NaN'::numeric", { equals: 'NaN' }],
  ['select pg_sleep(0)', { exists: true }],
  ["select $tag$it's; -- fine$tag$", { contains: ';' }],
])('%s: its first value is held against what is expected', async (query, expected) => {
  expect(await value(query, expected)).toMatchObject({ outcome: 'passed' });
});

test.each<[query: string, expected: Json, seen: string]>([
  ['select count(*) from orders', { atLeast: 5 }, 'the first value is 2, expected at least 5'],
  ['select count(*) from orders', { equals: '2' }, 'the first value is 2, expected "2"'],
  ['select id from orders where false', { equals: 1 }, 'the first value of no row is absent, expected 1'],
  ['select id from orders where false', { exists: true }, 'the first value of no row is absent, expected present'],
  ['select max(placed) from orders where id = 2', { not: null }, 'the first value is null, expected'],
  ['select null::int', { atMost: 5 }, 'the first value is null, expected at most 5'],
  ["select 'NaN'::float8", { atLeast: 0 }, 'the first value is "NaN", expected at least 0'],
  ['select 12345678901234567890.5', { atMost: 5 }, 'the first value is 12345678901234567890.5, expected at most 5'],
  ['select detail from orders where id = 1', { equals: 'x' }, 'the first value is an object, expected "x"'],
  ['select tags from orders where id = 1', { length: 3 }, 'the first value is a list of 2, expected of length 3'],
])('%s: failed, and it says what was seen', async (query, expected, seen) => {
  const result = await value(query, expected);
  expect(result).toEqual({ outcome: 'failed', seen: expect.stringContaining(seen) });
  expect(result.seen).toContain('in the database "shop"');
});

test.each<[query: string, expected: Json]>([
  ['select 2.99999999999999999999999', { atLeast: 3 }],
  ['select 3.00000000000000000000001', { not: 3 }],
  ['select 9007199254740993::bigint - 2', { atMost: 9007199254740991, not: 9007199254740991 }],
])('%s: a number that only nearly is the expected one is never taken for it', async (query, expected) => {
  expect(await value(query, expected)).not.toMatchObject({ outcome: 'passed' });
});

test.each<[query: string, rows: Json, found: [outcome: string, seen: string]]>([
  ['select * from orders', { equals: 2 }, ['passed', 'the number of rows is 2']],
  ['select * from orders', { atLeast: 3 }, ['failed', 'the number of rows is 2, expected at least 3']],
  ['select * from orders where false', { atMost: 0 }, ['passed', 'the number of rows is 0']],
  ['select from orders', { equals: 2 }, ['passed', 'the number of rows is 2']],
  ['select generate_series(1, 100000000)', { atLeast: 12000 }, ['passed', 'the number of rows is more than 12000']],
  ['select generate_series(1, 100000000)', { atMost: 5 }, ['failed', 'more than 10000, expected at most 5']],
  ['select generate_series(1, 10000)', { equals: 10000 }, ['passed', 'the number of rows is 10000']],
])('%s: its rows are counted no further than they matter (%j)', async (query, rows, [outcome, seen]) => {
  expect(await ask(query, { rows })).toEqual({ outcome, seen: expect.stringContaining(seen) });
});

test('value and rows are of one answer', async () => {
  const both = { value: { equals: 2 }, rows: { equals: 2 } };
  expect(await ask('select id from orders order by id desc', both)).toEqual({
    outcome: 'passed',
    seen: 'in the database "shop" the first value is 2, the number of rows is 2',
  });
});

test('parameters are values, never SQL', async () => {
  const query = 'select id from orders where id = $1 and paid = $2 and $3::text is null and length($4) > 5';
  expect(await ask(query, { value: { equals: 1 } }, { params: [1, true, null, '; drop'] })).toMatchObject({
    outcome: 'passed',
  });
  const secret = { params: [{ env: 'KEY' }] };
  const refused = await ask('select $1', { rows: { equals: 1 } }, { ...secret, access: { env: [] } });
  expect(refused).toEqual({ outcome: 'errored', seen: expect.stringContaining('may not read the variable KEY') });
});

test.each([
  ["select 'it is ' || $1", 'the first value is not shown, expected "x"'],
  ['select reverse($1)', 'the first value is not shown, expected "x"'],
  ['select 2 * length($1)', 'the first value is not shown, expected "x"'],
  ['select array[$1]', 'the first value is not shown, expected "x"'],
  ['select current_setting($1)', 'cannot run the query (42704)'],
  ['select $1::regproc::text', 'cannot run the query (42883)'],
  ['select $1::text::regclass', 'cannot run the query (42P01)'],
  ['select nosuch, $1', 'cannot run the query (42703, at letter 8 of the query)'],
  ['select $1::int', 'an error in what it computes (22P02)'],
])('of a query that knows a variable of the environment nothing is told that may hold it: %s', async (query, told) => {
  const asked = { params: [{ env: 'KEY' }], env: { KEY: 's3cr3t-key' } };
  const { outcome, seen } = await ask(query, { value: { equals: 'x' } }, asked);
  expect(outcome).not.toBe('passed');
  expect(seen).toContain(told);
  expect(seen).not.toMatch(/s3cr3t|yek-t3rc3s|20/);
});

test.each([
  ['fewer', 'select $1::int + $2::int', [1]],
  ['more', 'select $1::int', [1, 2]],
  ['none', 'select $1::int', []],
])('%s parameters than the query has: errored', async (_, query, params) => {
  const result = await ask(query, { value: { exists: true } }, { params });
  expect(result).toEqual({ outcome: 'errored', seen: expect.stringContaining('other parameters') });
});

test.each<[query: string, seen: string]>([
  ['selec id from orders', 'syntax error at or near "from" (42601)'],
  ['select * from orderz', 'relation "orderz" does not exist (42P01)'],
  ['select colour from orders', 'column "colour" does not exist (42703)'],
  ['select nosuch()', 'function nosuch() does not exist (42883)'],
  ['select 1 /* not closed', 'unterminated /* comment'],
  ["select 'not closed", 'unterminated quoted string'],
])('%s: the check itself is wrong, which is errored', async (query, seen) => {
  expect(await value(query, { exists: true })).toEqual({ outcome: 'errored', seen: expect.stringContaining(seen) });
});

test.each([
  ['select 1 / 0', '22012'],
  ['select tags[1]::int from orders where id = 1', '22P02'],
  ['select (select id from orders)', '21000'],
  ['select shout()', 'P0001'],
])('%s: an error of the data is inconclusive, and its text stays in the database', async (query, code) => {
  const { outcome, seen } = await value(query, { exists: true });
  expect({ outcome, seen }).toEqual({ outcome: 'inconclusive', seen: expect.stringContaining(code) });
  expect(seen).not.toMatch(/mrs-private|"a"/);
});

test.each([
  'insert into orders values (3)',
  'insert into orders values (3) returning id',
  'with gone as (delete from orders returning id) select id from gone',
  '1) as asked), gone as (delete from orders returning id), more as (select * from (select 1',
  'select 1) as asked), gone as (delete from orders returning 1), more as (select * from (select 1',
  'delete from orders',
  'create table made (id int)',
  'select 1 as id into made',
  'select * from orders for update',
  'select sneak()',
  "select nextval('numbers')",
  "select setval('numbers', 9)",
  'select lo_create(0)',
  "select query_to_xml('delete from orders returning 1', true, true, '')",
  "select query_to_xml('create table made (id int)', true, true, '')",
  "copy orders to program 'true'",
  "copy (select 1) to program 'touch /tmp/made'",
  'do $$ begin delete from orders; end $$',
  'commit',
  'rollback',
  'begin read write',
  'set transaction_read_only = off',
  'set session characteristics as transaction read write',
  'reset default_transaction_read_only',
  'truncate orders',
  'call nothing()',
  'explain analyze delete from orders',
  'prepare made as delete from orders',
  'vacuum',
  'select 1; delete from orders',
  'select 1) as asked) select 1; delete from orders; --',
  'select 1) as asked) select 0, true, true, null; commit; delete from orders; --',
  'commit; begin read write; delete from orders',
  "select set_config('transaction_read_only', 'off', true)",
  "select set_config('transaction_read_only', 'off', false), sneak()",
  "select set_config('default_transaction_read_only', 'off', false), sneak()",
  "select set_config('role', 'launch_app', false), sneak()",
  "select 1 from (select set_config('transaction_read_only', 'off', false)) a, (select sneak()) b",
])('a plan cannot write: %s', async (query) => {
  for (const params of [[], [1]]) {
    const { outcome } = await ask(query, { value: { exists: true }, rows: { atLeast: 0 } }, { params });
    expect(outcome).toMatch(/errored|inconclusive/);
    expect(await isUntouched()).toBe(true);
  }
});

test('a superuser as well only reads, over any number of runs', async () => {
  const [{ url }] = [await shop.newUser('SUPERUSER')];
  for (const query of ['select sneak()', 'select lo_create(0)', "select nextval('numbers')", 'delete from orders']) {
    const result = await value(query, { exists: true }, { env: { SHOP_URL: url } });
    expect(result.outcome).toBe('errored');
    expect(await isUntouched()).toBe(true);
  }
  expect((await value('select sneak()', { exists: true }, { env: { SHOP_URL: url } })).seen).toBe(
    'The database "shop" does not run the query: it would write, and checks only read (25006)'
  );
});

test('settings and locks of a query end with it', async () => {
  const query = "select set_config('search_path', 'app', false), pg_advisory_lock(7)::text";
  expect(await value(query, { equals: 'app' })).toMatchObject({ outcome: 'passed' });
  await until('the lock is free', async () => {
    const [got] = await shop.admin<{ free: boolean }>('SELECT pg_try_advisory_xact_lock(7) AS free');
    return got?.free;
  });
});

test('a query that ends its own connection is errored', async () => {
  const result = await value('select pg_terminate_backend(pg_backend_pid())', { equals: true });
  expect(result).toEqual({ outcome: 'errored', seen: expect.stringContaining('closed the connection') });
});

test.each([
  ['sleeps', 'select pg_sleep(300)'],
  ['computes', 'select count(*) from generate_series(1, 100000) a, generate_series(1, 1000000) b'],
])('when the time is up, a query that %s is errored and ends on the server too', async (_, query) => {
  const stop = new AbortController();
  const result = value(query, { exists: true }, { signal: stop.signal });
  await until('the query runs', async () => (await shop.admin(`${CHECK_CONNECTIONS} AND state = 'active'`)).length > 0);
  stop.abort();
  expect(await result).toEqual({ outcome: 'errored', seen: 'The database "shop" did not answer in time' });
  await until('the server has ended it', async () => (await shop.admin(CHECK_CONNECTIONS)).length === 0);
});

test('the server gives up a query that is over its own limit', async () => {
  const { name, url } = await shop.newUser();
  await shop.admin(`ALTER ROLE ${name} SET statement_timeout = '50ms'`);
  expect(await value('select pg_sleep(60)', { exists: true }, { env: { SHOP_URL: url } })).toEqual({
    outcome: 'errored',
    seen: 'The database "shop" stopped the query: it took too long, or somebody cancelled it (57014)',
  });
});

test.each<[what: string, query: string, outcome: string]>([
  ['a value of 100 MB', `select repeat('x', ${100 * MB})`, 'inconclusive'],
  ['a value of 1 MB', `select repeat('x', ${MB - 2})`, 'passed'],
  ['a value a little longer', `select repeat('x', ${MB - 1})`, 'inconclusive'],
  ['rows of 100 MB', `select 1, repeat('x', ${100 * MB})`, 'passed'],
  ['an error of 100 MB', `select repeat('x', ${100 * MB})::date`, 'errored'],
  ['warnings of 20 MB', 'select murmur()', 'passed'],
])('%s: no more than 1 MB is read', async (_, query, outcome) => {
  const before = process.memoryUsage().rss;
  expect((await value(query, { exists: true })).outcome).toBe(outcome);
  expect(process.memoryUsage().rss - before).toBeLessThan(80 * MB);
});

test.each<[table: string, column: string | undefined, seen: string]>([
  ['orders', undefined, 'there is the table "orders"'],
  ['public.orders', 'amount', 'the table "public.orders" has the column "amount"'],
  ['app.users', 'id', 'the table "app.users" has the column "id"'],
  ['DashboardFact', 'createdAt', 'has the column "createdAt"'],
  ['recent', undefined, 'there is the table "recent"'],
  ['dashboardfact', undefined, 'there is no table "dashboardfact" (there is "public.DashboardFact")'],
  ['app.orders', undefined, 'there is no table "app.orders" (there is "public.orders")'],
  ['users', undefined, 'there is no table "users" (there is "app.users")'],
  ['nothing', undefined, 'there is no table "nothing"'],
  ['numbers', undefined, 'there is no table "numbers"'],
  ['DashboardFact', 'createdat', 'has no column "createdat" (there is "createdAt")'],
  ['app.users', 'dropped', 'has no column "dropped"'],
  ['app.users', 'ctid', 'has no column "ctid"'],
  ["x' or true --", undefined, 'there is no table'],
])('the table %s with the column %s: %s', async (table, column, seen) => {
  const result = await run(column === undefined ? { table } : { table, column });
  const outcome = /there is no|has no/.test(seen) ? 'failed' : 'passed';
  expect(result).toEqual({ outcome, seen: expect.stringContaining(seen) });
});

test('a schema in the address, as Prisma writes it, is where tables are looked for', async () => {
  const inApp = { env: { SHOP_URL: `${shop.url}?schema=app` } };
  expect(await run({ table: 'users' }, inApp)).toMatchObject({ outcome: 'passed' });
  expect(await run({ table: 'orders' }, inApp)).toMatchObject({ outcome: 'failed' });
});

test('a user who may not see the data is told that', async () => {
  const { url } = await shop.newUser();
  const asked = { env: { SHOP_URL: url } };
  expect((await value('select id from orders', { exists: true }, asked)).seen).toContain('permission denied for table');
  expect(await run({ table: 'orders', column: 'id' }, asked)).toMatchObject({ outcome: 'passed' });
});

test('runs do not disturb each other, and none leaves a connection', async () => {
  const queries = Array.from({ length: 20 }, (_, at) => value(`select ${at} from pg_sleep(0.1)`, { equals: at }));
  const numbers = Array.from({ length: 20 }, (_, at) => value(`select ${at}`, { equals: at }));
  await Promise.all(queries);
  expect((await Promise.all(numbers)).map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 20 }, () => 'passed')
  );
  await until('all are closed', async () => (await shop.admin(CHECK_CONNECTIONS)).length === 0);
});
