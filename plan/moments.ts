/** Every instant that a document holds, with its path. */
import { each } from './each';
import type { Path } from './problem';
import type { PlanDocument } from './schema';

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
