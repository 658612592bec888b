/** Who is meant by a name: a person, a role that people hold, or a group, which stands for its people. */
import type { PlanDocument } from './schema';

/** The group that is always there. */
export const EVERYONE = 'everyone';

export interface Names {
  people: string[];
  /** Role to the people who hold it; a person's id is not among them. */
  roles: Map<string, string[]>;
  groups: Map<string, string[]>;
  channels: string[];
}

export function asList(value: string | readonly string[] | undefined): string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : [...value];
}

export function unique(values: Iterable<string>): string[] {
  return [...new Set(values)];
}

export function namesOf(document: PlanDocument): Names {
  const people = document.people.map(({ id }) => id);
  const roles = new Map<string, string[]>();
  for (const person of document.people) {
    for (const role of person.roles ?? []) {
      if (role !== person.id) roles.set(role, [...(roles.get(role) ?? []), person.id]);
    }
  }
  const groups = new Map(Object.entries(document.groups ?? {}).map(([id, members]) => [id, unique(members)]));
  groups.set(EVERYONE, people);
  return { people, roles, groups, channels: Object.keys(document.channels ?? {}) };
}

/** Groups become their people; people and roles stay, so that a role means whoever holds it when it matters. */
export function expand(names: Names, list: string | readonly string[] | undefined): string[] {
  return unique(asList(list).flatMap((name) => names.groups.get(name) ?? name));
}

/** Groups and roles become their people; anything else (a channel) stays. */
export function addressees(names: Names, list: string | readonly string[] | undefined): string[] {
  return unique(expand(names, list).flatMap((name) => names.roles.get(name) ?? name));
}

/** Everything that may stand where people are named. */
export function knownNames(names: Names): string[] {
  return unique([...names.people, ...names.roles.keys(), ...names.groups.keys()]);
}
