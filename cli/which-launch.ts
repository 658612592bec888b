import type { Launches, LaunchSummary } from '../client/launches';
import { CliError } from './failure';

/** The launch that was named, or the only one that runs; else what there is to choose from. */
export async function whichLaunch(launches: Launches, given: string | undefined): Promise<string | LaunchSummary[]> {
  if (given !== undefined) return given;
  const running = await launches.list();
  const [only] = running;
  return running.length === 1 && only ? only.id : running;
}

/** @throws CliError BAD_INPUT naming those that run, where it is not clear which is meant */
export async function theLaunch(launches: Launches, given: string | undefined): Promise<string> {
  const found = await whichLaunch(launches, given);
  if (typeof found === 'string') return found;
  const names = found.map(({ id }) => id).join(', ');
  const message =
    found.length === 0 ? 'No launch is running. Start one: launch start PLAN' : `Say which launch: ${names}`;
  throw new CliError('BAD_INPUT', message, { details: { launches: found.map(({ id }) => id) } });
}
