/**
 * Records the histories that `test/workflows/replay.test.ts` replays, into `test/histories`:
 *
 *     npx jest --testMatch "$PWD/test/support/record-histories.ts"
 *
 * Do it when workflow code was changed on purpose, before a version is given out; never to make a replay pass whose
 * histories belong to launches that still run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { item, planOf, probe } from './plans';
import { devServer } from './servers';
import { useSkippingServer } from './skipping';
import { FakeWorld, startLaunch } from './workflows';
import { until } from './until';

const FOLDER = join(__dirname, '..', 'histories');
const FEW_EVENTS = 60;

const skippingLaunch = useSkippingServer();

/** Nothing of the machine that it was recorded on. */
async function record(handle: WorkflowHandle, name: string): Promise<void> {
  const json = JSON.stringify(JSON.parse(historyToJSON(await handle.fetchHistory())), null, 1)
    .replaceAll(join(__dirname, '..', '..'), '')
    .replace(new RegExp(`\\d+@${hostname()}`, 'g'), 'worker');
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), `${json}\n`);
}

test('launch-go', async () => {
  let T = 0;
  const planAt = (now: number) =>
    planOf({ launch: { at: (T = now + 2 * DAY), announce: { lead: HOUR, to: ['ana', 'carl'] } } });
  await skippingLaunch(planAt, async (launch) => {
    await launch.tellItem('A', 'attest', { by: 'dev' });
    await launch.signAll();
    await launch.handle.signal('release', { by: 'ana' });
    await launch.sleepUntil(T);
    await launch.handle.result();
    await record(launch.handle, 'launch-go');
  });
});

test('launch-go-tried-again and item-watched-after-go', async () => {
  let T = 0;
  const world = new FakeWorld();
  world.act = ({ action }) => ({ outcome: action.command && world.acted.length < 3 ? 'failed' : 'done', seen: 'seen' });
  const go = [{ webhook: { url: 'https://ci.example.com/deploy' } }, { command: { name: 'open' } }, { notify: ['qa'] }];
  const postLaunch = { watch: HOUR, criteria: [probe('errors')] };
  const planAt = (now: number) =>
    planOf({ launch: { at: (T = now + 2 * HOUR), postLaunch }, plan: { onVerdict: { go, delay: [], noGo: [] } } });
  await skippingLaunch(
    planAt,
    async (launch) => {
      await launch.tellItem('A', 'attest', { by: 'dev' });
      await launch.signAll();
      await launch.sleepUntil(T + MINUTE);
      await until('an action has failed', async () => (await launch.board()).phase === 'launch-failed');
      await launch.tell('retryActions', { by: 'ana' });
      await launch.sleepUntil(T + HOUR + MINUTE);
      await launch.handle.result();
      await launch.item('POST-LAUNCH.errors').result();
      await record(launch.handle, 'launch-go-tried-again');
      await record(launch.item('POST-LAUNCH.errors'), 'item-watched-after-go');
    },
    world
  );
});

test('launch-delay-then-go and item-regression', async () => {
  let T = 0;
  const world = new FakeWorld();
  world.outcome = () => 'failed';
  const items = [item('A', { criteria: [probe('up')] }), item('B', { after: ['A'] })];
  await skippingLaunch(
    (now) => planOf({ items, launch: { at: (T = now + 2 * HOUR) } }),
    async (launch) => {
      await launch.tellItem('A', 'acknowledge', { by: 'dev' });
      for (const outcome of ['passed', 'failed'] as const) {
        await launch.sleep(5 * MINUTE);
        world.outcome = () => outcome;
      }
      await launch.sleepUntil(T + MINUTE);
      world.outcome = () => 'passed';
      await launch.sleep(5 * MINUTE);
      await launch.signAll();
      await launch.goesByItself();
      await launch.item('A').result();
      await record(launch.handle, 'launch-delay-then-go');
      await record(launch.item('A'), 'item-regression');
    },
    world
  );
});

test('item-decision', async () => {
  const options = ['x', 'y'].map((id) => ({ id, title: id, opens: [id.toUpperCase()] }));
  const decision = { by: ['ana'], quorum: 'any' as const, options, ifSilent: 'escalate' as const };
  const items = [item('D', { kind: 'decision', decision, criteria: [] }), item('X'), item('Y')];
  await skippingLaunch(
    (now) => planOf({ items, must: ['D'], launch: { at: now + DAY } }),
    async (launch) => {
      await launch.tellItem('D', 'decide', { by: 'ana', option: 'x' });
      await launch.tell('cancel', { by: 'ana', reason: 'done' });
      await launch.handle.result();
      for (const id of ['D', 'Y']) await launch.item(id).result();
      await record(launch.item('D'), 'item-decision');
      await record(launch.item('Y'), 'item-dropped');
    }
  );
});

test('launch-standup and standup', async () => {
  let T = 0;
  const planAt = (now: number) => {
    T = now + 3 * DAY;
    const reviews = [{ at: T - HOUR, anchor: { days: 0, ms: -HOUR } }];
    const standup = { at: '09:00', days: [1, 2, 3, 4, 5, 6, 7], to: ['ana'], reviews };
    return planOf({ launch: { at: T }, plan: { start: now, standup } });
  };
  await skippingLaunch(planAt, async (launch) => {
    await launch.sleep(DAY);
    await launch.tellItem('A', 'attest', { by: 'dev' });
    await launch.tell('reschedule', { by: 'ana', at: T + HOUR, reason: 'later' });
    await launch.signAll();
    await launch.sleepUntil(T + HOUR);
    await launch.handle.result();
    await launch.standups.result();
    await record(launch.handle, 'launch-standup');
    await record(launch.standups, 'standup');
  });
});

test('launch-continued', async () => {
  const env = await devServer(['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${FEW_EVENTS}`]);
  try {
    const launch = await startLaunch(env, planOf({ launch: { at: Date.now() + DAY } }));
    await launch.while(async () => {
      await until('A is open', async () => (await launch.board()).items[0]?.status === 'open');
      const first = (await launch.handle.describe()).runId;
      for (let n = 0; n < 15; n++) await launch.tell('hold', { by: 'qa', reason: `hold ${n}`, key: `k${n}` });
      const isNext = async () => (await launch.handle.describe()).runId !== first;
      await until('the launch has continued', isNext);
      await launch.tell('cancel', { by: 'ana', reason: 'done' });
      await launch.handle.result();
      await record(launch.client.getHandle(launch.handle.workflowId, first), 'launch-continued-first-run');
      await record(launch.client.getHandle(launch.handle.workflowId), 'launch-continued-last-run');
    });
  } finally {
    await env.teardown();
  }
});
