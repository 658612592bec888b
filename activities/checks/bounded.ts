import vm from 'node:vm';

/**
 * What a plan's pattern or path, or a text from outside, can make long is done within a bound: a worker has one thread
 * for all its checks, and while one is at it no other goes on.
 */
export const MAX_BLOCKED_MS = 200;

/** Somebody's pattern, path or text would have kept every other check waiting. */
export class TookTooLong extends Error {}

const context = vm.createContext({});
const call = new vm.Script('work()');
let isBounded = false;

/**
 * Does `work`, which must not wait for anything, and stops it in its midst when it takes too long. Within another
 * `bounded` work it has what is left of that one's time.
 * @param ms how long it may take
 * @throws TookTooLong when it takes longer
 */
export function bounded<T>(work: () => T, ms = MAX_BLOCKED_MS): T {
  if (ms <= 0) throw new TookTooLong();
  if (isBounded) return work();
  isBounded = true;
  context.work = work;
  try {
    // The only way to stop code that runs without a pause: `finally` and `catch` of the work are not run.
    return call.runInContext(context, { timeout: Math.ceil(ms) }) as T;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new TookTooLong() : error;
  } finally {
    isBounded = false;
    context.work = undefined;
  }
}
