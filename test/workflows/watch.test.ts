import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { localAccess } from '../support/access';
import { createCheckActivities } from '../../activities/checks';
import { connectedBy } from '../../client/connection';
import { createLaunches } from '../../client/launches';
import { DAY, SECOND } from '../../domain/units';
import { item, planOf, probe } from '../support/plans';
import { devServer } from '../support/servers';
import { FakeWorld, startLaunch } from '../support/workflows';
import { until } from '../support/until';

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await devServer();
});
afterAll(() => env?.teardown());

test('three passes in a row are counted over the attempts of one activity; a failure between begins anew', async () => {
  const answers = [502, 200, 200, 502, 200, 200, 200];
  let asked = 0;
  const target = createServer((_, response) => {
    response.statusCode = answers[asked++] ?? 200;
    response.end();
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
  const watch = { every: SECOND, timeout: 2_000, consecutive: 3, failureLimit: 1, errorLimit: 5 };
  const check = { type: 'http', url, expect: { status: 200 } };
  const world = new FakeWorld();
  world.instead = createCheckActivities({ access: localAccess('.'), env: () => undefined, now: Date.now });
  const plan = planOf({
    items: [item('A', { criteria: [probe('up', { check, watch })] })],
    launch: { at: Date.now() + DAY },
  });
  try {
    const launch = await startLaunch(env, plan, world);
    const launches = createLaunches(connectedBy(env.client, { address: env.address, taskQueue: launch.id }));
    await launch.while(async () => {
      await until('A is resolved', async () => (await launch.board()).items[0]?.status === 'resolved');
      const { progress } = await launch.item('A').query<{ progress: { up: { measured: { inRow: number } } } }>('item');
      expect(progress.up.measured.inRow).toBe(3);
      expect(asked).toBeGreaterThanOrEqual(answers.length);
      const looks = await until('the next look', async () => {
        const found = await launches.watches(launch.id, 'A');
        return found.some(({ last }) => (last?.n ?? 0) > 1) ? found : undefined;
      });
      expect(looks).toEqual([expect.objectContaining({ criterion: 'up', isPoll: false })]);
      const { last, nextAt } = looks[0]!;
      expect(last).toMatchObject({ outcome: 'passed', seen: expect.stringMatching(/answered 200/) });
      // While it is looking nothing is said of the next time.
      if (nextAt !== undefined) expect(nextAt).toBeGreaterThan(last!.begunAt);
      const { events = [] } = await launch.item('A').fetchHistory();
      const watches = events?.filter(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'awaitCheck'
      );
      // The one that found 502, the one that waited for three passes, and the one that waits now.
      expect(watches).toHaveLength(3);
    });
  } finally {
    target.close();
  }
});
