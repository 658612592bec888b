import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 25;

/** Waits until `look` answers something other than undefined or false, and returns it. What it throws counts as not yet. */
export async function until<T>(what: string, look: () => T | Promise<T>, withinMs = 90_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== null && seen !== false) return seen;
    } catch (error) {
      last = error;
    }
    await delay(LOOK_AGAIN_MS);
  }
  throw new Error(`Not within ${withinMs} ms: ${what}${last ? ` (${String(last)})` : ''}`);
}
