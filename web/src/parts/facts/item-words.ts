import type { RowState } from '../../../../domain/board-rows';
import type { ItemFact } from '../../../../domain/item-facts';
import type { ItemStatus } from '../../../../domain/item-state';
import { joined, people, when, why, within, word, type Body, type LifeLine, type Words } from './body';

const OUTCOMES: { [outcome: string]: string } = {
  passed: 'passed',
  failed: 'was not as expected',
  inconclusive: 'ran, and cannot tell',
  errored: 'could not run',
};
const MEASURED: { readonly [outcome: string]: readonly [RowState, string] } = {
  passed: ['met', 'Passed'],
  failed: ['not-met', 'Failed'],
  inconclusive: ['unclear', 'Unclear'],
  errored: ['errored', 'Could not run'],
};
const MOVED: { readonly [to in ItemStatus]: readonly [RowState, string] } = {
  waiting: ['waiting', 'Waiting'],
  open: ['open', 'Opened'],
  acknowledged: ['in-hand', 'In hand'],
  resolved: ['met', 'Resolved'],
  waived: ['waived', 'Waived'],
  dropped: ['dropped', 'Dropped'],
  'carried-over': ['dropped', 'Carried over'],
};
const CLOCKS: { [clock: string]: string } = {
  respond: 'to answer',
  resolve: 'to resolve it',
  deadline: 'until the deadline',
};

function movedTo(to: unknown): readonly [RowState, string] {
  const known = typeof to === 'string' && Object.hasOwn(MOVED, to);
  return known ? MOVED[to as ItemStatus] : ['unclear', 'Changed'];
}

function evidence(body: Body): string {
  const { note, link } = within(body, 'evidence');
  const { name } = within(within(body, 'evidence'), 'file');
  return why([note, link, name].filter((each) => typeof each === 'string').join(', '));
}

/** Of a launch too: each says it in its own way. */
type Shared = 'decided' | 'ended' | 'refused';

/** How an item's own look among what has happened to it. */
export const SHARED_LIFE: { readonly [type in Shared]: (body: Body) => LifeLine } = {
  decided: ({ option, how }) => ({
    state: 'met',
    word: 'Decided',
    says: `${word(option, 'an option')}, ${how === 'silent' ? 'since nobody had answered' : 'by those who decide'}`,
  }),
  refused: ({ command, by, message }) => ({
    state: 'not-met',
    word: 'Refused',
    says: joined(`${word(command, 'a message')} by ${word(by)}`, message),
  }),
  ended: () => ({ state: 'dropped', word: 'Over', says: 'with its launch' }),
};

/** What happens to items. */
export const ITEM_WORDS: { readonly [type in Exclude<ItemFact['type'], Shared>]: Words } = {
  situated: { name: 'Item told of its launch', says: (_, { item }) => `${item} was told of its launch` },
  moved: {
    name: 'Item changed status',
    // That it opened is all that opening says of itself.
    says: ({ to, text }, { item }) =>
      `${item} is ${word(to, 'changed').replace('-', ' ')}${why(text === 'opened' ? undefined : text)}`,
    life: (body) => {
      const { to, text, fall } = body;
      const [state, name] = fall ? (['not-met', 'Open again'] as const) : movedTo(to);
      return { state, word: name, says: text === name.toLowerCase() ? undefined : joined(text) };
    },
  },
  acknowledged: {
    name: 'Acknowledged',
    says: ({ by, note }, { item }) => `${word(by)} acknowledged ${item}${why(note)}`,
    life: ({ by, note }) => ({ state: 'in-hand', word: 'Acknowledged', says: joined(`by ${word(by)}`, note) }),
  },
  attested: {
    name: 'Attested',
    says: (body, { item }) =>
      `${word(body['by'])} attested “${word(body['criterion'], 'a criterion')}” of ${item}${evidence(body)}`,
    life: (body) => ({
      state: 'met',
      word: 'Attested',
      says: joined(
        `${word(body['criterion'], 'a criterion')} by ${word(body['by'])}`,
        within(body, 'evidence')['note']
      ),
    }),
  },
  resolveClaimed: {
    name: 'Said to be resolved',
    says: ({ by, note }, { item }) => `${word(by)} says that ${item} is resolved${why(note)}`,
    life: ({ by, note }) => ({ state: 'in-hand', word: 'Said to be done', says: joined(`by ${word(by)}`, note) }),
  },
  retracted: {
    name: 'Retracted',
    says: ({ by, what, criterion }, { item }) =>
      `${word(by)} retracted the ${what === 'waiver' ? 'waiver' : 'word'} on “${word(criterion, 'a criterion')}” of ${item}`,
    life: ({ by, what, criterion }) => ({
      state: 'stale',
      word: 'Retracted',
      says: `the ${what === 'waiver' ? 'waiver' : 'word'} on ${word(criterion, 'a criterion')} by ${word(by)}`,
    }),
  },
  measured: {
    name: 'Check’s outcome',
    says: (body, { item }) => {
      const { outcome, seen } = within(body, 'measurement');
      return `“${word(body['criterion'], 'A check')}” of ${item} ${OUTCOMES[word(outcome, '')] ?? 'ran'}${why(seen)}`;
    },
    life: (body) => {
      const { outcome, seen } = within(body, 'measurement');
      const [state, name] = MEASURED[word(outcome, '')] ?? (['unclear', 'Measured'] as const);
      return { state, word: name, says: joined(body['criterion'], seen) };
    },
  },
  waiverGiven: {
    name: 'Waived',
    says: ({ by, criterion, reason, until }, { item, time }) =>
      `${word(by)} waived “${word(criterion, 'a criterion')}” of ${item} until ${when(until, time)}${why(reason)}`,
    life: ({ by, criterion, reason }) => ({
      state: 'waived',
      word: 'Waived',
      says: joined(`${word(criterion, 'a criterion')} by ${word(by)}`, reason),
    }),
  },
  reopened: {
    name: 'Reopened',
    says: ({ by, reason }, { item }) => `${word(by)} reopened ${item}${why(reason)}`,
    life: ({ by, reason }) => ({ state: 'not-met', word: 'Reopened', says: joined(`by ${word(by)}`, reason) }),
  },
  chose: {
    name: 'Chose an option',
    says: ({ by, option, why: reason }, { item }) =>
      `${word(by)} chose ${word(option, 'an option')} for ${item}${why(reason)}`,
    life: ({ by, option, why: reason }) => ({
      state: 'in-hand',
      word: 'Chosen',
      says: joined(`${word(option, 'an option')} by ${word(by)}`, reason),
    }),
  },
  assigned: {
    name: 'Assigned',
    says: ({ by, owners }, { item }) => `${word(by)} gave ${item} to ${people(owners)}`,
    life: ({ by, owners }) => ({ state: 'open', word: 'Assigned', says: `to ${people(owners)} by ${word(by)}` }),
  },
  commented: { name: 'Commented', says: ({ by, text }, { item }) => `${word(by)} on ${item}${why(text)}` },
  told: {
    name: 'Escalated',
    says: (body, { item }) =>
      `Told that the time ${CLOCKS[word(body['clock'], '')] ?? ''} of ${item} has passed: ${people(within(body, 'notice')['to'])}`,
    life: (body) => ({ state: 'late', word: 'Late', says: `${people(within(body, 'notice')['to'])} told` }),
  },
  reminded: {
    name: 'Reminded',
    says: (body, { item, time }) =>
      `Reminded of ${item}, due ${when(body['due'], time)}: ${people(within(body, 'notice')['to'])}`,
  },
  noticed: {
    name: 'Notice',
    says: (body, { item }) => {
      const { subject, to } = within(body, 'notice');
      return `${word(subject, `A notice about ${item}`)} (told: ${people(to)})`;
    },
  },
  staled: {
    name: 'Evidence out of date',
    says: ({ reason }, { item }) => `The evidence of ${item} is out of date${why(reason)}`,
    life: ({ reason }) => ({ state: 'stale', word: 'Out of date', says: joined(reason) }),
  },
};
