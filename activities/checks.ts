import { ApplicationFailure, cancellationSignal, Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { z } from 'zod';
import { countInRow, endsWait, OUTCOMES, type Measurement } from '../domain/criterion';
import type { Access } from './checks/access';
import { runCheck } from './checks/registry';
import { badInput } from './input';
import type { MeasurementLog } from './measurements';
import type { CheckRun, LaunchActivities } from './types';
import { within } from './within';

/** The type of the failure that an attempt of `awaitCheck` ends with while nothing has changed. */
export const OUTCOME_UNCHANGED = 'OUTCOME_UNCHANGED';

/** A run that takes long says that it is alive, which is also how it hears that nobody waits any more. */
const ALIVE_EVERY_MS = 1_000;

export interface CheckDeps {
  /** What checks may reach: the worker's decision, not the plan's. */
  access: Access;
  /** The worker's environment. */
  env: (name: string) => string | undefined;
  /** Epoch ms. */
  now: () => number;
  /** Where measurements are kept; absent: nowhere. */
  measurements?: Pick<MeasurementLog, 'note'>;
}

/** What an attempt leaves for the next: runs in a row with one outcome, and the last of them. */
const attempt = z.object({
  n: z.int().min(1),
  outcome: z.enum(OUTCOMES),
  begunAt: z.number(),
  at: z.number(),
  seen: z.string(),
});
export type CheckAttempt = z.infer<typeof attempt>;

const limit = z.number().min(0);
const checkRun: z.ZodType<CheckRun> = z.object({
  launch: z.string(),
  item: z.string(),
  criterion: z.string(),
  spec: z.object({
    check: z.object({ type: z.string() }).catchall(z.json()),
    every: limit,
    timeout: limit,
    known: z.enum(OUTCOMES).nullable(),
    need: z.object({ passed: limit, failed: limit, inconclusive: limit, errored: limit }),
    tellAfterErrors: limit,
    errorsBefore: limit.optional(),
  }),
});

function parseRun(given: CheckRun): CheckRun {
  const parsed = checkRun.safeParse(given);
  if (!parsed.success) throw badInput('a check to run', parsed.error);
  return parsed.data;
}

/** One run within its timeout, and no longer than somebody waits for it. Rejects only when it is cancelled. */
async function runOnce({ spec }: CheckRun, deps: CheckDeps): Promise<Omit<Measurement, 'inRow'>> {
  const cancelled = cancellationSignal();
  const begunAt = deps.now();
  const { outcome, seen } = await within(spec.timeout, cancelled, (signal) =>
    runCheck(spec.check, { ...deps, signal })
  );
  if (cancelled.aborted) await Context.current().cancelled; // rejects with the reason
  return { outcome, begunAt, at: deps.now(), seen };
}

/** Tells the server, as long as `work` takes, that somebody is at it. */
export async function whileAlive<T>(last: CheckAttempt | undefined, work: Promise<T>): Promise<T> {
  // Repeats what the former attempt left: an attempt that is killed must not lose the count.
  const timer = setInterval(() => heartbeat(last), ALIVE_EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** A failure that is the ordinary way of waiting: kept out of logs and metrics, small in the server's memory. */
function unchanged(seen: string): ApplicationFailure {
  const failure = ApplicationFailure.create({
    message: seen,
    type: OUTCOME_UNCHANGED,
    category: ApplicationFailureCategory.BENIGN,
  });
  failure.stack = '';
  return failure;
}

/** The checks of criteria, as workflows may ask for them. */
export const createCheckActivities = (deps: CheckDeps) => {
  const note: MeasurementLog['note'] = (...given) => deps.measurements?.note(...given);
  return {
    /**
     * One attempt of a wait: runs the check once and completes when the outcome is no longer the known one, as often in a
     * row as the spec says (or as often errored as its owner is to be told). Otherwise it fails with
     * `OUTCOME_UNCHANGED`, and its retry policy is the interval until it looks again. Runs in a row are counted over
     * attempts in the heartbeat's details, so the policy must allow any number of attempts and the activity needs a
     * heartbeat timeout longer than the check's own.
     */
    async awaitCheck(given: CheckRun): Promise<Measurement> {
      const run = parseRun(given);
      const former = attempt.safeParse(Context.current().info.heartbeatDetails).data;
      const result = await whileAlive(former, runOnce(run, deps));
      const inRow = countInRow(run.spec, former, result.outcome);
      note(run, result, former?.outcome ?? run.spec.known);
      if (endsWait(run.spec, result.outcome, inRow)) return { ...result, inRow };
      // Last, so that it is what the next attempt finds.
      heartbeat({ n: inRow, ...result } satisfies CheckAttempt);
      throw unchanged(result.seen);
    },

    /** One run, whatever its outcome. */
    async measure(given: CheckRun): Promise<Measurement> {
      const run = parseRun(given);
      const result = await whileAlive(undefined, runOnce(run, deps));
      note(run, result, run.spec.known);
      return { ...result, inRow: 1 };
    },
  } satisfies Pick<LaunchActivities, 'awaitCheck' | 'measure'>;
};
