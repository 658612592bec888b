import { sleep } from '@temporalio/workflow';

/** What Temporal itself makes of a timer: when it fired, epoch ms. */
export async function bareTimer(at: number): Promise<number> {
  await sleep(Math.max(1, at - Date.now()));
  return Date.now();
}
