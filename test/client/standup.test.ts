/** A sped-up launch on a real server: days of four seconds. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { connectedBy } from '../../client/connection';
import { createLaunches } from '../../client/launches';
import type { Standup } from '../../domain/standup';
import { DAY, HOUR, SECOND } from '../../domain/units';
import { createWorker } from '../../worker/create-worker';
import { item, planOf } from '../support/plans';
import { devServer } from '../support/servers';
import { until } from '../support/until';
import { fakeActivities, FakeWorld, startLaunch, testBundle } from '../support/workflows';

const A_DAY = 4 * SECOND;

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await devServer();
});
afterAll(() => env?.teardown());

function standupsOf(world: FakeWorld): Standup[] {
  const facts = world.facts.flatMap(({ facts: each }) => each);
  return facts
    .filter(({ type }) => type === 'standup')
    .map(({ body }) => (body as unknown as { standup: Standup }).standup);
}

async function started(world = new FakeWorld()) {
  const start = Date.now();
  const standup = { at: '09:00', days: [1, 2, 3, 4, 5, 6, 7], to: ['ana'], reviews: [] };
  const plan = planOf({
    items: [item('A'), item('B')],
    launch: { at: start + HOUR },
    plan: { start, standup, speed: { factor: DAY / A_DAY, floors: [] } },
  });
  const launch = await startLaunch(env, plan, world);
  const launches = createLaunches(connectedBy(env.client, { address: env.address, taskQueue: launch.id }));
  return { launch, launches, world };
}

test('the standup as it stands, the one sent last, and when the next is', async () => {
  const { launch, launches, world } = await started();
  await launch.while(async () => {
    await until('A is open', async () => (await launches.board(launch.id)).items[0]?.status === 'open');
    const before = Date.now();
    const { standup } = await launches.board(launch.id);
    expect(standup).toMatchObject({ kind: 'standup' });
    expect(Date.parse(standup!.next)).toBeGreaterThan(before);
    expect(Date.parse(standup!.next)).toBeLessThanOrEqual(Date.now() + A_DAY);
    const last = await until('one was held', () => launches.lastStandup(launch.id));
    expect(last).toMatchObject({ kind: 'standup', late: false });
    await launch.tellItem('A', 'attest', { by: 'dev' });
    const now = await launches.standup(launch.id);
    expect(now).toMatchObject({ kind: 'now', due: null, counts: { resolved: 1, open: 1 } });
    expect(Date.parse(now.since)).toBeGreaterThanOrEqual(Date.parse(last.at));
    // The launch is not woken by its standups, and yet the next one is still to come.
    await until('another was held', async () => standupsOf(world).length >= 2);
    expect(Date.parse((await launches.board(launch.id)).standup!.next)).toBeGreaterThan(Date.now() - SECOND);
  });
});

test('without a worker standups are missed; when one is back a single one stands for them', async () => {
  const { launch, world } = await started();
  await launch.worker.runUntil(() => until('one was held', async () => standupsOf(world).length > 0));
  const before = standupsOf(world).length;
  const away = Date.now();
  await until('some are missed', async () => Date.now() > away + 4 * A_DAY);
  const another = await createWorker({
    connection: env.nativeConnection,
    namespace: 'default',
    taskQueue: launch.id,
    activities: fakeActivities(world, env),
    bundle: await testBundle(),
    stickyTimeout: '1 second',
  });
  await another.runUntil(async () => {
    await until('one was held again', async () => standupsOf(world).length > before);
    const first = standupsOf(world)[before]!;
    expect(first.missed).toBeGreaterThanOrEqual(2);
    const keys = world.sent.map(({ notice }) => notice.key).filter((key) => key.includes(':standup:'));
    expect(new Set(keys).size).toBe(keys.length);
    await launch.tell('cancel', { by: 'ana', reason: 'done' });
    await launch.standups.result();
  });
});

test('a launch without standups has none, and still says how it stands', async () => {
  const launch = await startLaunch(env, planOf({ launch: { at: Date.now() + HOUR } }));
  const launches = createLaunches(connectedBy(env.client, { address: env.address, taskQueue: launch.id }));
  await launch.while(async () => {
    await until('A is open', async () => (await launches.board(launch.id)).items[0]?.status === 'open');
    expect((await launches.board(launch.id)).standup).toBeNull();
    expect(await launches.lastStandup(launch.id)).toBeUndefined();
    expect(await launches.standup(launch.id)).toMatchObject({ kind: 'now', next: null });
    await expect(launches.standup('nosuch')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
