import type { WorkflowHandle } from '@temporalio/client';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { bundleWorkflows } from '../../worker/bundle';
import { human, item, planOf, probe } from '../support/plans';
import type { SkippingLaunch } from '../support/skipping';
import { useSkippingServer } from '../support/skipping';
import { FakeWorld } from '../support/workflows';
import { until } from '../support/until';

const skippingLaunch = useSkippingServer();

const HOURLY = { every: HOUR, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 5 };

/** Printed with the run: a budget is worth as much as the figure it is compared with. */
function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

interface Counted {
  all: number;
  /** Without those of the ledger's activity, and the tasks that it wakes the workflow for. */
  others: number;
  /** Without workflow tasks and the ledger's: how many tasks a burst takes is chance. */
  own: number;
}

async function countEvents(handle: WorkflowHandle): Promise<Counted> {
  const { events = [] } = await handle.fetchHistory();
  const ledgers = (events ?? [])
    .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'recordFacts')
    .map(({ eventId }) => String(eventId));
  const isLedgers = (event: NonNullable<typeof events>[number]) => {
    const { activityTaskStartedEventAttributes: started, activityTaskCompletedEventAttributes: completed } = event;
    const of = started?.scheduledEventId ?? completed?.scheduledEventId ?? event.eventId;
    return ledgers.includes(String(of));
  };
  const all = events?.length ?? 0;
  const isTask = (event: NonNullable<typeof events>[number]) =>
    event.workflowTaskScheduledEventAttributes ??
    event.workflowTaskStartedEventAttributes ??
    event.workflowTaskCompletedEventAttributes;
  const own = (events ?? []).filter((event) => !isLedgers(event) && !isTask(event)).length;
  // Its completion wakes the workflow: three more events each.
  return { all, own, others: all - (events ?? []).filter(isLedgers).length - 3 * ledgers.length };
}

/** The item's history after its check failed for `span` and then passed. */
async function waiting(span: number): Promise<number> {
  let events = 0;
  const world = new FakeWorld();
  world.outcome = () => 'failed';
  const every = { every: 10 * MINUTE, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 5 };
  await skippingLaunch(
    (now) =>
      planOf({ items: [item('A', { criteria: [probe('up', { watch: every })] })], launch: { at: now + 20 * DAY } }),
    async (launch) => {
      await launch.sleep(span);
      world.outcome = () => 'passed';
      await launch.sleep(20 * MINUTE);
      expect((await launch.board()).items[0]?.status).toBe('resolved');
      ({ own: events } = await countEvents(launch.item('A')));
    },
    world
  );
  return events;
}

test('a wait of 14 days leaves the history of a wait of an hour', async () => {
  const hour = await waiting(HOUR);
  const fortnight = await waiting(14 * DAY);
  report(
    `history of a wait at 10 minutes: ${hour} events after an hour, ${fortnight} after 14 days (tasks and ledger apart)`
  );
  expect(fortnight).toBe(hour);
});

async function isStatus(launch: SkippingLaunch, wanted: string): Promise<boolean> {
  return (await launch.board()).items[0]?.status === wanted;
}

test('an item with four checks, an acknowledgement and a regression stays within its budget, and so does its launch', async () => {
  const world = new FakeWorld();
  world.outcome = ({ criterion }) => (criterion === 'two' ? 'failed' : 'passed');
  let T = 0;
  const criteria = ['one', 'two', 'three', 'four'].map((id) => probe(id));
  await skippingLaunch(
    (now) => planOf({ items: [item('A', { criteria })], launch: { at: (T = now + HOUR) } }),
    async (launch) => {
      await launch.tellItem('A', 'acknowledge', { by: 'dev' });
      await launch.sleep(5 * MINUTE);
      world.outcome = () => 'passed';
      await launch.sleep(5 * MINUTE);
      await until('A is resolved', () => isStatus(launch, 'resolved'));
      world.outcome = ({ criterion }) => (criterion === 'two' ? 'failed' : 'passed');
      await launch.sleep(5 * MINUTE);
      await until('A is open', () => isStatus(launch, 'open'));
      world.outcome = () => 'passed';
      await launch.sleep(5 * MINUTE);
      await until('A is resolved again', () => isStatus(launch, 'resolved'));
      const ofItem = await countEvents(launch.item('A'));
      await launch.signAll();
      await launch.sleepUntil(T);
      expect(await launch.handle.result()).toMatchObject({ verdict: 'GO' });
      await launch.item('A').result();
      const whole = await countEvents(launch.item('A'));
      const ofLaunch = await countEvents(launch.handle);
      report(`history of an item: ${ofItem.others} events without the ledger's, ${ofItem.all} in all (140)`);
      report(
        `and after the final poll and the end: ${whole.others} without the ledger's (140), ${whole.all} in all (220)`
      );
      report(`history of a launch of one item: ${ofLaunch.all} events (335)`);
      expect(ofItem.all).toBeLessThanOrEqual(140);
      expect(whole.others).toBeLessThanOrEqual(140);
      expect(whole.all).toBeLessThanOrEqual(220);
      expect(ofLaunch.all).toBeLessThanOrEqual(335);
    },
    world
  );
});

test('the launch of 25 items stays within 300 events and 35 more for each', async () => {
  let T = 0;
  const items = Array.from({ length: 25 }, (_, index) =>
    item(`I${index}`, {
      criteria: [probe('up', { watch: HOURLY }), human('done', ['dev'])],
      after: index % 5 === 4 ? [`I${index - 1}`] : [],
    })
  );
  await skippingLaunch(
    (now) => planOf({ items, must: items.map(({ id }) => id), launch: { at: (T = now + DAY) } }),
    async (launch) => {
      for (const { id } of items) {
        await until(`${id} is open`, async () => {
          const { items: board } = await launch.board();
          return board.find((each) => each.id === id)?.status === 'open';
        });
        await launch.tellItem(id, 'acknowledge', { by: 'dev' });
        await launch.tellItem(id, 'attest', { by: 'dev' });
      }
      await launch.signAll();
      await launch.sleepUntil(T);
      expect(await launch.handle.result()).toMatchObject({ verdict: 'GO' });
      const { all } = await countEvents(launch.handle);
      report(`history of a launch of 25 items: ${all} events (${300 + 35 * 25})`);
      expect(all).toBeLessThanOrEqual(300 + 35 * 25);
    }
  );
});

test('a target that flaps every minute for six hours fills no history', async () => {
  const world = new FakeWorld();
  world.outcome = (_, now) => (Math.floor(now / MINUTE) % 2 === 0 ? 'passed' : 'failed');
  await skippingLaunch(
    (now) => planOf({ items: [item('A', { criteria: [probe('up')] })], launch: { at: now + 9 * DAY } }),
    async (launch) => {
      await launch.sleep(6 * HOUR);
      const { all } = await countEvents(launch.item('A'));
      report(`history of an item whose target flaps for six hours: ${all} events after ${world.looks} looks`);
      // Undamped it is a change every minute, and each a few events: some 3,000.
      expect(all).toBeLessThan(200);
    },
    world
  );
});

test('the workflow bundle is small', async () => {
  const code = await bundleWorkflows();
  const withoutMap = code.replace(/\n\/\/# sourceMappingURL=.*$/s, '');
  const kilobytes = Math.round(Buffer.byteLength(withoutMap) / 1000);
  report(`workflow bundle without its source map: ${kilobytes} kB (700)`);
  expect(kilobytes).toBeLessThanOrEqual(700);
});
