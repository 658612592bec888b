/** What only shows in the compiled plan: cycles, and quorums that nobody can reach. Errors. */
import type { Answerers, Criterion, Item, Person, Plan } from '../domain/plan';
import { findCycle } from '../domain/graph';
import { holdsRole, quorumState } from '../domain/people';
import type { Compiled } from './compile';
import { error, type Finding, type Path } from './problem';

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
  people: readonly Person[];
  path: Path;
  what: string;
}

function unreachable({ who, people, path, what }: Asked): Finding[] {
  // Delegates answer instead of somebody, never besides.
  const present = people.map((person) => ({ ...person, delegate: undefined }));
  const everybody = present.map(({ id }) => ({ by: id, at: 0 }));
  const state = quorumState(present, who, everybody);
  if (state.met) return [];
  const asked = typeof who.quorum === 'object' ? JSON.stringify(who.quorum) : String(who.quorum);
  const listed = who.by.length > 0 ? who.by.join(', ') : 'nobody';
  const message = `nobody can reach the quorum of ${what}: ${asked} of ${listed}${
    state.missing.length > 0 && who.quorum !== 'any'
      ? `; there are not enough different people for ${state.missing.join(', ')}`
      : ''
  }`;
  return [
    error('QUORUM_UNREACHABLE', path, { found: `${asked} of ${listed}`, expected: 'enough different people', message }),
  ];
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

const check = (asked: Asked): Finding[] => {
  const strange = unlisted(asked);
  return strange.length > 0 ? strange : unreachable(asked);
};

function ofCriterion(
  criterion: Criterion,
  item: Pick<Item, 'owners'>,
  place: Pick<Asked, 'people' | 'path'>
): Finding[] {
  if (!criterion.attest) return [];
  const isOwner = (person: Person): boolean => item.owners.some((owner) => holdsRole(person, owner));
  const people = criterion.independent ? place.people.filter((person) => !isOwner(person)) : place.people;
  const what = `'${criterion.title}'${criterion.independent ? ', which its owners may not answer' : ''}`;
  return check({ who: criterion.attest, people, path: place.path, what });
}

function quorums({ plan, paths }: Compiled): Finding[] {
  const { people, launch, items } = plan;
  const at = (key: string): Path => paths.get(key) ?? [];
  return [
    ...check({ who: launch.authority, people, path: ['launch', 'authority'], what: 'the authority' }),
    ...items.flatMap((item) => [
      ...(item.decision
        ? check({ who: item.decision, people, path: at(item.id), what: `the decision ${item.id}` })
        : []),
      ...item.criteria.flatMap((criterion) => {
        const path = paths.get(`${item.id}/${criterion.id}`) ?? at(item.id);
        return ofCriterion(criterion, item, { people, path });
      }),
    ]),
    ...launch.noGo.flatMap((criterion) =>
      ofCriterion(criterion, { owners: [] }, { people, path: at(`launch:noGo/${criterion.id}`) })
    ),
    ...(launch.postLaunch?.criteria ?? []).flatMap((criterion) =>
      ofCriterion(criterion, { owners: [] }, { people, path: at(`launch:postLaunch/${criterion.id}`) })
    ),
  ];
}

export function checkReach(compiled: Compiled): Finding[] {
  return [...cycles(compiled), ...quorums(compiled)];
}
