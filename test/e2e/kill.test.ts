import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { wordsOf } from '../support/cli';
import { gapsInFacts, itemOf, target, testStack, type Target, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** Processes are killed in the middle of things; the stack starts them again, and nothing is lost or done twice. */
const ID = 'killed';
const ITEMS = ['A', 'B', 'C', 'D', 'E', 'F'];
/** For the stack to notice, start it again, and for its workflows to be taken up. */
const GOES_ON_WITHIN_MS = 20_000;
/** Beyond it nothing will come any more, however busy the machine. */
const LOST_AFTER_MS = 60_000;

const PLAN = (url: string): string => `
version: 1
id: ${ID}
title: "Killed"
launch:
  at: +2d 14:00
  finalPoll: 20s
  authority: { roles: [ana, carl], quorum: all }
  announce: { lead: 10s, to: [everyone] }
people: [{ id: ana, name: Ana }, { id: carl, name: Carl }, { id: dev, name: Dev }, { id: qa, name: QA }]
items:
${ITEMS.map((id) => `  - { id: ${id}, title: Do ${id}, owners: [dev], acceptance: [{ id: up, title: ${id} answers, check: { type: http, url: "${url}/${id}", expect: { status: 200 } }, every: 1s }, { id: seen, title: QA has seen ${id}, attest: { by: [qa] } }] }`).join('\n')}
gates: { must: [${ITEMS.map((id) => `{ item: ${id} }`).join(', ')}] }
`;

let stack: TestStack;
let checked: Target;

beforeAll(async () => {
  checked = await target(200);
  stack = await testStack();
  const { code, stderr } = await stack.run('start', stack.file('plan.yaml', PLAN(checked.url)));
  if (code !== 0) throw new Error(stderr);
});

afterAll(async () => {
  await stack.stop();
  await checked.close();
});

type Part = 'worker' | 'temporal';

function kill(part: Part): number {
  const { pid } = stack.where()[part];
  if (!pid) throw new Error(`no ${part} runs`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

/** The board, once somebody answers again. */
async function backAfter(part: Part, killed: number): Promise<number> {
  const at = Date.now();
  await until(`another ${part}`, () => ![null, killed].includes(stack.where()[part].pid), LOST_AFTER_MS);
  await until('the board', async () => (await stack.run('status', ID, '--json')).code === 0, LOST_AFTER_MS);
  return Date.now() - at;
}

/** Each of them until it is taken: the same key again is not done twice. */
async function insist(line: string, key: string): Promise<void> {
  await until(line, async () => (await stack.run(...wordsOf(line).slice(1), '--key', key)).code === 0);
}

test('the worker killed while people answer: every answer that was taken is there, the others can be repeated', async () => {
  const answers = ITEMS.slice(0, 4).map((id) => ({
    id,
    line: `launch attest ${ID} ${id} seen --as qa`,
    key: `seen-${id}`,
  }));
  await until('an item to answer', async () => itemOf(await stack.board(ID), 'D').status === 'open');
  const saying = answers.map(({ line, key }) => stack.run(...wordsOf(line).slice(1), '--key', key));
  await Promise.race(saying);
  const killed = kill('worker');
  const first = await Promise.all(saying);
  expect(await backAfter('worker', killed)).toBeLessThan(GOES_ON_WITHIN_MS);
  for (const [index, { code }] of first.entries()) {
    const answer = answers[index];
    if (answer && code !== 0) await insist(answer.line, answer.key);
  }
  const words = await until('every word on the board', async () => {
    const board = await stack.board(ID);
    const seen = answers.map(({ id }) => itemOf(board, id).criteria.find((criterion) => criterion.id === 'seen'));
    return seen.every((criterion) => criterion?.state === 'met') ? seen : undefined;
  });
  // Once each, though some of them were said again.
  for (const word of words) expect(word?.evidence?.match(/qa at/g)).toHaveLength(1);
});

test('Temporal killed while it runs: the launch goes on with all it had', async () => {
  const before = (await stack.board(ID)).items.map(({ id, criteria }) => [id, criteria.at(-1)?.state]);
  expect(await backAfter('temporal', kill('temporal'))).toBeLessThan(2 * GOES_ON_WITHIN_MS);
  expect((await stack.board(ID)).items.map(({ id, criteria }) => [id, criteria.at(-1)?.state])).toEqual(before);
  await Promise.all(['E', 'F'].map((id) => insist(`launch attest ${ID} ${id} seen --as qa`, `seen-${id}`)));
});

test('the worker killed in the final poll: GO at its instant, which nobody had to repeat', async () => {
  // Only now, so that a slow machine has all the time it wants until here.
  await insist(`launch reschedule ${ID} +50s --reason "all is answered" --as ana`, 'moved');
  await Promise.all(['ana', 'carl'].map((who) => insist(`launch sign-off ${ID} --as ${who}`, `yes-${who}`)));
  const { launchAt } = await stack.board(ID);
  await delay(Math.max(0, Date.parse(launchAt) - 8_000 - Date.now()));
  kill('worker');
  const board = await until(
    'the verdict',
    async () => {
      const now = await stack.board(ID);
      return now.verdict.at === null ? undefined : now;
    },
    90_000
  );
  expect(board.verdict).toMatchObject({ value: 'GO', reasons: [] });
  const late = Date.parse(board.verdict.at ?? '') - Date.parse(board.launchAt);
  expect([late >= 0, late < GOES_ON_WITHIN_MS]).toEqual([true, true]);
  await until('it is launched', async () => (await stack.board(ID)).phase === 'launched');
});

test('no step twice: the facts of every workflow are 0, 1, 2, …, and each thing happened once', async () => {
  const counted = async () => {
    const found = await stack.rows<{ type: string; n: number }>(
      `SELECT type, count(*)::int AS n FROM "Fact" WHERE "launchId" = $1
          AND type IN ('started', 'announced', 'decided', 'launched', 'ended', 'signedOff', 'attested') GROUP BY type`,
      [ID]
    );
    return Object.fromEntries(found.map(({ type, n }) => [type, n]));
  };
  // The launch and each of its items say that it has ended. What the killed worker had in hand is given to another only
  // when its time is up.
  await until('the end of all', async () => ((await counted())['ended'] ?? 0) > ITEMS.length);
  expect(await gapsInFacts(stack, ID)).toEqual([]);
  expect(await counted()).toEqual({
    started: 1,
    announced: 1,
    decided: 1,
    launched: 1,
    ended: 1 + ITEMS.length,
    signedOff: 2,
    attested: ITEMS.length,
  });
});

test('every notice was decided once, and those that a worker took were sent', async () => {
  const decided = await stack.rows<{ key: string; n: number }>(
    `SELECT body->'notice'->>'key' AS key, count(*)::int AS n FROM "Fact"
      WHERE "launchId" = $1 AND body ? 'notice' GROUP BY 1`,
    [ID]
  );
  expect(decided.length).toBeGreaterThan(0);
  expect(decided.filter(({ n }) => n > 1)).toEqual([]);
  const log = readFileSync(join(stack.data, 'logs', 'worker.log'), 'utf8');
  for (const { key } of decided) expect(log).toContain(`"key":"${ID}/${key}/`);
});
