import { parseMoment, parseDuration, resolveMoment, type TimeFrame } from '../time';
import type { Answerers, Instant, Quorum, Threshold } from '../../domain/plan';
import type { Ids } from '../ids';
import { expand, type Names } from '../names';
import { PlanError, error, type Path } from '../problem';
import type { PlanDocument } from '../schema';

/** What every part of the compilation needs to know about the whole. */
export interface Context {
  document: PlanDocument;
  ids: Ids;
  names: Names;
  frame: TimeFrame;
  /** Milliseconds that every absolute date of the document is moved by. */
  shift: number;
  authorityRoles: string[];
  /** Where in the document an item, or a criterion (`item/criterion`), was written. */
  paths: Map<string, Path>;
}

/** The instant meant by a text of the document; offsets from the launch stay anchored to it. */
export function instant(context: Context, text: string, path: Path): Instant {
  const moment = parseMoment(text);
  const at = moment && resolveMoment(moment, context.frame);
  if (!moment || at === undefined) {
    const found = `'${text}'`;
    const message = `${text} is counted from the launch, whose date is not set; set launch.at or give --launch-at`;
    throw new PlanError('LAUNCH_NOT_SET', error('LAUNCH_NOT_SET', path, { found, expected: 'a launch date', message }));
  }
  switch (moment.from) {
    case 'launch':
      return { at, anchor: { days: moment.days, ms: moment.ms } };
    case 'start':
      return { at };
    case 'date':
      return { at: at + context.shift };
  }
}

export function optionalInstant(context: Context, text: string | undefined, path: Path): Instant | undefined {
  return text === undefined ? undefined : instant(context, text, path);
}

export function optionalDuration(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}

export function threshold(value: number | string): Threshold {
  if (typeof value === 'number') return { count: value };
  // Not divided by 100: 7.2 / 100 is a little more than the 9 / 125 that it is.
  return { share: Number(`${value.replace(/ ?%/, '')}e-2`) };
}

/** People and roles named by a key, or those who answer where it is left out. */
export function answerers(
  context: Context,
  holder: { by?: string | string[]; quorum?: Quorum } | undefined,
  otherwise: readonly string[]
): Answerers {
  const by = holder?.by === undefined ? [...otherwise] : expand(context.names, holder.by);
  return { by, quorum: holder?.quorum ?? 'any' };
}
