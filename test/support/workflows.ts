import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowClient } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Worker, WorkflowBundle } from '@temporalio/worker';
import type { CheckRun, Delivery, LaunchActivities, Telling } from '../../activities/types';
import type { Board } from '../../domain/board';
import type { Measurement, Outcome } from '../../domain/criterion';
import type { FactBatch, Recorded } from '../../domain/ledger';
import type { Plan } from '../../domain/plan';
import { bundleWorkflows, PAYLOAD_CONVERTER_PATH } from '../../worker/bundle';
import { createWorker } from '../../worker/create-worker';
import type { launchWorkflow } from '../../workflows';
import { boardQuery, itemWorkflowId, launchWorkflowId } from '../../workflows/messages';

/** What the world of a test answers; everything it was asked is kept. */
export class FakeWorld {
  outcome: (run: CheckRun) => Outcome = () => 'passed';
  readonly sent: Delivery[] = [];
  readonly facts: FactBatch[] = [];
  looks = 0;
}

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflows of today, bundled once per test file. */
export function testBundle(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflows().then((code) => ({ code }));
  return bundle;
}

function measurement(outcome: Outcome, inRow: number): Measurement {
  const now = Date.now();
  return { outcome, begunAt: now, at: now, seen: outcome, inRow };
}

/** Activities over a fake world; `tellItems` really signals. */
export function fakeActivities(
  world: FakeWorld,
  env: TestWorkflowEnvironment
): LaunchActivities & { recordFacts(batch: FactBatch): Promise<Recorded> } {
  const client = new WorkflowClient({
    connection: env.connection,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
  });
  return {
    async awaitCheck(run) {
      world.looks++;
      const outcome = world.outcome(run);
      if (outcome !== run.spec.known) return measurement(outcome, run.spec.need[outcome]);
      const { ApplicationFailure, ApplicationFailureCategory } = await import('@temporalio/common');
      throw ApplicationFailure.create({
        message: outcome,
        type: 'OUTCOME_UNCHANGED',
        category: ApplicationFailureCategory.BENIGN,
      });
    },
    async measure(run) {
      return measurement(world.outcome(run), 1);
    },
    async notify(delivery) {
      world.sent.push(delivery);
      return { accepted: delivery.to, failed: [] };
    },
    async tellItems({ launch, items }: Telling) {
      for (const { item, situation } of items)
        await client.getHandle(itemWorkflowId(launch, item)).signal('situation', situation);
    },
    async recordFacts(batch) {
      world.facts.push(batch);
      return { position: '1' };
    },
  };
}

export interface TestLaunch {
  handle: WorkflowHandle<typeof launchWorkflow>;
  client: WorkflowClient;
  worker: Worker;
  /** Runs the worker until `work` is done. */
  while<T>(work: () => Promise<T>): Promise<T>;
  board(): Promise<Board>;
  tell(name: string, input: unknown): Promise<{ text: string; status: string }>;
  tellItem(item: string, name: string, input: unknown): Promise<{ text: string; status: string }>;
  item(id: string): WorkflowHandle;
}

/** Starts a launch of a plan, its id made unique, with a worker of its own. */
export async function startLaunch(
  env: TestWorkflowEnvironment,
  plan: Plan,
  world = new FakeWorld()
): Promise<TestLaunch> {
  const id = `${plan.id}-${randomUUID().slice(0, 8)}`;
  const taskQueue = id;
  const client = new WorkflowClient({
    connection: env.connection,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
  });
  const worker = await createWorker({
    connection: env.nativeConnection,
    namespace: 'default',
    taskQueue,
    activities: fakeActivities(world, env),
    bundle: await testBundle(),
    stickyTimeout: '1 second',
  });
  const handle = await client.start<typeof launchWorkflow>('launchWorkflow', {
    taskQueue,
    workflowId: launchWorkflowId(id),
    args: [{ plan: { ...plan, id }, by: 'ana' }],
  });
  const item = (of: string) => client.getHandle(itemWorkflowId(id, of));
  return {
    handle,
    client,
    worker,
    // What is left running would keep the server's clock from skipping in the next test.
    while: (work) =>
      worker.runUntil(async () => {
        try {
          return await work();
        } finally {
          const all = [handle, ...plan.items.map(({ id: of }) => item(of))];
          await Promise.all(all.map((each) => each.terminate().catch(() => {})));
        }
      }),
    board: () => handle.query(boardQuery),
    tell: (name, input) => handle.executeUpdate(name, { args: [input] }) as Promise<{ text: string; status: string }>,
    tellItem: (of, name, input) =>
      item(of).executeUpdate(name, { args: [input] }) as Promise<{ text: string; status: string }>,
    item,
  };
}

/** Waits, in real time, until a condition holds; fails saying what it waited for and the last error. */
export async function eventually(what: string, holds: () => Promise<boolean>, within = 15_000): Promise<void> {
  let last: unknown;
  for (const end = Date.now() + within; Date.now() < end;) {
    const held = await holds().catch((error: unknown) => {
      last = error;
      return false;
    });
    if (held) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${within} ms in vain until ${what}`, { cause: last });
}
