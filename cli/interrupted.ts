/** A Ctrl-C that reaches a whole group of processes comes twice: the second within this is the same one. */
const SAME_PRESS_MS = 1_000;
const FORCED = 130;

/** Aborted by the first interrupt; a second one, later, ends the process at once. */
export function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  let pressedAt = 0;
  const onSignal = (): void => {
    if (stop.signal.aborted && Date.now() - pressedAt > SAME_PRESS_MS) process.exit(FORCED);
    if (stop.signal.aborted) return;
    pressedAt = Date.now();
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return stop.signal;
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
