import { join } from 'node:path';
import { projectRoot } from '../../stack/paths';
import { EXAMPLE_CHECKS, itemOf, target, testStack, type Target, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** The example as a user starts it, its staging addresses given by the environment of the worker. */
const ITEM = 'BLOCKER-STAGING-001';
let stack: TestStack;
let staging: Target;

beforeAll(async () => {
  staging = await target(502);
  stack = await testStack({ STAGING_URL: staging.url, STAGING_HEALTH_URL: staging.url }, EXAMPLE_CHECKS);
  const example = join(projectRoot(), 'examples', 'production-launch.yaml');
  // An hour is thirty seconds: what looks every minute looks every two seconds, the least there is.
  const { code, stderr } = await stack.run('start', example, '--speed', '120');
  if (code !== 0) throw new Error(stderr);
});

afterAll(async () => {
  await stack.stop();
  await staging.close();
});

async function staged() {
  const { criteria } = itemOf(await stack.board('production-launch'), ITEM);
  const found = criteria.filter(({ automatic }) => automatic);
  if (found.length === 0) throw new Error(`${ITEM} has no check`);
  return found;
}

const all = (state: string) => async (): Promise<boolean> =>
  (await staged()).every((criterion) => criterion.state === state);

test('502: the criteria are unmet, and the board says what was seen', async () => {
  await until('it was looked at', all('unmet'));
  expect((await staged())[0]?.evidence).toContain('502');
});

test('200: they are met without anyone acting, and the board says so', async () => {
  staging.status = 200;
  await until('it is met', all('met'));
  expect((await staged())[0]?.evidence).toContain('200');
});

test('500 again: it falls without anyone acting; 200: it comes back', async () => {
  staging.status = 500;
  await until('it has fallen', all('unmet'));
  staging.status = 200;
  await until('it is back', all('met'));
});

test('nobody has said a word: the ledger has measurements of the item and no command', async () => {
  const types = await until('what was measured', async () => {
    const facts = await stack.rows<{ type: string }>(
      `SELECT DISTINCT type FROM "Fact" WHERE "launchId" = 'production-launch' AND "itemId" = $1`,
      [ITEM]
    );
    const found = facts.map(({ type }) => type);
    return found.includes('measured') ? found : undefined;
  });
  expect(types.filter((type) => /attested|acknowledged|decided|waived|resolveClaimed/.test(type))).toEqual([]);
});
