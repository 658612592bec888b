/** Every instant that a document holds, with its path. */
import { each } from './each';
import type { Path } from './problem';
import type { PlanDocument } from './schema';
import { parseMoment, resolveMoment } from './time';

export interface WrittenMoment {
  path: Path;
  text: string;
  /** A date in the past is a mistake here: something was meant to happen then. */
  due: boolean;
}

type Holder = object | undefined;

function pick(holder: Holder, path: Path, keys: readonly string[]): WrittenMoment[] {
  return keys.flatMap((key) => {
    const text = (holder as { [key: string]: unknown } | undefined)?.[key];
    return typeof text === 'string' ? [{ path: [...path, key], text, due: !['from', 'until'].includes(key) }] : [];
  });
}

export function momentsOf(document: PlanDocument): WrittenMoment[] {
  const { launch, gates, standup } = document;
  const keys =
    (...names: string[]) =>
    (entry: object, path: Path) =>
      pick(entry, path, names);
  return [
    ...pick(launch, ['launch'], ['at']),
    ...each(launch.windows?.freezes, ['launch', 'windows', 'freezes'], keys('from', 'to')).map(notDue),
    ...each(launch.noGo, ['launch', 'noGo'], keys('from')),
    ...each(launch.milestones, ['launch', 'milestones'], keys('at')),
    ...each(launch.postLaunch?.criteria, ['launch', 'postLaunch', 'criteria'], keys('from')),
    ...each(document.people, ['people'], ({ delegate }, path) => pick(delegate, [...path, 'delegate'], ['until'])),
    ...each(document.items, ['items'], (item, path) => [
      ...pick(item, path, ['deadline']),
      ...pick(item.planned, [...path, 'planned'], ['from', 'to']),
      ...each(item.acceptance, [...path, 'acceptance'], keys('from')),
    ]),
    ...(['must', 'should', 'nice'] as const).flatMap((gate) =>
      each(gates[gate], ['gates', gate], keys('deadline', 'from'))
    ),
    ...(standup?.reviews ?? []).map((text, index) => ({ path: ['standup', 'reviews', index], text, due: true })),
    ...each(document.metrics, ['metrics'], keys('by')),
  ];
}

function notDue(moment: WrittenMoment): WrittenMoment {
  return { ...moment, due: false };
}

/**
 * What should happen at an instant that is past, were it started `now` (epoch ms) with the launch at `launchAt`: a
 * launch date other than the written one moves the others with it. The launch's own date is not among them.
 */
export function pastDates(
  document: PlanDocument,
  { now, launchAt }: { now: number; launchAt: number }
): Array<WrittenMoment & { at: number }> {
  const frame = { zone: document.timezone ?? 'UTC', start: now, launch: launchAt };
  const launch = document.launch.at === undefined ? undefined : parseMoment(document.launch.at);
  const written = launch && resolveMoment(launch, frame);
  const shift = written === undefined ? 0 : launchAt - written;
  return momentsOf(document).flatMap((each) => {
    if (!each.due || (each.path.length === 2 && each.path[0] === 'launch')) return [];
    const moment = parseMoment(each.text);
    const at = moment && resolveMoment(moment, frame);
    if (at === undefined) return [];
    const moved = moment?.from === 'date' ? at + shift : at;
    return moved < now ? [{ ...each, at: moved }] : [];
  });
}
