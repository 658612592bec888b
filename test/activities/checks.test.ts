import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  ApplicationFailureCategory,
  CancelledFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
} from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createCheckActivities, type CheckAttempt } from '../../activities/checks';
import type { CheckRun } from '../../activities/types';
import type { Measurement, Outcome, WatchSpec } from '../../domain/criterion';
import { until } from '../support/until';
import { localAccess } from '../support/access';
import { httpTarget, type Target } from './checks/target';

/** Failures that a test asks for are no news. */
const logger = new DefaultLogger('ERROR');
const NOW = 1_700_000_000_000;
let target: Target;
let answers: 'up' | 'down' | 'hangs';

beforeAll(async () => {
  target = await httpTarget((_, response) => {
    if (answers !== 'hangs') response.writeHead(answers === 'up' ? 200 : 502).end();
  });
});
afterAll(() => target.close());
beforeEach(() => {
  answers = 'up';
});

function runOf(spec: Partial<WatchSpec> = {}): CheckRun {
  const need = { passed: 3, failed: 1, inconclusive: 1, errored: 1 };
  const check = { type: 'http', url: target.url };
  const known: Outcome = 'failed';
  return {
    launch: 'storefront',
    item: 'STAGING',
    criterion: 'up',
    spec: { check, every: 1_000, timeout: 2_000, known, need, tellAfterErrors: 5, ...spec },
  };
}

interface Attempt {
  result?: Measurement;
  failure?: unknown;
  left: unknown;
}

function activities(now = (): number => NOW): ReturnType<typeof createCheckActivities> {
  return createCheckActivities({ access: localAccess(__dirname), env: () => undefined, now });
}

/** One attempt that finds what the attempt before it left, as the server would hand it over. */
async function attempt(run: CheckRun, left?: unknown): Promise<Attempt> {
  const environment = new MockActivityEnvironment({ heartbeatDetails: left });
  const after: Attempt = { left };
  environment.on('heartbeat', (details: unknown) => (after.left = details));
  try {
    after.result = await environment.run<[CheckRun], Measurement, (run: CheckRun) => Promise<Measurement>>(
      activities().awaitCheck,
      run
    );
  } catch (error) {
    after.failure = error;
  }
  return after;
}

test('completes at the third pass in a row, counted over attempts', async () => {
  const first = await attempt(runOf());
  expect(first.result).toBeUndefined();
  expect(first.left).toMatchObject({ n: 1, outcome: 'passed', begunAt: NOW, at: NOW });
  const second = await attempt(runOf(), first.left);
  expect(second.left).toMatchObject({ n: 2, outcome: 'passed' });
  const third = await attempt(runOf(), second.left);
  expect(third.result).toMatchObject({ outcome: 'passed', inRow: 3, begunAt: NOW, at: NOW });
  expect(third.result?.seen).toMatch(/^GET http.* answered 200 in \d+ ms$/);
});

test('another outcome in between starts the count again', async () => {
  const { left } = await attempt(runOf(), {
    n: 2,
    outcome: 'failed',
    begunAt: 1,
    at: 2,
    seen: '',
  } satisfies CheckAttempt);
  expect(left).toMatchObject({ n: 1, outcome: 'passed' });
});

test('what an attempt left and cannot be read counts as nothing', async () => {
  const { left } = await attempt(runOf(), { n: 'many', outcome: 'passed' });
  expect(left).toMatchObject({ n: 1, outcome: 'passed' });
});

test('completes at once when the outcome is another than the known one and one is enough', async () => {
  answers = 'down';
  expect((await attempt(runOf({ known: 'passed' }))).result).toMatchObject({ outcome: 'failed', inRow: 1 });
  expect((await attempt(runOf({ known: null }))).result).toMatchObject({ outcome: 'failed', inRow: 1 });
});

test('a check that stays broken is told after so many errors, though its outcome is known', async () => {
  const broken = runOf({ known: 'errored', check: { type: 'http', url: 'http://127.0.0.1:1/' } });
  let last = await attempt(broken);
  for (const inRow of [2, 3, 4]) {
    expect(last.result).toBeUndefined();
    last = await attempt(broken, last.left);
    expect(last.left).toMatchObject({ n: inRow });
  }
  expect((await attempt(broken, last.left)).result).toMatchObject({ outcome: 'errored', inRow: 5 });
});

test('errors that are known already count: the first attempt goes on from them', async () => {
  const broken = runOf({ known: 'errored', errorsBefore: 3, check: { type: 'http', url: 'http://127.0.0.1:1/' } });
  const fourth = await attempt(broken);
  expect(fourth.left).toMatchObject({ n: 4, outcome: 'errored' });
  expect((await attempt(broken, fourth.left)).result).toMatchObject({ outcome: 'errored', inRow: 5 });
});

test('waiting is a benign failure without a stack that says what was seen, and is retried', async () => {
  answers = 'down';
  const { failure } = await attempt(runOf());
  expect(failure).toMatchObject({
    type: 'OUTCOME_UNCHANGED',
    category: ApplicationFailureCategory.BENIGN,
    message: expect.stringMatching(/answered 502 in \d+ ms, expected 200 to 299$/),
  });
  const sent = defaultFailureConverter.errorToFailure(failure, defaultPayloadConverter);
  expect(sent.stackTrace ?? '').toBe('');
  expect(sent.applicationFailureInfo?.nonRetryable ?? false).toBe(false);
});

test('a run that takes long repeats the count it found, so that nothing is lost if it is killed', async () => {
  answers = 'hangs';
  const left: CheckAttempt = { n: 4, outcome: 'errored', begunAt: 1, at: 2, seen: 'x' };
  const environment = new MockActivityEnvironment({ heartbeatDetails: left });
  const beats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  const run = runOf({ known: 'errored', tellAfterErrors: 0, timeout: 1_200 });
  await expect(environment.run(activities().awaitCheck, run)).rejects.toMatchObject({ type: 'OUTCOME_UNCHANGED' });
  expect(beats).toEqual([left, expect.objectContaining({ n: 5, outcome: 'errored' })]);
});

test('its time ends however often garbage is collected meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  answers = 'hangs';
  const collecting = setInterval(collect, 50);
  try {
    const { result } = await attempt(runOf({ timeout: 500 }));
    expect(result).toMatchObject({ outcome: 'errored' });
  } finally {
    clearInterval(collecting);
  }
});

test('begins and ends by the clock it is given', async () => {
  let now = NOW;
  const { measure } = activities(() => now++);
  expect(await new MockActivityEnvironment().run(measure, runOf())).toMatchObject({ begunAt: NOW, at: NOW + 1 });
});

test.each(['passed', 'failed', 'errored'] as const)('measure answers whatever it is, once: %s', async (outcome) => {
  answers = outcome === 'passed' ? 'up' : outcome === 'failed' ? 'down' : 'hangs';
  const measured = new MockActivityEnvironment().run(activities().measure, runOf({ known: outcome, timeout: 200 }));
  expect(await measured).toMatchObject({ outcome, inRow: 1 });
});

test.each(['awaitCheck', 'measure'] as const)('%s ends promptly when it is cancelled', async (name) => {
  answers = 'hangs';
  const environment = new MockActivityEnvironment();
  const running = environment.run(activities()[name], runOf({ timeout: 60_000 }));
  const ended = running.catch((error: unknown) => error);
  await until('it is asking', () => target.open() > 0);
  const begun = performance.now();
  environment.cancel();
  expect(await ended).toBeInstanceOf(CancelledFailure);
  // Long before its timeout, on a busy machine too.
  expect(performance.now() - begun).toBeLessThan(10_000);
  await until('it hung up', () => target.open() === 0);
});

test('what the payload converter could not decode is refused, not retried', async () => {
  const undecodable = { undecodable: 'no such encoding' } as unknown as CheckRun;
  const refused = new MockActivityEnvironment({}, { logger }).run(activities().awaitCheck, undecodable);
  await expect(refused).rejects.toMatchObject({ type: 'BAD_INPUT', nonRetryable: true });
});
