import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, WorkflowClient } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { TASK_QUEUE } from '../../config';
import { diagnose, type Check } from '../../stack/doctor';
import { startStack, type RunningStack } from '../../stack/up';
import { freshDatabase } from '../support/database';
import { requireBuild } from '../support/built';
import { until } from '../support/until';

const IDLE_WORKER = [process.execPath, '-e', "console.log('ready'); setInterval(() => {}, 1000)"] as const;

let data: string;
let running: RunningStack;

beforeAll(async () => {
  requireBuild();
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  data = mkdtempSync(join(tmpdir(), 'launch-doctor-'));
  running = await startStack({ data, report: () => {}, worker: IDLE_WORKER });
});
afterAll(async () => {
  await running.stop();
  rmSync(data, { recursive: true, force: true });
});

const unwell = (checks: Check[]): string[] => checks.filter((check) => !check.ok).map((check) => check.name);

test('a stack whose worker does not poll is not ready, and the fix is named', async () => {
  const { ready, checks } = await diagnose(data, {});
  expect(ready).toBe(false);
  expect(unwell(checks)).toEqual(['worker']);
  expect(checks.find((check) => check.name === 'worker')).toMatchObject({
    fix: expect.stringContaining('launch worker'),
  });
});

test('with a worker that polls it is ready', async () => {
  const { address } = running.stack().temporal;
  const connection = await NativeConnection.connect({ address });
  const workflowsPath = require.resolve('../support/empty-workflow');
  const worker = await Worker.create({ connection, taskQueue: TASK_QUEUE, workflowsPath });
  await worker.runUntil(async () => {
    const { ready, checks } = await diagnose(data, {});
    expect(unwell(checks)).toEqual([]);
    expect(ready).toBe(true);
    expect(checks.every((check) => check.fix === null)).toBe(true);
  });
  await connection.close();
});

test('an item that runs without its launch is listed', async () => {
  const { address } = running.stack().temporal;
  const connection = await Connection.connect({ address });
  const client = new WorkflowClient({ connection });
  const options = { taskQueue: TASK_QUEUE, args: [] };
  const item = await client.start('itemWorkflow', { ...options, workflowId: 'launch:gone:item:A' });
  const launch = await client.start('launchWorkflow', { ...options, workflowId: 'launch:here' });
  const child = await client.start('itemWorkflow', { ...options, workflowId: 'launch:here:item:A' });
  await until('the list shows it', async () => (await diagnose(data, {})).orphans.length > 0);
  expect((await diagnose(data, {})).orphans).toEqual(['launch:gone:item:A']);
  await Promise.all([item, launch, child].map((handle) => handle.terminate()));
  await connection.close();
});

test('an empty folder: the stack, Temporal and the database are missing, each with what to do', async () => {
  const { ready, checks } = await diagnose(join(data, 'nothing'), {});
  expect(ready).toBe(false);
  expect(unwell(checks)).toEqual(['stack', 'temporal', 'database']);
  expect(checks.filter((check) => !check.ok).every((check) => check.fix)).toBe(true);
});

test('what is given and does not answer is named, without its password', async () => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/launch' };
  const { checks } = await diagnose(data, env);
  expect(unwell(checks)).toEqual(['temporal', 'database']);
  expect(JSON.stringify(checks)).toContain('127.0.0.1:1/launch');
  expect(JSON.stringify(checks)).not.toContain('secret');
});

test('a database that was not migrated is told apart from one that does not answer', async () => {
  const { url } = await freshDatabase('empty');
  const { checks } = await diagnose(data, { DATABASE_URL: url });
  expect(checks).toContainEqual(expect.objectContaining({ name: 'database', ok: true }));
  expect(unwell(checks)).toContain('migrations');
});
