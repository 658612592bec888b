import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Access } from '../../../activities/checks/access';
import { refusalsOf, runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { until } from '../../support/until';
import { rawTarget, type Target } from './target';

let target: Target;
let port: number;

beforeAll(async () => {
  target = await rawTarget(() => {});
  port = Number(new URL(target.url).port);
});
afterAll(() => target.close());

interface Given {
  access?: Partial<Access>;
  env?: { [name: string]: string };
  signal?: AbortSignal;
}

function run(check: { [key: string]: Json }, given: Given = {}): Promise<CheckResult> {
  const { access, env = {}, signal = AbortSignal.timeout(10_000) } = given;
  return runCheck(
    { type: 'tcp', host: '127.0.0.1', port, ...check },
    { signal, env: (name) => env[name], access: localAccess(__dirname, access), now: Date.now }
  );
}

const LISTEN = `
const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));
`;

/** A port that neither accepts nor refuses: its process stands still, and its queue of waiting connections is full. */
async function deafPort(): Promise<{ port: number; close: () => void }> {
  const child = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const deaf = Number(line.toString());
  child.kill('SIGSTOP');
  const waiting: net.Socket[] = [];
  for (let connected = true; connected && waiting.length < 50;) {
    const socket = net.connect(deaf, '127.0.0.1').on('error', () => {});
    waiting.push(socket);
    connected = await Promise.race([once(socket, 'connect').then(() => true), delay(300, false)]);
  }
  const close = (): void => {
    child.kill('SIGKILL');
    waiting.forEach((socket) => socket.destroy());
  };
  return { port: deaf, close };
}

test.each<[string, Json]>([
  ['127.0.0.1', '127.0.0.1'],
  ['an address in disguise', '0x7f.1'],
  ['a name', 'localhost'],
  ['a name as people write it', 'LocalHost.'],
  ['a mapped address', '::ffff:127.0.0.1'],
])('a port that accepts has passed: %s', async (_, host) => {
  expect(await run({ host })).toMatchObject({
    outcome: 'passed',
    seen: expect.stringMatching(/ accepted a connection in \d+ ms$/),
  });
  await until('the connection is closed', () => target.open() === 0);
});

test('an address of the environment is not shown', async () => {
  const env = { DB_HOST: '127.0.0.1' };
  const accepted = await run({ host: { env: 'DB_HOST' } }, { env });
  expect(accepted).toMatchObject({ outcome: 'passed', seen: expect.stringMatching(/^\$DB_HOST:\d+ accepted/) });
  const notAllowed = await run({ host: { env: 'DB_HOST' } }, { env, access: { allowLocal: false } });
  expect(notAllowed.outcome).toBe('errored');
  for (const { seen } of [accepted, notAllowed]) expect(seen).not.toContain('127.0.0.1');
});

test('a port that refuses has failed, and says so', async () => {
  expect(await run({ port: 1 })).toEqual({
    outcome: 'failed',
    seen: '127.0.0.1:1 did not accept a connection: the connection was refused (ECONNREFUSED)',
  });
});

test('a name that does not exist is errored', async () => {
  expect(await run({ host: 'nowhere.invalid' })).toMatchObject({
    outcome: 'errored',
    seen: expect.stringMatching(
      /^nowhere\.invalid:\d+ could not be asked: "nowhere\.invalid" could not be looked up: /
    ),
  });
});

test.each<[string, { [name: string]: string }]>([
  ['is not set', {}],
  ['holds a port', { DB_HOST: 'localhost:5432' }],
  ['holds an address', { DB_HOST: 'http://localhost/' }],
  ['holds a user', { DB_HOST: 'me@localhost' }],
  ['holds a zone', { DB_HOST: 'fe80::1%lo' }],
])('a variable that %s is errored without being shown', async (_, env) => {
  const { outcome, seen } = await run({ host: { env: 'DB_HOST' } }, { env });
  expect(outcome).toBe('errored');
  expect(seen).toContain('DB_HOST');
  expect(seen).not.toContain('localhost');
});

test.each(['127.0.0.1', 'localhost', '2130706433', '[::1]', '169.254.169.254', '::ffff:10.0.0.1'])(
  'an address that is not allowed is refused before and errored when it runs: %s',
  async (host) => {
    const access = localAccess(__dirname, { allowLocal: false });
    expect(refusalsOf({ type: 'tcp', host, port }, access)).toHaveLength(1);
    expect(await run({ host }, { access })).toMatchObject({ outcome: 'errored' });
    expect(target.open()).toBe(0);
  }
);

test('a variable that may not be read is refused', () => {
  const access = localAccess(__dirname, { env: ['CHECK_*'] });
  expect(refusalsOf({ type: 'tcp', host: { env: 'DB_HOST' }, port }, access)).toMatchObject([
    expect.stringContaining('DB_HOST'),
  ]);
  expect(refusalsOf({ type: 'tcp', host: { env: 'CHECK_HOST' }, port }, access)).toEqual([]);
});

describe('a port that neither accepts nor refuses', () => {
  let deaf: Awaited<ReturnType<typeof deafPort>>;
  beforeAll(async () => {
    deaf = await deafPort();
  });
  afterAll(() => deaf.close());

  test('has failed when its time is over', async () => {
    expect(await run({ port: deaf.port, within: '200ms' })).toEqual({
      outcome: 'failed',
      seen: `127.0.0.1:${deaf.port} did not accept a connection within 200ms`,
    });
  });

  test("has failed when the check's time is over, where it has none of its own", async () => {
    expect(await run({ port: deaf.port }, { signal: AbortSignal.timeout(200) })).toMatchObject({ outcome: 'failed' });
  });

  test("is errored when the check's time is over before its own", async () => {
    const result = await run({ port: deaf.port, within: '1m' }, { signal: AbortSignal.timeout(200) });
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('the check was ended first') });
  });

  test('is errored when nobody waits any more', async () => {
    const cancelled = new AbortController();
    const running = run({ port: deaf.port }, { signal: cancelled.signal });
    setImmediate(() => cancelled.abort(new Error('cancelled')));
    expect(await running).toMatchObject({ outcome: 'errored' });
  });
});
