import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createAdmissionActivities } from '../../activities/admission';
import { publicAccess } from '../../activities/checks/access';
import { connectedBy } from '../../client/connection';
import { createLaunches, type Launches } from '../../client/launches';
import type { Criterion, Json, Plan, ProbeCheck } from '../../domain/plan';
import { DAY } from '../../domain/units';
import { createWorker } from '../../worker/create-worker';
import { launchWorkflowId } from '../../workflows/messages';
import { human, item, planOf, probe } from '../support/plans';
import { devServer } from '../support/servers';
import { until } from '../support/until';
import { fakeActivities, FakeWorld, testBundle } from '../support/workflows';

/** A worker that allows public addresses, the files of its folder, and one variable. */
const access = { ...publicAccess(__dirname), env: ['TOKEN'] };
const variables: { [name: string]: string } = {};
const QUEUE = 'admission';

let env: TestWorkflowEnvironment;
let launches: Launches;
let running: Promise<void>;
let stop: () => void;

beforeAll(async () => {
  env = await devServer();
  launches = createLaunches(connectedBy(env.client, { address: env.address, taskQueue: QUEUE }));
  const worker = await createWorker({
    connection: env.nativeConnection,
    namespace: 'default',
    taskQueue: QUEUE,
    activities: {
      ...fakeActivities(new FakeWorld(), env),
      ...createAdmissionActivities({ access, env: (name) => variables[name] }),
    },
    bundle: await testBundle(),
    stickyTimeout: '1 second',
  });
  running = worker.run();
  stop = () => worker.shutdown();
});

afterAll(async () => {
  stop?.();
  await running;
  await env?.teardown();
});

const checked = (id: string, check: { [key: string]: Json }): Criterion => ({
  ...probe(id),
  check: check as ProbeCheck,
});
const http = (id: string, url: string) => checked(id, { type: 'http', url });

function planWith(id: string, criteria: Criterion[], launch: Partial<Plan['launch']> = {}): Plan {
  return planOf({ plan: { id }, items: [item('A', { criteria })], launch: { at: Date.now() + DAY, ...launch } });
}

async function exists(id: string): Promise<boolean> {
  return await env.client.workflow
    .getHandle(launchWorkflowId(id))
    .describe()
    .then(
      () => true,
      () => false
    );
}

test('a plan whose checks the worker allows is started', async () => {
  const { launch } = await launches.start({ plan: planWith('fine', [http('up', 'https://example.com/')]), by: 'ana' });
  expect(await exists(launch)).toBe(true);
  await env.client.workflow.getHandle(launchWorkflowId(launch)).terminate();
});

test('a plan that asks for more is refused with every reason, and nothing is started', async () => {
  const plan = planWith('greedy', [
    http('fine', 'https://example.com/'),
    http('inside', 'http://10.0.0.7/'),
    checked('secret', { type: 'http', url: 'https://example.com/', headers: { 'x-key': { env: 'HOME' } } }),
    human('said', ['dev']),
  ]);
  const error = await launches.start({ plan, by: 'ana' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'CHECKS_REFUSED',
    details: {
      refusals: [
        { item: 'A', criterion: 'inside', type: 'http', reasons: [expect.stringContaining('10.0.0.7')] },
        { item: 'A', criterion: 'secret', type: 'http', reasons: [expect.stringContaining('HOME')] },
      ],
    },
  });
  expect((error as Error).message).toContain('2 checks');
  expect(await exists('greedy')).toBe(false);
});

test('checks of noGo and of the time after the launch are asked for too', async () => {
  const inside = http('inside', 'http://127.0.0.1/');
  const noGo = planWith('no-go', [human('said', ['dev'])], { noGo: [inside] });
  const afterwards = planWith('after', [human('said', ['dev'])], { postLaunch: { watch: 1_000, criteria: [inside] } });
  for (const plan of [noGo, afterwards]) {
    await expect(launches.start({ plan, by: 'ana' })).rejects.toMatchObject({ code: 'CHECKS_REFUSED' });
  }
});

test('a check that its schema does not know, and one of an unknown type, are refused', async () => {
  const plan = planWith('odd', [checked('a', { type: 'http', url: 'ftp://x' }), checked('b', { type: 'telepathy' })]);
  await expect(launches.start({ plan, by: 'ana' })).rejects.toMatchObject({
    code: 'CHECKS_REFUSED',
    details: { refusals: [{ criterion: 'a' }, { criterion: 'b' }] },
  });
});

test('an amendment that asks for more is refused, and the launch goes on as it was', async () => {
  const { launch } = await launches.start({ plan: planWith('amended', [human('said', ['dev'])]), by: 'ana' });
  const plan = planWith(launch, [http('inside', 'http://127.0.0.1/')]);
  await expect(launches.tell(launch, { type: 'amend', by: 'ana', reason: 'more', plan })).rejects.toMatchObject({
    code: 'CHECKS_REFUSED',
  });
  const board = await until('the board', () => launches.board(launch).catch(() => undefined));
  expect(board).toMatchObject({ revision: 1 });
  await env.client.workflow.getHandle(launchWorkflowId(launch)).terminate();
});

const slack = { type: 'slack', url: { env: 'TOKEN' } };

test('a channel that could not send is refused; set right, or in a trial, the plan is started', async () => {
  const plan: Plan = {
    ...planWith('mute', [human('said', ['dev'])]),
    channels: { chat: slack, mail: { type: 'email' }, audit: { type: 'log' } },
  };
  const error = await launches.start({ plan, by: 'ana' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'CHECKS_REFUSED',
    message: expect.stringContaining('could not send by 2 channels of this plan; nothing was started') as string,
    details: {
      refusals: [
        { channel: 'chat', criterion: 'channels.chat', reasons: [expect.stringContaining('TOKEN is not set')] },
        { channel: 'mail', criterion: 'channels.mail', reasons: [expect.stringContaining('no mail server')] },
      ],
    },
  });
  expect(await exists('mute')).toBe(false);
  const trial = await launches.start({ plan: { ...plan, id: 'rehearsed', trial: true }, by: 'ana' });
  variables['TOKEN'] = 'https://hooks.example.com/services/T';
  const { launch } = await launches.start({ plan: { ...plan, channels: { chat: slack } }, by: 'ana' });
  delete variables['TOKEN'];
  // What is told by a channel that has broken meanwhile is no reason against an amendment that leaves it alone.
  const amended: Plan = { ...plan, id: launch, title: 'Other', channels: { chat: slack } };
  const amend = { type: 'amend', by: 'ana', reason: 'title' } as const;
  await launches.tell(launch, { ...amend, plan: amended });
  const more = { ...amended, channels: { chat: slack, other: slack } };
  await expect(launches.tell(launch, { ...amend, plan: more })).rejects.toMatchObject({
    code: 'CHECKS_REFUSED',
    details: { refusals: [{ channel: 'other' }] },
  });
  for (const id of [trial.launch, launch]) await env.client.workflow.getHandle(launchWorkflowId(id)).terminate();
});

test('where no worker answers a plan with checks is not started, one without is', async () => {
  const alone = createLaunches(connectedBy(env.client, { address: env.address, taskQueue: 'nobody' }));
  const asking = planWith('alone', [http('up', 'https://example.com/')]);
  await expect(alone.start({ plan: asking, by: 'ana' })).rejects.toMatchObject({ code: 'NO_WORKER' });
  expect(await exists('alone')).toBe(false);
  const { launch } = await alone.start({ plan: planWith('quiet', [human('said', ['dev'])]), by: 'ana' });
  await env.client.workflow.getHandle(launchWorkflowId(launch)).terminate();
});
