import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { requiredTsToMs } from '@temporalio/common/lib/time';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Plan } from '../../domain/plan';
import { MINUTE, SECOND } from '../../domain/units';
import type { LaunchResult } from '../../workflows/messages';
import { timeSkippingServer } from './servers';
import { until } from './until';
import type { TestLaunch } from './workflows';
import { FakeWorld, startLaunch } from './workflows';

export interface SkippingLaunch extends TestLaunch {
  /** Lets the server's clock run for so many ms. */
  sleep(ms: number): Promise<void>;
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

/** Of temporal.api.enums.v1.PendingActivityState. */
const SCHEDULED = 1;

/** By then the server should have given a workflow task of ours out again, by its own clock. */
const TASK_WITHIN = 20 * SECOND;

/**
 * The server has refused to complete a workflow task that cancels a timer which fired meanwhile, and never gives it out
 * again (temporalio/sdk-java#3088): that workflow stands for good. A real server takes such a task.
 */
class LostTask extends Error {
  constructor(workflow: string) {
    super(`The time-skipping server has lost a workflow task of ${workflow}`);
  }
}

/**
 * Whether the server waits for a workflow task, or for the first attempt of an activity, though its worker is idle.
 * @throws LostTask where it has waited for too long; WorkflowNotFoundError where the workflow was never begun
 */
async function isAwaited(workflow: WorkflowHandle, now: number): Promise<boolean> {
  const { pendingActivities } = (await workflow.describe()).raw;
  const { events } = await workflow.fetchHistory();
  const last = events?.at(-1);
  const begun = last?.workflowTaskStartedEventAttributes;
  if (begun && now - requiredTsToMs(last.eventTime, 'eventTime') > TASK_WITHIN) throw new LostTask(workflow.workflowId);
  if (begun || last?.workflowTaskScheduledEventAttributes) return true;
  return (pendingActivities ?? []).some(({ state, attempt }) => state === SCHEDULED || (attempt ?? 0) <= 1);
}

/** Whether the clock has a reason to wait. */
async function mustWait({ env, worker, all }: TestLaunch): Promise<boolean> {
  const { numInFlightActivities, numInFlightWorkflowActivations } = worker.getStatus();
  if (numInFlightActivities + numInFlightWorkflowActivations > 0) return true;
  const now = await env.currentTimeMs();
  const ofOne = async (each: WorkflowHandle) => {
    try {
      return await isAwaited(each, now);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };
  return (await Promise.all(all.map(ofOne))).some(Boolean);
}

/**
 * Lets the clock run for so many ms. The server also keeps the lock of some activities that are cancelled between two
 * attempts, as those of a final poll are: where its clock only walks with nothing to wait for, that lock is given back.
 * One too many would let the clock run ahead of the workflows.
 */
async function skip(launch: TestLaunch, ms: number): Promise<void> {
  const { env } = launch;
  let there = false;
  const slept = env.sleep(ms).finally(() => (there = true));
  // Where the launch is given up, nobody waits for it any more.
  slept.catch(() => {});
  while (!there) {
    const before = await env.currentTimeMs();
    await Promise.race([slept, delay(SKIPS_WITHIN, undefined, { ref: false })]);
    if (there) break;
    const passed = (await env.currentTimeMs()) - before;
    const walks = passed < 2 * SKIPS_WITHIN;
    if (walks && !(await mustWait(launch))) await env.connection.testService?.unlockTimeSkipping({});
  }
  await slept;
}

async function runSkipping(launch: TestLaunch, work: (launch: SkippingLaunch) => Promise<void>): Promise<void> {
  const { env } = launch;
  const sleep = (ms: number) => skip(launch, ms);
  const sleepUntil = async (at: number) => sleep(Math.max(1, at - (await env.currentTimeMs())));
  const signAll = async () => {
    await launch.tell('signOff', { by: 'ana', answer: 'yes' });
    await launch.tell('signOff', { by: 'carl', answer: 'yes' });
  };
  const goesByItself = async () => {
    await sleep(2 * MINUTE);
    const { launchAt } = await launch.board();
    await sleepUntil(Date.parse(launchAt));
    return launch.handle.result();
  };
  await launch.while(async () => {
    await until('the items have reported', async () => {
      const { items } = await launch.board();
      return items.every(({ status, waitingOn }) => status !== 'waiting' || waitingOn.length > 0);
    });
    await work({ ...launch, sleep, sleepUntil, signAll, goesByItself });
  });
  await returnLocks(launch);
}

/** Whether the clock still jumps. A cancelled activity's lock, too, can be left behind. */
async function stillSkips(env: TestWorkflowEnvironment): Promise<boolean> {
  const skipped = env.sleep('1 minute').then(
    () => true,
    () => false
  );
  const late = () => delay(SKIPS_WITHIN, false, { ref: false });
  if (await Promise.race([skipped, late()])) return true;
  // A connection must not be closed under a call that waits: the lock in its way is given back first.
  await env.connection.testService?.unlockTimeSkipping({});
  await Promise.race([skipped, late()]);
  return false;
}

/**
 * One time-skipping server for a test file; the function it gives runs one launch on it, from the plan for the server's
 * now. A launch whose test failed, or after which the clock is stuck, takes its server with it; one of which the server
 * has lost a task is run once more, from the beginning. `from` is where a fresh server's clock is to stand, seen from
 * its own now (epoch ms); it goes only ahead.
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
    const run = async () => {
      const env = (running ??= await begin());
      try {
        await runSkipping(await startLaunch(env, planAt(await env.currentTimeMs()), world), work);
        if (!(await stillSkips(env))) await end();
      } catch (error) {
        await end();
        throw error;
      }
    };
    try {
      await run();
    } catch (error) {
      if (!(error instanceof LostTask)) throw error;
      process.stderr.write(`${error.message}: the launch is run once more.\n`);
      world.forget();
      await run();
    }
  };
}
