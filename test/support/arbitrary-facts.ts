import fc from 'fast-check';
import type { CriterionProgress, Measurement } from '../../domain/criterion';
import { OUTCOMES } from '../../domain/criterion';
import type { ItemFact } from '../../domain/item';
import type { ItemReport, Situation } from '../../domain/item-state';
import { CLOCKS, FALLS, ITEM_STATUSES } from '../../domain/item-state';
import type { LaunchFact } from '../../domain/launch';
import type { Plan } from '../../domain/plan';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { human, NOON } from './plans';

/** Facts with any values of the right types: names that are nobody's, instants out of order and out of any calendar. */

const at = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 5 * 24 * 60 }).map((minutes) => NOON + minutes * MINUTE) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, NOON + 500 * DAY, Number.MAX_SAFE_INTEGER) }
);
const by = fc.constantFrom('ana', 'eve', 'carl', 'dora', 'dev', 'qa', 'pilot', 'nobody', 'constructor');
const text = fc.constantFrom('', 'r', '__proto__');
const itemId = fc.constantFrom(
  'I0',
  'I1',
  'I2',
  'D',
  'NO-GO.alarm',
  'NO-GO.veto',
  'nothing',
  'constructor',
  '__proto__'
);
const criterion = fc.constantFrom('one', 'two', 'alarm', 'veto', 'reopened-1', 'nothing', '__proto__');
const option = fc.constantFrom('left', 'right', 'nothing');
const clock = fc.constantFrom(...CLOCKS);
const status = fc.constantFrom(...ITEM_STATUSES);
const notice = fc.record({
  key: text,
  to: fc.array(by, { maxLength: 2 }),
  about: itemId,
  subject: text,
  text,
  urgent: fc.boolean(),
});

const measurement: fc.Arbitrary<Measurement> = fc.record({
  outcome: fc.constantFrom(...OUTCOMES),
  begunAt: at,
  at,
  seen: text,
  inRow: fc.nat(100),
});

const progress: fc.Arbitrary<CriterionProgress> = fc.record({
  measured: fc.option(measurement, { nil: undefined }),
  polled: fc.option(fc.record({ from: at, measurement }), { nil: undefined }),
  changes: fc.array(at, { maxLength: 3 }),
  words: fc.array(
    fc.record({ by, at, stale: fc.option(fc.record({ at, reason: text }), { nil: undefined, freq: 2 }) }),
    { maxLength: 3 }
  ),
  waiver: fc.option(fc.record({ by, at, reason: text, risk: text, until: at }), { nil: undefined }),
});

export const reports: fc.Arbitrary<ItemReport> = fc.record({
  seq: fc.nat(1_000),
  status,
  owners: fc.array(by, { maxLength: 2 }),
  openedAt: fc.option(at, { nil: undefined }),
  settledAt: fc.option(at, { nil: undefined }),
  reopened: fc.nat(5),
  fell: fc.option(fc.record({ kind: fc.constantFrom(...FALLS), at, text }), { nil: undefined }),
  progress: fc.dictionary(criterion, progress, { maxKeys: 3 }),
  added: fc.constantFrom([], [human('reopened-1', ['ana'])]),
  chosen: fc.option(fc.record({ option, at, how: fc.constantFrom('quorum' as const, 'silent' as const) }), {
    nil: undefined,
  }),
  choices: fc.array(fc.record({ by, option, at }), { maxLength: 2 }),
  touchedBy: fc.array(by, { maxLength: 2 }),
  slaMissed: fc.subarray([...CLOCKS]),
  ended: fc.boolean(),
});

const situation: fc.Arbitrary<Situation> = fc.record({
  version: fc.nat(1_000),
  launchAt: at,
  held: fc.boolean(),
  pollFrom: fc.option(at, { nil: undefined }),
  waitingOn: fc.array(itemId, { maxLength: 2 }),
  dropped: fc.option(text, { nil: undefined, freq: 5 }),
  computed: fc.dictionary(criterion, fc.constantFrom(...OUTCOMES), { maxKeys: 2 }),
  ended: fc.option(fc.constantFrom('launched' as const, 'stopped' as const, 'cancelled' as const), {
    nil: undefined,
    freq: 9,
  }),
});

export const itemFacts: fc.Arbitrary<ItemFact> = fc.oneof(
  fc.record({ at, type: fc.constant('situated' as const), situation }),
  fc.record({
    at,
    type: fc.constant('moved' as const),
    to: status,
    text,
    fall: fc.option(fc.constantFrom(...FALLS), { nil: undefined }),
  }),
  fc.record({ at, type: fc.constant('acknowledged' as const), by }),
  fc.record({ at, type: fc.constant('attested' as const), by, criterion }),
  fc.record({ at, type: fc.constant('resolveClaimed' as const), by }),
  fc.record({
    at,
    type: fc.constant('retracted' as const),
    by,
    criterion,
    what: fc.constantFrom('word' as const, 'waiver' as const),
  }),
  fc.record({
    at,
    type: fc.constant('measured' as const),
    criterion,
    measurement,
    pollFrom: fc.option(at, { nil: undefined }),
    single: fc.boolean(),
  }),
  fc.record({ at, type: fc.constant('waiverGiven' as const), by, criterion, reason: text, risk: text, until: at }),
  fc.record({ at, type: fc.constant('reopened' as const), by, reason: text }),
  fc.record({ at, type: fc.constant('chose' as const), by, option }),
  fc.record({
    at,
    type: fc.constant('decided' as const),
    option,
    how: fc.constantFrom('quorum' as const, 'silent' as const),
  }),
  fc.record({ at, type: fc.constant('assigned' as const), by, owners: fc.array(by, { maxLength: 2 }) }),
  fc.record({ at, type: fc.constant('commented' as const), by, text }),
  fc.record({ at, type: fc.constant('told' as const), clock, step: fc.nat(5), notice }),
  fc.record({ at, type: fc.constant('reminded' as const), clock, before: fc.nat(5 * HOUR), due: at, notice }),
  fc.record({ at, type: fc.constant('noticed' as const), notice }),
  fc.record({ at, type: fc.constant('staled' as const), reason: text }),
  fc.record({ at, type: fc.constant('refused' as const), command: text, by, code: text, message: text }),
  fc.record({ at, type: fc.constant('ended' as const), how: fc.constantFrom('launched' as const, 'stopped' as const) })
);

const actionRef = {
  follows: fc.constantFrom('go' as const, 'delay' as const, 'noGo' as const),
  verdictAt: at,
  n: fc.nat(3),
  attempt: fc.nat(3),
};

/** All but a verdict: that is what the rules are to give. */
export const launchFacts = (plans: fc.Arbitrary<Plan>): fc.Arbitrary<LaunchFact> =>
  fc.oneof(
    fc.record({ at, type: fc.constant('started' as const), by }),
    { weight: 4, arbitrary: fc.record({ at, type: fc.constant('reported' as const), item: itemId, report: reports }) },
    {
      weight: 3,
      arbitrary: fc.record({
        at,
        type: fc.constant('signedOff' as const),
        by,
        answer: fc.constantFrom('yes' as const, 'yes' as const, 'no' as const, 'withdraw' as const),
        digest: text,
        accepts: fc.constant<string[]>([]),
      }),
    },
    fc.record({ at, type: fc.constant('signOffVoided' as const), by, reason: text, notice }),
    fc.record({ at, type: fc.constant('signOffSuspended' as const), by, item: itemId, notice }),
    fc.record({ at, type: fc.constant('held' as const), by, reason: text }),
    fc.record({ at, type: fc.constant('released' as const), by }),
    fc.record({ at, type: fc.constant('rescheduled' as const), by, launchAt: at, reason: text }),
    fc.record({ at, type: fc.constant('dateTaken' as const), launchAt: at, reason: text, notice }),
    fc.record({
      at,
      type: fc.constant('announced' as const),
      for: at,
      nominal: at,
      accepted: fc.array(by),
      failed: fc.array(by),
    }),
    fc.record({ at, type: fc.constant('pollStarted' as const), from: at, until: at }),
    fc.record({
      at,
      type: fc.constant('blockerReported' as const),
      report: fc.record({
        id: text,
        by,
        at,
        title: text,
        owners: fc.array(by, { maxLength: 1 }),
        acceptance: fc.constant<string[]>([]),
      }),
      notice,
    }),
    fc.record({ at, type: fc.constant('blockerReviewed' as const), by, report: text, accept: fc.boolean() }),
    fc.record({ at, type: fc.constant('amended' as const), by, plan: plans, reason: text }),
    fc.record({ at, type: fc.constant('asked' as const), notice }),
    fc.record({ at, type: fc.constant('nagged' as const), notice }),
    fc.record({ at, type: fc.constant('reviewLate' as const), report: text, step: fc.nat(5), notice }),
    fc.record({ at, type: fc.constant('refused' as const), command: text, by, code: text, message: text }),
    fc.record({ at, type: fc.constant('launched' as const) }),
    fc.record({ at, type: fc.constant('actionBegun' as const), ...actionRef }),
    fc.record({
      at,
      type: fc.constant('actionEnded' as const),
      ...actionRef,
      outcome: fc.constantFrom('done' as const, 'failed' as const, 'unknown' as const),
      seen: text,
    }),
    fc.record({
      at,
      type: fc.constant('actionsRetried' as const),
      by,
      skip: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      reason: fc.option(text, { nil: undefined }),
    }),
    fc.record({ at, type: fc.constant('postLaunchFell' as const), criterion, notice }),
    fc.record({ at, type: fc.constant('postLaunchRose' as const), criterion, notice }),
    fc.record({ at, type: fc.constant('waiverRanOut' as const), waiver: text, notice }),
    fc.record({ at, type: fc.constant('postLaunchOver' as const), notice })
  );

export const finalFacts: fc.Arbitrary<LaunchFact> = fc.record({
  at,
  type: fc.constant('ended' as const),
  how: fc.constantFrom('launched' as const, 'stopped' as const, 'cancelled' as const),
  reason: text,
});

export const clockReadings = fc.oneof(at, fc.constant(NOON + 3 * HOUR));
