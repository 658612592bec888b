import { parseArgs } from 'node:util';
import type { Benchmark } from './index';
import { waitEvents } from './wait-events';
import { watchedTogether } from './watched-together';

/** Four launches of 300 items with five checks each. */
const MOST_CHECKS = 6_000;
const USAGE =
  'usage: npm run bench -- checks [--checks 1000] [--minutes 2] [--profile FOLDER] [--skip-waits], numbers above 0, at most 6000 checks; --profile keeps a CPU profile of the worker';

/** What it costs to watch many `http` checks at one-minute intervals, and what a wait leaves in a history. */
export const checks: Benchmark = async (args, signal) => {
  const options = {
    checks: { type: 'string' },
    minutes: { type: 'string' },
    profile: { type: 'string' },
    'skip-waits': { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ args, options });
  const [count, minutes] = [Number(values.checks ?? 1_000), Number(values.minutes ?? 2)];
  if (!(Number.isInteger(count) && count > 0 && count <= MOST_CHECKS && minutes > 0)) throw new Error(USAGE);
  const report = (line: string): void => console.error(line);
  const together = await watchedTogether({ checks: count, minutes, profile: values.profile, report }, signal);
  return values['skip-waits'] ? together : [...together, ...(await waitEvents({ report }, signal))];
};
