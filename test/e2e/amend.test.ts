import type { Board } from '../../domain/board';
import type { PlanChanges } from '../../domain/plan-changes';
import { itemOf, target, testStack, type Target, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

let stack: TestStack;
let good: Target;
let bad: Target;

const LAUNCH = 'amended';

function plan(up: string, items: string[], title = 'Up'): string {
  const check = `{ id: up, title: up, check: { type: http, url: "${up}" }, every: 1s }`;
  const same = `{ id: same, title: same, check: { type: http, url: "${good.url}" }, every: 1s }`;
  const written = [
    `  - { id: UP, title: ${title}, owners: [dev], acceptance: [${check}, ${same}] }`,
    ...items.map((id) => `  - { id: ${id}, title: ${id}, owners: [dev], deadline: +3d }`),
  ];
  return `version: 1\nid: ${LAUNCH}\ntitle: Amended\nlaunch: { at: +9d 10:00, authority: { roles: [ana], quorum: all } }\npeople: [{ id: ana, name: Ana }, { id: dev, name: Dev }]\nitems:\n${written.join('\n')}\ngates: { must: [{ item: UP }] }\n`;
}

beforeAll(async () => {
  [good, bad] = [await target(200), await target(502)];
  stack = await testStack();
  // Its dates are moved when it is started: an amendment reads the document's the same way.
  const given = ['start', stack.file('plan.yaml', plan(good.url, ['OLD', 'STAYS'])), '--launch-at', '+5d'];
  const { code, stderr } = await stack.run(...given);
  if (code !== 0) throw new Error(stderr);
});

afterAll(async () => {
  await stack.stop();
  await Promise.all([good.close(), bad.close()]);
});

const criteriaOf = (board: Board) => itemOf(board, 'UP').criteria.map(({ state }) => state);
const amend = (text: string, by = 'ana') => [
  'amend',
  LAUNCH,
  stack.file('next.yaml', text),
  '--reason',
  'staging has moved',
  '--as',
  by,
];

test('an amended check: its old evidence counts no more, the rest stays, and so does the date', async () => {
  await until('it is up', async () => itemOf(await stack.board(LAUNCH), 'UP').status === 'resolved');
  const before = await stack.board(LAUNCH);
  await stack.run('report-blocker', LAUNCH, 'Carts', '--as', 'dev');
  await stack.run('review-blocker', LAUNCH, 'REPORTED-1', '--accept', '--as', 'ana');
  const { code, value } = await stack.json<{ changes: PlanChanges; launchAt: string }>(
    ...amend(plan(bad.url, ['STAYS', 'NEW']))
  );
  expect([code, value.launchAt]).toEqual([0, before.launchAt]);
  expect(value.changes).toEqual({
    added: ['NEW'],
    removed: ['OLD'],
    changed: [{ item: 'UP', criteria: ['up'] }],
    parts: [],
  });
  await until('the new check is unmet', async () => criteriaOf(await stack.board(LAUNCH))[0] === 'unmet');
  const board = await stack.board(LAUNCH);
  expect(board).toMatchObject({ id: LAUNCH, revision: 3, launchAt: before.launchAt });
  expect(board.gates.must.map(({ ref }) => ref)).toEqual(['UP', 'REPORTED-1']);
  expect([itemOf(board, 'UP').status, criteriaOf(board)]).toEqual(['open', ['unmet', 'met']]);
  expect(itemOf(board, 'STAYS').deadline).toBe(itemOf(before, 'STAYS').deadline);
});

test('what changes nothing, is of no authority, or is no plan is refused', async () => {
  const same = plan(bad.url, ['STAYS', 'NEW']);
  const refused = [await stack.refused(...amend(same)), await stack.refused(...amend(plan(good.url, []), 'dev'))];
  expect(refused).toEqual([
    { exit: 2, code: 'BAD_INPUT' },
    { exit: 1, code: 'NOT_ALLOWED' },
  ]);
  expect(await stack.refused(...amend('version: 1\n'))).toEqual({ exit: 2, code: 'INVALID_PLAN' });
  const { stdout } = await stack.run(...amend(plan(good.url, ['STAYS'], 'Upright')));
  expect(stdout).toMatch(/runs revision 4[^]*- NEW: its work here is over[^]*~ UP: up[^]*The date is not moved:/);
});
