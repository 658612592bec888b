import type { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ItemState } from '../../domain/item-state';
import type { Plan } from '../../domain/plan';
import { ITEM_COMMANDS, LAUNCH_COMMANDS } from '../../domain/commands';
import { DAY } from '../../domain/units';
import { human, item, planOf, probe } from '../support/plans';
import { devServer } from '../support/servers';
import type { TestLaunch } from '../support/workflows';
import { failedTasks, FakeWorld, startLaunch } from '../support/workflows';
import { until } from '../support/until';

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await devServer();
});
afterAll(() => env?.teardown());

const LAUNCH = 'the launch';

const RARELY = { every: DAY, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 5 };

function plan(): Plan {
  const options = [
    { id: 'x', title: 'X', opens: [] },
    { id: 'y', title: 'Y', opens: [] },
  ];
  const decision = { by: ['ana'], quorum: 'any' as const, options, ifSilent: 'escalate' as const };
  const items = [
    item('A'),
    item('P', { criteria: [probe('up'), human('done', ['dev'])] }),
    item('D', { kind: 'decision', decision, criteria: [] }),
    item('LATER', { criteria: [probe('up', { from: { at: Date.now() + DAY } })] }),
  ];
  return planOf({ items, launch: { at: Date.now() + 2 * DAY } });
}

/** Every command once, in an order in which each is accepted, and the fact it leaves. */
function conversation(launch: TestLaunch): Array<[to: string, name: string, input: object, fact: string]> {
  const until = Date.now() + 9 * DAY;
  return [
    ['A', 'acknowledge', { by: 'dev', note: 'on it' }, 'acknowledged'],
    ['A', 'comment', { by: 'qa', text: 'hm' }, 'commented'],
    ['A', 'attest', { by: 'dev', criterion: 'done' }, 'attested'],
    ['A', 'retract', { by: 'dev' }, 'retracted'],
    ['A', 'waive', { by: 'ana', reason: 'later', risk: 'small', until }, 'waiverGiven'],
    ['A', 'reopen', { by: 'ana', reason: 'no' }, 'reopened'],
    ['A', 'assign', { by: 'ana', owners: ['qa'] }, 'assigned'],
    ['P', 'verifyNow', { by: 'dev' }, 'measured'],
    ['P', 'resolve', { by: 'dev' }, 'attested'],
    ['D', 'decide', { by: 'ana', option: 'x' }, 'chose'],
    [LAUNCH, 'signOff', { by: 'ana', answer: 'yes' }, 'signedOff'],
    [LAUNCH, 'hold', { by: 'qa', reason: 'wait' }, 'held'],
    [LAUNCH, 'release', { by: 'carl' }, 'released'],
    [LAUNCH, 'reschedule', { by: 'ana', at: Date.now() + 3 * DAY, reason: 'later' }, 'rescheduled'],
    [LAUNCH, 'reportBlocker', { by: 'qa', title: 'Broken' }, 'blockerReported'],
    [LAUNCH, 'reviewBlocker', { by: 'ana', report: 'REPORTED-1', accept: false, reason: 'no' }, 'blockerReviewed'],
    [LAUNCH, 'amend', { by: 'ana', plan: { ...plan(), id: launch.id }, reason: 'typo' }, 'amended'],
    [LAUNCH, 'cancel', { by: 'ana', reason: 'enough' }, 'ended'],
  ];
}

function has(world: FakeWorld, to: string, fact: string): boolean {
  return world.facts.some((batch) => (batch.item ?? LAUNCH) === to && batch.facts.some(({ type }) => type === fact));
}

async function running(
  work: (launch: TestLaunch, world: FakeWorld) => Promise<void>,
  of: Plan = plan()
): Promise<void> {
  const world = new FakeWorld();
  const launch = await startLaunch(env, of, world);
  await launch.while(async () => {
    await until('the items are open', async () => (await launch.board()).items.every((i) => i.status === 'open'));
    await work(launch, world);
  });
}

function updateError(update: Promise<unknown>): Promise<{ type?: string; message: string }> {
  return update.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: WorkflowUpdateFailedError) => error.cause as Error & { type?: string }
  );
}

test.each(['update', 'signal'] as const)(
  'every command is taken as %s',
  async (kind) => {
    await running(async (launch, world) => {
      const said = conversation(launch);
      // What is only taken after a GO whose actions failed is in after-go.test.ts.
      const taken = new Set([...said.map(([, name]) => name), 'retryActions']);
      expect(taken).toEqual(new Set([...ITEM_COMMANDS, ...LAUNCH_COMMANDS]));
      for (const [to, name, input, fact] of said) {
        const handle = to === LAUNCH ? launch.handle : launch.item(to);
        if (kind === 'update') await handle.executeUpdate(name, { args: [input] });
        else await handle.signal(name, input);
        await until(`${name} has left '${fact}'`, async () => has(world, to, fact));
      }
      expect(await launch.handle.result()).toMatchObject({ how: 'cancelled' });
      expect(world.facts.some(({ facts }) => facts.some(({ type }) => type === 'refused'))).toBe(false);
    });
  },
  60_000
);

test('a refused update leaves no event', async () => {
  await running(async (launch) => {
    const quiet = async () => (await launch.item('A').fetchHistory()).events?.length ?? 0;
    await until('A is quiet', async () => {
      const before = await quiet();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return before === (await quiet());
    });
    const before = await quiet();
    for (const [name, input, type] of [
      ['attest', { by: 'qa' }, 'NOT_ALLOWED'],
      ['attest', { by: 'nobody' }, 'UNKNOWN_PERSON'],
      ['waive', { by: 'ana', reason: 'x', risk: 'x', until: 1 }, 'EXPIRES_TOO_SOON'],
      ['comment', { by: 'dev', txt: 'typo' }, 'BAD_INPUT'],
      ['comment', 'dev', 'BAD_INPUT'],
      ['decide', { by: 'ana', option: 'x' }, 'NOT_A_DECISION'],
    ] as const) {
      expect(await updateError(launch.item('A').executeUpdate(name, { args: [input] }))).toMatchObject({ type });
    }
    expect(await quiet()).toBe(before);
  });
});

async function signalRaw(workflowId: string, signalName: string): Promise<void> {
  const payloads = [{ metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('zz') }];
  await env.connection.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    signalName,
    input: { payloads },
  });
}

test('refused, malformed and undecodable signals end on the board, and the launch still works', async () => {
  await running(async (launch) => {
    await launch.handle.signal('release', { by: 'ana' });
    await launch.handle.signal('hold', 'now');
    await launch.handle.signal('hold');
    await signalRaw(launch.handle.workflowId, 'cancel');
    await signalRaw(launch.handle.workflowId, 'report');
    await launch.handle.signal('report', { item: 'A', report: null });
    await launch.handle.signal('report', { item: '__proto__', report: { seq: 9, progress: {} } });
    await launch.handle.signal('no-such-signal', { by: 'ana' });
    await until('all are on the board', async () => (await launch.board()).refused.length === 4);
    const { refused } = await launch.board();
    expect(refused.map(({ command, code, by }) => `${command} ${code} ${by}`).sort()).toEqual([
      'cancel BAD_INPUT somebody',
      'hold BAD_INPUT somebody',
      'hold BAD_INPUT somebody',
      'release NOT_HELD ana',
    ]);
    await signalRaw(launch.item('A').workflowId, 'attest');
    await signalRaw(launch.item('A').workflowId, 'situation');
    await launch.item('A').signal('situation', { version: 99 });
    await until('A has kept one', async () => {
      const { refused: kept } = await launch.item('A').query<{ refused: unknown[] }>('item');
      return kept.length === 1;
    });
    expect(await launch.tellItem('A', 'attest', { by: 'dev' })).toMatchObject({ status: 'resolved' });
    expect(await launch.tell('cancel', { by: 'ana', reason: 'done' })).toMatchObject({ status: 'stopped' });
    expect(await launch.handle.result()).toMatchObject({ how: 'cancelled' });
    expect(await failedTasks(launch.handle)).toEqual([]);
  });
});

test('a key said again has the same answer; with other content it is refused', async () => {
  await running(async (launch, world) => {
    const first = await launch.tellItem('A', 'comment', { by: 'dev', text: 'one', key: 'k1' });
    expect(await launch.tellItem('A', 'comment', { by: 'dev', text: 'one', key: 'k1' })).toEqual(first);
    expect(await updateError(launch.tellItem('A', 'comment', { by: 'dev', text: 'two', key: 'k1' }))).toMatchObject({
      type: 'KEY_REUSED',
    });
    const hold = { by: 'qa', reason: 'wait', key: 'h' };
    await Promise.all([launch.tell('hold', hold), launch.tell('hold', hold)]);
    expect((await launch.board()).holds).toHaveLength(1);
    await until('the comment is written', async () => has(world, 'A', 'commented'));
    const comments = world.facts.flatMap(({ facts }) => facts.filter(({ type }) => type === 'commented'));
    expect(comments).toHaveLength(1);
  });
});

test('a command that is measuring, said again with its key, is carried out once', async () => {
  await running(async (launch, world) => {
    await until('the watch waits for its next minute', async () => world.looks === 2);
    let looks = 0;
    world.outcome = () => (looks++, 'passed');
    const verify = { by: 'dev', key: 'v' };
    const [one, two] = await Promise.all([
      launch.tellItem('P', 'verifyNow', verify),
      launch.tellItem('P', 'verifyNow', verify),
    ]);
    expect(two).toEqual(one);
    expect(looks).toBe(1);
  });
});

test('resolve measures, and succeeds or fails with nothing half done', async () => {
  await running(async (launch, world) => {
    world.outcome = () => 'errored';
    const refused = await updateError(launch.tellItem('P', 'resolve', { by: 'dev', key: 'r' }));
    expect(refused).toMatchObject({ type: 'UNMET', message: expect.stringContaining('up: errored') });
    const state = await launch.item('P').query<{ status: string; progress: { done: { words: unknown[] } } }>('item');
    expect(state.status).toBe('open');
    expect(state.progress.done.words).toEqual([]);
    world.outcome = () => 'passed';
    await launch.tellItem('P', 'verifyNow', { by: 'dev' });
    expect(await launch.tellItem('P', 'resolve', { by: 'dev', key: 'r' })).toMatchObject({ status: 'resolved' });
  });
});

test('a resolve that sees a failure is refused, also where the watch would bear it, and says how many passes are missing', async () => {
  const criteria = [
    probe('up', { watch: { ...RARELY, failureLimit: 3 } }),
    probe('thrice', { watch: { ...RARELY, consecutive: 3 } }),
    human('done', ['dev']),
  ];
  const bears = item('BEARS', { criteria });
  await running(
    async (launch, world) => {
      await launch.tellItem('BEARS', 'verifyNow', { by: 'dev' });
      world.outcome = ({ criterion }) => (criterion === 'up' ? 'failed' : 'passed');
      const refused = await updateError(launch.tellItem('BEARS', 'resolve', { by: 'dev' }));
      expect(refused).toMatchObject({
        type: 'UNMET',
        message: 'measured and not met: up: failed (failed); thrice: passed (passed, met after 3 passes in a row)',
      });
      const { progress } = await launch.item('BEARS').query<ItemState>('item');
      expect([progress['up']?.measured?.outcome, progress['done']?.words]).toEqual(['passed', []]);
    },
    planOf({ items: [bears], must: ['BEARS'], launch: { at: Date.now() + 2 * DAY } })
  );
});

test('a look by hand before a criterion is looked at says so, and makes nothing met', async () => {
  await running(async (launch, world) => {
    const { text } = await launch.tellItem('LATER', 'verifyNow', { by: 'dev' });
    expect(text).toMatch(/^up: passed \(passed, not recorded: not looked at before \d{4}-/);
    const { status, progress } = await launch.item('LATER').query<ItemState>('item');
    expect([status, progress['up']]).toEqual(['open', { changes: [], words: [] }]);
    expect(has(world, 'LATER', 'measured')).toBe(false);
  });
});

test.each(['launchWorkflow', 'itemWorkflow'])(
  '%s with an input that cannot be decoded fails at once',
  async (name) => {
    const world = new FakeWorld();
    const launch = await startLaunch(env, plan(), world);
    await launch.while(async () => {
      const workflowId = `raw-${name}`;
      await env.connection.workflowService.startWorkflowExecution({
        namespace: 'default',
        requestId: workflowId,
        workflowId,
        workflowType: { name },
        taskQueue: { name: launch.id },
        input: { payloads: [{ metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('zz') }] },
      });
      const failure = await launch.client
        .getHandle(workflowId)
        .result()
        .catch((error: WorkflowFailedError) => error.cause);
      expect(failure).toMatchObject({ type: 'BAD_INPUT', nonRetryable: true });
    });
  },
  60_000
);
