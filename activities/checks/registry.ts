/** Every type of check that an activity runs, by name; its schema is the one of the same name in `plan/checks/`. */
import type { z } from 'zod';
import type { ProbeCheck } from '../../domain/plan';
import { filesCheck } from '../../plan/checks/files';
import { httpCheck } from '../../plan/checks/http';
import { runFiles } from './files';
import { runHttp } from './http';
import type { CheckContext, CheckResult } from './result';
import { CannotRun, quoted, seenText } from './result';

const OUT_OF_TIME = 'The check did not end in time.';

type Run = (check: ProbeCheck, context: CheckContext) => Promise<CheckResult>;

/** A plan was checked long ago, perhaps by another version: what comes out of a history is parsed again. */
function runOf<Check>(
  schema: z.ZodType<Check>,
  run: (check: Check, context: CheckContext) => Promise<CheckResult>
): Run {
  return async (given, context) => {
    const parsed = schema.safeParse(given);
    if (parsed.success) return run(parsed.data, context);
    const issue = parsed.error.issues[0];
    const where = issue?.path.length ? issue.path.join('.') : 'the check';
    throw new CannotRun(`This check cannot be run: ${where}: expected ${issue?.message}. Amend the plan.`);
  };
}

const RUNS: { [type: string]: Run } = {
  http: runOf(httpCheck, runHttp),
  files: runOf(filesCheck, runFiles),
};

function runFor(check: ProbeCheck): Run {
  const run = Object.hasOwn(RUNS, check.type) ? RUNS[check.type] : undefined;
  if (run) return run;
  throw new CannotRun(
    `This worker cannot run a check of type ${quoted(check.type)}; it knows ${Object.keys(RUNS).join(', ')}. Amend the plan, or start a worker that knows it.`
  );
}

/** Rejects when the time is up; a backstop for a run that does not heed its signal. */
function outOfTime(signal: AbortSignal, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new CannotRun(OUT_OF_TIME));
    if (signal.aborted) stop();
    // A run that heeds its signal ends first, and says more.
    else signal.addEventListener('abort', () => setImmediate(stop), { once: true, signal: ended });
  });
}

/**
 * Runs a check once. Never throws: only what was seen to be as expected is `passed`, and what could not be run is
 * `errored`, with the reason.
 */
export async function runCheck(check: ProbeCheck, context: CheckContext): Promise<CheckResult> {
  const ended = new AbortController();
  try {
    const run = runFor(check)(check, context);
    const result = await Promise.race([run, outOfTime(context.signal, ended.signal)]);
    return { outcome: result.outcome, seen: seenText(result.seen) };
  } catch (error) {
    // Of an error that nobody foresaw only the name is told: its message may hold anything.
    return { outcome: 'errored', seen: seenText(reasonOf(error, context.signal)) };
  } finally {
    ended.abort();
  }
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (error instanceof CannotRun) return error.message;
  return signal.aborted ? OUT_OF_TIME : `The check broke: ${nameOf(error)}.`;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return code ? `${error.name} (${code})` : error.name;
}
