import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../stack/paths';
import { wordsOf } from '../support/cli';
import { EXAMPLE_CHECKS, testStack, typeNeeds, type TestStack } from '../support/test-stack';

/** What other programs may rely on in `launch status ID --json`: nothing missing, nothing of another type. */
const instant = z.iso.datetime();
const texts = z.array(z.string());
const reason = z.strictObject({
  code: z.enum([
    'NO_MUST',
    'MUST_UNMET',
    'REPORT_UNREVIEWED',
    'NO_GO_TRIGGER',
    'SAID_NO',
    'GAVE_UP',
    'SIGN_OFF_MISSING',
    'HOLD',
    'WINDOW',
    'ANNOUNCEMENT',
    'SHOULD_MIN',
  ]),
  ref: z.string(),
  text: z.string(),
});
const need = z.strictObject({
  who: z.string().min(1),
  action: z.string().min(1),
  ref: z.string(),
  command: z.string().startsWith('launch ').nullable(),
});
const condition = z.strictObject({ code: z.enum(['WAIVER', 'SHOULD_UNMET']), ref: z.string(), text: z.string() });
const verdictValue = z.enum(['GO', 'DELAY', 'NO_GO']);
const criterionState = z.enum(['unknown', 'unmet', 'met', 'inconclusive', 'errored', 'stale', 'waived']);
const gate = z.array(
  z.strictObject({
    ref: z.string(),
    title: z.string(),
    state: z.enum(['met', 'waived', 'unmet', 'dropped']),
    reason: z.string().nullable(),
  })
);
const boardSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  revision: z.int().positive(),
  phase: z.enum(['preparing', 'polling', 'delayed', 'held', 'launching', 'launched', 'launch-failed', 'stopped']),
  launchAt: instant,
  timezone: z.string(),
  verdict: z.strictObject({
    value: verdictValue,
    at: instant.nullable(),
    reasons: z.array(reason),
    needs: z.array(need),
    conditions: z.array(condition),
  }),
  now: z.strictObject({
    verdict: verdictValue,
    reasons: z.array(reason),
    needs: z.array(need),
    conditions: z.array(condition),
    earliest: z.number().optional(),
  }),
  digest: z.string().min(1),
  items: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['blocker', 'verification', 'decision', 'coordination', 'task']),
      title: z.string(),
      status: z.enum(['waiting', 'open', 'acknowledged', 'resolved', 'waived', 'dropped', 'carried-over']),
      owners: texts,
      priority: z.string().nullable(),
      deadline: instant.nullable(),
      overdue: z.boolean(),
      reopened: z.int().nonnegative(),
      waitingOn: texts,
      chosen: z.string().nullable(),
      criteria: z.array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          state: criterionState,
          automatic: z.boolean(),
          evidence: z.string().nullable(),
        })
      ),
    })
  ),
  gates: z.strictObject({ must: gate, should: gate, nice: gate }),
  signOffs: z.array(
    z.strictObject({
      by: z.string(),
      answer: z.enum(['yes', 'no']),
      state: z.string(),
      at: instant,
      reason: z.string().optional(),
    })
  ),
  holds: z.array(z.strictObject({ by: z.string(), at: instant, reason: z.string() })),
  reported: z.array(
    z.looseObject({ id: z.string(), by: z.string(), at: instant, title: z.string(), deadline: instant.nullable() })
  ),
  metrics: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      value: z.number().nullable(),
      target: z.string().nullable(),
      met: z.boolean().nullable(),
      baseline: z.number().optional(),
      counted: z.number().optional(),
      of: z.number().optional(),
      by: instant.optional(),
    })
  ),
  standup: z.strictObject({ next: instant, kind: z.enum(['standup', 'review']) }).nullable(),
  milestones: z.array(z.strictObject({ title: z.string(), at: instant.nullable(), items: texts })),
  announcement: z.strictObject({ for: instant, at: instant, accepted: texts }).nullable(),
  announce: z
    .strictObject({ for: instant, at: instant, to: texts, accepted: texts, subject: z.string(), text: z.string() })
    .nullable(),
  slips: z.array(
    z.strictObject({ at: instant, from: instant, to: instant, by: z.string().optional(), reason: z.string() })
  ),
  actions: z.array(
    z.strictObject({
      follows: z.enum(['go', 'delay', 'noGo']),
      number: z.int().positive(),
      title: z.string(),
      kind: z.enum(['webhook', 'command', 'notify']),
      state: z.enum(['planned', 'waiting', 'under-way', 'done', 'failed', 'unknown', 'skipped']),
      attempts: z.int().nonnegative(),
      at: instant.nullable(),
      seen: z.string().nullable(),
    })
  ),
  postLaunch: z
    .strictObject({
      from: instant.nullable(),
      until: instant.nullable(),
      over: z.boolean(),
      criteria: z.array(
        z.strictObject({
          id: z.string(),
          item: z.string(),
          title: z.string(),
          state: criterionState,
          automatic: z.boolean(),
          evidence: z.string().nullable(),
          alarmed: z.boolean(),
        })
      ),
    })
    .nullable(),
  rollback: texts,
  refused: z.array(z.looseObject({ by: z.string(), command: z.string(), code: z.string(), message: z.string() })),
  speed: z.strictObject({ factor: z.number(), floors: texts }).optional(),
  trial: z.boolean().optional(),
  ended: z.strictObject({ how: z.string(), at: instant, reason: z.string() }).nullable(),
});

const checks = z.array(
  z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string(), fix: z.string().nullable() })
);

const ID = 'production-launch';
let stack: TestStack;

beforeAll(async () => {
  stack = await testStack({}, EXAMPLE_CHECKS);
  const { code, stderr } = await stack.run('start', join(projectRoot(), 'examples', 'production-launch.yaml'));
  if (code !== 0) throw new Error(stderr);
});

afterAll(() => stack.stop());

const status = async () => boardSchema.parse((await stack.json('status', ID)).value);
const said = async (...args: string[]): Promise<void> => {
  const { code, stderr } = await stack.run(...args);
  expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
};

test('doctor --json: 0 with a stack, 3 without one, every failing check with its way out', async () => {
  const well = await stack.json('doctor');
  expect(well.code).toBe(0);
  expect(checks.parse((well.value as { checks: unknown }).checks).every(({ ok }) => ok)).toBe(true);
  const empty = mkdtempSync(join(tmpdir(), 'launch-e2e-none-'));
  const ill = await stack.json<{ ready: boolean; checks: unknown }>('doctor', '--data', empty);
  rmSync(empty, { recursive: true });
  expect([ill.code, ill.value.ready]).toEqual([3, false]);
  expect(checks.parse(ill.value.checks).every(({ ok, fix }) => ok || fix)).toBe(true);
});

test('a launch that has just begun', async () => {
  const board = await status();
  expect(board.verdict).toMatchObject({ value: 'DELAY', at: null });
  expect(board.items.length).toBeGreaterThan(20);
  expect(board.now.needs).toEqual(board.verdict.needs);
});

test('every reason has a need, and every must that is open is in both', async () => {
  const { verdict, gates, items } = await status();
  const musts = gates.must.filter(({ state }) => state === 'unmet').map(({ ref }) => ref);
  expect(verdict.reasons.filter(({ code }) => code === 'MUST_UNMET').map(({ ref }) => ref)).toEqual(musts);
  expect(new Set(gates.must.map(({ ref }) => ref)).size).toBe(gates.must.length);
  for (const { ref } of gates.must) expect(items.map(({ id }) => id)).toContain(ref);
});

test('what was said to it stays in the shape: holds, reports, refusals, waivers, a no, other dates', async () => {
  await said('hold', ID, '--reason', 'a storm', '--as', 'manager');
  const late = ['--reason', 'a', '--risk', 'b', '--until', 'T+9d', '--as', 'chief'];
  await said('waive', ID, 'VERIFY-IMAGE-SEARCH-001', ...late);
  await said('report-blocker', ID, 'Carts get lost', '--priority', 'P0', '--as', 'qa');
  await said('sign-off', ID, '--no', '--why', 'too early', '--as', 'chief');
  await said('reschedule', ID, 'T+1d', '--reason', 'more time', '--as', 'manager');
  const board = await status();
  expect(board.phase).toBe('held');
  expect(board.slips).toHaveLength(1);
  expect(board.now.reasons.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['HOLD', 'REPORT_UNREVIEWED', 'SAID_NO', 'MUST_UNMET', 'SIGN_OFF_MISSING'])
  );
});

test('every command of needs is accepted as it stands, until only the world and the clock are left', async () => {
  const typed = await typeNeeds(stack, ID, {
    done: ({ verdict }) => verdict.needs.every(({ command }) => command === null),
    withinMs: 100_000,
  });
  expect(typed.filter(({ code }) => code !== 0)).toEqual([]);
  expect(typed.length).toBeGreaterThan(5);
  for (const { command } of typed) expect(wordsOf(command)).not.toContain('PERSON');
  const board = await status();
  expect(board.now.needs.filter(({ command }) => command !== null)).toEqual([]);
});

test('a launch that is over', async () => {
  await said('cancel', ID, '--reason', 'enough', '--as', 'chief');
  const board = await status();
  expect(board).toMatchObject({ phase: 'stopped', ended: { how: 'cancelled' } });
  expect(board.verdict.needs).toEqual([]);
});
