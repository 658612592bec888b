/** What a document of the right shape can still get wrong by naming: unknown, twice, or two things at once. */
import { assignIds, idsOf } from './ids';
import { knownNames, namesOf, unique } from './names';
import { oneOf } from './nearest';
import { each } from './each';
import { error, type Finding, type Path } from './problem';
import type { PlanDocument } from './schema';
import type { CriterionDocument } from './schema/criterion';
import type { ItemDocument } from './schema/item';
import { clashes, duplicateIds } from './uniqueness';

/** Comparing each of thousands of wrong names with each of thousands of right ones would take minutes. */
const MAX_SUGGESTIONS = 50;

interface Use {
  path: Path;
  name: string;
}

/** One use for each name, with the path of the very name. */
function usesOf(holder: object | undefined, path: Path, ...keys: string[]): Use[] {
  return keys.flatMap((key) => {
    const value = (holder as { [key: string]: unknown } | undefined)?.[key];
    if (typeof value === 'string') return [{ path: [...path, key], name: value }];
    return Array.isArray(value) ? value.map((name: string, index) => ({ path: [...path, key, index], name })) : [];
  });
}

type Measured = Pick<CriterionDocument, 'check' | 'attest' | 'acknowledge' | 'claim'>;

function quorumUses(holder: { quorum?: unknown } | undefined, path: Path): Use[] {
  const { quorum } = holder ?? {};
  if (typeof quorum !== 'object' || quorum === null) return [];
  return Object.keys(quorum).map((name) => ({ path: [...path, 'quorum', name], name }));
}

function criterionPeople(criterion: Measured, path: Path): Use[] {
  return (['attest', 'acknowledge', 'claim'] as const).flatMap((key) => [
    ...usesOf(criterion[key], [...path, key], 'by'),
    ...quorumUses(criterion[key], [...path, key]),
  ]);
}

function whereOf({ check }: Measured, path: Path): { where?: object; path: Path } {
  return { where: check?.type === 'items' ? check.where : undefined, path: [...path, 'check', 'where'] };
}

function everyCriterion<R>(document: PlanDocument, visit: (criterion: Measured, path: Path) => R[]): R[] {
  const { launch, gates } = document;
  return [
    ...each(document.items, ['items'], ({ acceptance }, path) => each(acceptance, [...path, 'acceptance'], visit)),
    ...(['must', 'should', 'nice'] as const).flatMap((gate) => each(gates[gate], ['gates', gate], visit)),
    ...each(launch.noGo, ['launch', 'noGo'], visit),
    ...each(launch.postLaunch?.criteria, ['launch', 'postLaunch', 'criteria'], visit),
  ];
}

function peopleUses(document: PlanDocument): Use[] {
  const steps = (holder: Pick<ItemDocument, 'escalation'> | undefined, path: Path) =>
    each(holder?.escalation, [...path, 'escalation'], (step, at) => usesOf(step, at, 'to'));
  return [
    ...usesOf(document.launch.authority, ['launch', 'authority'], 'roles'),
    ...quorumUses(document.launch.authority, ['launch', 'authority']),
    ...steps(document.defaults, ['defaults']),
    ...each(document.items, ['items'], (item, path) => [
      ...usesOf(item, path, 'owners', 'reportedBy'),
      ...usesOf(item.decide, [...path, 'decide'], 'by'),
      ...quorumUses(item.decide, [...path, 'decide']),
      ...steps(item, path),
    ]),
    ...(['must', 'should', 'nice'] as const).flatMap((gate) =>
      each(document.gates[gate], ['gates', gate], (entry, path) => usesOf(entry, path, 'owners'))
    ),
    ...everyCriterion(document, criterionPeople),
    ...everyCriterion(document, (criterion, path) => {
      const counted = whereOf(criterion, path);
      return usesOf(counted.where, counted.path, 'owner');
    }),
    ...each(document.metrics, ['metrics'], ({ where }, path) => usesOf(where, [...path, 'where'], 'owner')),
  ];
}

/** Where channels may be named beside people. */
function addresseeUses(document: PlanDocument): Use[] {
  const { launch, standup, onVerdict } = document;
  return [
    ...usesOf(launch.announce, ['launch', 'announce'], 'to'),
    ...usesOf(standup, ['standup'], 'to'),
    ...(['go', 'delay', 'noGo'] as const).flatMap((verdict) =>
      each(onVerdict?.[verdict], ['onVerdict', verdict], (action, path) => usesOf(action, path, 'notify'))
    ),
  ];
}

function personUses(document: PlanDocument): Use[] {
  const groups = Object.entries(document.groups ?? {});
  return [
    ...groups.flatMap(([id, members]) => members.map((name, index) => ({ path: ['groups', id, index], name }))),
    ...each(document.people, ['people'], ({ delegate }, path) => usesOf(delegate, [...path, 'delegate'], 'to')),
  ];
}

function channelUses(document: PlanDocument): Use[] {
  return [
    ...each(document.people, ['people'], (person, path) => usesOf(person, path, 'channels')),
    ...usesOf(document.notify, ['notify'], 'fallback'),
  ];
}

function itemUses(document: PlanDocument): Use[] {
  return [
    ...each(document.items, ['items'], (item, path) => [
      ...usesOf(item, path, 'after', 'unblocks', 'verifies', 'orders'),
      ...each(item.options, [...path, 'options'], (option, at) => usesOf(option, at, 'opens')),
    ]),
    ...(['must', 'should', 'nice'] as const).flatMap((gate) =>
      each(document.gates[gate], ['gates', gate], (entry, path) => usesOf(entry, path, 'item'))
    ),
    ...each(document.launch.milestones, ['launch', 'milestones'], (milestone, path) =>
      usesOf(milestone, path, 'items')
    ),
    ...everyCriterion(document, (criterion, path) => {
      const counted = whereOf(criterion, path);
      return usesOf(counted.where, counted.path, 'ids');
    }),
    ...each(document.metrics, ['metrics'], ({ where }, path) => usesOf(where, [...path, 'where'], 'ids')),
  ];
}

function optionUses(document: PlanDocument): Finding[] {
  return each(document.items, ['items'], ({ ifSilent, options }, path) => {
    if (ifSilent === undefined || ifSilent === 'escalate') return [];
    const known = assignIds(options ?? [], 'option');
    return unknown('option', known, [{ path: [...path, 'ifSilent'], name: ifSilent }]);
  });
}

function unknown(what: string, known: readonly string[], uses: readonly Use[]): Finding[] {
  const there = new Set(known);
  return uses
    .filter(({ name }) => !there.has(name))
    .map(({ path, name }, index) => {
      const expected = index < MAX_SUGGESTIONS ? oneOf(name, known) : `a ${what} that is there`;
      const hint = expected.endsWith('?') ? `did you mean ${expected}` : `expected ${expected}`;
      return error('UNKNOWN_REFERENCE', path, {
        found: `'${name}'`,
        expected,
        message: `no ${what} '${name}'; ${hint}`,
      });
    });
}

function emptyMust(document: PlanDocument): Finding[] {
  if (document.gates.must?.length) return [];
  const found = document.gates.must ? 'an empty list' : 'nothing';
  const message = 'gates.must is empty: name at least one thing without which there is no launch';
  const path = document.gates.must ? ['gates', 'must'] : ['gates'];
  return [error('EMPTY_MUST', path, { found, expected: 'at least one entry', message })];
}

/** Errors only. `lost` are names that are known although the document lost them to other errors. */
export function checkReferences(
  document: PlanDocument,
  lost: { items: string[]; names: string[] } = { items: [], names: [] }
): Finding[] {
  const names = namesOf(document);
  const ids = idsOf(document);
  const own = (['must', 'should', 'nice'] as const).flatMap((gate) =>
    ids.gates[gate].filter((_, index) => document.gates[gate]?.[index]?.item === undefined)
  );
  const items = unique([...ids.items, ...own, ...lost.items]);
  const people = unique([...names.people, ...lost.names]);
  const anybody = unique([...knownNames(names), ...lost.names]);
  const channels = unique([...names.channels, ...lost.names]);
  return [
    ...emptyMust(document),
    ...duplicateIds(document),
    ...clashes(document, names),
    ...unknown('person, role or group', anybody, peopleUses(document)),
    ...unknown('person, role, group or channel', unique([...anybody, ...channels]), addresseeUses(document)),
    ...unknown('person', people, personUses(document)),
    ...unknown('channel', channels, channelUses(document)),
    ...unknown('item', items, itemUses(document)),
    ...optionUses(document),
  ];
}
