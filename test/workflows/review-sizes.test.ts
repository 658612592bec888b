import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Person } from '../../domain/plan';
import { DAY } from '../../domain/units';
import { item, planOf } from '../support/plans';
import { devServer } from '../support/servers';
import { FakeWorld, startLaunch } from '../support/workflows';
import { until } from '../support/until';

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await devServer();
});
afterAll(() => env?.teardown());

test('a plan of many people can be amended, again and again', async () => {
  const more = Array.from({ length: 600 }, (_, index): Person => {
    return { id: `somebody-${index}`, name: `${'Somebody '.repeat(10)}${index}`, roles: ['crew', 'helper'] };
  });
  const people = [...planOf().people, ...more];
  const items = Array.from({ length: 30 }, (_, index) => item(`A-${index}`));
  const world = new FakeWorld();
  const plan = planOf({ items, must: ['A-0'], plan: { people }, launch: { at: Date.now() + 2 * DAY } });
  const launch = await startLaunch(env, plan, world);
  await launch.while(async () => {
    await until('all have begun', async () => (await launch.board()).items.every(({ status }) => status === 'open'));
    for (let revision = 2; revision < 4; revision++) {
      await launch.tell('amend', {
        by: 'ana',
        plan: { ...plan, id: launch.id, title: `Revision ${revision}` },
        reason: 'r',
      });
    }
    const told = async () =>
      ((await launch.item('A-29').query('item')) as { plan: { revision: number } }).plan.revision === 3;
    await until('the last item knows the last revision', told);
    const long = world.facts.filter((batch) => JSON.stringify(batch).length > 1_000_000);
    expect(long).toEqual([]);
  });
});
