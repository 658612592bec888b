import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { item, planOf, probe } from '../support/plans';
import { timeSkippingServer } from '../support/servers';
import { eventually, FakeWorld, startLaunch } from '../support/workflows';

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await timeSkippingServer();
}, 60_000);
afterAll(() => env?.teardown());

test('goes at the instant when every must is met and everyone has signed', async () => {
  const T = (await env.currentTimeMs()) + 2 * DAY;
  const launch = await startLaunch(env, planOf({ launch: { at: T } }));
  await launch.while(async () => {
    await eventually('A is open', async () => (await launch.board()).items[0]?.status === 'open');
    await launch.tellItem('A', 'attest', { by: 'dev' });
    await launch.tell('signOff', { by: 'ana', answer: 'yes' });
    await launch.tell('signOff', { by: 'carl', answer: 'yes' });
    await env.sleep(2 * DAY);
    const result = await launch.handle.result();
    expect(result).toMatchObject({ how: 'launched', verdict: 'GO' });
    expect(result.at - T).toBeLessThan(2_000);
    expect(result.at).toBeGreaterThanOrEqual(T);
  });
}, 60_000);

test('is delayed with reasons, then takes a new date and goes by itself', async () => {
  const T = (await env.currentTimeMs()) + 2 * HOUR;
  const world = new FakeWorld();
  world.outcome = () => 'failed';
  const plan = planOf({
    items: [item('A', { criteria: [probe('up')] })],
    launch: { at: T, announce: { lead: HOUR, to: ['ana', 'carl'] } },
  });
  const launch = await startLaunch(env, plan, world);
  await launch.while(async () => {
    await env.sleep(2 * HOUR + MINUTE);
    const delayed = await launch.board();
    expect(delayed.verdict).toMatchObject({
      value: 'DELAY',
      at: expect.any(String),
    });
    expect(delayed.verdict.reasons.map(({ code }) => code)).toEqual([
      'NO_MUST',
      'MUST_UNMET',
      'SIGN_OFF_MISSING',
      'SIGN_OFF_MISSING',
    ]);
    expect(delayed.phase).toBe('delayed');
    world.outcome = () => 'passed';
    await launch.tell('signOff', { by: 'ana', answer: 'yes' });
    await launch.tell('signOff', { by: 'carl', answer: 'yes' });
    await env.sleep(2 * HOUR);
    const result = await launch.handle.result();
    expect(result.verdict).toBe('GO');
    expect(result.at).toBeGreaterThan(T + HOUR);
  });
}, 60_000);
