import { gapsInFacts, testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** The ledger's database is gone for a while: nothing waits for it, and nothing is missing from it afterwards. */
const PLAN = `
version: 1
id: dry
title: "Dry"
launch: { at: +2d 14:00, finalPoll: 20s, authority: { roles: [ana, carl], quorum: all } }
people: [{ id: ana, name: Ana }, { id: carl, name: Carl }, { id: dev, name: Dev }, { id: qa, name: QA }]
items:
  - { id: SEEN, title: It was seen, owners: [dev], acceptance: [{ id: seen, title: QA has, attest: { by: [qa] } }] }
  - { id: OTHER, title: Other, owners: [dev] }
gates: { must: [{ item: SEEN }, { item: OTHER }] }
`;

let stack: TestStack;

beforeAll(async () => {
  stack = await testStack();
});

afterAll(() => stack.stop());

const factsOf = async (type: string): Promise<number> =>
  (await stack.rows(`SELECT 1 FROM "Fact" WHERE "launchId" = 'dry' AND type = $1`, [type])).length;

/** Kills Postgres, and each one that the stack starts instead, until it is called off. Returns how many it were. */
function keepKilling(): () => number {
  let last: number | null = null;
  let killed = 0;
  const timer = setInterval(() => {
    const { pid } = stack.where().database;
    if (pid === null || pid === last) return;
    last = pid;
    process.kill(pid, 'SIGKILL');
    killed++;
  }, 20);
  return () => {
    clearInterval(timer);
    return killed;
  };
}

test('people are answered and the launch decides meanwhile; the facts arrive afterwards, once', async () => {
  const started = await stack.run('start', stack.file('dry.yaml', PLAN), '--launch-at', '+25s');
  expect(started.code).toBe(0);
  await until('its first fact', async () => (await factsOf('started')) === 1);
  const calledOff = keepKilling();
  try {
    expect((await stack.run('attest', 'dry', 'SEEN', 'seen', '--as', 'qa')).code).toBe(0);
    expect((await stack.run('sign-off', 'dry', '--as', 'ana')).code).toBe(0);
    const decided = await until(
      'the verdict',
      async () => {
        const now = await stack.board('dry');
        return now.verdict.at ? now : undefined;
      },
      60_000
    );
    expect(decided.verdict.value).toBe('DELAY');
    expect(Date.parse(decided.verdict.at ?? '') - Date.parse(decided.launchAt)).toBeLessThan(5_000);
    expect((await stack.run('doctor')).code).toBe(3);
  } finally {
    expect(calledOff()).toBeGreaterThan(1);
  }
  for (const type of ['decided', 'attested', 'signedOff'])
    await until(`'${type}' in the ledger`, async () => (await factsOf(type)) > 0, 90_000);
  expect(await Promise.all(['started', 'decided', 'attested', 'signedOff'].map(factsOf))).toEqual([1, 1, 1, 1]);
  expect(await gapsInFacts(stack, 'dry')).toEqual([]);
}, 240_000);
