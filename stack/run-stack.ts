import { killRunningCommands } from './run-command';
import { startStack, type RunningStack, type StackOptions } from './up';

/** npm passes a Ctrl-C on to a process that has got it already: the second within this is the same one. */
const SAME_PRESS_MS = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const FORCED = 130;

/**
 * Starts the stack, calls `whenReady`, and keeps it until the first Ctrl-C (or SIGTERM, or the terminal closes), which
 * stops everything in order; a second one ends everything at once and exits the process.
 * @param whenReady is given the running stack and a signal that is aborted when the stack is about to stop; when it
 *   throws, the stack is stopped and the error passed on
 * @returns the exit code
 * @throws what `startStack` throws
 */
export async function runStack(
  options: StackOptions,
  whenReady: (running: RunningStack, stopping: AbortSignal) => Promise<void>
): Promise<number> {
  const interrupt = new AbortController();
  let running: RunningStack | undefined;
  let pressedAt = 0;
  const onSignal = (): void => {
    if (!interrupt.signal.aborted) {
      pressedAt = Date.now();
      options.report('Stopping; once more to end everything at once');
      interrupt.abort();
    } else if (Date.now() - pressedAt > SAME_PRESS_MS) {
      running?.kill();
      process.exit(FORCED);
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    running = await startStack(options, interrupt.signal);
    await keep(running, interrupt.signal, whenReady);
    options.report('Stopped');
    return 0;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    options.report('Stopped');
    return 0;
  } finally {
    killRunningCommands();
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  }
}

async function keep(
  running: RunningStack,
  stopping: AbortSignal,
  whenReady: (running: RunningStack, stopping: AbortSignal) => Promise<void>
): Promise<void> {
  try {
    await whenReady(running, stopping);
    if (!stopping.aborted) await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }));
  } finally {
    await running.stop();
  }
}
