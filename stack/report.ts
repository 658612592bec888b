/** Takes one line of progress for the person who waits, without its newline. */
export type Report = (line: string) => void;

const TICK_MS = 12_000;

/** Waits for `work` and says every few seconds that it still goes on, since a silent terminal looks like a hang. */
export async function ticking<T>(report: Report, label: string, work: Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const timer = setInterval(() => report(`  ${label}: ${elapsed(startedAt)} so far`), TICK_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** `3 s`, `2 min 5 s`: how long since `startedAt` (epoch ms). */
export function elapsed(startedAt: number): string {
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
