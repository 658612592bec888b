import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '../activities';
import { publicAccess } from '../activities/checks/access';
import { chainStart } from '../domain/ledger-chain';
import { DAY, HOUR, MINUTE } from '../domain/units';
import type { Report } from '../stack/report';
import { locateTestServer } from '../stack/test-server';
import { workflowBundle } from '../worker/bundle';
import { createWorker } from '../worker/create-worker';
import { SEARCH_ATTRIBUTES, TYPE_CODES } from '../worker/search-attributes';
import { itemWorkflowId, LAUNCH_WORKFLOW, launchWorkflowId } from '../workflows/messages';
import { planOfChecks } from './plan';
import { table, type Figure } from './table';
import { benchTarget, type BenchTarget } from './target';

const WAITS = [
  { name: '1 hour', span: HOUR, every: '1m', interval: MINUTE },
  { name: '1 day', span: DAY, every: '1m', interval: MINUTE },
  { name: '1 hour', span: HOUR, every: '10m', interval: 10 * MINUTE },
  { name: '1 day', span: DAY, every: '10m', interval: 10 * MINUTE },
  { name: '14 days', span: 14 * DAY, every: '10m', interval: 10 * MINUTE },
] as const;
type Wait = (typeof WAITS)[number];

/** Scheduled, started, completed. */
const EVENTS_OF_A_WAIT = 3;
const LOOK_AGAIN_MS = 250;
/** As many looks in a row without a new event, and the starting is over. */
const QUIET_LOOKS = 8;
const LOOKS = 240;

/** Looks, in real time, until no event has come for a while. */
async function untilQuiet(handle: WorkflowHandle, target: BenchTarget, signal: AbortSignal): Promise<number> {
  for (let looks = 0, quiet = 0, before = 0; looks < LOOKS; looks++) {
    await delay(LOOK_AGAIN_MS, undefined, { signal });
    // Asked for the first answer, and by the attempt that waits for another.
    if ([...target.asked.values()].flat().length < 2) continue;
    const { historyLength } = await handle.describe();
    quiet = historyLength === before ? quiet + 1 : 0;
    before = historyLength;
    if (quiet >= QUIET_LOOKS) return before;
  }
  throw new Error('the check did not begin to wait');
}

/** The events of the activity that waited longest: the last one that has completed. */
async function eventsOfWait(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  const all = events ?? [];
  const watches = all.filter(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'awaitCheck'
  );
  const of = (id: string) =>
    all.filter(({ eventId, activityTaskStartedEventAttributes: started, activityTaskCompletedEventAttributes: done }) =>
      [eventId, started?.scheduledEventId, done?.scheduledEventId].some((each) => String(each) === id)
    );
  const done = watches.map(({ eventId }) => of(String(eventId))).filter((each) => each.length >= EVENTS_OF_A_WAIT);
  const last = done.at(-1);
  // The first one answered at once; the one that waited ended when the target came up.
  if (!last || done.length < 2) throw new Error('the wait did not end when the target answered 200');
  return last.length;
}

async function waitOnce(env: TestWorkflowEnvironment, wait: Wait, signal: AbortSignal): Promise<Figure[]> {
  const target = await benchTarget(503);
  const id = 'wait';
  const worker = await createWorker({
    connection: env.nativeConnection,
    namespace: 'default',
    taskQueue: id,
    activities: createActivities({
      store: { recordFacts: () => Promise.resolve({ position: '1', head: chainStart('bench') }) },
      log: pino({ level: 'silent' }),
      outbox: {
        enqueue: async () => {},
        fateOf: async () => ({ told: [], isOver: true }),
        sendDirectly: async () => new Set<string>(),
      },
      env: () => undefined,
      access: { ...publicAccess(process.cwd()), allowLocal: true },
      now: Date.now,
    }),
    bundle: await workflowBundle(),
    stickyTimeout: '1 second',
  });
  try {
    return await worker.runUntil(async () => {
      const plan = planOfChecks({ id, items: 1, checksEach: 1, every: wait.every, url: () => target.url });
      const start = { taskQueue: id, workflowId: launchWorkflowId(id), args: [{ plan, by: 'ana' }] };
      await env.client.workflow.start(LAUNCH_WORKFLOW, start);
      const item = env.client.workflow.getHandle(itemWorkflowId(id, plan.items[0]!.id));
      const before = await untilQuiet(item, target, signal);
      await env.sleep(wait.span);
      const { historyLength } = await item.describe();
      const looks = [...target.asked.values()].flat().length;
      target.status = 200;
      await env.sleep(2 * wait.interval);
      const what = `${wait.name} at ${wait.every}`;
      return [
        { what: `${what}: events while waiting`, value: historyLength - before, unit: '', budget: 0 },
        { what: `${what}: events of the wait itself`, value: await eventsOfWait(item), unit: '', budget: 3 },
        { what: `${what}: looks`, value: looks, unit: '' },
      ];
    });
  } finally {
    target.close();
  }
}

/** What waits of several lengths leave in an item's history, on the server whose clock skips. */
export async function waitEvents({ report }: { report: Report }, signal: AbortSignal): Promise<string[]> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    shutdownSignals: [],
  });
  const { path } = await locateTestServer({ report });
  const figures: Figure[] = [];
  for (const wait of WAITS) {
    signal.throwIfAborted();
    report(`Waiting ${wait.name} at ${wait.every}, on a clock that skips`);
    const executable = { type: 'existing-path', path } as const;
    // A fresh server each: one that has skipped far stands far ahead.
    const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    try {
      const types = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, TYPE_CODES[type]]);
      const searchAttributes = Object.fromEntries(types) as { [name: string]: number };
      await env.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
      figures.push(...(await waitOnce(env, wait, signal)));
    } finally {
      await env.teardown();
    }
  }
  return table('An item with one check that waits', figures);
}
