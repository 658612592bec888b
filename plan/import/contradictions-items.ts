/** What lines say about one and the same item, compared. */
import type { GateName } from '../../domain/plan';
import type { Draft, DraftItem, Fact, State } from './draft';
import type { Contradiction } from './result';

type FactAbout<K extends Fact['about']> = Extract<Fact, { about: K }>;

function factsAbout<K extends Fact['about']>(item: DraftItem, about: K): Array<FactAbout<K>> {
  return item.facts.filter((fact): fact is FactAbout<K> => fact.about === about);
}

const linesOf = (facts: ReadonlyArray<{ line: number }>): number[] => facts.map(({ line }) => line);

export function contradiction(lines: number[], text: string): Contradiction {
  return { lines: [...new Set(lines)].sort((a, b) => a - b), text };
}

/** `P1 (line 97) and P0 (line 189)`. */
function told(statements: ReadonlyArray<{ line: number; said: string }>): string {
  const seen = new Map<string, number[]>();
  for (const { said, line } of statements) seen.set(said, [...(seen.get(said) ?? []), line]);
  return [...seen].map(([said, lines]) => `${said} (line ${[...new Set(lines)].join(', ')})`).join(' and ');
}

function twoPriorities(item: DraftItem): Contradiction[] {
  const facts = factsAbout(item, 'priority');
  if (new Set(facts.map(({ value }) => value)).size < 2) return [];
  const said = told(facts.map(({ line, value }) => ({ line, said: value })));
  return [contradiction(linesOf(facts), `${item.doc.id} has two priorities: ${said}`)];
}

const STATE_WORDS: { [state in State]: string } = {
  verified: 'completed and verified',
  claimed: 'done',
  pending: 'still to be verified',
  'not-ready': 'not ready',
  blocked: 'blocked',
  'in-progress': 'in progress',
  unticked: 'not done',
};

function twoStates(item: DraftItem): Contradiction[] {
  const facts = factsAbout(item, 'state');
  const done = facts.filter(({ value }) => value === 'verified' || value === 'claimed');
  const open = facts.filter(({ value }) => value !== 'verified' && value !== 'claimed');
  const listed = open.filter(({ value }) => value === 'pending' || value === 'not-ready');
  const differing = new Set(listed.map(({ value }) => value)).size > 1;
  const at = done.length > 0 && open.length > 0 ? [...done, ...open] : differing ? listed : [];
  if (new Set(linesOf(at)).size < 2) return [];
  const said = told(at.map(({ line, value }) => ({ line, said: STATE_WORDS[value] })));
  return [contradiction(linesOf(at), `${item.doc.id} is in two states: ${said}`)];
}

function twoDates(draft: Draft, item: DraftItem): Contradiction[] {
  const own = factsAbout(item, 'due');
  const common = item.listedBlocker && own.length > 0 ? draft.blockersDue : [];
  const due = [...own, ...common.map(({ line, when }) => ({ line, when }))];
  const planned = factsAbout(item, 'planned');
  const [first] = due.map(({ when }) => when.day).sort();
  if (!first) return [];
  const conflicting = planned.filter(
    ({ when }) => when.day > first || own.some((each) => each.when.vague && each.when.day !== when.day)
  );
  if (new Set(due.map(({ when }) => when.day)).size < 2 && conflicting.length === 0) return [];
  const statements = [
    ...due.map(({ line, when }) => ({
      line,
      said: `due ${when.words === when.day ? when.day : `'${when.words}' (${when.day})`}`,
    })),
    ...conflicting.map(({ line, when }) => ({
      line,
      said: `planned for ${when.words ? `'${when.words}' of ` : ''}${when.day}`,
    })),
  ];
  return [contradiction(linesOf(statements), `${item.doc.id} has two dates: ${told(statements)}`)];
}

const GATE_WORDS: { [gate in GateName | 'blocker']: string } = {
  must: 'a must',
  should: 'only a should',
  nice: 'only nice to have',
  blocker: 'a blocker that must be resolved',
};

/** A blocker that is a must is one thing said twice; a blocker that may be left out is not. */
function twoGates(item: DraftItem): Contradiction[] {
  if (item.followsUp) return [];
  const facts = [item, ...item.followUps].flatMap((each) => factsAbout(each, 'gate'));
  const classes = new Set(facts.map(({ value }) => (value === 'blocker' ? 'must' : value)));
  if (classes.size < 2) return [];
  const priorities = item.listedBlocker ? factsAbout(item, 'priority').filter(({ value }) => value !== 'P0') : [];
  const statements = [
    ...facts.map(({ line, value }) => ({
      line,
      said: value === 'blocker' && item.doc.severity ? `a ${item.doc.severity} blocker` : GATE_WORDS[value],
    })),
    ...priorities.map(({ line, value }) => ({ line, said: `priority ${value}` })),
  ];
  return [
    contradiction(linesOf(statements), `${item.doc.id} counts differently in different places: ${told(statements)}`),
  ];
}

/** Where the document has a highest priority at all, a must that has a lower one. */
function lesserMust(draft: Draft, item: DraftItem): Contradiction[] {
  if (!draft.hasPriority('P0')) return [];
  const must = factsAbout(item, 'gate').filter(({ value }) => value === 'must');
  const lesser = factsAbout(item, 'priority').filter(({ value }) => value !== 'P0');
  const [first] = lesser;
  if (must.length === 0 || !first || lesser.length < factsAbout(item, 'priority').length) return [];
  return [
    contradiction(
      [...linesOf(must), ...linesOf(lesser)],
      `${item.doc.id} is a must (line ${linesOf(must).join(', ')}) but has only priority ${first.value} (line ${first.line})`
    ),
  ];
}

export function contradictionsOfItems(draft: Draft): Contradiction[] {
  return draft.items.flatMap((item) => [
    ...twoPriorities(item),
    ...twoStates(item),
    ...twoDates(draft, item),
    ...twoGates(item),
    ...lesserMust(draft, item),
  ]);
}
