import { ApplicationFailure } from '@temporalio/common';
import type { CheckRun } from '../../activities/types';
import { HOUR, MINUTE } from '../../domain/units';
import { item, planOf, probe } from '../support/plans';
import { until } from '../support/until';
import { useSkippingServer } from '../support/skipping';
import { FakeWorld } from '../support/workflows';

const skippingLaunch = useSkippingServer();

const plan = (now: number) =>
  planOf({ items: [item('A', { criteria: [probe('up')] })], launch: { at: now + 30 * HOUR } });

interface Known {
  progress: { up: { measured?: { outcome: string; inRow: number; at: number } } };
}

test('an answer that the rules do not take in is followed by a rest, not by the next look', async () => {
  const world = new FakeWorld();
  let asked = 0;
  // A worker whose clock is behind: what it says of now is older than what is known.
  world.instead = {
    awaitCheck: () =>
      Promise.resolve({ outcome: asked++ ? 'passed' : 'failed', begunAt: -asked, at: 0, seen: '', inRow: 1 }),
  };
  await skippingLaunch(
    plan,
    async (launch) => {
      await launch.sleep(20 * MINUTE + MINUTE / 2);
      expect(asked).toBeGreaterThan(10);
      expect(asked).toBeLessThan(25);
      const { progress } = await launch.item('A').query<Known>('item');
      expect(progress.up.measured?.outcome).toBe('failed');
    },
    world
  );
});

test.each([
  ['ahead', 10 * MINUTE, 0],
  ['behind', 0, -10 * MINUTE],
])(
  'workers whose clocks are apart: a pass stamped by one that is %s hides no failure',
  async (_, ofPass, ofFailure) => {
    const world = new FakeWorld();
    let began = 0;
    let asked = 0;
    world.instead = {
      awaitCheck: () => {
        const isPass = asked++ === 0;
        const at = began + asked * MINUTE + (isPass ? ofPass : ofFailure);
        return Promise.resolve({ outcome: isPass ? 'passed' : 'failed', begunAt: at, at, seen: '', inRow: 1 });
      },
    };
    await skippingLaunch(
      (now) => plan((began = now)),
      async (launch) => {
        await launch.sleep(3 * MINUTE);
        const { progress } = await launch.item('A').query<Known>('item');
        expect(progress.up.measured).toMatchObject({ outcome: 'failed' });
        expect(progress.up.measured!.at).toBeLessThanOrEqual(await launch.env.currentTimeMs());
      },
      world
    );
  },
  60_000
);

test('a watch that cannot even be begun is errors in a row: the owner is told at the limit, once', async () => {
  const world = new FakeWorld();
  world.instead = {
    awaitCheck: ({ spec }: CheckRun) =>
      Promise.reject(ApplicationFailure.nonRetryable(`no ${spec.check.type}`, 'BAD_INPUT')),
  };
  const told = () => world.sent.filter(({ notice }) => notice.subject.includes('cannot run'));
  await skippingLaunch(
    plan,
    async (launch) => {
      await launch.sleep(4 * MINUTE + MINUTE / 2);
      expect(told()).toEqual([]);
      await launch.sleep(20 * MINUTE);
      await until('the owner is told', () => told().length > 0);
      const { progress } = await launch.item('A').query<Known>('item');
      expect(progress.up.measured).toMatchObject({ outcome: 'errored', inRow: expect.any(Number) });
      expect(told().map(({ notice }) => notice.text)).toEqual([expect.stringMatching(/^5 runs in a row/)]);
    },
    world
  );
});
