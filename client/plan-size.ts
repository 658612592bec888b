import { LaunchError } from './errors';

/** Temporal takes 2 MB in one payload; the launch carries its plan, and more, from run to run. */
const LARGEST_PLAN_BYTES = 1_000_000;

/** @throws LaunchError BAD_INPUT */
export function refuseLargePlan(plan: object): void {
  const bytes = Buffer.byteLength(JSON.stringify(plan));
  if (bytes <= LARGEST_PLAN_BYTES) return;
  const message = `the compiled plan has ${Math.ceil(bytes / 1_000)} kB, at most ${LARGEST_PLAN_BYTES / 1_000} kB can be carried; shorten its texts`;
  throw new LaunchError('BAD_INPUT', message, { bytes, most: LARGEST_PLAN_BYTES });
}
