import { MockActivityEnvironment, type TestWorkflowEnvironment } from '@temporalio/testing';
import { createStandupActivities, STANDUP_WIRE } from '../../activities/standup';
import { LAUNCH_WORKFLOW, launchWorkflowId, standupQuery } from '../../workflows/messages';
import { devServer } from '../support/servers';

let server: TestWorkflowEnvironment;
beforeAll(async () => {
  server = await devServer();
});
afterAll(() => server?.teardown());

const take = (given: unknown) =>
  new MockActivityEnvironment({}, { client: server.client }).run(
    createStandupActivities().takeStandup as (given: unknown) => Promise<unknown>,
    given
  );

test('launches are asked under the name and by the query that they listen to', () => {
  expect(STANDUP_WIRE.query).toBe(standupQuery.name);
  expect(STANDUP_WIRE.workflowId('demo')).toBe(launchWorkflowId('demo'));
});

test('a launch that is not there, or not any more, is over', async () => {
  const asked = { now: 0 };
  expect(await take({ launch: 'nosuch', asked })).toEqual({ over: true });
  const workflowId = launchWorkflowId('gone');
  const handle = await server.client.workflow.start(LAUNCH_WORKFLOW, { workflowId, taskQueue: 'nobody', args: [] });
  await handle.terminate();
  expect(await take({ launch: 'gone', asked })).toEqual({ over: true });
});

test('one that runs and does not answer is an error, to be tried again; what cannot be read is not', async () => {
  const workflowId = launchWorkflowId('mute');
  await server.client.workflow.start(LAUNCH_WORKFLOW, { workflowId, taskQueue: 'nobody', args: [] });
  await expect(take({ launch: 'mute', asked: { now: 0 } })).rejects.toThrow(/Failed to query|exceeded/i);
  for (const given of [undefined, {}, { launch: 7, asked: {} }, { launch: 'mute' }]) {
    await expect(take(given)).rejects.toMatchObject({ type: 'BAD_INPUT', nonRetryable: true });
  }
});
