import { condition } from '@temporalio/workflow';

/**
 * Resolves when everything that came together has been taken in. A workflow loop waits for it before it makes commands:
 * what arrives in one activation when it happens may arrive in two when it is replayed (an update is given together with
 * what came before it to a worker that has not seen the workflow yet). Only commands that do not depend on which of them
 * was first are the same both times.
 */
export async function allTakenIn(): Promise<void> {
  // A condition is looked at once where it is made, and again when nothing else is left to run.
  let looks = 0;
  await condition(() => looks++ > 0);
}
