import type { Need } from './launch-state';

/** Whether a need is for this person; offices that several hold are asked of each of them. */
export function isAskedOf({ who: whom, command }: Need, person: string): boolean {
  const wanted = person.toLowerCase();
  const actor = /--as (\S+)$/.exec(command ?? '')?.[1] ?? '';
  return actor.toLowerCase() === wanted || whom.split(/ or |, /).some((name) => name.toLowerCase() === wanted);
}
