import type { LaunchFact } from '../../../../domain/launch';
import { list, people, when, why, within, word, type Body, type Words } from './body';

export const VALUES: { [value: string]: string } = { GO: 'GO', DELAY: 'DELAY', NO_GO: 'NO-GO' };
const FOLLOWS: { [follows: string]: string } = { go: 'GO', delay: 'DELAY', noGo: 'NO-GO' };
const ENDS: { [how: string]: string } = {
  launched: 'over, launched',
  stopped: 'stopped',
  cancelled: 'cancelled',
};

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

/** What happens to a launch, and standups. */
export const LAUNCH_WORDS: { readonly [type in LaunchFact['type'] | 'standup']: Words } = {
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
  standup: {
    name: 'Standup',
    says: (body) => {
      const { verdict, summary } = within(body, 'standup');
      return `Standup: ${VALUES[word(verdict, '')] ?? 'as things stood'}${why(summary)}`;
    },
  },
};
