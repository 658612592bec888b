import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { RecordedVerdict } from '../../domain/launch-state';
import { HOUR, SECOND } from '../../domain/units';
import { item, planOf, probe } from '../support/plans';
import { devServer } from '../support/servers';
import type { TestLaunch } from '../support/workflows';
import { failedTasks, FakeWorld, startLaunch } from '../support/workflows';
import { until } from '../support/until';

const ITEMS = 300;
const OPEN_WITHIN = 100 * SECOND;
const FINAL_POLL = 30 * SECOND;
/** From the date that is taken once all are resolved: long enough to sign before the poll. */
const LEAD = 33 * SECOND;
const LATE = 2 * SECOND;

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await devServer(['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=1']);
});
afterAll(() => env?.teardown());

/** The verdict as the ledger was told of it: the launch itself goes on until all its items have ended. */
async function decided(world: FakeWorld): Promise<RecordedVerdict> {
  const find = () => world.facts.flatMap(({ facts }) => facts).find(({ type }) => type === 'decided');
  await until('the verdict is written', async () => find() !== undefined);
  return (find()!.body as unknown as { verdict: RecordedVerdict }).verdict;
}

/** Asks once in a while: a board of 300 items is half a megabyte. */
async function allResolved(launch: TestLaunch): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, SECOND));
  return (await launch.board()).items.every(({ status }) => status === 'resolved');
}

test('a launch of 300 items runs to its verdict on one worker, and is on time', async () => {
  const watch = { every: 20 * SECOND, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 5 };
  const items = Array.from({ length: ITEMS }, (_, index) => item(`I${index}`, { criteria: [probe('up', { watch })] }));
  const world = new FakeWorld();
  const began = Date.now();
  const must = items.map(({ id }) => id);
  const launch = await startLaunch(
    env,
    planOf({ items, must, launch: { at: began + HOUR, finalPoll: FINAL_POLL } }),
    world
  );
  await launch.while(async () => {
    await until('all are resolved', () => allResolved(launch), OPEN_WITHIN);
    process.stderr.write(`${ITEMS} items were started and resolved after ${(Date.now() - began) / SECOND} s\n`);
    const T = Date.now() + LEAD;
    await launch.tell('reschedule', { by: 'ana', at: T, reason: 'all is there' });
    await launch.tell('signOff', { by: 'ana', answer: 'yes' });
    await launch.tell('signOff', { by: 'carl', answer: 'yes' });
    const verdict = await decided(world);
    // GO where the machine could measure 300 items in the poll; what it could not measure is rightly a DELAY.
    process.stderr.write(`the verdict, ${verdict.value}, came ${verdict.at - T} ms after its instant\n`);
    expect(verdict.at - T).toBeLessThan(LATE);
    for (const handle of [launch.handle, ...must.slice(0, 20).map((id) => launch.item(id))]) {
      expect(await failedTasks(handle)).toEqual([]);
    }
    const { events = [] } = await launch.handle.fetchHistory();
    process.stderr.write(`history of its launch: ${events?.length} events (${300 + 35 * ITEMS})\n`);
    expect(events?.length).toBeLessThanOrEqual(300 + 35 * ITEMS);
  });
});
