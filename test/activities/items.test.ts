import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createItemActivities, ITEM_WIRE } from '../../activities/items';
import type { Telling } from '../../activities/types';
import type { Situation } from '../../domain/item-state';
import { itemWorkflowId, situationSignal } from '../../workflows/messages';
import { devServer } from '../support/servers';

let server: TestWorkflowEnvironment;
beforeAll(async () => {
  server = await devServer();
});
afterAll(() => server?.teardown());

const situation: Situation = { version: 7, launchAt: 0, held: false, waitingOn: [], computed: {} };

function tellingOf(launch: string, count: number): Telling {
  return { launch, items: Array.from({ length: count }, (_, index) => ({ item: `ITEM-${index}`, situation })) };
}

/** Starts an item that no worker runs: what it is told stays in its history. */
async function start(launch: string, item: string): Promise<() => Promise<number>> {
  const workflowId = itemWorkflowId(launch, item);
  const handle = await server.client.workflow.start('itemWorkflow', { workflowId, taskQueue: 'nobody', args: [] });
  return async () => {
    const { events } = await handle.fetchHistory();
    return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'situation')
      .length;
  };
}

async function tell(telling: Telling, heartbeatDetails?: unknown): Promise<unknown[]> {
  const environment = new MockActivityEnvironment({ heartbeatDetails }, { client: server.client });
  const beats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  await environment.run(createItemActivities().tellItems, telling);
  return beats;
}

test('items are reached under the name and by the signal that workflows listen to', () => {
  expect(ITEM_WIRE.workflowId('a', 'b')).toBe(itemWorkflowId('a', 'b'));
  expect(ITEM_WIRE.signal).toBe(situationSignal.name);
});

test('every item that is there is told once; those that never began or have ended are left out', async () => {
  const first = await start('tells', 'ITEM-0');
  const last = await start('tells', 'ITEM-44');
  await start('tells', 'ITEM-30');
  await server.client.workflow.getHandle(itemWorkflowId('tells', 'ITEM-30')).terminate();
  expect(await tell(tellingOf('tells', 45))).toEqual([20, 40, 45]);
  expect([await first(), await last()]).toEqual([1, 1]);
});

test('a retry goes on where the last attempt stood', async () => {
  const told = await start('resumes', 'ITEM-19');
  const rest = await start('resumes', 'ITEM-20');
  expect(await tell(tellingOf('resumes', 25), 20)).toEqual([25]);
  expect([await told(), await rest()]).toEqual([0, 1]);
});
