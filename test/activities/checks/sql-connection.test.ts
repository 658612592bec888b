import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import { startPostgresAlone } from '../../../stack/postgres';
import { localAccess } from '../../support/access';
import { until } from '../../support/until';
import { rawTarget } from './target';

const CERTIFICATE = path.join(__dirname, '../../fixtures/tls/self-signed-cert.pem');
const KEY = path.join(__dirname, '../../fixtures/tls/self-signed-key.pem');

let home: string;
let server: Awaited<ReturnType<typeof startPostgresAlone>>;

/** As the server's own user, who alone may read its key. */
const written = (file: string, name: string): string =>
  `COPY (SELECT unnest(string_to_array('${readFileSync(file, 'utf8').trim()}', E'\\n')))
   TO PROGRAM 'umask 077; cat > ${name}'`;

/** A cluster of its own: the tests' one does not encrypt, and stays up. */
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'sql-connection-'));
  const folders = { folder: path.join(home, 'data'), logs: path.join(home, 'logs') };
  server = await startPostgresAlone({ ...folders, report: () => {}, disposable: true });
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query(written(CERTIFICATE, 'server.crt'));
  await client.query(written(KEY, 'server.key'));
  await client.query('ALTER SYSTEM SET ssl = on');
  await client.query('SELECT pg_reload_conf()');
  await client.end();
});
afterAll(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

const ENCRYPTED = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';

function run(url: string, signal = AbortSignal.timeout(10_000)): Promise<CheckResult> {
  const check = { type: 'sql', database: 'shop', query: ENCRYPTED, expect: { value: { equals: true } } };
  const access = localAccess(__dirname, { databases: { shop: { url } } });
  return runCheck(check, { signal, env: () => undefined, access, now: Date.now });
}

function changed(change: (url: URL) => void): string {
  const url = new URL(server.url);
  change(url);
  return url.toString();
}

test('a connection is encrypted where the address asks for it, and the certificate is trusted', async () => {
  const encrypted = changed(({ searchParams }) => {
    searchParams.set('sslmode', 'verify-full');
    searchParams.set('sslrootcert', CERTIFICATE);
  });
  await until('the server encrypts', async () => (await run(encrypted)).outcome === 'passed');
  expect(await run(server.url)).toMatchObject({ outcome: 'failed' });
});

test('an encrypted connection is cut off as well', async () => {
  const check = { type: 'sql', database: 'shop', query: 'select pg_sleep(300)', expect: { value: { exists: true } } };
  const url = changed(({ searchParams }) => searchParams.set('sslmode', 'no-verify'));
  const access = localAccess(__dirname, { databases: { shop: { url } } });
  const stop = new AbortController();
  const result = runCheck(check, { signal: stop.signal, env: () => undefined, access, now: Date.now });
  const watch = new pg.Client(server.url);
  await watch.connect();
  const asleep = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
  await until('it sleeps', async () => (await watch.query(asleep)).rowCount === 1);
  stop.abort();
  expect(await result).toMatchObject({ outcome: 'errored', seen: 'The database "shop" did not answer in time' });
  await until('it was ended', async () => (await watch.query(asleep)).rowCount === 0);
  await watch.end();
});

test.each<[what: string, change: (url: URL) => void, seen: string]>([
  [
    'a certificate that nobody trusts',
    ({ searchParams }) => searchParams.set('sslmode', 'verify-full'),
    'cannot be trusted: its certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
  ],
  ['a wrong password', (url) => (url.password = 's3cr3t-guess'), "does not let the worker's user in with its password"],
  ['no password', (url) => (url.password = ''), "asks for a password, and the worker's address of it has none"],
  ['a user that is none', (url) => (url.username = 'nobody-s3cr3t'), "does not let the worker's user in"],
  ['a database that is none', (url) => (url.pathname = '/none'), 'is not there on its server (3D000)'],
  ['a port that nobody listens on', (url) => (url.port = '1'), 'cannot be reached: the connection was refused'],
  ['a host that is none', (url) => (url.hostname = 'no.such.host.invalid'), 'cannot be reached'],
  [
    'a file of certificates that is not there',
    ({ searchParams }) => searchParams.set('sslrootcert', '/none/s3cr3t.pem'),
    'cannot be used (ENOENT)',
  ],
  [
    'another protocol',
    (url) => (url.href = url.href.replace('postgresql:', 'mysql:')),
    'is not one: expected postgres',
  ],
])('%s: errored, with the reason and nothing of the address', async (_, change, seen) => {
  const { hostname, password } = new URL(server.url);
  const result = await run(changed(change));
  expect(result).toEqual({ outcome: 'errored', seen: expect.stringContaining(seen) });
  expect(result.seen).not.toMatch(new RegExp(`s3cr3t|${hostname}|${password}`));
});

test('a server that does not encrypt although it was asked to is errored', async () => {
  const target = await rawTarget((socket) => socket.end('N'));
  const url = `${target.url.replace('http:', 'postgresql:')}/shop?sslmode=verify-full`;
  expect((await run(url)).seen).toBe('The database "shop" does not encrypt, and its address asks for it');
  await target.close();
});

test.each<[what: string, answer: string | undefined]>([
  ['says nothing', undefined],
  ['says something else', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
])('a server that %s is given up in time', async (_, answer) => {
  const target = await rawTarget((socket) => void (answer && socket.write(answer)));
  const result = await run(`${target.url.replace('http:', 'postgresql:')}/shop`, AbortSignal.timeout(300));
  expect(result).toEqual({ outcome: 'errored', seen: 'The database "shop" did not answer in time' });
  await until('the connection is closed', () => target.open() === 0);
  await target.close();
});

test('a server that hangs up is errored', async () => {
  const target = await rawTarget((socket) => socket.destroy());
  const result = await run(`${target.url.replace('http:', 'postgresql:')}/shop`);
  expect(result).toEqual({ outcome: 'errored', seen: expect.stringContaining('closed the connection') });
  await target.close();
});

test('a variable that the worker does not have, and a database that it does not know, are errored', async () => {
  const check = { type: 'sql', database: 'shop', table: 'orders' };
  const context = { signal: AbortSignal.timeout(5_000), env: () => undefined, now: Date.now };
  const unset = localAccess(__dirname, { databases: { shop: { url: { env: 'SHOP_URL' } } } });
  expect((await runCheck(check, { ...context, access: unset })).seen).toContain('SHOP_URL is not set');
  const none = await runCheck(check, { ...context, access: localAccess(__dirname) });
  expect(none).toEqual({ outcome: 'errored', seen: expect.stringContaining('this worker has no database "shop"') });
});
