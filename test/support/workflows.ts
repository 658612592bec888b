import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowClient } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Worker, WorkflowBundle } from '@temporalio/worker';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { LedgerActivities } from '../../activities/ledger';
import { createStandupActivities } from '../../activities/standup';
import type { ActionRun, CheckRun, Delivery, LaunchActivities, Telling } from '../../activities/types';
import type { Board } from '../../domain/board';
import type { Measurement, Outcome } from '../../domain/criterion';
import { countInRow, endsWait } from '../../domain/criterion';
import type { ActionResult } from '../../domain/go-actions';
import { digestOf } from '../../domain/digest';
import type { FactBatch, Recorded } from '../../domain/ledger';
import type { Plan } from '../../domain/plan';
import { MINUTE } from '../../domain/units';
import { bundleWorkflows, PAYLOAD_CONVERTER_PATH } from '../../worker/bundle';
import { createWorker } from '../../worker/create-worker';
import type { launchWorkflow } from '../../workflows';
import type { LaunchResult } from '../../workflows/messages';
import { boardQuery, itemWorkflowId, launchWorkflowId, standupWorkflowId } from '../../workflows/messages';
import { timeSkippingServer } from './servers';
import { until } from './until';

/** A worker says a lot when it starts; a test wants to hear what is wrong. */
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

/** What the world of a test answers; everything it was asked is kept. */
export class FakeWorld {
  /** `now` is the server's clock, epoch ms. */
  outcome: (run: CheckRun, now: number) => Outcome = () => 'passed';
  readonly sent: Array<Delivery & { at: number }> = [];
  readonly facts: FactBatch[] = [];
  looks = 0;
  /** What an action comes to. */
  act: (run: ActionRun) => ActionResult | Promise<ActionResult> = () => ({ outcome: 'done', seen: 'done' });
  readonly acted: ActionRun[] = [];
  /** Real ones, for what a test is about. */
  instead: Partial<LaunchActivities & LedgerActivities> = {};
  private readonly rows = new Map<string, { outcome: Outcome; n: number }>();

  /** Counts outcomes in a row as the real wait does in its heartbeats, which the skipping server loses. */
  inRow({ item, criterion, spec }: CheckRun, outcome: Outcome): number {
    const key = JSON.stringify([item, criterion, spec]);
    const last = this.rows.get(key);
    const n = countInRow(spec, last, outcome);
    if (endsWait(spec, outcome, n)) this.rows.delete(key);
    else this.rows.set(key, { outcome, n });
    return n;
  }

  /** Everything that was sent to one person or role. */
  sentTo(who: string): Array<Delivery & { at: number }> {
    return this.sent.filter(({ to }) => to.includes(who));
  }
}

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflows of today, bundled once per test file. */
export function testBundle(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflows().then((code) => ({ code }));
  return bundle;
}

function measurement(outcome: Outcome, inRow: number, now: number): Measurement {
  return { outcome, begunAt: now, at: now, seen: outcome, inRow };
}

function clientOf(env: TestWorkflowEnvironment): WorkflowClient {
  return new WorkflowClient({
    connection: env.connection,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
  });
}

/** Activities over a fake world; `tellItems` really signals. */
export function fakeActivities(
  world: FakeWorld,
  env: TestWorkflowEnvironment
): LaunchActivities & { recordFacts(batch: FactBatch): Promise<Recorded> } {
  const client = clientOf(env);
  const clock = () => (env.supportsTimeSkipping ? env.currentTimeMs() : Promise.resolve(Date.now()));
  return {
    async awaitCheck(run) {
      world.looks++;
      const now = await clock();
      const outcome = world.outcome(run, now);
      const inRow = world.inRow(run, outcome);
      if (endsWait(run.spec, outcome, inRow)) return measurement(outcome, inRow, now);
      throw ApplicationFailure.create({
        message: outcome,
        type: 'OUTCOME_UNCHANGED',
        category: ApplicationFailureCategory.BENIGN,
      });
    },
    async measure(run) {
      const now = await clock();
      return measurement(world.outcome(run, now), 1, now);
    },
    async admitChecks() {
      return [];
    },
    async runAction(run) {
      world.acted.push(run);
      return await world.act(run);
    },
    async notify(delivery) {
      world.sent.push({ ...delivery, at: await clock() });
      return { accepted: delivery.to, failed: [] };
    },
    async tellItems({ launch, items }: Telling) {
      for (const { item, situation } of items)
        await client.getHandle(itemWorkflowId(launch, item)).signal('situation', situation);
    },
    ...createStandupActivities(),
    async extendCalendar({ calendar, until }) {
      return { ...calendar, until };
    },
    async recordFacts(batch) {
      world.facts.push(batch);
      return { position: '1', head: { number: world.facts.length, hash: digestOf(world.facts.length) } };
    },
  };
}

export interface TestLaunch {
  id: string;
  env: TestWorkflowEnvironment;
  handle: WorkflowHandle<typeof launchWorkflow>;
  client: WorkflowClient;
  worker: Worker;
  /** Runs the worker until `work` is done. */
  while<T>(work: () => Promise<T>): Promise<T>;
  board(): Promise<Board>;
  tell(name: string, input: unknown): Promise<{ text: string; status: string }>;
  tellItem(item: string, name: string, input: unknown): Promise<{ text: string; status: string }>;
  item(id: string): WorkflowHandle;
  /** Of a plan that has standups. */
  standups: WorkflowHandle;
}

/** Starts a launch of a plan, its id made unique, with a worker of its own. */
export async function startLaunch(
  env: TestWorkflowEnvironment,
  plan: Plan,
  world = new FakeWorld()
): Promise<TestLaunch> {
  const id = `${plan.id}-${randomUUID().slice(0, 8)}`;
  const taskQueue = id;
  const client = clientOf(env);
  const worker = await createWorker({
    connection: env.nativeConnection,
    namespace: 'default',
    taskQueue,
    activities: { ...fakeActivities(world, env), ...world.instead },
    bundle: await testBundle(),
    stickyTimeout: '1 second',
  });
  const handle = await client.start<typeof launchWorkflow>('launchWorkflow', {
    taskQueue,
    workflowId: launchWorkflowId(id),
    args: [{ plan: { ...plan, id }, by: 'ana' }],
  });
  const item = (of: string) => client.getHandle(itemWorkflowId(id, of));
  const standups = client.getHandle(standupWorkflowId(id));
  return {
    id,
    env,
    handle,
    client,
    worker,
    // What is left running would keep the server's clock from skipping in the next test.
    while: (work) =>
      worker.runUntil(async () => {
        try {
          return await work();
        } finally {
          const all = [handle, standups, ...plan.items.map(({ id: of }) => item(of))];
          await Promise.all(all.map((each) => each.terminate().catch(() => {})));
        }
      }),
    board: () => handle.query(boardQuery),
    tell: (name, input) => handle.executeUpdate(name, { args: [input] }) as Promise<{ text: string; status: string }>,
    tellItem: (of, name, input) =>
      item(of).executeUpdate(name, { args: [input] }) as Promise<{ text: string; status: string }>,
    item,
    standups,
  };
}

export interface SkippingLaunch extends TestLaunch {
  /** Lets the server's clock run to this instant (epoch ms). */
  sleepUntil(at: number): Promise<void>;
  signAll(): Promise<void>;
  /** Lets the clock run to the date that a delayed launch takes by itself. Beyond the end it would skip no more. */
  goesByItself(): Promise<LaunchResult>;
}

/**
 * The time-skipping server keeps a lock for each child that ends after its parent has, as items do: it would never skip
 * again. One lock is given back for each child that has ended by itself and that its parent never heard of.
 */
async function returnLocks({ env, handle, client }: TestLaunch): Promise<void> {
  const { events } = await handle.fetchHistory();
  const started = (events ?? []).flatMap(({ childWorkflowExecutionStartedEventAttributes: child }) => child ?? []);
  const heardOf = (events ?? []).flatMap(({ childWorkflowExecutionCompletedEventAttributes: child }) => child ?? []);
  for (const { workflowExecution } of started) {
    const id = workflowExecution?.workflowId ?? '';
    const { status } = await client.getHandle(id).describe();
    const heard = heardOf.some((child) => child.workflowExecution?.workflowId === id);
    if (status.name === 'COMPLETED' && !heard) await env.connection.testService?.unlockTimeSkipping({});
  }
}

/** Real ms. */
const SKIPS_WITHIN = 5_000;

/**
 * Lets the clock run for so many ms. The server also keeps the lock of some activities that are cancelled between two
 * attempts, as those of a final poll are: where its clock then only walks, that lock is given back.
 */
async function skip(env: TestWorkflowEnvironment, ms: number): Promise<void> {
  let there = false;
  const slept = env.sleep(ms).finally(() => (there = true));
  while (!there) {
    const before = await env.currentTimeMs();
    await Promise.race([slept, delay(SKIPS_WITHIN, undefined, { ref: false })]);
    if (there) break;
    const passed = (await env.currentTimeMs()) - before;
    if (passed < 2 * SKIPS_WITHIN) await env.connection.testService?.unlockTimeSkipping({});
  }
  await slept;
}

async function runSkipping(launch: TestLaunch, work: (launch: SkippingLaunch) => Promise<void>): Promise<void> {
  const { env } = launch;
  const sleepUntil = async (at: number) => skip(env, Math.max(1, at - (await env.currentTimeMs())));
  const signAll = async () => {
    await launch.tell('signOff', { by: 'ana', answer: 'yes' });
    await launch.tell('signOff', { by: 'carl', answer: 'yes' });
  };
  const goesByItself = async () => {
    await skip(env, 2 * MINUTE);
    const { launchAt } = await launch.board();
    await sleepUntil(Date.parse(launchAt));
    return launch.handle.result();
  };
  await launch.while(async () => {
    await until('the items have reported', async () => {
      const { items } = await launch.board();
      return items.every(({ status, waitingOn }) => status !== 'waiting' || waitingOn.length > 0);
    });
    await work({ ...launch, sleepUntil, signAll, goesByItself });
  });
  await returnLocks(launch);
}

/** Of temporal.api.enums.v1.WorkflowTaskFailedCause. */
const UNHANDLED_COMMAND = 1;

/** Whether the clock still jumps. A cancelled activity's lock, too, can be left behind. */
async function stillSkips(env: TestWorkflowEnvironment): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), SKIPS_WITHIN)));
  const skipped = env.sleep('1 minute').then(
    () => true,
    () => false
  );
  const skips = await Promise.race([skipped, late]);
  clearTimeout(timer);
  if (skips) return true;
  // A connection must not be closed under a call that waits: the lock in its way is given back first.
  await env.connection.testService?.unlockTimeSkipping({});
  await Promise.race([skipped, new Promise((resolve) => setTimeout(resolve, SKIPS_WITHIN).unref())]);
  return false;
}

/**
 * One time-skipping server for a test file; the function it gives runs one launch on it, from the plan for the server's
 * now. A launch whose test failed, or after which the clock is stuck, takes its server with it. `from` is where a fresh
 * server's clock is to stand, seen from its own now (epoch ms); it goes only ahead.
 */
export function useSkippingServer(from: (now: number) => number = (now) => now) {
  let running: TestWorkflowEnvironment | undefined;
  const end = async () => {
    const env = running;
    running = undefined;
    await env?.teardown();
  };
  const begin = async () => {
    const env = await timeSkippingServer();
    const now = await env.currentTimeMs();
    const ahead = from(now) - now;
    if (ahead > 0) await env.sleep(ahead);
    return env;
  };
  afterAll(end);
  return async (
    planAt: (now: number) => Plan,
    work: (launch: SkippingLaunch) => Promise<void>,
    world = new FakeWorld()
  ): Promise<void> => {
    const env = (running ??= await begin());
    try {
      await runSkipping(await startLaunch(env, planAt(await env.currentTimeMs()), world), work);
      if (!(await stillSkips(env))) await end();
    } catch (error) {
      await end();
      throw error;
    }
  };
}

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/**
 * Workflow tasks that failed, or took too long. Not those that a busy worker had not begun, nor those that the server
 * has done again because a message came in meanwhile.
 */
export async function failedTasks(handle: WorkflowHandle): Promise<HistoryEvent[]> {
  const { events = [] } = await handle.fetchHistory();
  return (events ?? []).filter((event) => {
    const { workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: late } = event;
    if (failed) return !String(failed.cause).includes('UNHANDLED_COMMAND') && failed.cause !== UNHANDLED_COMMAND;
    return Boolean(late) && String(late?.startedEventId ?? 0) !== '0';
  });
}
