import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** GO, and what follows it: the worker is killed while a receiver has not answered yet, and a person tries again. */
const ID = 'after';
const SECRET = `whsec_${Buffer.from('of this test alone').toString('base64')}`;
/** Beyond it nothing will come any more, however busy the machine. */
const LOST_AFTER_MS = 90_000;

const PLAN = (url: string): string => `
version: 1
id: ${ID}
title: "After"
launch:
  at: +22s
  finalPoll: 20s
  authority: { roles: [ana] }
  postLaunch:
    watch: 1h
    criteria:
      - { id: healthy, title: It answers, check: { type: http, url: "${url}/health" }, every: 2s }
      - { id: quiet, title: Support hears of nothing, attest: { by: [qa] } }
  rollback: [Point the domain back, Tell support]
people: [{ id: ana, name: Ana }, { id: qa, name: QA }]
items: [{ id: A, title: Do A, owners: [qa] }]
gates: { must: [{ item: A }] }
onVerdict:
  go:
    - { title: Deploy, webhook: { url: "${url}/deploy", secret: { env: HOOK_SECRET } } }
    - { title: Open, command: { name: open, args: [production] } }
    - { notify: everyone }
`;

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let stack: TestStack;
let folder: string;
const received: Received[] = [];
const health = { status: 200 };
/** What the receiver does with its nth call. */
let deploys: (response: ServerResponse, call: number) => void = () => {};

const server = createServer((request, response) => {
  if (request.url === '/health') return void response.writeHead(health.status).end();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    deploys(response, received.length);
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'launch-after-'));
  const script = "require('node:fs').appendFileSync('opened', process.argv[1] + '\\n')";
  const open = { run: process.execPath, args: ['-e', script, 'production'], folder };
  const config = join(folder, 'config.yaml');
  const checks = { allowLocal: true, env: ['HOOK_SECRET'], commands: { open } };
  writeFileSync(config, JSON.stringify({ checks }));
  const plan = PLAN(url).replace('args: [production]', `args: ${JSON.stringify(['-e', script, 'production'])}`);
  writeFileSync(join(folder, 'plan.yaml'), plan);
  stack = await testStack({ HOOK_SECRET: SECRET }, ['--config', config]);
});

afterAll(async () => {
  await stack.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const board = () => stack.board(ID);

test('a plan whose actions the worker does not allow is not started', async () => {
  const plan = readFileSync(join(folder, 'plan.yaml'), 'utf8').replace('name: open', 'name: shut');
  const { exit, code } = await stack.refused('start', stack.file('refused.yaml', plan));
  expect([exit, code]).toEqual([1, 'CHECKS_REFUSED']);
});

test('GO; the worker is killed while the receiver thinks: unknown, alarmed, and not called again', async () => {
  deploys = (response, call) => {
    if (call === 1) process.kill(stack.where().worker.pid!, 'SIGKILL');
    else response.writeHead(200).end();
  };
  const { code, stderr } = await stack.run('start', join(folder, 'plan.yaml'));
  expect([code, stderr]).toEqual([0, '']);
  await until('A is open', async () => (await board()).items[0]?.status === 'open', LOST_AFTER_MS);
  expect((await stack.run('attest', ID, 'A', '--as', 'qa')).code).toBe(0);
  expect((await stack.run('sign-off', ID, '--as', 'ana')).code).toBe(0);
  await until('it has failed', async () => (await board()).phase === 'launch-failed', LOST_AFTER_MS);
  const { verdict, actions } = await board();
  expect(verdict.value).toBe('GO');
  expect(actions.map(({ state, attempts }) => [state, attempts])).toEqual([
    ['unknown', 1],
    ['waiting', 0],
    ['waiting', 0],
  ]);
  expect(verdict.needs[0]).toMatchObject({ who: 'ana', command: `launch retry-actions ${ID} --as ana` });
  expect(received).toHaveLength(1);
  const { stdout } = await stack.run('status', ID);
  for (const part of ['GO, launch failed', 'retry-actions', 'Point the domain back', 'Deploy']) {
    expect(stdout).toContain(part);
  }
});

test('tried again: the receiver can tell the repeat and verify it, the command runs, and it is launched', async () => {
  expect((await stack.run('retry-actions', ID, '--as', 'ana')).code).toBe(0);
  await until('it is launched', async () => (await board()).phase === 'launched', LOST_AFTER_MS);
  expect(received).toHaveLength(2);
  const [first, second] = received as [Received, Received];
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.body).toBe(first.body);
  for (const { headers, body } of received) {
    const said = new Webhook(SECRET).verify(body, headers as { [name: string]: string });
    expect(said).toMatchObject({ type: 'launch.go', data: { launch: ID, action: { number: 1, title: 'Deploy' } } });
  }
  expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe('production\n');
  expect((await board()).actions.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  expect(await stack.refused('retry-actions', ID, '--as', 'ana')).toEqual({ exit: 1, code: 'NOTHING_TO_RETRY' });
});

test('after GO it is watched: a fall alarms, and the ledger has it all', async () => {
  await until('it holds', async () => (await board()).postLaunch?.criteria[0]?.state === 'met', LOST_AFTER_MS);
  health.status = 500;
  await until('it fell', async () => (await board()).postLaunch?.criteria[0]?.alarmed, LOST_AFTER_MS);
  expect((await stack.run('attest', ID, 'POST-LAUNCH.quiet', '--as', 'qa')).code).toBe(0);
  expect((await board()).verdict).toMatchObject({ value: 'GO', needs: [{ who: 'ana', command: null }] });
  expect((await stack.run('cancel', ID, '--reason', 'rolled back', '--as', 'ana')).code).toBe(0);
  await until('it is over', async () => (await board()).ended?.how === 'cancelled', LOST_AFTER_MS);
  expect(await board()).toMatchObject({ phase: 'launched', verdict: { value: 'GO' } });
  const facts = async () => {
    const rows = await stack.rows<{ type: string }>(
      `SELECT type FROM "Fact" WHERE "launchId" = $1 AND "itemId" IS NULL AND type ~ 'action|launched|postLaunch' ORDER BY seq`,
      [ID]
    );
    return rows.map(({ type }) => type);
  };
  await until('the ledger has it', async () => (await facts()).includes('postLaunchFell'), LOST_AFTER_MS);
  expect(await facts()).toEqual([
    'actionBegun',
    'actionEnded',
    'actionsRetried',
    'actionBegun',
    'actionEnded',
    'actionBegun',
    'actionEnded',
    'actionBegun',
    'actionEnded',
    'launched',
    'postLaunchFell',
  ]);
});
