import vm from 'node:vm';

/**
 * What a plan's pattern or path, or a text from outside, can make long is done within a bound: a worker has one thread
 * for all its checks, and while one is at it no other goes on.
 */
export const MAX_BLOCKED_MS = 200;

/** Somebody's pattern, path or text would have kept every other check waiting. */
export class TookTooLong extends Error {}

/** On a busy machine the time may go to other programs; then it is tried once more, with so many times as much. */
const PATIENCE = 5;

const context = vm.createContext({});
const call = new vm.Script('work()');
let isBounded = false;

/** The only way to stop code that runs without a pause: a `finally` or `catch` in the work is not run. */
function runFor<T>(work: () => T, ms: number): { done: T } | { cpuMs: number } {
  const before = process.cpuUsage();
  isBounded = true;
  context.work = work;
  try {
    return { done: call.runInContext(context, { timeout: Math.ceil(ms) }) as T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    const { user, system } = process.cpuUsage(before);
    return { cpuMs: (user + system) / 1_000 };
  } finally {
    isBounded = false;
    context.work = undefined;
  }
}

/**
 * Does `work`, which waits for nothing and changes nothing, and stops it in its midst when it takes too long. Within
 * another `bounded` work it has what is left of that one's time.
 * @param ms how long it may take
 * @throws TookTooLong when it takes longer
 */
export function bounded<T>(work: () => T, ms = MAX_BLOCKED_MS): T {
  if (isBounded) return work();
  if (ms <= 0) throw new TookTooLong();
  const first = runFor(work, ms);
  if ('done' in first) return first.done;
  const second = first.cpuMs < ms / 2 ? runFor(work, ms * PATIENCE) : first;
  if ('done' in second) return second.done;
  throw new TookTooLong();
}

/** @returns `bounded` for several works that together have the time of one */
export function boundedTogether(ms = MAX_BLOCKED_MS): <T>(work: () => T) => T {
  const end = performance.now() + ms;
  return (work) => bounded(work, end - performance.now());
}
