import { spawn } from 'node:child_process';
import { compiled } from '../../stack/paths';
import { valuesOf } from '../support/exposition';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** Scraped by HTTP, as Prometheus does, from what `launch up` and `launch metrics` serve. */
const PLAN = `
version: 1
id: shop
title: "The shop"
launch: { at: +2d 14:00, authority: { roles: [ana] } }
people: [{ id: ana, name: Ana }, { id: dev, name: Dev }]
items:
  - { id: A, title: Fix A, kind: blocker, priority: P0, owners: [dev] }
  - { id: B, title: Fix B, kind: blocker, priority: P0, owners: [dev] }
  - { id: C, title: Do C, owners: [dev], deadline: +1s }
metrics:
  - { id: p0, title: P0 resolved, measure: resolved-share, where: { priority: P0 }, target: '>= 95%', by: T-1d }
  - { id: idle, title: Idle, measure: idle-owners, target: '< 10%' }
  - { id: overdue, title: Overdue, measure: overdue, target: '= 0' }
gates: { must: [{ item: A }, { item: B }] }
`;

let stack: TestStack;
let url: string;

beforeAll(async () => {
  stack = await testStack();
  url = /^Metrics {3}(\S+)$/m.exec(stack.up.output())?.[1] ?? 'not said';
});

afterAll(() => stack.stop());

async function scrape(from = url): Promise<{ [key: string]: number }> {
  const response = await fetch(from);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return valuesOf(await response.text());
}

test('without a launch it is well and has nothing', async () => {
  expect(new URL(url).hostname).toBe('127.0.0.1');
  expect(await scrape()).toEqual({ 'scrape_ok{}': 1 });
  expect((await fetch(new URL('/', url))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
});

test('a launch that runs, as its board has it, and changes at once', async () => {
  expect((await stack.run('start', stack.file('shop.yaml', PLAN))).code).toBe(0);
  const first = await until('C is overdue', async () => {
    const values = await scrape();
    return values['metric_counted{launch=shop,metric=overdue}'] === 1 && values;
  });
  const { launchAt, metrics } = await stack.board('shop');
  expect(first).toEqual({
    'scrape_ok{}': 1,
    'launch_read{launch=shop}': 1,
    'launch_timestamp_seconds{launch=shop}': Date.parse(launchAt) / 1_000,
    'musts_open{launch=shop}': 2,
    'metric_ratio{launch=shop,metric=p0}': 0,
    'metric_counted{launch=shop,metric=p0}': 0,
    'metric_of{launch=shop,metric=p0}': 2,
    'metric_met{launch=shop,metric=p0}': 0,
    'metric_due_timestamp_seconds{launch=shop,metric=p0}': Date.parse(metrics[0]!.by!) / 1_000,
    'metric_ratio{launch=shop,metric=idle}': 0.5,
    'metric_counted{launch=shop,metric=idle}': 1,
    'metric_of{launch=shop,metric=idle}': 2,
    'metric_met{launch=shop,metric=idle}': 0,
    'metric_counted{launch=shop,metric=overdue}': 1,
    'metric_met{launch=shop,metric=overdue}': 0,
  });
  expect((await stack.run('resolve', 'shop', 'A', '--note', 'done', '--as', 'dev')).code).toBe(0);
  await until('half is resolved', async () => (await scrape())['metric_ratio{launch=shop,metric=p0}'] === 0.5);
});

test('an address that is taken, or none, is one clear error', async () => {
  const listen = new URL(url).host;
  expect(await stack.refused('metrics', '--listen', listen)).toEqual({ exit: 3, code: 'PORT_TAKEN' });
  const { stderr } = await stack.run('metrics', '--listen', listen);
  expect(stderr).toBe(
    `launch: Metrics cannot be served at ${listen}: another program listens there. Give another address: --listen HOST:PORT. (PORT_TAKEN)\n`
  );
  for (const wrong of ['9464', 'localhost', '127.0.0.1:99999', '[::1:9464', 'a b:1', '']) {
    expect([wrong, await stack.refused('metrics', '--listen', wrong)]).toEqual([wrong, { exit: 2, code: 'BAD_INPUT' }]);
  }
});

test('launch metrics serves the same from a process of its own, until it is interrupted', async () => {
  const env = { ...process.env, LAUNCH_DATA: stack.data };
  const args = [compiled('cli/index.js'), 'metrics', '--listen', 'localhost:0'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('ready', () => /^ready$/m.test(said));
  const own = /^Metrics {3}(\S+)$/m.exec(said)![1]!;
  expect(await scrape(own)).toEqual(await scrape());
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  await expect(fetch(own)).rejects.toThrow('fetch failed');
});

test('while no worker answers the launch has no value, and the scrape says that it is not whole', async () => {
  const worker = stack.where().worker.pid!;
  process.kill(worker, 'SIGSTOP');
  try {
    expect(await scrape()).toEqual({ 'scrape_ok{}': 0, 'launch_read{launch=shop}': 0 });
  } finally {
    process.kill(worker, 'SIGCONT');
  }
  const values = await until('it answers again', async () => {
    const again = await scrape();
    return again['scrape_ok{}'] === 1 ? again : undefined;
  });
  expect(values['metric_ratio{launch=shop,metric=p0}']).toBe(0.5);
});

test('a launch that has ended is gone', async () => {
  expect((await stack.run('cancel', 'shop', '--reason', 'enough', '--as', 'ana')).code).toBe(0);
  await until('it is gone', async () => Object.keys(await scrape()).length === 1);
  expect(await scrape()).toEqual({ 'scrape_ok{}': 1 });
});
