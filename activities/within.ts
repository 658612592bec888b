/** What a timer can count. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Does `work` with a signal that is aborted when the time is up or nobody waits any more. `AbortSignal.any` of an
 * `AbortSignal.timeout` would not do: in node 20 nothing holds on to the latter, and once it is collected it never fires.
 */
export async function within<T>(
  ms: number,
  cancelled: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  const stop = new AbortController();
  const cancel = (): void => stop.abort(cancelled.reason);
  const timer = setTimeout(
    () => stop.abort(new DOMException('The time is up', 'TimeoutError')),
    Math.min(ms, LONGEST_MS)
  );
  if (cancelled.aborted) cancel();
  cancelled.addEventListener('abort', cancel, { once: true });
  try {
    return await work(stop.signal);
  } finally {
    clearTimeout(timer);
    cancelled.removeEventListener('abort', cancel);
  }
}
