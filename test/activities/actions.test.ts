import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Webhook } from 'standardwebhooks';
import { createActionActivities } from '../../activities/actions';
import { createAdmissionActivities } from '../../activities/admission';
import { publicAccess, type Access } from '../../activities/checks/access';
import type { ActionRun } from '../../activities/types';
import type { Action } from '../../domain/plan';
import { localAccess } from '../support/access';
import { until } from '../support/until';

interface Received {
  method?: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const SECRET = `whsec_${Buffer.from('a key that nobody knows, really').toString('base64')}`;
const MESSAGE = { type: 'launch.go', data: { launch: 'demo' } };

let folder: string;
let url: string;
let received: Received[];
let hook = '';
let answer: (response: ServerResponse, request: IncomingMessage) => void;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, headers } = request;
    received.push({ method, headers, body: Buffer.concat(chunks).toString() });
    answer(response, request);
  });
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'launch-actions-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deploy`;
});
beforeEach(() => {
  received = [];
  answer = (response) => void response.writeHead(202).end();
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const node = (script: string, args: Access['commands'][string]['args'] = []) => ({
  run: process.execPath,
  args: ['-e', script, ...args],
  folder,
  env: { KEY: { env: 'SECRET' } },
});

const logged: unknown[] = [];

function activities(access: Access) {
  const env = (name: string) =>
    ({ SECRET, TOKEN: 'Bearer abc-123-def', BAD: '!!', HOOK: hook, PATH: process.env['PATH'] })[name];
  const log = { info: (...line: unknown[]) => void logged.push(line) };
  return createActionActivities({ access, env, now: Date.now, log });
}

async function run(action: Action, more: Partial<ActionRun> & { access?: Access } = {}) {
  const { access = localAccess(folder), ...rest } = more;
  const given = { launch: 'demo', key: 'act_1', action, message: MESSAGE, timeout: 20_000, trial: false, ...rest };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return await environment.run(activities(access).runAction, given);
}

test('a webhook says what the verdict was, and its receiver can verify that by Standard Webhooks', async () => {
  const result = await run({
    webhook: { url, secret: { env: 'SECRET' }, headers: { authorization: { env: 'TOKEN' } } },
  });
  expect(result).toMatchObject({ outcome: 'done', seen: expect.stringContaining('answered 202') });
  const [{ method, headers, body }] = received as [Received];
  expect(method).toBe('POST');
  expect(headers).toMatchObject({ 'webhook-id': 'act_1', authorization: 'Bearer abc-123-def' });
  const receiver = new Webhook(SECRET);
  expect(receiver.verify(body, headers as { [name: string]: string })).toEqual(MESSAGE);
  expect(() => receiver.verify(`${body} `, headers as { [name: string]: string })).toThrow('signature');
});

test("a plan's own body is sent as it is; without a secret unsigned", async () => {
  const body = { ref: 'main', é: ['☃', null, 1] };
  expect(await run({ webhook: { url, method: 'PUT', body } })).toMatchObject({ outcome: 'done' });
  expect(received).toMatchObject([{ method: 'PUT', headers: { 'webhook-id': 'act_1' } }]);
  expect(received[0]!.body).toBe(JSON.stringify(body));
  expect(received[0]!.headers['webhook-signature']).toBeUndefined();
});

test('the headers of Standard Webhooks are ours, whatever the plan says', async () => {
  await run({
    webhook: { url, secret: { env: 'SECRET' }, headers: { 'Webhook-Id': 'other', 'webhook-signature': 'x' } },
  });
  const { headers, body } = received[0]!;
  expect(new Webhook(SECRET).verify(body, headers as { [name: string]: string })).toEqual(MESSAGE);
  expect(headers['webhook-id']).toBe('act_1');
});

test.each([
  [302, 'failed'],
  [400, 'failed'],
  [500, 'failed'],
  [200, 'done'],
  [204, 'done'],
])('an answer of %d is %s, and nothing is asked again', async (status, outcome) => {
  answer = (response) => void response.writeHead(status, { location: `${url}/elsewhere` }).end();
  expect(await run({ webhook: { url } })).toMatchObject({ outcome });
  expect(received).toHaveLength(1);
});

test('nobody there is failed: nothing was sent', async () => {
  const closed = url.replace(/:\d+\//, ':1/');
  const result = await run({ webhook: { url: closed } });
  expect(result).toMatchObject({ outcome: 'failed', seen: expect.stringContaining('refused') });
});

test('a connection that breaks after the request is unknown: it may have been done', async () => {
  answer = (response) => void response.socket?.destroy();
  const result = await run({ webhook: { url } });
  expect(result).toMatchObject({ outcome: 'unknown', seen: expect.stringContaining('may have arrived') });
});

test('no answer in time is unknown, and the connection is gone', async () => {
  let closed = false;
  answer = (response) => void response.on('close', () => (closed = true));
  expect(await run({ webhook: { url } }, { timeout: 300 })).toMatchObject({ outcome: 'unknown' });
  await until('it hangs up', () => closed);
});

test.each([
  ['answers', ''],
  ['is not there', ':1'],
])('an address that is the secret itself is not in what was seen, where it %s', async (_, port) => {
  hook = port === '' ? `${url}?key=hook-key-9` : 'http://127.0.0.1:1/hook-key-9';
  const { seen } = (await run({ webhook: { url: { env: 'HOOK' } } })) as { seen: string };
  expect(seen).toContain('POST $HOOK');
  expect(seen).not.toContain('hook-key-9');
  expect(seen).not.toContain('127.0.0.1');
});

test.each<[string, { action: Action; more: Partial<Access>; why: string }]>([
  [
    'a private address',
    { action: { webhook: { url: 'http://10.0.0.7/' } }, more: { allowLocal: false }, why: 'private address' },
  ],
  [
    'a host',
    {
      action: { webhook: { url: 'https://other.example.com/' } },
      more: { hosts: ['example.com'] },
      why: 'other.example.com',
    },
  ],
  [
    'a variable for its key',
    {
      action: { webhook: { url: 'https://example.com/', secret: { env: 'SECRET' } } },
      more: { env: [] },
      why: 'SECRET',
    },
  ],
  [
    'a variable for a header',
    {
      action: { webhook: { url: 'https://example.com/', headers: { a: { env: 'TOKEN' } } } },
      more: { env: [] },
      why: 'TOKEN',
    },
  ],
  [
    'a variable for its address',
    { action: { webhook: { url: { env: 'HOOK' } } }, more: { env: ['CHECK_*'] }, why: 'HOOK' },
  ],
  ['a command', { action: { command: { name: 'open' } }, more: {}, why: 'no command "open"' }],
  [
    'an argument',
    {
      action: { command: { name: 'run', args: ['b'] } },
      more: { commands: { run: { ...node(''), args: ['a'] } } },
      why: 'argument 1',
    },
  ],
  ['nothing at all', { action: { title: 'nothing' }, more: {}, why: 'neither' }],
])(
  '%s that the worker does not allow is refused before a start and at the attempt',
  async (_, { action, more, why }) => {
    const access = localAccess(folder, more);
    const { admitChecks } = createAdmissionActivities({ access, env: () => undefined });
    const refused = await admitChecks({ probes: [], actions: [{ place: 'onVerdict.go 1', title: 'it', action }] });
    expect(refused).toMatchObject([{ criterion: 'onVerdict.go 1', reasons: [expect.stringContaining(why)] }]);
    expect(await run(action, { access })).toMatchObject({ outcome: 'failed', seen: expect.stringContaining(why) });
    expect(received).toHaveLength(0);
  }
);

test('a name that leads to a private address is refused when it is looked up', async () => {
  const action = { webhook: { url: url.replace('127.0.0.1', 'localhost') } };
  const result = await run(action, { access: publicAccess(folder) });
  expect(result).toMatchObject({ outcome: 'failed', seen: expect.stringContaining('loopback') });
  expect(received).toHaveLength(0);
});

test('a key that is none is failed, and nothing is sent', async () => {
  const result = await run({ webhook: { url, secret: { env: 'BAD' } } });
  expect(result).toMatchObject({ outcome: 'failed', seen: expect.stringContaining('no key of Standard Webhooks') });
  expect(received).toHaveLength(0);
});

test('a command is the program that the worker names, with the environment that it gives', async () => {
  const script = "require('fs').appendFileSync('ran', process.argv[1] + (process.env.KEY ? ' with key' : '') + '\\n')";
  const access = localAccess(folder, {
    commands: { open: { ...node(script), args: ['-e', script, { matches: '[a-z]+' }] } },
  });
  const result = await run({ command: { name: 'open', args: ['-e', script, 'production'] } }, { access });
  expect(result).toMatchObject({ outcome: 'done', seen: expect.stringContaining('exited with 0') });
  expect(readFileSync(join(folder, 'ran'), 'utf8')).toBe('production with key\n');
});

const exits = 'process.exit(3)';
const hangs = 'setInterval(() => {}, 1000)';
test('a command that exits with anything but 0 is failed', async () => {
  const access = localAccess(folder, { commands: { open: node(exits) } });
  const result = await run({ command: { name: 'open', args: ['-e', exits] } }, { access });
  expect(result).toMatchObject({ outcome: 'failed', seen: expect.stringContaining('exited with 3') });
});

test('a command that does not end in time is ended, and unknown', async () => {
  const access = localAccess(folder, { commands: { open: node(hangs) } });
  const result = await run({ command: { name: 'open', args: ['-e', hangs] } }, { access, timeout: 400 });
  expect(result).toMatchObject({ outcome: 'unknown', seen: expect.stringContaining('did not end in time') });
});

test('a trial calls nothing, and says what it would; what is not allowed fails there too', async () => {
  logged.length = 0;
  expect(await run({ webhook: { url } }, { trial: true })).toMatchObject({
    outcome: 'done',
    seen: expect.stringContaining('trial'),
  });
  expect(received).toHaveLength(0);
  expect(logged).toHaveLength(1);
  expect(await run({ command: { name: 'open' } }, { trial: true })).toMatchObject({ outcome: 'failed' });
});

test('a worker that is told to stop while nobody knows how it ends rejects, which counts as unknown', async () => {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  answer = () => environment.cancel();
  const given = {
    launch: 'demo',
    key: 'k',
    action: { webhook: { url } },
    message: MESSAGE,
    timeout: 20_000,
    trial: false,
  };
  await expect(environment.run(activities(localAccess(folder)).runAction, given)).rejects.toThrow('CANCELLED');
});

test('what is no action is refused for good', async () => {
  await expect(run('deploy' as never)).rejects.toMatchObject({ type: 'BAD_INPUT', nonRetryable: true });
});
