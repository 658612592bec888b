/** Ids that are there twice or reserved, and names that mean two things at once. */
import { each } from './each';
import { EVERYONE, type Names } from './names';
import { error, formatPath, type Finding, type Path } from './problem';
import type { PlanDocument } from './schema';

function duplicates(what: string, named: ReadonlyArray<{ id: string; path: Path }>): Finding[] {
  const first = new Map<string, Path>();
  return named.flatMap(({ id, path }) => {
    const earlier = first.get(id.toLowerCase());
    if (!earlier) {
      first.set(id.toLowerCase(), path);
      return [];
    }
    const message = `${what} '${id}' is there already, as ${formatPath(earlier)}; ids differ in more than case`;
    return [error('DUPLICATE_ID', path, { found: `'${id}'`, expected: `an id that no other ${what} has`, message })];
  });
}

const withIds = (list: ReadonlyArray<{ id?: string }> | undefined, path: Path) =>
  each(list, path, ({ id }, at) => (id === undefined ? [] : [{ id, path: [...at, 'id'] }]));

/** What begins so are the launch's own items: criteria of `noGo` and `postLaunch` run as such. */
const RESERVED = ['NO-GO.', 'POST-LAUNCH.'];

function reserved(named: ReadonlyArray<{ id: string; path: Path }>): Finding[] {
  return named.flatMap(({ id, path }) => {
    const prefix = RESERVED.find((each) => id.toUpperCase().startsWith(each));
    if (prefix === undefined) return [];
    const message = `ids that begin with '${prefix}' are those of the launch's own items; give '${id}' another`;
    return [error('RESERVED_ID', path, { found: `'${id}'`, expected: `an id without '${prefix}' before it`, message })];
  });
}

export function duplicateIds(document: PlanDocument): Finding[] {
  const { items, gates, launch } = document;
  const own = (['must', 'should', 'nice'] as const).flatMap((gate) => withIds(gates[gate], ['gates', gate]));
  return [
    ...duplicates('person', withIds(document.people, ['people'])),
    ...duplicates(
      'group',
      Object.keys(document.groups ?? {}).map((id) => ({ id, path: ['groups', id] }))
    ),
    ...duplicates(
      'channel',
      Object.keys(document.channels ?? {}).map((id) => ({ id, path: ['channels', id] }))
    ),
    ...duplicates('item', [...withIds(items, ['items']), ...own]),
    ...reserved([...withIds(items, ['items']), ...own]),
    ...duplicates('metric', withIds(document.metrics, ['metrics'])),
    ...duplicates('criterion', withIds(launch.noGo, ['launch', 'noGo'])),
    ...duplicates('criterion', withIds(launch.postLaunch?.criteria, ['launch', 'postLaunch', 'criteria'])),
    ...each(items, ['items'], (item, path) => [
      ...duplicates('criterion', withIds(item.acceptance, [...path, 'acceptance'])),
      ...duplicates('option', withIds(item.options, [...path, 'options'])),
    ]),
  ];
}

interface Clash {
  path: Path;
  name: string;
  /** What is named here, and what the name is already. */
  kind: 'role' | 'person' | 'group' | 'channel';
  other: 'person' | 'role' | 'group';
}

function clash({ path, name, kind, other }: Clash): Finding {
  return error(kind === 'role' && other === 'person' ? 'ROLE_IS_PERSON' : 'NAME_CLASH', path, {
    at: kind === 'group' || kind === 'channel' ? 'key' : undefined,
    found: `'${name}'`,
    expected: `a ${kind} that is not a ${other}`,
    message: `'${name}' is a ${other} as well; give the ${kind} another name`,
  });
}

/** A name that could mean two things would let the wrong people answer. */
export function clashes(document: PlanDocument, names: Names): Finding[] {
  const people = new Set(names.people);
  const taken = (name: string): Clash['other'] | undefined => {
    if (people.has(name)) return 'person';
    return names.roles.has(name) ? 'role' : undefined;
  };
  const roles = each(document.people, ['people'], (person, path) =>
    (person.roles ?? []).flatMap((name, index): Clash[] => {
      const at = [...path, 'roles', index];
      if (name === EVERYONE) return [{ path: at, name, kind: 'role', other: 'group' }];
      return people.has(name) && name !== person.id ? [{ path: at, name, kind: 'role', other: 'person' }] : [];
    })
  );
  const persons = each(document.people, ['people'], ({ id }, path): Clash[] =>
    id === EVERYONE ? [{ path: [...path, 'id'], name: id, kind: 'person', other: 'group' }] : []
  );
  const groups = Object.keys(document.groups ?? {}).flatMap((name): Clash[] => {
    const other = name === EVERYONE ? 'group' : taken(name);
    return other ? [{ path: ['groups', name], name, kind: 'group', other }] : [];
  });
  const channels = names.channels.flatMap((name): Clash[] => {
    const other = taken(name) ?? (names.groups.has(name) ? 'group' : undefined);
    return other ? [{ path: ['channels', name], name, kind: 'channel', other }] : [];
  });
  return [...roles, ...persons, ...groups, ...channels].map(clash);
}
