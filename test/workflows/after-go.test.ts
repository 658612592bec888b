import type { Plan } from '../../domain/plan';
import { HOUR, MINUTE, SECOND } from '../../domain/units';
import { human, item, planOf, probe } from '../support/plans';
import { until } from '../support/until';
import type { SkippingLaunch } from '../support/skipping';
import { useSkippingServer } from '../support/skipping';
import { FakeWorld } from '../support/workflows';

const skippingLaunch = useSkippingServer();

const calls = (...titles: string[]): Plan['onVerdict']['go'] =>
  titles.map((title) => ({ title, webhook: { url: `https://ci.example.com/${title}` } }));

const planAt =
  (onVerdict: Partial<Plan['onVerdict']>, launch: Partial<Plan['launch']> = {}) =>
  (now: number): Plan =>
    planOf({
      launch: { at: now + 2 * HOUR, ...launch },
      plan: { onVerdict: { go: [], delay: [], noGo: [], ...onVerdict } },
    });

/** Everything is met and signed; the clock runs to the date. */
async function goes(launch: SkippingLaunch): Promise<void> {
  await launch.tellItem('A', 'attest', { by: 'dev' });
  await launch.signAll();
  await launch.sleepUntil(Date.parse((await launch.board()).launchAt) + SECOND);
}

function phaseIs(launch: SkippingLaunch, phase: string): Promise<unknown> {
  return until(`it is ${phase}`, async () => (await launch.board()).phase === phase);
}

function factsOf(world: FakeWorld, type: string) {
  return world.facts.flatMap(({ facts }) => facts.filter((fact) => fact.type === type));
}

test('what follows GO is carried out in order, each once, recorded, and then it is launched', async () => {
  const world = new FakeWorld();
  await skippingLaunch(
    planAt({ go: [...calls('one'), { notify: ['qa'] }, { command: { name: 'deploy' } }] }),
    async (launch) => {
      await goes(launch);
      expect(await launch.handle.result()).toMatchObject({ how: 'launched', verdict: 'GO' });
      expect(world.acted.map(({ action }) => Object.keys(action).join())).toEqual(['title,webhook', 'command']);
      expect(world.sentTo('qa')).toHaveLength(1);
      const ended = factsOf(world, 'actionEnded').map(({ body }) => body);
      expect(ended).toMatchObject([0, 1, 2].map((n) => ({ follows: 'go', n, attempt: 1, outcome: 'done' })));
      expect(factsOf(world, 'launched')).toHaveLength(1);
      expect(await launch.item('A').result()).toMatchObject({ item: 'A', status: 'resolved' });
    },
    world
  );
});

test('one that fails stops the rest and alarms; tried again, or skipped, by a person it goes on, and it is launched', async () => {
  const world = new FakeWorld();
  world.act = ({ action: { title } }) => ({
    outcome: (title === 'two' && world.acted.length < 3) || title === 'three' ? 'failed' : 'done',
    seen: 'answered 503',
  });
  await skippingLaunch(
    planAt({ go: calls('one', 'two', 'three') }, { rollback: ['Point the domain back'] }),
    async (launch) => {
      await goes(launch);
      await phaseIs(launch, 'launch-failed');
      expect(world.acted.map(({ action }) => action.title)).toEqual(['one', 'two']);
      const board = await launch.board();
      expect(board.verdict.value).toBe('GO');
      expect(board.ended).toBeNull();
      const [need] = board.verdict.needs;
      expect(need?.command).toBe(`launch retry-actions ${launch.id} --as ana`);
      const told = () => world.sentTo('ceo').find(({ notice }) => notice.command === need?.command);
      const { notice: alarm } = await until('the authority was told', () => told());
      expect(alarm).toMatchObject({ urgent: true, text: expect.stringContaining('Point the domain back') });
      await expect(launch.tell('retryActions', { by: 'dev' })).rejects.toMatchObject({
        cause: { type: 'NOT_ALLOWED' },
      });
      await launch.sleep(HOUR);
      expect(world.acted).toHaveLength(2);
      expect(await launch.tell('retryActions', { by: 'carl' })).toMatchObject({ status: 'launching' });
      await until('three has failed', async () => (await launch.board()).actions[2]?.state === 'failed');
      await launch.handle.signal('retryActions', { by: 'carl', skip: 3, reason: 'done by hand' });
      expect(await launch.handle.result()).toMatchObject({ how: 'launched', verdict: 'GO' });
      expect(world.acted.map(({ action }) => action.title)).toEqual(['one', 'two', 'two', 'three']);
      const [, first, second] = world.acted.map(({ key }) => key);
      expect(second).toBe(first);
      expect(new Set(world.acted.map(({ key }) => key)).size).toBe(3);
      const [, retried] = factsOf(world, 'actionsRetried');
      expect(retried?.body).toMatchObject({ by: 'carl', skip: 3, reason: 'done by hand' });
    },
    world
  );
});

test('one whose worker is lost is unknown, is not tried again by itself, and alarms', async () => {
  const world = new FakeWorld();
  world.act = () => {
    throw new Error('lost');
  };
  await skippingLaunch(
    planAt({ go: calls('one', 'two') }),
    async (launch) => {
      await goes(launch);
      await phaseIs(launch, 'launch-failed');
      expect(factsOf(world, 'actionEnded')).toMatchObject([{ body: { n: 0, outcome: 'unknown' } }]);
      expect(world.acted).toHaveLength(1);
      await launch.handle.signal('retryActions', { by: 'ana' });
      await until('it was tried again', () => world.acted.length === 2);
      await phaseIs(launch, 'launch-failed');
      await launch.tell('cancel', { by: 'ana', reason: 'done by hand' });
      expect(await launch.handle.result()).toMatchObject({ how: 'cancelled', verdict: 'GO' });
    },
    world
  );
});

test.each([
  ['put into the outbox is done', { accepted: [], failed: [], queued: ['qa'] }, 'launched'],
  ['that no channel accepts is failed', { accepted: [], failed: ['qa'] }, 'launch-failed'],
])(
  'a message %s',
  async (_, delivered, phase) => {
    const world = new FakeWorld();
    world.instead = { notify: async ({ to }) => (to.includes('qa') ? delivered : { accepted: to, failed: [] }) };
    await skippingLaunch(
      planAt({ go: [{ notify: ['qa'] }, ...calls('one')] }),
      async (launch) => {
        await goes(launch);
        await phaseIs(launch, phase);
        expect(world.acted).toHaveLength(phase === 'launched' ? 1 : 0);
      },
      world
    );
  },
  60_000
);

test('what follows DELAY alarms where it fails, stops nothing, and follows each DELAY again', async () => {
  const world = new FakeWorld();
  world.act = () => ({ outcome: 'failed', seen: 'answered 500' });
  await skippingLaunch(
    planAt({ delay: calls('page', 'chat'), go: [{ notify: ['qa'] }] }),
    async (launch) => {
      await launch.signAll();
      await launch.sleepUntil(Date.parse((await launch.board()).launchAt) + MINUTE);
      expect((await launch.board()).phase).toBe('delayed');
      expect(world.acted.map(({ action }) => action.title)).toEqual(['page', 'chat']);
      await until('it alarmed', () => world.sentTo('ceo').filter(({ notice }) => /act_/.test(notice.key)).length === 2);
      await launch.tellItem('A', 'attest', { by: 'dev' });
      expect(await launch.goesByItself()).toMatchObject({ how: 'launched', verdict: 'GO' });
      expect(world.acted).toHaveLength(2);
    },
    world
  );
});

test('giveUpAfter: after so long a delay it is off by itself, and what follows NO_GO is carried out', async () => {
  const world = new FakeWorld();
  let T = 0;
  await skippingLaunch(
    (now) => planAt({ noGo: calls('close') }, { at: (T = now + 2 * HOUR), giveUpAfter: 6 * HOUR })(now),
    async (launch) => {
      await launch.sleepUntil(T + 5 * HOUR);
      expect((await launch.board()).phase).toBe('delayed');
      await launch.sleepUntil(T + 6 * HOUR + SECOND);
      const result = await launch.handle.result();
      expect(result).toMatchObject({ how: 'stopped', verdict: 'NO_GO', reason: expect.stringContaining('run out') });
      expect(result.at - (T + 6 * HOUR)).toBeLessThan(2 * SECOND);
      expect(world.acted.map(({ action }) => action.title)).toEqual(['close']);
      expect(factsOf(world, 'actionEnded')).toMatchObject([{ body: { follows: 'noGo', outcome: 'done' } }]);
    },
    world
  );
});

test('after GO its criteria are watched; one that fails alarms with the steps back, and the launch ends after the watch', async () => {
  const world = new FakeWorld();
  let T = 0;
  let broken = false;
  world.outcome = ({ criterion }) => (criterion === 'errors' && broken ? 'failed' : 'passed');
  const postLaunch = { watch: 4 * HOUR, criteria: [probe('errors'), human('support', ['qa'])] };
  await skippingLaunch(
    (now) => planAt({}, { at: (T = now + 2 * HOUR), postLaunch, rollback: ['Point the domain back'] })(now),
    async (launch) => {
      await goes(launch);
      await phaseIs(launch, 'launched');
      await until('it is watched', async () =>
        (await launch.board()).postLaunch?.criteria.some(({ state }) => state === 'met')
      );
      expect(await launch.item('A').result()).toMatchObject({ status: 'resolved' });
      await launch.tellItem('POST-LAUNCH.support', 'attest', { by: 'qa' });
      broken = true;
      await launch.sleep(5 * MINUTE);
      const alarms = () => world.sentTo('ceo').filter(({ notice }) => notice.key.includes(':after:errors'));
      expect(alarms()).toHaveLength(1);
      expect(alarms()[0]?.notice).toMatchObject({
        urgent: true,
        text: expect.stringContaining('1. Point the domain back'),
      });
      expect((await launch.board()).postLaunch?.criteria).toMatchObject([
        { id: 'errors', state: 'unmet', alarmed: true },
        { id: 'support', state: 'met', alarmed: false },
      ]);
      broken = false;
      await launch.sleep(10 * MINUTE);
      expect(alarms().map(({ notice }) => notice.urgent)).toEqual([true, false]);
      await launch.sleepUntil(T + 4 * HOUR + SECOND);
      const result = await launch.handle.result();
      expect(result).toMatchObject({ how: 'launched', verdict: 'GO' });
      expect(result.at - (T + 4 * HOUR)).toBeLessThan(2 * SECOND);
      expect(world.sentTo('ceo').at(-1)?.notice.subject).toContain('everything holds');
    },
    world
  );
});

test('a waiver of a must that runs out while the launch is watched alarms', async () => {
  const world = new FakeWorld();
  let T = 0;
  const postLaunch = { watch: 4 * HOUR, criteria: [probe('errors')] };
  const items = [item('A'), item('B')];
  await skippingLaunch(
    (now) => {
      const plan = planOf({ items, must: ['A', 'B'], launch: { at: (T = now + 2 * HOUR), postLaunch } });
      return plan;
    },
    async (launch) => {
      await launch.tellItem('B', 'waive', { by: 'carl', reason: 'later', risk: 'small', until: T + 2 * HOUR });
      await goes(launch);
      await phaseIs(launch, 'launched');
      await launch.sleepUntil(T + HOUR);
      const told = () => world.sentTo('manager').filter(({ notice }) => notice.key.includes(':after:waiver:B/done'));
      expect(told()).toHaveLength(0);
      await launch.sleepUntil(T + 2 * HOUR + MINUTE);
      expect(told()).toHaveLength(1);
      await launch.sleepUntil(T + 4 * HOUR + SECOND);
      expect(await launch.handle.result()).toMatchObject({ how: 'launched', verdict: 'GO' });
    },
    world
  );
});

test('a trial says so to whoever carries it out', async () => {
  const world = new FakeWorld();
  await skippingLaunch(
    (now) => ({ ...planAt({ go: calls('one') })(now), trial: true }),
    async (launch) => {
      await goes(launch);
      await launch.handle.result();
      expect(world.acted).toMatchObject([{ trial: true }]);
    },
    world
  );
});
