import type { WorkflowFailedError } from '@temporalio/client';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/units';
import { human, item, planOf, probe } from '../support/plans';
import { timeSkippingServer } from '../support/servers';
import { useSkippingServer } from '../support/skipping';
import { FakeWorld, startLaunch } from '../support/workflows';

const skippingLaunch = useSkippingServer();

const LATE = 2 * SECOND;

test('goes at the instant when every must is met and everyone has signed', async () => {
  let T = 0;
  await skippingLaunch(
    (now) => planOf({ launch: { at: (T = now + 2 * DAY) } }),
    async (launch) => {
      await launch.tellItem('A', 'attest', { by: 'dev' });
      await launch.signAll();
      await launch.sleepUntil(T);
      const result = await launch.handle.result();
      expect(result).toMatchObject({ how: 'launched', verdict: 'GO' });
      expect(result.at).toBeGreaterThanOrEqual(T);
      expect(result.at - T).toBeLessThan(LATE);
      expect(await launch.item('A').result()).toMatchObject({ item: 'A', status: 'resolved' });
    }
  );
});

test('is delayed with reasons, then takes a new date and goes by itself', async () => {
  let T = 0;
  const world = new FakeWorld();
  world.outcome = () => 'failed';
  const planAt = (now: number) =>
    planOf({
      items: [item('A', { criteria: [probe('up')] })],
      launch: { at: (T = now + 2 * HOUR), announce: { lead: HOUR, to: ['ana', 'carl'] } },
    });
  await skippingLaunch(
    planAt,
    async (launch) => {
      await launch.sleepUntil(T + MINUTE);
      const delayed = await launch.board();
      expect(delayed.verdict).toMatchObject({ value: 'DELAY', at: expect.any(String) });
      expect(Date.parse(delayed.verdict.at!) - T).toBeLessThan(LATE);
      expect(delayed.verdict.reasons.map(({ code }) => code)).toEqual([
        'NO_MUST',
        'MUST_UNMET',
        'SIGN_OFF_MISSING',
        'SIGN_OFF_MISSING',
      ]);
      expect(delayed.phase).toBe('delayed');
      world.outcome = () => 'passed';
      await launch.signAll();
      const result = await launch.goesByItself();
      expect(result.verdict).toBe('GO');
      expect(result.at).toBeGreaterThan(T + HOUR);
      // Told the first date, the delay, the new date, and its announcement.
      expect(world.sentTo('carl').map(({ notice }) => notice.key.split(':')[1])).toEqual(
        expect.arrayContaining(['announcement', 'verdict', 'date'])
      );
    },
    world
  );
});

test('a must that fails in the last minute of the final poll delays the launch', async () => {
  let T = 0;
  const world = new FakeWorld();
  const planAt = (now: number) =>
    planOf({ items: [item('A', { criteria: [probe('up')] })], launch: { at: (T = now + 3 * HOUR) } });
  await skippingLaunch(
    planAt,
    async (launch) => {
      await launch.signAll();
      await launch.sleepUntil(T - 2 * MINUTE);
      expect((await launch.board()).now.verdict).toBe('GO');
      world.outcome = (_, now) => (now >= T - MINUTE - SECOND ? 'failed' : 'passed');
      await launch.sleepUntil(T + SECOND);
      const { verdict } = await launch.board();
      expect(verdict.value).toBe('DELAY');
      expect(verdict.reasons).toContainEqual(expect.objectContaining({ code: 'MUST_UNMET', ref: 'A' }));
    },
    world
  );
});

test('what the watch had seen before the poll counts for nothing when the poll cannot measure', async () => {
  let T = 0;
  const world = new FakeWorld();
  world.outcome = (_, now) => {
    if (now >= T - 30 * MINUTE) throw new Error('the worker cannot look');
    return 'passed';
  };
  const planAt = (now: number) =>
    planOf({ items: [item('A', { criteria: [probe('up')] })], launch: { at: (T = now + 3 * HOUR) } });
  await skippingLaunch(
    planAt,
    async (launch) => {
      await launch.signAll();
      await launch.sleepUntil(T - HOUR);
      expect((await launch.board()).now.verdict).toBe('GO');
      await launch.sleepUntil(T + SECOND);
      const { verdict } = await launch.board();
      expect(verdict.value).toBe('DELAY');
      expect(verdict.reasons).toContainEqual(expect.objectContaining({ code: 'MUST_UNMET', ref: 'A' }));
    },
    world
  );
});

test('a hold delays the launch, released it takes a new date and goes', async () => {
  let T = 0;
  await skippingLaunch(
    (now) => planOf({ launch: { at: (T = now + 3 * HOUR) } }),
    async (launch) => {
      await launch.tellItem('A', 'attest', { by: 'dev' });
      await launch.signAll();
      await launch.tell('hold', { by: 'pilot', reason: 'smoke' });
      expect((await launch.board()).phase).toBe('held');
      await launch.sleepUntil(T + 5 * HOUR);
      const held = await launch.board();
      expect(held.phase).toBe('held');
      expect(held.verdict.value).toBe('DELAY');
      expect(held.verdict.reasons.map(({ code }) => code)).toEqual(['HOLD']);
      await launch.tell('release', { by: 'ana' });
      const result = await launch.goesByItself();
      expect(result.verdict).toBe('GO');
      expect(result.at).toBeGreaterThanOrEqual(T + 5 * HOUR + 30 * MINUTE);
    }
  );
});

test('a person who moves the date voids the sign-offs, and their givers are told', async () => {
  let T = 0;
  const world = new FakeWorld();
  await skippingLaunch(
    (now) => planOf({ launch: { at: (T = now + 3 * HOUR) } }),
    async (launch) => {
      await launch.tellItem('A', 'attest', { by: 'dev' });
      await launch.signAll();
      await launch.tell('reschedule', { by: 'ana', at: T + DAY, reason: 'a holiday' });
      await launch.sleepUntil(T + HOUR);
      const board = await launch.board();
      expect(board.launchAt).toBe(new Date(T + DAY).toISOString());
      expect(board.verdict.at).toBeNull();
      expect(board.signOffs.map(({ by, state }) => [by, state])).toEqual([
        ['ana', 'void'],
        ['carl', 'void'],
      ]);
      for (const who of ['ana', 'carl']) {
        expect(world.sentTo(who).filter(({ notice }) => notice.key.includes(':void:'))).toHaveLength(1);
      }
      await launch.signAll();
      await launch.sleepUntil(T + DAY);
      expect(await launch.handle.result()).toMatchObject({ verdict: 'GO' });
    },
    world
  );
});

test('cancelled by a person: the launch ends with its reason, and so do its items', async () => {
  await skippingLaunch(
    (now) => planOf({ items: [item('A'), item('B')], launch: { at: now + DAY } }),
    async (launch) => {
      await launch.tellItem('A', 'attest', { by: 'dev' });
      await launch.tell('cancel', { by: 'carl', reason: 'no money' });
      expect(await launch.handle.result()).toMatchObject({
        how: 'cancelled',
        verdict: null,
        reason: expect.stringContaining('no money'),
      });
      expect(await launch.item('A').result()).toMatchObject({ item: 'A', status: 'resolved' });
      expect(await launch.item('B').result()).toMatchObject({ item: 'B', status: 'carried-over' });
    }
  );
});

test('cancelled in Temporal itself: the ending still runs', async () => {
  await skippingLaunch(
    (now) => planOf({ items: [item('A'), item('B', { criteria: [probe('up')] })], launch: { at: now + DAY } }),
    async (launch) => {
      await launch.handle.cancel();
      expect(await launch.handle.result()).toMatchObject({ how: 'cancelled', verdict: null });
      expect(await launch.item('A').result()).toMatchObject({ status: 'carried-over' });
      expect(await launch.item('B').result()).toMatchObject({ item: 'B' });
    }
  );
});

test('a reported blocker that is accepted runs as an item of a new revision, and delays', async () => {
  let T = 0;
  const world = new FakeWorld();
  await skippingLaunch(
    (now) => planOf({ launch: { at: (T = now + 3 * HOUR) } }),
    async (launch) => {
      await launch.tellItem('A', 'attest', { by: 'dev' });
      await launch.signAll();
      const { text } = await launch.tell('reportBlocker', { by: 'pilot', title: 'Login is broken', owners: ['dev'] });
      expect(text).toContain('REPORTED-1');
      expect((await launch.board()).now.reasons.map(({ code }) => code)).toEqual(['REPORT_UNREVIEWED']);
      await launch.tell('reviewBlocker', { by: 'ana', report: 'REPORTED-1', accept: true, gate: 'must' });
      await launch.sleepUntil(T + MINUTE);
      const board = await launch.board();
      expect(board.revision).toBe(2);
      expect(board.items.map(({ id, status }) => [id, status])).toContainEqual(['REPORTED-1', 'open']);
      expect(board.verdict.reasons).toContainEqual(expect.objectContaining({ code: 'MUST_UNMET', ref: 'REPORTED-1' }));
      const { parentExecution } = await launch.item('REPORTED-1').describe();
      expect(parentExecution?.workflowId).toBe(launch.handle.workflowId);
      await launch.tellItem('REPORTED-1', 'attest', { by: 'dev' });
      await launch.signAll();
      expect(await launch.goesByItself()).toMatchObject({ verdict: 'GO' });
    },
    world
  );
});

test('an amendment reaches the items: new ones start, changed ones lose the evidence that changed', async () => {
  await skippingLaunch(
    (now) => planOf({ launch: { at: now + DAY } }),
    async (launch) => {
      await launch.tellItem('A', 'attest', { by: 'dev' });
      const items = [item('A', { criteria: [human('done', ['dev']), human('checked', ['qa'])] }), item('C')];
      const plan = { ...planOf({ items, must: ['A', 'C'], launch: { at: (await launch.env.currentTimeMs()) + DAY } }) };
      await launch.tell('amend', { by: 'ana', plan: { ...plan, id: launch.id }, reason: 'more care' });
      await launch.sleep(MINUTE);
      const board = await launch.board();
      expect(board.revision).toBe(2);
      const criteria = board.items.find(({ id }) => id === 'A')?.criteria.map(({ id, state }) => [id, state]);
      expect(criteria).toEqual([
        ['done', 'met'],
        ['checked', 'unknown'],
      ]);
      expect(board.items.map(({ id, status }) => [id, status])).toEqual([
        ['A', 'open'],
        ['C', 'open'],
      ]);
    }
  );
});

test('refuses more than 300 items', async () => {
  const env = await timeSkippingServer();
  try {
    const items = Array.from({ length: 301 }, (_, index) => item(`I${index}`));
    const launch = await startLaunch(env, planOf({ items, must: ['I0'] }));
    await launch.while(async () => {
      const failure = await launch.handle.result().catch((error: WorkflowFailedError) => error.cause);
      expect(failure).toMatchObject({ type: 'TOO_MANY_ITEMS', nonRetryable: true });
    });
  } finally {
    await env.teardown();
  }
});
