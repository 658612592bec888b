import type { WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DAY, MINUTE, SECOND } from '../../domain/units';
import { human, item, planOf, probe } from '../support/plans';
import { devServer } from '../support/servers';
import { FakeWorld, startLaunch } from '../support/workflows';
import { until } from '../support/until';

/** The server suggests a continue-as-new at 4,096 events; here at a few, so that every launch has several. */
const FEW_EVENTS = 60;

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await devServer(['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${FEW_EVENTS}`]);
});
afterAll(() => env?.teardown());

async function hasContinued(handle: WorkflowHandle): Promise<boolean> {
  const { runId, raw } = await handle.describe();
  return raw.workflowExecutionInfo?.firstRunId !== runId;
}

/** Facts by workflow, each sorted by its number. */
function written(world: FakeWorld): Map<string, number[]> {
  const seqs = new Map<string, number[]>();
  for (const { item: of = 'launch', facts } of world.facts)
    seqs.set(of, [...(seqs.get(of) ?? []), ...facts.map(({ seq }) => seq)]);
  return seqs;
}

function expectEveryFactOnce(world: FakeWorld): void {
  for (const [of, seqs] of written(world)) {
    expect([of, seqs]).toEqual([of, seqs.map((_, index) => index)]);
  }
  const firstRuns = new Set(world.facts.map(({ workflow }) => `${workflow.id} ${workflow.firstRunId}`));
  expect(firstRuns.size).toBe(written(world).size);
  const keys = world.sent.map(({ notice }) => notice.key);
  expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
}

test('state, keys, facts and notices are carried over, and the items go on', async () => {
  const world = new FakeWorld();
  const items = [item('A'), item('P', { criteria: [probe('up')] }), item('B', { after: ['A'] })];
  const launch = await startLaunch(env, planOf({ items, launch: { at: Date.now() + 2 * DAY } }), world);
  await launch.while(async () => {
    await until('the items have reported', async () => {
      const board = await launch.board();
      return board.items.map(({ status }) => status).join() === 'open,resolved,waiting';
    });
    const noted = { by: 'dev', text: 'before', key: 'k-item' };
    const held = { by: 'qa', reason: 'before', key: 'k-launch' };
    const [toItem, toLaunch] = [await launch.tellItem('A', 'comment', noted), await launch.tell('hold', held)];
    for (let n = 0; n < 12; n++) {
      await launch.tellItem('A', 'comment', { by: 'dev', text: `comment ${n}` });
      await launch.tell('hold', { by: 'qa', reason: `hold ${n}` });
    }
    await until('the item has continued', () => hasContinued(launch.item('A')));
    await until('the launch has continued', () => hasContinued(launch.handle));
    expect((await launch.board()).holds).toHaveLength(13);
    expect(await launch.tellItem('A', 'comment', noted)).toEqual(toItem);
    expect(await launch.tell('hold', held)).toEqual(toLaunch);
    const reused = await launch
      .tellItem('A', 'comment', { ...noted, text: 'other' })
      .catch((error: WorkflowUpdateFailedError) => error.cause);
    expect(reused).toMatchObject({ type: 'KEY_REUSED' });
    expect((await launch.board()).holds).toHaveLength(13);
    await launch.tell('release', { by: 'ana' });
    await launch.tellItem('A', 'attest', { by: 'dev' });
    await until('B is open', async () => (await launch.board()).items[2]?.status === 'open');
    await launch.tell('cancel', { by: 'ana', reason: 'done' });
    expect(await launch.handle.result()).toMatchObject({ how: 'cancelled' });
    for (const { id } of items) expect(await launch.item(id).result()).toMatchObject({ item: id });
    const comments = world.facts.flatMap(({ facts }) => facts.filter(({ type }) => type === 'commented'));
    expect(comments).toHaveLength(13);
    expectEveryFactOnce(world);
  });
});

test('a launch that is cancelled from outside continues while it is being stopped, and still ends its items', async () => {
  const world = new FakeWorld();
  const items = Array.from({ length: 15 }, (_, index) => item(`I${index}`));
  const plan = planOf({ items, must: ['I0'], launch: { at: Date.now() + 2 * DAY } });
  const launch = await startLaunch(env, plan, world);
  await launch.while(async () => {
    await until('the items are open', async () => (await launch.board()).items.every((i) => i.status === 'open'));
    await launch.handle.cancel();
    expect(await launch.handle.result()).toMatchObject({
      how: 'cancelled',
      reason: expect.stringContaining('Temporal'),
    });
    expect(await hasContinued(launch.handle)).toBe(true);
    for (const { id } of items)
      expect(await launch.item(id).result()).toMatchObject({ item: id, status: 'carried-over' });
    expectEveryFactOnce(world);
  });
});

test('what follows GO goes on in the next run, each action once, the one under way to its end', async () => {
  const world = new FakeWorld();
  const go = Array.from({ length: 12 }, (_, n) => ({ title: `${n}`, webhook: { url: `https://ci.example.com/${n}` } }));
  let answered = () => {};
  let asked = 0;
  world.act = async ({ action }) => {
    asked++;
    // The third is under way while enough happens for a next run.
    if (action.title === '2') await new Promise<void>((resolve) => (answered = resolve));
    return { outcome: 'done', seen: 'seen' };
  };
  const at = Date.now() + 25 * SECOND;
  const postLaunch = { watch: 20 * MINUTE, criteria: [probe('errors'), human('support', ['qa'])] };
  const plan = planOf({ launch: { at, postLaunch }, plan: { onVerdict: { go, delay: [], noGo: [] } } });
  const launch = await startLaunch(env, plan, world);
  await launch.while(async () => {
    await until('A is open', async () => (await launch.board()).items[0]?.status === 'open');
    await launch.tellItem('A', 'attest', { by: 'dev' });
    for (const by of ['ana', 'carl']) await launch.tell('signOff', { by, answer: 'yes' });
    await until('the third is under way', () => asked === 3);
    const before = (await launch.handle.describe()).runId;
    const suggested = async () => (await launch.handle.describe()).historyLength > FEW_EVENTS;
    await until('a next run is due', async () => {
      await launch.handle.signal('hold', { by: 'qa', reason: 'too late' });
      return await suggested();
    });
    expect((await launch.handle.describe()).runId).toBe(before);
    answered();
    await until('it is launched', async () => (await launch.board()).phase === 'launched');
    expect((await launch.handle.describe()).runId).not.toBe(before);
    expect(world.acted.map(({ action }) => action.title)).toEqual(go.map(({ title }) => title));
    expect((await launch.board()).actions.every(({ state, attempts }) => state === 'done' && attempts === 1)).toBe(
      true
    );
    await until('it is watched', async () => (await launch.board()).postLaunch?.criteria[0]?.state === 'met');
    await launch.tell('cancel', { by: 'ana', reason: 'enough was watched' });
    expect(await launch.handle.result()).toMatchObject({ how: 'cancelled', verdict: 'GO' });
    await launch.item('POST-LAUNCH.support').result();
    await until('every fact is written', () => written(world).get('POST-LAUNCH.support') !== undefined);
    expectEveryFactOnce(world);
  });
});
