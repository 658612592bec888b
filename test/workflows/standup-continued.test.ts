import { DAY, HOUR, SECOND } from '../../domain/units';
import { planOf } from '../support/plans';
import { devServer } from '../support/servers';
import { until } from '../support/until';
import { FakeWorld, startLaunch } from '../support/workflows';

/** Of two or three standups. */
const FEW_EVENTS = 60;
const A_DAY = 3 * SECOND;

test('standups go on over continued runs: none twice, each compared with the one before, ended by the launch', async () => {
  const env = await devServer(['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${FEW_EVENTS}`]);
  try {
    const world = new FakeWorld();
    const start = Date.now();
    const standup = { at: '09:00', days: [1, 2, 3, 4, 5, 6, 7], to: ['ana'], reviews: [] };
    const speed = { factor: DAY / A_DAY, floors: [] };
    const plan = planOf({ launch: { at: start + HOUR }, plan: { start, standup, speed } });
    const launch = await startLaunch(env, plan, world);
    await launch.while(async () => {
      const began = async () => (await launch.standups.describe().catch(() => undefined))?.runId;
      const first = await until('they have begun', began);
      const runs = new Set<string>([first]);
      await until(
        'they have continued twice',
        async () => {
          runs.add((await launch.standups.describe()).runId);
          return runs.size >= 3;
        },
        90 * SECOND
      );
      await launch.tell('cancel', { by: 'ana', reason: 'done' });
      await launch.standups.result();
      const facts = world.facts.flatMap((batch) => (batch.workflow.id.endsWith(':standup') ? batch.facts : []));
      const bySeq = new Map(
        facts.map((fact) => [fact.seq, fact.body as unknown as { standup: { at: string; since: string } }])
      );
      const held = [...bySeq.entries()].toSorted(([a], [b]) => a - b).map(([, body]) => body.standup);
      expect(held.length).toBeGreaterThanOrEqual(4);
      expect(held.slice(1).map(({ since }) => since)).toEqual(held.slice(0, -1).map(({ at }) => at));
      const keys = world.sent.map(({ notice }) => notice.key).filter((key) => key.includes(':standup:'));
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toHaveLength(held.length);
    });
  } finally {
    await env.teardown();
  }
});
