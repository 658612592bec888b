import { CannotRun, type CheckContext } from './result';

/** Of one shared thing at a time: a program is a process, a database has so many connections, a file takes a thread. */
export const AT_ONCE = 16;

interface Shared {
  running: number;
  /** In the order of asking. */
  waiting: Array<() => void>;
}

/** By what is shared. What nobody uses is not in it. */
const shared = new Map<string, Shared>();

interface Waiting extends Pick<CheckContext, 'signal'> {
  /** So many at once; the same for all who share it. */
  atOnce?: number;
}

/** Waits for one of the places, no longer than somebody waits for the check. @throws CannotRun */
async function enter(what: string, { signal, atOnce = AT_ONCE }: Waiting): Promise<void> {
  const here = shared.get(what) ?? { running: 0, waiting: [] };
  shared.set(what, here);
  if (here.running < atOnce) {
    here.running++;
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const enterNow = (): void => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = (): void => {
      here.waiting.splice(here.waiting.indexOf(enterNow), 1);
      const others = atOnce === 1 ? `another check of ${what} was` : `${atOnce} checks of ${what} were`;
      reject(new CannotRun(`It did not get its turn in time: ${others} under way`));
    };
    here.waiting.push(enterNow);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

function leave(what: string): void {
  const here = shared.get(what);
  if (!here) return;
  const next = here.waiting.shift();
  if (next) return next();
  here.running--;
  if (here.running === 0) shared.delete(what);
}

/**
 * Runs `run` when fewer than so many others use the same thing, so that many checks that hang on it, or all begin at
 * once, hold up nothing but those that need it too. A place is kept until the run has really ended.
 */
export async function inTurn<T>(what: string, waiting: Waiting, run: () => Promise<T>): Promise<T> {
  await enter(what, waiting);
  try {
    return await run();
  } finally {
    leave(what);
  }
}
