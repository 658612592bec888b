import { DAY, HOUR, MINUTE, SECOND } from '../../domain/units';
import { item, planOf, probe } from '../support/plans';
import type { SkippingLaunch } from '../support/skipping';
import { useSkippingServer } from '../support/skipping';
import { FakeWorld } from '../support/workflows';
import { until } from '../support/until';

const skippingLaunch = useSkippingServer();

/** An item's clock wakes it a little after its nominal instant, so that many do not wake at once. */
const SPREAD = 2 * SECOND;

async function statuses(launch: SkippingLaunch): Promise<{ [id: string]: string }> {
  const { items } = await launch.board();
  return Object.fromEntries(items.map(({ id, status }) => [id, status]));
}

test('an item opens when what it waits for is resolved, and waits again when that regresses', async () => {
  const world = new FakeWorld();
  world.outcome = () => 'failed';
  const items = [item('A', { criteria: [probe('up')] }), item('B', { after: ['A'] })];
  await skippingLaunch(
    (now) => planOf({ items, launch: { at: now + 2 * DAY } }),
    async (launch) => {
      expect(await statuses(launch)).toEqual({ A: 'open', B: 'waiting' });
      await expect(launch.tellItem('B', 'resolve', { by: 'dev' })).rejects.toMatchObject({ cause: {} });
      world.outcome = () => 'passed';
      await launch.sleep(2 * MINUTE);
      expect(await statuses(launch)).toEqual({ A: 'resolved', B: 'open' });
      world.outcome = () => 'failed';
      await launch.sleep(2 * MINUTE);
      expect(await statuses(launch)).toEqual({ A: 'open', B: 'waiting' });
      const board = await launch.board();
      expect(board.items.map(({ id, reopened }) => [id, reopened])).toEqual([
        ['A', 1],
        ['B', 0],
      ]);
    },
    world
  );
});

test('a decision opens the items of its option and drops those of the others', async () => {
  const option = (id: string, opens: string[]) => ({ id, title: id, opens });
  const decision = {
    by: ['ana', 'carl'],
    quorum: 2,
    options: [option('cloud', ['X']), option('self', ['Y'])],
    ifSilent: 'escalate' as const,
  };
  const items = [item('D', { kind: 'decision', decision, criteria: [] }), item('X'), item('Y')];
  await skippingLaunch(
    (now) => planOf({ items, must: ['D'], launch: { at: now + 2 * DAY } }),
    async (launch) => {
      expect(await statuses(launch)).toEqual({ D: 'open', X: 'waiting', Y: 'waiting' });
      await launch.tellItem('D', 'decide', { by: 'ana', option: 'self' });
      await launch.tellItem('D', 'decide', { by: 'ana', option: 'cloud' });
      await launch.tellItem('D', 'decide', { by: 'carl', option: 'cloud' });
      await until('X is open', async () => (await statuses(launch)).X === 'open');
      await until('Y is dropped', async () => (await statuses(launch)).Y === 'dropped');
      expect(await statuses(launch)).toEqual({ D: 'resolved', X: 'open', Y: 'dropped' });
      await expect(launch.tellItem('D', 'decide', { by: 'carl', option: 'self' })).rejects.toMatchObject({
        cause: { type: 'FINAL' },
      });
    }
  );
});

test('each clock that runs out is told along the chain at its instants, and an answer stops it', async () => {
  const world = new FakeWorld();
  let T = 0;
  const planAt = (now: number) => {
    T = now + 2 * DAY;
    const escalation = [
      { after: 0, to: ['manager'] },
      { after: 30 * MINUTE, to: ['ceo'] },
    ];
    const sla = { respond: HOUR, resolve: 4 * HOUR, clock: 'wall' as const };
    const deadline = { at: T - DAY, anchor: { days: -1, ms: 0 } };
    return planOf({ items: [item('A', { sla, escalation, deadline })], launch: { at: T } });
  };
  await skippingLaunch(
    planAt,
    async (launch) => {
      const opened = (await launch.item('A').query<{ openedAt: number }>('item')).openedAt;
      await launch.sleep(70 * MINUTE);
      await launch.tellItem('A', 'acknowledge', { by: 'dev' });
      await launch.sleepUntil(T - HOUR);
      const late = world.sent
        .filter(({ notice }) => notice.subject.includes('is late'))
        .map(({ notice, to, at }) => ({ clock: notice.key.split(':')[2], to, at }));
      const expected = [
        { clock: 'respond', to: ['manager'], at: opened + HOUR },
        { clock: 'resolve', to: ['manager'], at: opened + 4 * HOUR },
        { clock: 'resolve', to: ['ceo'], at: opened + 4 * HOUR + 30 * MINUTE },
        { clock: 'deadline', to: ['manager'], at: T - DAY },
        { clock: 'deadline', to: ['ceo'], at: T - DAY + 30 * MINUTE },
      ];
      expect(late.map(({ clock, to }) => ({ clock, to }))).toEqual(expected.map(({ clock, to }) => ({ clock, to })));
      for (const [index, { at }] of expected.entries()) {
        expect(late[index]!.at).toBeGreaterThanOrEqual(at);
        expect(late[index]!.at - at).toBeLessThan(SPREAD + SECOND);
      }
    },
    world
  );
});

test('a hold stops the clocks of items; released they run on with the time left', async () => {
  const world = new FakeWorld();
  const items = [item('A', { sla: { respond: 2 * HOUR, clock: 'wall' as const } })];
  await skippingLaunch(
    (now) => planOf({ items, launch: { at: now + 9 * DAY } }),
    async (launch) => {
      await launch.sleep(HOUR);
      await launch.tell('hold', { by: 'ana', reason: 'wait' });
      await launch.sleep(DAY);
      const isLate = () => world.sent.some(({ notice }) => notice.key.includes(':respond:'));
      expect(isLate()).toBe(false);
      await launch.tell('release', { by: 'ana' });
      await launch.sleep(50 * MINUTE);
      expect(isLate()).toBe(false);
      await launch.sleep(15 * MINUTE);
      expect(isLate()).toBe(true);
    },
    world
  );
});

test('a waiver covers its criterion until it expires, and then the item is open again', async () => {
  let T = 0;
  await skippingLaunch(
    (now) => planOf({ launch: { at: (T = now + 2 * HOUR) } }),
    async (launch) => {
      await launch.tellItem('A', 'waive', { by: 'ana', reason: 'later', risk: 'small', until: T + HOUR });
      await until('A is waived', async () => (await statuses(launch)).A === 'waived');
      await launch.sleepUntil(T + MINUTE);
      const before = await launch.board();
      expect(before.gates.must[0]?.state).toBe('waived');
      await launch.sleepUntil(T + HOUR + MINUTE);
      const after = await launch.board();
      expect(after.gates.must[0]?.state).toBe('unmet');
      expect(await statuses(launch)).toEqual({ A: 'open' });
    }
  );
});

test('items are children that outlive a closed or continued launch, with what they are in the list', async () => {
  await skippingLaunch(
    (now) => planOf({ launch: { at: now + DAY } }),
    async (launch) => {
      const { events } = await launch.handle.fetchHistory();
      const children = (events ?? []).flatMap(
        ({ startChildWorkflowExecutionInitiatedEventAttributes: child }) => child ?? []
      );
      expect(children.map(({ parentClosePolicy, workflowId }) => [parentClosePolicy, workflowId])).toEqual([
        [2, `launch:${launch.id}:item:A`],
      ]);
    }
  );
});

test('an item whose launch is gone ends itself', async () => {
  await skippingLaunch(
    (now) => planOf({ launch: { at: now + DAY } }),
    async (launch) => {
      await launch.handle.terminate();
      await launch.tellItem('A', 'attest', { by: 'dev' });
      expect(await launch.item('A').result()).toMatchObject({ item: 'A', status: 'resolved' });
    }
  );
});
