import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../../domain/board';
import { projectRoot } from '../../stack/paths';
import { testStack, typeNeeds, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** A document that people wrote, started as it is: DELAY at the instant, and GO by itself once people have answered. */
const DOCUMENTS: ReadonlyArray<[name: string, path: string]> = (
  [
    ['fixture', join(projectRoot(), 'test', 'fixtures', 'go-live-direction.md')],
    ['real', join(projectRoot(), '..', 'shared', 'plans', 'production-launch-direction.md')],
  ] as Array<[string, string]>
).filter(([name, path]) => name === 'fixture' || existsSync(path));

/** An hour is a second and a quarter; with LAUNCH_E2E_FULL=1 ten seconds, as a person would try it. */
const SPEED = process.env['LAUNCH_E2E_FULL'] ? 360 : 2880;
const DAY_MS = 86_400_000 / SPEED;
/** For starting it all, typing, and two final polls. */
const SLACK_MS = 90_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await testStack();
});

afterAll(() => stack.stop());

async function start(document: string, ...options: string[]): Promise<void> {
  const { code, stderr } = await stack.run('start', document, ...options);
  if (code !== 0) throw new Error(stderr);
}

const codes = (board: Board, code: string): string[] =>
  board.verdict.reasons.filter((reason) => reason.code === code).map(({ ref }) => ref);

const verdictOf = (id: string): Promise<Board> =>
  until(
    `the verdict on ${id}`,
    async () => {
      const board = await stack.board(id);
      return board.verdict.at === null ? undefined : board;
    },
    60_000
  );

describe.each(DOCUMENTS)('the %s document', (name, document) => {
  test('without an hour it is not started; --launch-at is offered', async () => {
    const { code, stderr } = await stack.run('start', document, '--id', `${name}-undated`);
    expect(code).toBe(2);
    expect(stderr).toContain('--launch-at');
  });

  test(
    'DELAY at the instant, a reason for each must and sign-off; then needs alone lead to GO, announced first',
    async () => {
      const [soon, fast] = [`${name}-soon`, `${name}-fast`];
      await start(document, '--id', soon, '--launch-at', '+30s');
      await start(document, '--id', fast, '--launch-at', '+30s', '--speed', String(SPEED));

      const delayed = await verdictOf(fast);
      expect(delayed.verdict.value).toBe('DELAY');
      const typed = await typeNeeds(stack, fast, {
        done: ({ phase }) => phase === 'launched',
        withinMs: DAY_MS + SLACK_MS,
      });
      expect(typed.filter(({ code }) => code !== 0)).toEqual([]);
      const launched = await stack.board(fast);
      expect(launched.verdict).toMatchObject({ value: 'GO', reasons: [] });
      expect(launched.announcement?.for).toBe(launched.launchAt);
      const lead = Date.parse(launched.launchAt) - Date.parse(launched.announcement?.at ?? '');
      expect(lead).toBeGreaterThanOrEqual(DAY_MS - 5_000);
      expect(Date.parse(launched.verdict.at ?? '')).toBeGreaterThanOrEqual(Date.parse(launched.launchAt));

      const board = await verdictOf(soon);
      expect(board.phase).toBe('delayed');
      expect(board.verdict.value).toBe('DELAY');
      const late = Date.parse(board.verdict.at ?? '') - Date.parse(board.launchAt);
      expect([late >= 0, late < 10_000]).toEqual([true, true]);
      expect(board.gates.must.length).toBeGreaterThan(3);
      expect(codes(board, 'MUST_UNMET')).toEqual(board.gates.must.map(({ ref }) => ref));
      expect(codes(board, 'SIGN_OFF_MISSING').toSorted()).toEqual(['ceo', 'manager']);
      expect(board.gates.must.every(({ state, reason }) => state === 'unmet' && reason)).toBe(true);
    },
    2 * DAY_MS + 2 * SLACK_MS
  );
});
