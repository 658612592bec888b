import type { Plan } from '../../domain/plan';
import type { Standup } from '../../domain/standup';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { item, planOf, type PlanParts } from '../support/plans';
import { until } from '../support/until';
import type { SkippingLaunch } from '../support/skipping';
import { useSkippingServer } from '../support/skipping';
import { FakeWorld } from '../support/workflows';

const skippingLaunch = useSkippingServer();

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** A plan in UTC with a standup at nine. */
function daily(now: number, { standup, ...parts }: PlanParts & { standup?: Partial<Plan['standup']> } = {}): Plan {
  const given = { at: '09:00', days: EVERY_DAY, to: ['chat'], reviews: [], ...standup };
  return planOf({ launch: { at: now + 10 * DAY }, ...parts, plan: { start: now, standup: given, ...parts.plan } });
}

const nine = (now: number, days = 0): number =>
  Math.floor(now / DAY) * DAY + 9 * HOUR + (now % DAY < 9 * HOUR ? 0 : DAY) + days * DAY;

const iso = (at: number): string => new Date(at).toISOString();

/** The digests that were sent. */
function sent(world: FakeWorld) {
  return world.sent.filter(({ notice }) => notice.key.includes(':standup:'));
}

/** The digests that went to the ledger. */
function stored(world: FakeWorld): Standup[] {
  const facts = world.facts.flatMap((batch) => (batch.workflow.id.endsWith(':standup') ? batch.facts : []));
  return facts
    .filter(({ type }) => type === 'standup')
    .map(({ body }) => (body as unknown as { standup: Standup }).standup);
}

const isOver = async (launch: SkippingLaunch) => (await launch.standups.describe()).status.name === 'COMPLETED';

test('each day at nine what is on the board and what has changed is sent and stored, and it ends with the launch', async () => {
  const world = new FakeWorld();
  let first = 0;
  const metrics = [{ id: 'r', title: 'Resolved', measure: 'resolved-share' as const }];
  const planAt = (now: number) => {
    first = nine(now);
    return daily(now, { items: [item('A'), item('B')], plan: { metrics } });
  };
  await skippingLaunch(
    planAt,
    async (launch) => {
      await launch.sleepUntil(first + MINUTE);
      await launch.tellItem('A', 'attest', { by: 'dev' });
      await launch.sleepUntil(first + DAY + MINUTE);
      await until('both are stored', async () => stored(world).length === 2);
      const [one, two] = stored(world);
      expect(one).toMatchObject({ kind: 'standup', due: iso(first), late: false, missed: 0, next: iso(first + DAY) });
      expect(one!.owners[0]).toMatchObject({ who: ['dev'], blockers: [{ item: 'A' }], progress: [] });
      expect(two).toMatchObject({ due: iso(first + DAY), since: one!.at, metrics: [{ value: 50, change: 50 }] });
      expect(two!.owners[0]!.progress).toMatchObject([
        { item: 'A', says: ['resolved', "'done holds' attested by dev"] },
      ]);
      expect(sent(world).map(({ to, notice }) => [to, notice.key])).toEqual(
        [0, 1].map((day) => [['chat'], `${launch.id}:standup:${iso(first + day * DAY)}`])
      );
      expect(sent(world).map(({ at }) => at - first)).toEqual([expect.closeTo(0, -4), expect.closeTo(DAY, -4)]);
      expect(await launch.standups.query('last')).toMatchObject({ at: two!.at });
      await launch.tell('cancel', { by: 'ana', reason: 'done' });
      await launch.handle.result();
      await until('the standups are over', () => isOver(launch));
      expect(await launch.standups.result()).toEqual({ launch: launch.id, last: two!.at });
    },
    world
  );
});

test('a review moves with the date', async () => {
  const world = new FakeWorld();
  let T = 0;
  const planAt = (now: number) => {
    T = now + 2 * DAY;
    const reviews = [{ at: T - 6 * HOUR, anchor: { days: 0, ms: -6 * HOUR } }];
    return daily(now, { launch: { at: T }, standup: { days: [], reviews } });
  };
  await skippingLaunch(
    planAt,
    async (launch) => {
      await launch.tell('reschedule', { by: 'ana', at: T + DAY, reason: 'later' });
      await launch.sleepUntil(T);
      expect(sent(world)).toEqual([]);
      await launch.sleepUntil(T + DAY - 6 * HOUR + MINUTE);
      expect(stored(world)).toMatchObject([{ kind: 'review', due: iso(T + DAY - 6 * HOUR), late: false }]);
      expect(stored(world)[0]!.news).toEqual([expect.stringContaining('later')]);
    },
    world
  );
});

test('an amendment that brings standups begins them, one that takes them away stops them', async () => {
  const world = new FakeWorld();
  let first = 0;
  let with_: Plan | undefined;
  await skippingLaunch(
    (now) => {
      first = nine(now);
      with_ = daily(now);
      return { ...with_, standup: undefined };
    },
    async (launch) => {
      const amend = (plan: Plan) => launch.tell('amend', { by: 'ana', reason: 'r', plan: { ...plan, id: launch.id } });
      await amend(with_!);
      await launch.sleepUntil(first + MINUTE);
      expect(sent(world)).toHaveLength(1);
      await amend({ ...with_!, standup: undefined });
      await launch.sleepUntil(first + 3 * DAY);
      expect(sent(world)).toHaveLength(1);
    },
    world
  );
});
