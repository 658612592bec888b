import { parseMoment, resolveMoment } from '../plan/time';
import { CliError } from './failure';

/** What a person's WHEN is counted from. */
export interface WhenFrame {
  zone: string;
  now: number;
  launchAt: number;
}

/**
 * An instant as people type it: a date (`2025-11-03 14:00`, alone its last minute), an offset from now (`+2h`,
 * `+1d 10:00`) or from the launch (`T+2d`). Without an offset of its own a date is in the launch's zone.
 * @throws CliError BAD_INPUT naming the option
 */
export function resolveWhen(text: string, option: string, { zone, now, launchAt }: WhenFrame): number {
  const moment = parseMoment(text);
  const at = moment && resolveMoment(moment, { zone, start: now, launch: launchAt });
  if (at !== undefined && Number.isFinite(at)) return at;
  const message = `${option} '${text}' is not an instant; give a date like "2025-11-03 14:00" (in ${zone}), an offset from now like +2h or "+1d 10:00", or one from the launch like T+2d`;
  throw new CliError('BAD_INPUT', message);
}
