import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { connectedBy } from '../../client/connection';
import { createLaunches, type Launches } from '../../client/launches';
import { MOST_ITEMS } from '../../domain/launch-commands';
import { DAY } from '../../domain/units';
import { launchWorkflowId } from '../../workflows/messages';
import { item, planOf } from '../support/plans';
import { devServer } from '../support/servers';
import { until } from '../support/until';

/** A server without any worker: what a client can promise on its own. */
let env: TestWorkflowEnvironment;
let launches: Launches;
const at = Date.now() + DAY;

beforeAll(async () => {
  env = await devServer();
  launches = createLaunches(connectedBy(env.client, { address: env.address, taskQueue: 'nobody' }));
});

afterAll(() => env?.teardown());

const plan = (id: string) => planOf({ plan: { id, title: `Launch of ${id}` }, launch: { at } });
const handle = (launch: string) => env.client.workflow.getHandle(launchWorkflowId(launch));

test('starts under its own id, found by its search attributes and named in plain words', async () => {
  const started = await launches.start({ plan: plan('found'), by: 'ana' });
  expect(started).toMatchObject({ launch: 'found', workflowId: 'launch:found' });
  const listed = await until('the list', async () => (await launches.list()).find(({ id }) => id === 'found'));
  expect(listed).toMatchObject({ running: true, phase: 'preparing', mustOpen: 1, verdict: null });
  expect(listed.launchAt).toBe(new Date(at).toISOString());
  const described = await handle('found').describe();
  expect(await described.staticSummary()).toContain('Launch of found');
  expect(await described.staticDetails()).toContain('Started by ana');
});

test('a second start while it runs is refused; later runs get -2 and -3', async () => {
  await launches.start({ plan: plan('again'), by: 'ana' });
  await expect(launches.start({ plan: plan('again'), by: 'ana' })).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    details: { launch: 'again' },
  });
  await handle('again').terminate();
  expect((await launches.start({ plan: plan('again'), by: 'ana' })).launch).toBe('again-2');
  await expect(launches.start({ plan: plan('again'), by: 'ana' })).rejects.toMatchObject({
    details: { launch: 'again-2' },
  });
  await handle('again-2').terminate();
  expect((await launches.start({ plan: plan('again'), by: 'ana' })).launch).toBe('again-3');
});

test('a later run is found although Temporal has forgotten the ones before it', async () => {
  const third = { ...plan('forgotten'), id: 'forgotten-3' };
  await launches.start({ plan: third, by: 'ana' });
  await until('the list', async () => (await launches.list()).some(({ id }) => id === 'forgotten-3'));
  const refused = { code: 'ALREADY_RUNNING', details: { launch: 'forgotten-3' } };
  await expect(launches.start({ plan: plan('forgotten'), by: 'ana' })).rejects.toMatchObject(refused);
  await handle('forgotten-3').terminate();
  await until('its end', async () => (await launches.list()).every(({ id }) => id !== 'forgotten-3'));
  expect((await launches.start({ plan: plan('forgotten'), by: 'ana' })).launch).toBe('forgotten-4');
});

test('of several starts at once one wins, and the others are told', async () => {
  const all = await Promise.allSettled([1, 2, 3].map(() => launches.start({ plan: plan('race'), by: 'ana' })));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const each of all) {
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'ALREADY_RUNNING' });
  }
});

test('what cannot run is refused before anything is started', async () => {
  const items = Array.from({ length: MOST_ITEMS + 1 }, (_, index) => item(`I${index}`));
  const large = planOf({ items, must: ['I0'], plan: { id: 'large' } });
  await expect(launches.start({ plan: large, by: 'ana' })).rejects.toMatchObject({ code: 'TOO_MANY_ITEMS' });
  const heavy = planOf({ items: [item('A', { notes: 'x'.repeat(1_100_000) })], plan: { id: 'heavy' } });
  await expect(launches.start({ plan: heavy, by: 'ana' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  const broken = { ...plan('broken'), items: undefined } as unknown as ReturnType<typeof plan>;
  await expect(launches.start({ plan: broken, by: 'ana' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(handle('large').describe()).rejects.toThrow('not found');
});

test('a launch that is not there, one that is over, and one without a worker are told apart', async () => {
  const hold = { type: 'hold', by: 'ana', reason: 'x' } as const;
  await expect(launches.tell('nosuch', hold)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(launches.board('nosuch')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(launches.itemState('nosuch', 'A')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await launches.start({ plan: plan('over'), by: 'ana' });
  await handle('over').terminate();
  await expect(launches.tell('over', hold)).rejects.toMatchObject({ code: 'ENDED' });
  await launches.start({ plan: plan('lonely'), by: 'ana' });
  await expect(launches.tell('lonely', { ...hold, key: 'k7' })).rejects.toMatchObject({
    code: 'NO_WORKER',
    message: expect.stringContaining('--key k7'),
  });
});

test('an amendment by a plan that is too large is refused before it is sent, by what it has and what it may have', async () => {
  await launches.start({ plan: plan('growing'), by: 'ana' });
  const large = planOf({ items: [item('A', { notes: 'x'.repeat(1_300_000) })], plan: { id: 'growing' } });
  const amend = { type: 'amend', by: 'ana', reason: 'more', plan: large } as const;
  await expect(launches.tell('growing', amend)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringMatching(/has 130\d kB, at most 1000 kB/),
    details: { most: 1_000_000 },
  });
  const found = (await handle('growing').fetchHistory()).events ?? [];
  expect(found.some(({ workflowExecutionUpdateAcceptedEventAttributes: update }) => update)).toBe(false);
});

test('a worker that fails at the launch is one that cannot take it', async () => {
  const taskQueue = 'failing';
  const there = createLaunches(connectedBy(env.client, { address: env.address, taskQueue }));
  const workflowsPath = require.resolve('../support/empty-workflow');
  // It has no workflow of that name, so that it fails at the first task, and again.
  const worker = await Worker.create({ connection: env.nativeConnection, taskQueue, workflowsPath });
  await worker.runUntil(async () => {
    await there.start({ plan: plan('failing'), by: 'ana' });
    await until('it to have failed', async () => {
      const { events } = await handle('failing').fetchHistory();
      return events?.some(({ workflowTaskFailedEventAttributes: failed }) => failed);
    });
    await expect(there.tell('failing', { type: 'release', by: 'ana', key: 'k8' })).rejects.toMatchObject({
      code: 'NO_WORKER',
      message: expect.stringMatching(/failed state.*--key k8/),
    });
  });
});

test('a command of the wrong shape is refused here, with the field', async () => {
  const bad = { type: 'hold', by: 'ana', reason: '' } as const;
  await expect(launches.tell('lonely', bad)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining("'reason'"),
  });
});
