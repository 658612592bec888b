/** What only shows in the compiled plan: cycles, and quorums that nobody can reach. */
import { isTiedToOwners } from '../domain/criterion';
import type { Answerers, Criterion, Item, Person, Plan } from '../domain/plan';
import { findCycle } from '../domain/graph';
import { answersFor, holdsRole, quorumState } from '../domain/people';
import type { Compiled } from './compile';
import { error, warning, type Finding, type Path } from './problem';

const iso = (at: number): string => new Date(at).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');

/** For each item what it waits for: its edges, and the decisions that open it. */
export function waitsFor({ items }: Plan): Map<string, string[]> {
  const edges = new Map(items.map(({ id, after }) => [id, [...after]]));
  for (const { id, decision } of items) {
    for (const opened of decision?.options.flatMap(({ opens }) => opens) ?? []) edges.get(opened)?.push(id);
  }
  return edges;
}

function cycles({ plan, paths }: Compiled): Finding[] {
  const edges = waitsFor(plan);
  const cycle = findCycle(
    plan.items.map(({ id }) => id),
    (id) => edges.get(id) ?? []
  );
  if (!cycle) return [];
  // Edges name what comes before; people read them in the order of time.
  const written = [...cycle].reverse().join(' -> ');
  const message = `these wait for each other: ${written}; take one of the edges out`;
  return [error('CYCLE', paths.get(cycle[0]!) ?? [], { found: written, expected: 'no cycle', message })];
}

interface Asked {
  who: Answerers;
  /** Whose own word does not count, nor that of who answers for them. */
  without: readonly string[];
  path: Path;
  what: string;
}

function isTied(people: readonly Person[], { without }: Asked, answer: { by: string; at: number }): boolean {
  return without.length > 0 && isTiedToOwners(people, without, answer);
}

/** What is missing when everybody answers at once who may; undefined: it is enough. */
function missingOf(asked: Asked, people: readonly Person[], at: number): string[] | undefined {
  const answers = people.map(({ id }) => ({ by: id, at })).filter((answer) => !isTied(people, asked, answer));
  const { met, missing } = quorumState(people, asked.who, answers);
  return met ? undefined : missing;
}

function wording({ who }: Asked): string {
  const asked = typeof who.quorum === 'object' ? JSON.stringify(who.quorum) : String(who.quorum);
  return `${asked} of ${who.by.length > 0 ? who.by.join(', ') : 'nobody'}`;
}

/** Delegates answer instead of somebody, never besides. */
const present = (people: readonly Person[]): Person[] => people.map((person) => ({ ...person, delegate: undefined }));

function unreachable(asked: Asked, people: readonly Person[]): Finding[] {
  const missing = missingOf(asked, present(people), 0);
  if (!missing) return [];
  const found = wording(asked);
  const few = missing.length > 0 && asked.who.quorum !== 'any';
  const more = few ? `; there are not enough different people for ${missing.join(', ')}` : '';
  const message = `nobody can reach the quorum of ${asked.what}: ${found}${more}`;
  return [error('QUORUM_UNREACHABLE', asked.path, { found, expected: 'enough different people', message })];
}

/** An object quorum counts people of roles that may answer; one that may not would never be filled. */
function unlisted({ who, path, what }: Asked): Finding[] {
  if (typeof who.quorum !== 'object') return [];
  const strange = Object.keys(who.quorum).filter((role) => !who.by.includes(role));
  return strange.map((role) => {
    const message = `the quorum of ${what} counts ${role}, who may not answer: only ${who.by.join(', ')} may`;
    return error('QUORUM_UNREACHABLE', path, { found: role, expected: `one of ${who.by.join(', ')}`, message });
  });
}

/** Everything of a plan that people answer, with where it stands. */
function allAsked({ plan, paths }: Compiled): Asked[] {
  const { launch, items } = plan;
  const at = (key: string): Path => paths.get(key) ?? [];
  const ofCriterion = (criterion: Criterion, { owners }: Pick<Item, 'owners'>, path: Path): Asked[] => {
    if (!criterion.attest) return [];
    const what = `'${criterion.title}'${criterion.independent ? ', which its owners may not answer' : ''}`;
    return [{ who: criterion.attest, without: criterion.independent ? owners : [], path, what }];
  };
  const apart = (name: string, criteria: readonly Criterion[]) =>
    criteria.flatMap((each) => ofCriterion(each, { owners: [] }, at(`launch:${name}/${each.id}`)));
  return [
    authorityOf(plan),
    ...items.flatMap((item) => [
      ...(item.decision ? [decisionOf(item, at(item.id))] : []),
      ...item.criteria.flatMap((each) => ofCriterion(each, item, paths.get(`${item.id}/${each.id}`) ?? at(item.id))),
    ]),
    ...apart('noGo', launch.noGo),
    ...apart('postLaunch', launch.postLaunch?.criteria ?? []),
  ];
}

function authorityOf({ launch }: Plan): Asked {
  return { who: launch.authority, without: [], path: ['launch', 'authority'], what: 'the authority' };
}

function decisionOf({ id, decision }: Item, path: Path): Asked {
  return { who: decision!, without: [], path, what: `the decision ${id}` };
}

/** What people must say so that the musts are met, and who says it does not sign where duties are separated. */
function mustsAsked({ plan, paths }: Compiled): Asked[] {
  const musts = new Set(plan.gates.must.map(({ item }) => item));
  const items = plan.items.filter(({ id }) => musts.has(id));
  return allAsked({
    plan: { ...plan, items, launch: { ...plan.launch, noGo: [], postLaunch: undefined } },
    paths,
  }).slice(1);
}

/** All ways to pick some of these. */
function subsets<T>([first, ...rest]: readonly T[]): T[][] {
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((some) => [first, ...some])];
}

/** More signers than this are enough in any plan, and too many to try out. */
const MOST_SIGNERS = 8;

/**
 * Where duties are separated whoever gave their word on a must does not sign: some of those who may sign have to be left
 * over. Tried with each choice of signers who work on musts, the others leaving that to them.
 */
function separation(compiled: Compiled): Finding[] {
  const { plan } = compiled;
  const { launch } = plan;
  const people = present(plan.people);
  const signers = people.filter((person) => launch.authority.by.some((role) => holdsRole(person, role)));
  if (!launch.separation || signers.length > MOST_SIGNERS) return [];
  const asked = mustsAsked(compiled);
  const reaches = (one: Asked, silent: readonly Person[]) => {
    const free = people.filter((person) => !silent.includes(person));
    const answers = free.map(({ id }) => ({ by: id, at: 0 })).filter((answer) => !isTied(people, one, answer));
    return quorumState(people, one.who, answers).met;
  };
  const works = (signing: readonly Person[]) =>
    reaches(
      authorityOf(plan),
      signers.filter((person) => !signing.includes(person))
    ) && asked.every((one) => reaches(one, signing));
  if (subsets(signers).some(works)) return [];
  const wanting = asked.filter((one) => !reaches(one, signers)).map(({ what }) => what);
  const names = signers.map(({ id }) => id).join(', ');
  const message = `nobody can reach the quorum of the authority: launch.separation leaves out who gave their word on a must, and without ${names} these musts are not met: ${wanting.join('; ')}`;
  return [
    error('QUORUM_UNREACHABLE', ['launch', 'separation'], {
      found: 'true',
      expected: 'somebody else who can answer them, or no separation',
      message,
    }),
  ];
}

function quorums(compiled: Compiled): Finding[] {
  const findings = allAsked(compiled).flatMap((asked) => {
    const strange = unlisted(asked);
    return strange.length > 0 ? strange : unreachable(asked, compiled.plan.people);
  });
  return findings.length > 0 ? findings : separation(compiled);
}

/** Quorums that those who are away at the launch date, and their delegates, cannot reach then: a delegate is one person. */
export function delegatedQuorums(compiled: Compiled): Finding[] {
  const { people, launch } = compiled.plan;
  const away = people.filter(({ delegate }) => delegate && delegate.until > launch.at);
  if (away.length === 0) return [];
  return allAsked(compiled).flatMap((asked) => {
    const missing = missingOf(asked, people, launch.at);
    if (!missing) return [];
    const missed = away.filter(({ id }) =>
      asked.who.by.some((role) => answersFor(present(people), { by: id, at: 0 }, role))
    );
    const delegations = missed.map(
      ({ id, delegate }) => `${delegate!.to} answers for ${id} until ${iso(delegate!.until)}`
    );
    const message = `nobody can reach the quorum of ${asked.what} at the launch (${wording(asked)}): ${delegations.join(', ')}, and one person counts once`;
    const expected = 'enough different people at the launch';
    return [warning('QUORUM_DELEGATED', asked.path, { found: wording(asked), expected, message })];
  });
}

/** Errors: nothing of this can come out well. */
export function checkReach(compiled: Compiled): Finding[] {
  return [...cycles(compiled), ...quorums(compiled)];
}
