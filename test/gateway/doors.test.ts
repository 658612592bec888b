import { spawnSync } from 'node:child_process';
import type { Board } from '../../domain/board';
import { ask, askAs, gatewayUrl, listen, operatorToken, ownGateway, type OwnGateway } from '../support/gateway';
import { target, testStack, type Target, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** Who comes by which name, through what; and what a gateway knows of a launch that it never saw. */
const PLAN = (id: string, url: string) => `
version: 1
id: ${id}
title: Launch of ${id}
timezone: UTC
launch: { at: +2d 14:00, finalPoll: 20s, authority: { roles: [ana], quorum: all } }
people: [{ id: ana, name: Ana }, { id: dev, name: Dev }]
items:
  - { id: ONE, title: One, owners: [dev], acceptance: [{ id: up, title: It answers, check: { type: http, url: "${url}/", expect: { status: 200 } }, every: 1s }] }
gates: { must: [{ item: ONE }] }
`;

let stack: TestStack;
let site: Target;
let own: OwnGateway;

async function start(id: string): Promise<void> {
  const { code, stderr } = await stack.run('start', stack.file(`${id}.yaml`, PLAN(id, site.url)));
  if (code !== 0) throw new Error(stderr);
}

beforeAll(async () => {
  site = await target(503);
  stack = await testStack();
  own = await ownGateway(stack, ['--behind-proxy', '--host', 'launch.example.com', '--host', 'gateway:8480']);
  await start('shop');
}, 180_000);

afterAll(async () => {
  await own?.stop();
  await stack.stop();
  await site.close();
});

describe('the name that it is called by', () => {
  const EVIL = ['attacker.example.com', 'localhost.attacker.example.com', '127.0.0.1.attacker.example.com', 'a b', ''];

  test.each(['/healthz', '/metrics', '/api/me', '/api/session', '/', '/nothing'])(
    '%s is not for a page that leads its own name to this machine',
    async (path) => {
      for (const host of EVIL) {
        const status = await askAs(host, `${gatewayUrl(stack)}${path}`);
        expect([host, status]).toEqual([host, host === '' ? expect.any(Number) : 421]);
      }
      const told = await fetch(`${gatewayUrl(stack)}${path}`);
      expect(told.status).not.toBe(421);
    }
  );

  test('is that of this machine, an address, or one that it was given; of a proxy both must be', async () => {
    const asked = (host: string, headers = {}) => askAs(host, `${own.url}/healthz`, headers);
    for (const host of ['localhost', 'LOCALHOST:1', 'page.localhost', '127.0.0.1', '[::1]:8480', '192.0.2.7:80'])
      expect([host, await asked(host)]).toEqual([host, 200]);
    for (const host of ['launch.example.com', 'launch.example.com:443', 'Launch.Example.Com.', 'gateway:8480'])
      expect([host, await asked(host)]).toEqual([host, 200]);
    expect(await asked('other.example.com')).toBe(421);
    expect(await asked('127.0.0.1', { 'x-forwarded-host': 'launch.example.com' })).toBe(200);
    expect(await asked('127.0.0.1', { 'x-forwarded-host': 'attacker.example.com' })).toBe(421);
    expect(await asked('attacker.example.com', { 'x-forwarded-host': 'launch.example.com' })).toBe(421);
  });
});

test.each(['0', '11', '1.5', 'yes'])('%s is no number of proxies', async (count) => {
  const { code, stderr } = await stack.run('gateway', '--behind-proxy', count);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`1 to 10, or nothing for one; found ${count}`)]);
});

test('a page that came by https has a cookie for https alone; what a proxy says is believed where there is one only', async () => {
  const signIn = async (base: string, headers: { [name: string]: string } = {}) => {
    const token = operatorToken(stack);
    return (await ask(`${base}/api/session`, { body: { token }, headers })).headers.get('set-cookie');
  };
  const https = { 'x-forwarded-proto': 'https' };
  expect(await signIn(own.url, https)).toMatch(/^launch_session=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  expect(await signIn(own.url)).not.toContain('Secure');
  expect(await signIn(gatewayUrl(stack), https)).not.toContain('Secure');
});

test('each run of a check comes as an event without an id', async () => {
  const reader = await listen(`${own.url}/api/launches/shop/events`, { token: operatorToken(stack) });
  try {
    const found = await reader.next('a measurement', ({ event }) => event === 'measurement');
    expect(found.id).toBeUndefined();
    const run = {
      launch: 'shop',
      item: 'ONE',
      criterion: 'up',
      outcome: 'failed',
      seen: expect.stringContaining('503'),
    };
    expect(found.data).toMatchObject({ ...run, at: expect.any(Number), ms: expect.any(Number) });
  } finally {
    reader.close();
  }
});

/** What retention does, at once. */
async function forget(launch: string): Promise<void> {
  const { address, cli, namespace } = stack.where().temporal;
  for (const id of [`launch:${launch}`, `launch:${launch}:item:ONE`, `launch:${launch}:standup`]) {
    spawnSync(cli!, ['workflow', 'delete', '--address', address, '--namespace', namespace, '--workflow-id', id]);
  }
  await until(`Temporal to forget ${launch}`, async () => (await stack.run('status', launch)).code !== 0);
}

async function ended(launch: string): Promise<void> {
  await until(`the first words of ${launch}`, async () => (await stack.board(launch)).items.length === 1);
  expect((await stack.run('cancel', launch, '--reason', 'dropped', '--as', 'ana', '--direct')).code).toBe(0);
  await until('its end in the ledger', async () => {
    const found = await stack.rows(
      `SELECT 1 FROM "Fact" WHERE "launchId" = $1 AND "type" = 'ended' AND "itemId" IS NULL`,
      [launch]
    );
    return found.length > 0;
  });
}

test('a launch that nobody has watched, and Temporal has forgotten, is told of as its ledger has it', async () => {
  await start('unseen');
  await ended('unseen');
  await forget('unseen');
  // As if no gateway had run.
  await stack.rows(`DELETE FROM "KeptBoard" WHERE "launchId" = 'unseen'`);
  type Told = Board & { live: boolean; broken: boolean; incomplete?: string[]; at: string };
  const token = operatorToken(stack);
  const { status, body } = await ask<Told>(`${own.url}/api/launches/unseen`, { token });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id: 'unseen',
    title: 'Launch of unseen',
    live: false,
    verdict: { value: 'DELAY', at: null },
    ended: { how: 'cancelled', reason: expect.stringContaining('dropped'), at: expect.stringMatching(/^\d{4}-/) },
    items: [{ id: 'ONE', title: 'One', owners: ['dev'], criteria: [{ id: 'up', state: 'unmet' }] }],
    gates: { must: [{ ref: 'ONE' }] },
    broken: false,
  });
  expect(body.incomplete).toBeUndefined();
  expect((await ask(`${own.url}/api/launches/unseen/items/ONE`, { token })).status).toBe(200);
  expect((await ask(`${own.url}/api/launches/never`, { token })).body).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
  });
});
