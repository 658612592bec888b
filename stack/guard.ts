import { z } from 'zod';
import { endProcess, processSchema } from './process-identity';

/** How long each process may take to end by itself once its owner is gone. */
const GRACE_MS = 5_000;

export const guardedSchema = processSchema.extend({
  name: z.string(),
  /** What makes it end in good order. */
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
});
export type Guarded = z.infer<typeof guardedSchema>;

/**
 * A process of its own that outlives its owner by a moment: when the owner is gone, however it went, its channel
 * closes, and the guard ends what the owner last said it had started (at first: argument 1, JSON), the last started
 * first.
 */
function main(): void {
  let guarded = z.array(guardedSchema).parse(JSON.parse(process.argv[2] ?? '[]'));
  process.on('message', (message) => {
    const parsed = z.array(guardedSchema).safeParse(message);
    if (parsed.success) guarded = parsed.data;
  });
  // A Ctrl-C or a closed terminal is the owner's business.
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
  process.on('disconnect', () => {
    void endAll(guarded).finally(() => process.exit(0));
  });
}

/** Ends processes one after the other, the last of the list first. */
export async function endAll(guarded: readonly Guarded[]): Promise<void> {
  for (const child of [...guarded].reverse()) await endProcess(child, child.stopSignal, GRACE_MS);
}

if (require.main === module) main();
