import type { ItemFact } from '../../../domain/item-facts';
import type { LaunchFact } from '../../../domain/launch';
import type { FactAnswer } from '../api/types';

/** What the ledger can hold: what happens to items and launches, and standups. */
type FactType = ItemFact['type'] | LaunchFact['type'] | 'standup';
/** As it was written, by whatever version: nothing in it is sure to be there. */
type Body = { [key: string]: unknown };
type Time = (at: number) => string;

interface Words {
  /** In lists to choose from. */
  name: string;
  /** One sentence without its full stop. */
  says: (body: Body, of: { item: string; time: Time }) => string;
}

function word(value: unknown, none = 'somebody'): string {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : none;
}

function within(body: Body, key: string): Body {
  const value = body[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {};
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map((each) => word(each, '')).filter(Boolean) : [];
}

/** ": the reason", or nothing. */
function why(...given: unknown[]): string {
  const reason = given.find((each) => typeof each === 'string' && each !== '') as string | undefined;
  return reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`;
}

function when(value: unknown, time: Time): string {
  return typeof value === 'number' ? time(value) : 'a date';
}

function people(value: unknown): string {
  return list(value).join(', ') || 'nobody';
}

const OUTCOMES: { [outcome: string]: string } = {
  passed: 'passed',
  failed: 'was not as expected',
  inconclusive: 'ran, and cannot tell',
  errored: 'could not run',
};
const VALUES: { [value: string]: string } = { GO: 'GO', DELAY: 'DELAY', NO_GO: 'NO-GO' };
const FOLLOWS: { [follows: string]: string } = { go: 'GO', delay: 'DELAY', noGo: 'NO-GO' };
const ENDS: { [how: string]: string } = {
  launched: 'over, launched',
  stopped: 'stopped',
  cancelled: 'cancelled',
};
const CLOCKS: { [clock: string]: string } = {
  respond: 'to answer',
  resolve: 'to resolve it',
  deadline: 'until the deadline',
};

function evidence(body: Body): string {
  const { note, link } = within(body, 'evidence');
  const { name } = within(within(body, 'evidence'), 'file');
  return why([note, link, name].filter((each) => typeof each === 'string').join(', '));
}

function decided(body: Body, item: string): string {
  const { value } = within(body, 'verdict');
  if (typeof value === 'string') {
    const reasons = within(body, 'verdict')['reasons'];
    const [first, ...more] = Array.isArray(reasons) ? (reasons as Body[]) : [];
    const rest = more.length > 0 ? `, and ${more.length} more` : '';
    return `The verdict is ${VALUES[value] ?? value}${first ? `${why(first['text'])}${rest}` : ''}`;
  }
  const how = body['how'] === 'silent' ? ', since nobody decided in time' : '';
  return `${item} is decided: ${word(body['option'], 'an option')}${how}`;
}

function action(body: Body): string {
  const follows = FOLLOWS[word(body['follows'], '')] ?? 'the verdict';
  return `Action ${word(body['n'], '?')} after ${follows}`;
}

const WORDS: { readonly [type in FactType]: Words } = {
  started: { name: 'Launch started', says: ({ by }) => `${word(by)} started the launch` },
  reported: { name: 'Item reported', says: (_, { item }) => `${item} reported to its launch` },
  signedOff: {
    name: 'Signed off',
    says: ({ by, answer, why: reason }) =>
      answer === 'withdraw'
        ? `${word(by)} withdrew the sign-off${why(reason)}`
        : `${word(by)} signed off: ${word(answer, 'unclear')}${why(reason)}`,
  },
  signOffVoided: {
    name: 'Sign-off void',
    says: ({ by, reason }) => `The sign-off of ${word(by)} is void${why(reason)}`,
  },
  signOffSuspended: {
    name: 'Sign-off suspended',
    says: (body) => `The sign-off of ${word(body['by'])} is suspended: ${word(body['item'], 'a must')} fell`,
  },
  held: { name: 'Held', says: ({ by, reason }) => `${word(by)} held the launch${why(reason)}` },
  released: { name: 'Released', says: ({ by, reason }) => `${word(by)} released the hold${why(reason)}` },
  rescheduled: {
    name: 'Date moved',
    says: ({ by, launchAt, reason }, { time }) =>
      `${word(by)} moved the launch date to ${when(launchAt, time)}${why(reason)}`,
  },
  dateTaken: {
    name: 'Next date taken',
    says: ({ launchAt, reason }, { time }) => `The launch date is now ${when(launchAt, time)}${why(reason)}`,
  },
  announced: {
    name: 'Announced',
    says: (body, { time }) => {
      const failed = list(body['failed']);
      const lost = failed.length > 0 ? `; not to ${failed.join(', ')}` : '';
      return `The date ${when(body['for'], time)} was announced to ${people(body['accepted'])}${lost}`;
    },
  },
  pollStarted: { name: 'Final poll began', says: () => 'The final poll began: every must is measured afresh' },
  decided: { name: 'Decided', says: (body, { item }) => decided(body, item) },
  actionBegun: { name: 'Action begun', says: (body) => `${action(body)} began, attempt ${word(body['attempt'], '?')}` },
  actionEnded: {
    name: 'Action ended',
    says: (body) =>
      `${action(body)} ended: ${word(body['outcome'], 'unclear')}${body['seen'] ? ` (${word(body['seen'])})` : ''}`,
  },
  actionsRetried: {
    name: 'Actions tried again',
    says: ({ by, skip, reason }) =>
      `${word(by)} had the actions tried again${skip === undefined ? '' : `, without action ${word(skip)}`}${why(reason)}`,
  },
  launched: { name: 'Launched', says: () => 'The launch has happened: all that follows GO is done' },
  postLaunchFell: {
    name: 'Watch after GO fell',
    says: ({ criterion }) => `After GO “${word(criterion, 'a criterion')}” does not hold`,
  },
  postLaunchRose: {
    name: 'Watch after GO holds again',
    says: ({ criterion }) => `After GO “${word(criterion, 'a criterion')}” holds again`,
  },
  waiverRanOut: {
    name: 'Waiver ran out',
    says: ({ waiver }) => `The waiver of ${word(waiver, 'a criterion')} ran out`,
  },
  postLaunchOver: { name: 'Watch after GO over', says: () => 'The watch after GO is over' },
  ended: {
    name: 'Ended',
    says: ({ how, reason }, { item }) =>
      item === ''
        ? `The launch is ${ENDS[word(how)] ?? word(how, 'over')}${why(reason)}`
        : `Work on ${item} ended with the launch`,
  },
  blockerReported: {
    name: 'Blocker reported',
    says: (body) => {
      const { by, id, title } = within(body, 'report');
      return `${word(by)} reported ${word(id, 'a blocker')}${why(title)}`;
    },
  },
  blockerReviewed: {
    name: 'Report reviewed',
    says: ({ by, report, accept, reason }) =>
      `${word(by)} ${accept === true ? 'accepted' : 'rejected'} ${word(report, 'a report')}${why(reason)}`,
  },
  amended: {
    name: 'Plan amended',
    says: (body) => {
      const { revision } = within(body, 'plan');
      return `${word(body['by'])} amended the plan${revision === undefined ? '' : ` to revision ${word(revision)}`}${why(body['reason'])}`;
    },
  },
  calendarExtended: { name: 'Calendar extended', says: () => 'The plan’s calendar was made longer' },
  asked: { name: 'Sign-offs asked for', says: (body) => `Asked to sign off: ${people(within(body, 'notice')['to'])}` },
  nagged: {
    name: 'Hold recalled',
    says: (body) => `Told that the launch is still held: ${people(within(body, 'notice')['to'])}`,
  },
  reviewLate: { name: 'Review late', says: ({ report }) => `The review of ${word(report, 'a report')} is late` },
  refused: {
    name: 'Refused',
    says: ({ command, by, message }) => `${word(command, 'A message')} by ${word(by)} was refused${why(message)}`,
  },
  situated: { name: 'Item told of its launch', says: (_, { item }) => `${item} was told of its launch` },
  moved: {
    name: 'Item changed status',
    says: ({ to, text }, { item }) => `${item} is ${word(to, 'changed').replace('-', ' ')}${why(text)}`,
  },
  acknowledged: {
    name: 'Acknowledged',
    says: ({ by, note }, { item }) => `${word(by)} acknowledged ${item}${why(note)}`,
  },
  attested: {
    name: 'Attested',
    says: (body, { item }) =>
      `${word(body['by'])} attested “${word(body['criterion'], 'a criterion')}” of ${item}${evidence(body)}`,
  },
  resolveClaimed: {
    name: 'Said to be resolved',
    says: ({ by, note }, { item }) => `${word(by)} says that ${item} is resolved${why(note)}`,
  },
  retracted: {
    name: 'Retracted',
    says: ({ by, what, criterion }, { item }) =>
      `${word(by)} retracted the ${what === 'waiver' ? 'waiver' : 'word'} on “${word(criterion, 'a criterion')}” of ${item}`,
  },
  measured: {
    name: 'Check’s outcome',
    says: (body, { item }) => {
      const { outcome, seen } = within(body, 'measurement');
      return `“${word(body['criterion'], 'A check')}” of ${item} ${OUTCOMES[word(outcome, '')] ?? 'ran'}${why(seen)}`;
    },
  },
  waiverGiven: {
    name: 'Waived',
    says: ({ by, criterion, reason, until }, { item, time }) =>
      `${word(by)} waived “${word(criterion, 'a criterion')}” of ${item} until ${when(until, time)}${why(reason)}`,
  },
  reopened: { name: 'Reopened', says: ({ by, reason }, { item }) => `${word(by)} reopened ${item}${why(reason)}` },
  chose: {
    name: 'Chose an option',
    says: ({ by, option, why: reason }, { item }) =>
      `${word(by)} chose ${word(option, 'an option')} for ${item}${why(reason)}`,
  },
  assigned: { name: 'Assigned', says: ({ by, owners }, { item }) => `${word(by)} gave ${item} to ${people(owners)}` },
  commented: { name: 'Commented', says: ({ by, text }, { item }) => `${word(by)} on ${item}${why(text)}` },
  told: {
    name: 'Escalated',
    says: (body, { item }) =>
      `Told that the time ${CLOCKS[word(body['clock'], '')] ?? ''} of ${item} has passed: ${people(within(body, 'notice')['to'])}`,
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
  },
  standup: {
    name: 'Standup',
    says: (body) => {
      const { verdict, summary } = within(body, 'standup');
      return `Standup: ${VALUES[word(verdict, '')] ?? 'as things stood'}${why(summary)}`;
    },
  },
};

/** Types that the ledger can have, by their names. */
export const FACT_TYPES: ReadonlyArray<{ type: FactType; name: string }> = (
  Object.entries(WORDS) as Array<[FactType, Words]>
)
  .filter(([type]) => type !== 'reported' && type !== 'situated')
  .map(([type, { name }]) => ({ type, name }))
  .sort((a, b) => a.name.localeCompare(b.name));

const isoTime: Time = (at) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function bodyOf({ body }: Pick<FactAnswer, 'body'>): Body {
  return within({ body }, 'body');
}

/** A fact as one sentence. `time` shows instants; one of a type that is not known here is named by it. */
export function factText(fact: Pick<FactAnswer, 'type' | 'item' | 'body'>, time: Time = isoTime): string {
  const { type, item = '' } = fact;
  const body = bodyOf(fact);
  const words = Object.hasOwn(WORDS, type) ? WORDS[type as FactType] : undefined;
  const text = words ? words.says(body, { item, time }) : `${type}${item && ` of ${item}`}`;
  return `${text}${body['via'] === 'operator' ? ' (said by the operator)' : ''}.`;
}

/** Whose word it is, where it is anybody's. */
export function factBy(fact: Pick<FactAnswer, 'body'>): string | undefined {
  const body = bodyOf(fact);
  const by = body['by'] ?? within(body, 'report')['by'];
  return typeof by === 'string' && by !== '' ? by : undefined;
}
