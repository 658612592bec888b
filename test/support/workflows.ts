import { randomUUID } from 'node:crypto';
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
import { bundleWorkflows, PAYLOAD_CONVERTER_PATH } from '../../worker/bundle';
import { createWorker } from '../../worker/create-worker';
import type { launchWorkflow } from '../../workflows';
import { boardQuery, itemWorkflowId, launchWorkflowId, standupWorkflowId } from '../../workflows/messages';

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

  /** Of a launch that is run from the beginning again. */
  forget(): void {
    for (const kept of [this.sent, this.facts, this.acted]) kept.length = 0;
    this.looks = 0;
    this.rows.clear();
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
  /** The launch's own, and all that it may have begun. */
  all: WorkflowHandle[];
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
  const all = [handle, standups, ...plan.items.map(({ id: of }) => item(of))];
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
          await Promise.all(all.map((each) => each.terminate().catch(() => {})));
        }
      }),
    board: () => handle.query(boardQuery),
    tell: (name, input) => handle.executeUpdate(name, { args: [input] }) as Promise<{ text: string; status: string }>,
    tellItem: (of, name, input) =>
      item(of).executeUpdate(name, { args: [input] }) as Promise<{ text: string; status: string }>,
    item,
    standups,
    all,
  };
}

/** Of temporal.api.enums.v1.WorkflowTaskFailedCause. */
const UNHANDLED_COMMAND = 1;

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
