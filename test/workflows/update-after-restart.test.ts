import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { PAYLOAD_CONVERTER_PATH } from '../../worker/bundle';
import { createWorker } from '../../worker/create-worker';
import { item, planOf, probe } from '../support/plans';
import { devServer } from '../support/servers';
import { until } from '../support/until';
import { fakeActivities, FakeWorld, startLaunch, testBundle } from '../support/workflows';

/**
 * A worker that knows nothing of a workflow yet is handed its history and a new update in one. What came before the
 * update without making anything happen is then given to the workflow together with it, updates first; whoever replays
 * it later is given one after the other. Both must come to the same.
 */
let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await devServer();
});
afterAll(() => env.teardown());

async function isAtRest(handle: WorkflowHandle): Promise<boolean> {
  const { pendingActivities, pendingWorkflowTask, workflowExecutionInfo } = (await handle.describe()).raw;
  const begun = Number(workflowExecutionInfo?.historyLength ?? 0) > 5;
  // A watch is at rest between its looks.
  const busy = (pendingActivities ?? []).filter(({ activityType }) => activityType?.name !== 'awaitCheck');
  return begun && !pendingWorkflowTask && busy.length === 0;
}

async function replay(handle: WorkflowHandle): Promise<void> {
  const options = {
    workflowBundle: await testBundle(),
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
  };
  await Worker.runReplayHistory(options, await handle.fetchHistory(), handle.workflowId);
}

test('an update that is the first thing a new worker hears of is replayed as it was', async () => {
  const world = new FakeWorld();
  world.outcome = () => 'failed';
  const items = [item('A'), item('B'), item('C', { criteria: [probe('up')] })];
  const plan = planOf({ items, must: ['A', 'B'] });
  const launch = await startLaunch(env, { ...plan, launch: { ...plan.launch, at: Date.now() + 86_400_000 } }, world);
  const all = [launch.handle, launch.item('A'), launch.item('B'), launch.item('C')];
  const atRest = () => until('rest', async () => (await Promise.all(all.map(isAtRest))).every(Boolean));
  await launch.worker.runUntil(async () => {
    await atRest();
  });
  const says: Array<() => Promise<unknown>> = [
    () => launch.tellItem('A', 'attest', { by: 'dev' }),
    () => launch.tellItem('C', 'verifyNow', { by: 'dev' }),
    () => launch.tell('hold', { by: 'ana', reason: 'a storm' }),
    () => launch.tellItem('B', 'comment', { by: 'dev', text: 'soon' }),
    () => launch.tell('release', { by: 'ana', reason: 'it is over' }),
    () => launch.tell('signOff', { by: 'ana', answer: 'yes' }),
  ];
  for (const say of says) {
    const worker = await createWorker({
      connection: env.nativeConnection,
      namespace: 'default',
      taskQueue: launch.id,
      activities: fakeActivities(world, env),
      bundle: await testBundle(),
      stickyTimeout: '1 second',
    });
    await worker.runUntil(async () => {
      await say();
      await atRest();
    });
    for (const handle of all) await replay(handle);
  }
  for (const handle of all) await handle.terminate();
});
