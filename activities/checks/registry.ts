/** Every type of check that an activity runs, by name; its schema is the one of the same name in `plan/checks/`. */
import { setMaxListeners } from 'node:events';
import type { ProbeCheck } from '../../domain/plan';
import type { CheckType as CheckTypeName } from '../../plan/checks/registry';
import { knownKeys, toFindings } from '../../plan/issues';
import { formatPath } from '../../plan/problem';
import { askedOnce, type Access } from './access';
import type { CheckType } from './check-type';
import { command } from './command';
import { files } from './files';
import { github } from './github';
import { http } from './http';
import { mcp } from './mcp';
import { prismaModel } from './prisma-model';
import type { CheckContext, CheckResult } from './result';
import { CannotRun, quoted, seenText } from './result';
import { sql } from './sql';
import { tcp } from './tcp';
import { inTurn } from './turns';

const OUT_OF_TIME = 'The check did not end in time.';
const TOO_LATE = 'The time of the check was up before it began: the worker was busy, or it was called off.';

/** A plan was checked long ago, perhaps by another version: what comes out of a history is parsed again. */
function prepared<Check>(type: CheckType<Check>) {
  return (given: ProbeCheck): Prepared => {
    const parsed = type.schema.safeParse(given, { error: knownKeys });
    if (parsed.success) {
      const check = parsed.data;
      return {
        refusals: (access) => askedOnce(type.refusals(check, access)),
        run: (context) => {
          const run = () => type.run(check, context);
          return type.shares ? inTurn(type.shares(check), context, run) : run();
        },
      };
    }
    const [wrong] = parsed.error.issues.flatMap((issue) => toFindings(issue, given));
    const where = wrong?.path.length ? formatPath(wrong.path) : 'the check';
    const why = wrong?.message ?? `expected ${wrong?.expected}`;
    throw new CannotRun(`This check cannot be run: ${where}: ${why}. Amend the plan.`);
  };
}

interface Prepared {
  refusals: (access: Access) => string[];
  run: (context: CheckContext) => Promise<CheckResult>;
}

const TYPES: { [type in Exclude<CheckTypeName, 'items'>]: (given: ProbeCheck) => Prepared } = {
  http: prepared(http),
  tcp: prepared(tcp),
  sql: prepared(sql),
  'prisma-model': prepared(prismaModel),
  files: prepared(files),
  mcp: prepared(mcp),
  command: prepared(command),
  github: prepared(github),
};

function prepare(check: ProbeCheck): Prepared {
  const type = Object.hasOwn(TYPES, check.type) ? TYPES[check.type as keyof typeof TYPES] : undefined;
  if (type) return type(check);
  throw new CannotRun(
    `This worker cannot run a check of type ${quoted(check.type)}; it knows ${Object.keys(TYPES).join(', ')}. Amend the plan, or start a worker that knows it.`
  );
}

/** Why this worker would not run a check, before it touches the world; empty: it would. Never throws. */
export function refusalsOf(check: ProbeCheck, access: Access): string[] {
  try {
    return prepare(check).refusals(access);
  } catch (error) {
    return [reasonOf(error)];
  }
}

/** @throws CannotRun where the worker does not allow it */
async function runAllowed(check: ProbeCheck, context: CheckContext): Promise<CheckResult> {
  const { refusals, run } = prepare(check);
  const refused = refusals(context.access);
  if (refused.length > 0) throw new CannotRun(refused.join('; '));
  return run(context);
}

/**
 * The run's own signal: what a run leaves listening on it goes with it, and one that many runs share carries one
 * listener for each that is under way.
 */
function ownSignal(shared: AbortSignal): { signal: AbortSignal; release: () => void } {
  const own = new AbortController();
  const stop = (): void => own.abort(shared.reason);
  setMaxListeners(0, shared);
  shared.addEventListener('abort', stop, { once: true });
  // Not by the option `signal` of the listener: of many on one target node forgets all but the last (seen in 20.20).
  return { signal: own.signal, release: () => shared.removeEventListener('abort', stop) };
}

/** Rejects when the time is up; a backstop for a run that does not heed its signal. */
function outOfTime(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new CannotRun(OUT_OF_TIME));
    // A run that heeds its signal ends first, and says more.
    signal.addEventListener('abort', () => setImmediate(stop), { once: true });
  });
}

/**
 * Runs a check once. Never throws: only what was seen to be as expected is `passed`, and what could not be run is
 * `errored`, with the reason.
 */
export async function runCheck(check: ProbeCheck, context: CheckContext): Promise<CheckResult> {
  if (context.signal.aborted) return { outcome: 'errored', seen: TOO_LATE };
  const { signal, release } = ownSignal(context.signal);
  try {
    const result = await Promise.race([runAllowed(check, { ...context, signal }), outOfTime(signal)]);
    return { outcome: result.outcome, seen: seenText(result.seen) };
  } catch (error) {
    // Of an error that nobody foresaw only the name is told: its message may hold anything.
    return { outcome: 'errored', seen: seenText(reasonOf(error, signal)) };
  } finally {
    release();
  }
}

function reasonOf(error: unknown, signal?: AbortSignal): string {
  if (error instanceof CannotRun) return error.message;
  return signal?.aborted ? OUT_OF_TIME : `The check broke: ${nameOf(error)}.`;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return code ? `${error.name} (${code})` : error.name;
}
