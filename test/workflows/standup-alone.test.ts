/** Standups without their launch: what they do when it does not answer, is gone, or says strange things. */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { initialLaunchState } from '../../domain/launch-state';
import { planDirectory } from '../../domain/routing';
import type { Standup, StandupAsked } from '../../domain/standup';
import { composeStandup } from '../../domain/standup';
import type { StandupSituation } from '../../domain/standup-times';
import { standupTimes } from '../../domain/standup-times';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { createWorker } from '../../worker/create-worker';
import type { standupWorkflow } from '../../workflows';
import { standupSituationSignal } from '../../workflows/messages';
import { planOf } from '../support/plans';
import { timeSkippingServer } from '../support/servers';
import { until } from '../support/until';
import { fakeActivities, FakeWorld, testBundle } from '../support/workflows';

/** What a standup leaves in the history of its workflow. */
const EVENTS_EACH = 25;

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await timeSkippingServer();
});
afterAll(() => env?.teardown());

interface Alone {
  handle: WorkflowHandle<typeof standupWorkflow>;
  world: FakeWorld;
  situation: StandupSituation;
  /** The instant of the first standup, a day after the start. */
  first: number;
  /** What it asked the launch with. */
  asked: StandupAsked[];
  sleepUntil(at: number): Promise<void>;
  sent(): Standup[];
}

type Answer = Awaited<ReturnType<FakeWorld['instead']['takeStandup'] & object>>;

/** Runs standups a day apart, of a launch that answers with what `answer` gives. */
async function alone(
  work: (alone: Alone) => Promise<void>,
  answer?: (asked: StandupAsked, composed: Answer) => Answer
) {
  const now = await env.currentTimeMs();
  const at = new Date(now).toISOString().slice(11, 16);
  const standup = { at, days: [1, 2, 3, 4, 5, 6, 7], to: ['chat'], reviews: [] };
  const plan = planOf({ plan: { id: `alone-${randomUUID().slice(0, 8)}`, start: now, standup } });
  const situation = {
    launch: plan.id,
    times: standupTimes({ plan, launchAt: now + 90 * DAY }),
    directory: planDirectory(plan),
    trial: false,
    ended: false,
  };
  const world = new FakeWorld();
  const asked: StandupAsked[] = [];
  world.instead.takeStandup = async (given) => {
    asked.push(given.asked);
    const composed = { over: false, standup: composeStandup(initialLaunchState(plan, now), given.asked) };
    return answer?.(given.asked, composed) ?? composed;
  };
  const worker = await createWorker({
    connection: env.nativeConnection,
    namespace: 'default',
    taskQueue: plan.id,
    activities: { ...fakeActivities(world, env), ...world.instead },
    bundle: await testBundle(),
    stickyTimeout: '1 second',
  });
  const handle = await env.client.workflow.start<typeof standupWorkflow>('standupWorkflow', {
    taskQueue: plan.id,
    workflowId: `launch:${plan.id}:standup`,
    args: [{ situation }],
  });
  const first = Math.floor(now / MINUTE) * MINUTE + DAY;
  const facts = () => world.facts.flatMap((batch) => batch.facts);
  const sent = () => facts().map(({ body }) => (body as unknown as { standup: Standup }).standup);
  const sleepUntil = async (until: number) => env.sleep(Math.max(1, until - (await env.currentTimeMs())));
  await worker.runUntil(async () => {
    try {
      await work({ handle, world, situation, first, asked, sleepUntil, sent });
    } finally {
      await handle.terminate().catch(() => {});
    }
  });
}

test('a fortnight of standups leaves a short history', async () => {
  await alone(async ({ handle, world, first, asked, sleepUntil, sent }) => {
    await sleepUntil(first + 13 * DAY + MINUTE);
    await until('all are stored', async () => sent().length === 14);
    expect(world.sent.map(({ to }) => to)).toEqual(Array.from({ length: 14 }, () => ['chat']));
    expect(new Set(world.sent.map(({ notice }) => notice.key)).size).toBe(14);
    expect(asked.map(({ since }) => since)).toEqual([undefined, ...asked.slice(0, -1).map(({ now }) => now)]);
    const { events = [] } = await handle.fetchHistory();
    process.stderr.write(`history of 14 standups: ${events!.length} events (${14 * EVENTS_EACH})\n`);
    expect(events!.length).toBeLessThanOrEqual(14 * EVENTS_EACH);
  });
});

test('where there is no launch any more the next standup finds out, sends nothing and ends', async () => {
  const gone = () => ({ over: true });
  await alone(async ({ handle, world, first, sleepUntil }) => {
    await sleepUntil(first + MINUTE);
    expect(await handle.result()).toMatchObject({ last: null });
    expect(world.sent).toEqual([]);
  }, gone);
});

test('a launch that does not answer for an hour has its standup missed, and the next one says so', async () => {
  let down = true;
  const answer = (_: StandupAsked, composed: Answer) => {
    if (down) throw new Error('nobody answers');
    return composed;
  };
  await alone(async ({ world, first, sleepUntil, sent }) => {
    await sleepUntil(first + 2 * HOUR);
    expect(world.sent).toEqual([]);
    down = false;
    await sleepUntil(first + DAY + MINUTE);
    await until('it is stored', async () => sent().length === 1);
    expect(sent()).toMatchObject([{ due: new Date(first + DAY).toISOString(), late: false, missed: 1 }]);
  }, answer);
});

test('an answer that is no standup is not sent', async () => {
  const answers = [{ over: false }, { undecodable: 'x' }, undefined, { over: false, standup: { text: 7 } }];
  const answer = () => (answers.length > 1 ? answers.shift() : answers[0]) as unknown as Answer;
  await alone(async ({ handle, world, first, sleepUntil }) => {
    await sleepUntil(first + 5 * DAY + MINUTE);
    expect(world.sent.length).toBeLessThanOrEqual(1); // where it answers with nothing the fake composes one
    expect((await handle.describe()).status.name).toBe('RUNNING');
  }, answer);
});

test('what comes in that is no situation changes nothing; without standups none is held; what ended has ended', async () => {
  await alone(async ({ handle, world, situation, first, sleepUntil }) => {
    const other = { ...situation, launch: 'other', ended: true };
    const { times } = situation;
    const broken = { ...situation, times: { ...times, calendar: { zone: 'UTC' } } };
    for (const told of [undefined, null, 7, {}, { launch: situation.launch, ended: true }, other, broken]) {
      await handle.signal(standupSituationSignal, told as never);
    }
    await sleepUntil(first + MINUTE);
    expect(world.sent).toHaveLength(1);
    await handle.signal(standupSituationSignal, { ...situation, times: { ...times, standup: undefined } });
    await sleepUntil(first + 3 * DAY);
    expect(world.sent).toHaveLength(1);
    await handle.signal(standupSituationSignal, { ...situation, ended: true });
    await handle.signal(standupSituationSignal, situation);
    expect(await handle.result()).toMatchObject({ launch: situation.launch });
    expect(world.sent).toHaveLength(1);
  });
});

test('cancelled in Temporal they end', async () => {
  await alone(async ({ handle, situation }) => {
    await handle.cancel();
    expect(await handle.result()).toEqual({ launch: situation.launch, last: null });
  });
});
