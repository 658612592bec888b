import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BoardCriterion } from '../../domain/board';
import { identify, isAlive } from '../../stack/process-identity';
import { THINGS } from '../../stack/playground-world';
import { launchUp } from '../support/cli';
import { itemOf, testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** The playground as a newcomer uses it: by `launch up --playground` and `launch playground`, and by nothing else. */
jest.setTimeout(240_000);

const LAUNCH = 'production-launch';
const STAGING = 'BLOCKER-STAGING-001';
/** Checks look every five seconds, some three times in a row; a busy machine has its time. */
const NOTICED_WITHIN_MS = 120_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await testStack({}, ['--playground']);
});

afterAll(() => stack.stop());

interface Answer {
  world: string;
  watched: boolean;
  things: Array<{ name: string; state: string; wrote?: string[]; removed?: string[] }>;
}

async function playground(...args: string[]): Promise<Answer> {
  const { code, value } = await stack.json<Answer>('playground', ...args);
  expect(code).toBe(0);
  return value;
}

async function criterionOf(item: string, id: string): Promise<BoardCriterion> {
  const found = itemOf(await stack.board(LAUNCH), item).criteria.find((each) => each.id === id);
  if (!found) throw new Error(`${item} has no criterion ${id}`);
  return found;
}

/** Waits until all that looks at these things is in that state. */
async function untilSeen(names: readonly string[], state: BoardCriterion['state']): Promise<void> {
  const of = THINGS.filter(({ name }) => names.includes(name));
  const wanted = of.flatMap(({ item, criteria }) => criteria.map((id) => ({ item, id })));
  await until(
    `${names.join(', ')} seen as ${state}`,
    async () => {
      const board = await stack.board(LAUNCH);
      return wanted.every(({ item, id }) =>
        itemOf(board, item).criteria.some((each) => each.id === id && each.state === state)
      );
    },
    NOTICED_WITHIN_MS
  );
}

const everyThing = THINGS.map(({ name }) => name);

test('it says where the stand-ins are, what checks may ask, and what to type', () => {
  const { playground: where } = stack.where();
  const output = stack.up.output();
  for (const shown of [where!.staging.url, where!.support.url, where!.world, `pid ${where!.staging.pid}`])
    expect(output).toContain(shown);
  expect(output).toMatch(/Checks {4}may ask this machine \(127\.0\.0\.1\)/);
  expect(output).toMatch(/launch playground .*fix/);
});

test('all of it is broken, and every criterion that looks at it is unmet', async () => {
  const { things, watched } = await playground();
  expect(watched).toBe(true);
  expect(things.map(({ state }) => state)).toEqual(THINGS.map(() => 'broken'));
  await untilSeen(everyThing, 'unmet');
  expect((await criterionOf(STAGING, 'reachable')).evidence).toContain('502');
});

test('fixed one by one, every criterion turns met by itself', async () => {
  for (const name of everyThing) {
    const { things } = await playground('fix', name);
    expect(things).toEqual([expect.objectContaining({ name, state: 'fixed' })]);
    expect(things[0]?.wrote).not.toEqual([]);
  }
  await untilSeen(everyThing, 'met');
  const said = await stack.rows<{ type: string }>(
    `SELECT DISTINCT type FROM "Fact" WHERE "launchId" = $1 AND type IN ('attested', 'acknowledged', 'resolveClaimed')`,
    [LAUNCH]
  );
  expect(said).toEqual([]);
});

test('broken again, its item is reopened by itself and the others stay; fixed, it is resolved again', async () => {
  expect((await stack.run('attest', LAUNCH, STAGING, 'pilot-access', '--as', 'pilot')).code).toBe(0);
  const status = async () => itemOf(await stack.board(LAUNCH), STAGING);
  await until('it is resolved', async () => (await status()).status === 'resolved');
  const { things } = await playground('break', 'staging');
  expect(things[0]).toMatchObject({ state: 'broken', removed: ['staging/app.json'] });
  await untilSeen(['staging'], 'unmet');
  await until('it is reopened', async () => (await status()).status === 'open', NOTICED_WITHIN_MS);
  expect((await status()).reopened).toBeGreaterThan(0);
  await untilSeen(
    everyThing.filter((name) => name !== 'staging'),
    'met'
  );
  await playground('fix', 'staging');
  await untilSeen(['staging'], 'met');
  await until('it is resolved again', async () => (await status()).status === 'resolved', NOTICED_WITHIN_MS);
});

test('what is edited by hand is seen as what it is', async () => {
  const { world } = await playground();
  writeFileSync(join(world, 'staging', 'app.json'), JSON.stringify({ release: 'x', health: { status: 'degraded' } }));
  await until('health', async () => (await criterionOf(STAGING, 'health')).state === 'unmet', NOTICED_WITHIN_MS);
  expect((await criterionOf(STAGING, 'health')).evidence).toContain('degraded');
  expect((await criterionOf(STAGING, 'reachable')).state).toBe('met');
  const { things } = await playground('list');
  expect(things.find(({ name }) => name === 'staging')?.state).toBe('changed');
  await playground('fix', 'staging');
  await untilSeen(['staging'], 'met');
});

test.each([
  ['staging', STAGING, 'reachable'],
  ['support', 'BLOCKER-LLAMAINDEX-INDEX-001', 'answers'],
] as const)('%s, frozen, is errored and not met; killed, it comes back where it was', async (name, item, id) => {
  const before = stack.where().playground![name];
  process.kill(before.pid!, 'SIGSTOP');
  await until('it is errored', async () => (await criterionOf(item, id)).state === 'errored', NOTICED_WITHIN_MS);
  process.kill(before.pid!, 'SIGKILL');
  const after = await until('another process', () => {
    const now = stack.where().playground![name];
    return now.pid !== null && now.pid !== before.pid ? now : undefined;
  });
  expect(after.url).toBe(before.url);
  await until('it is met', async () => (await criterionOf(item, id)).state === 'met', NOTICED_WITHIN_MS);
});

test('what is not there is refused, with the nearest that is', async () => {
  const { code, stderr } = await stack.run('playground', 'fix', 'stagin');
  expect(code).toBe(2);
  expect(stderr).toContain("did you mean 'staging'?");
  expect(await stack.refused('playground', 'mend', 'staging')).toEqual({ exit: 2, code: 'BAD_INPUT' });
  expect(await stack.refused('playground', 'fix')).toEqual({ exit: 2, code: 'BAD_INPUT' });
  expect(await stack.refused('playground', '--data', join(stack.folder, 'other'))).toEqual({
    exit: 2,
    code: 'NOT_FOUND',
  });
});

test('Ctrl-C leaves no process; the world waits, and is looked at again where it was', async () => {
  const { playground: before } = stack.where();
  const processes = [before!.staging, before!.support].map(({ pid }) => identify(pid!)!);
  expect(processes.filter(isAlive)).toHaveLength(2);
  expect(await stack.up.interrupt()).toBe(0);
  expect(processes.filter(isAlive)).toEqual([]);
  const { stdout } = await stack.run('playground', 'break', 'evidence');
  expect(stdout).toContain('No stack runs here');
  const again = await launchUp(['--playground', '--data', stack.data]);
  try {
    expect(stack.where().playground).toMatchObject({
      staging: { url: before!.staging.url },
      support: { url: before!.support.url },
    });
    await untilSeen(['evidence'], 'unmet');
    await untilSeen(['staging', 'index'], 'met');
  } finally {
    expect(await again.interrupt()).toBe(0);
  }
});
