import type { CriterionProgress, CriterionState, Outcome, WatchSpec } from '../../domain/criterion';
import {
  countInRow,
  criterionState,
  damping,
  endsWait,
  measure,
  measurePoll,
  NO_PROGRESS,
  OUTCOMES,
  pollSpec,
  watchSpec,
} from '../../domain/criterion';
import { quorumState } from '../../domain/people';
import type { Criterion, Person, Quorum, Watch } from '../../domain/plan';
import { HOUR } from '../../domain/units';
import { human, item, NOON, planOf, probe } from '../support/plans';

const { people } = planOf();
const WATCH: Watch = { every: 60_000, timeout: 10_000, consecutive: 3, failureLimit: 2, errorLimit: 5 };

function run(outcome: Outcome, begunAt: number) {
  return { outcome, begunAt, at: begunAt, seen: '', inRow: 1 };
}

type Needed = { [outcome in Outcome]: number };

/** Three passes and two failures in a row count; a target that has changed three times in the last hour is damped by 4. */
const TRUTH: Array<[known: Outcome | null, found: Outcome, calm: number, flapping: number]> = [
  [null, 'passed', 3, 3],
  [null, 'failed', 1, 1],
  [null, 'inconclusive', 1, 1],
  [null, 'errored', 1, 1],
  ['passed', 'failed', 2, 2],
  ['passed', 'inconclusive', 1, 1],
  ['passed', 'errored', 1, 1],
  ['failed', 'passed', 3, 12],
  ['failed', 'inconclusive', 1, 4],
  ['failed', 'errored', 1, 4],
  ['inconclusive', 'passed', 3, 12],
  ['inconclusive', 'failed', 2, 8],
  ['inconclusive', 'errored', 1, 4],
  ['errored', 'passed', 3, 12],
  ['errored', 'failed', 2, 8],
  ['errored', 'inconclusive', 1, 4],
];

test('the table has a row for each change', () => {
  const rows = [null, ...OUTCOMES].flatMap((known) =>
    OUTCOMES.filter((found) => found !== known).map((found) => [known, found])
  );
  expect(TRUTH.map(([known, found]) => [known, found])).toEqual(rows);
});

function spec(known: Outcome | null, changes: number[] = []) {
  return watchSpec({ type: 'http' }, WATCH, {
    ...NO_PROGRESS,
    measured: known ? run(known, NOON) : undefined,
    changes,
  });
}

test.each(TRUTH)('known as %s, %s changes it after %i in a row, of a flapping target after %i', (...row) => {
  const [known, found, calm, flapping] = row;
  const ends = (given: WatchSpec, needed: number) => [
    endsWait(given, found, needed - 1),
    endsWait(given, found, needed),
  ];
  expect(ends(spec(known), calm)).toEqual([false, true]);
  // Nothing has changed of what is not known yet.
  expect(ends(spec(known, known ? [NOON, NOON, NOON] : []), flapping)).toEqual([false, true]);
});

test('a plan that came another way watches no more often than each second, and gives each look its time', () => {
  const hasty = { ...WATCH, every: 0, timeout: 1 };
  const least = { every: 1_000, timeout: 100 };
  expect(watchSpec({ type: 'http' }, hasty, NO_PROGRESS)).toMatchObject(least);
  expect(pollSpec({ type: 'http' }, hasty, null)).toMatchObject(least);
  expect(spec(null)).toMatchObject({ every: 60_000, timeout: 10_000 });
});

const POLL: Needed = { passed: 3, failed: 1, inconclusive: 1, errored: 1 };

test.each([null, ...OUTCOMES])('in the final poll, known as %s, only a pass needs several in a row', (known) => {
  const polled = pollSpec({ type: 'http' }, WATCH, known);
  for (const found of OUTCOMES.filter((outcome) => outcome !== known)) {
    const ends = [POLL[found] - 1, POLL[found]].map((inRow) => endsWait(polled, found, inRow));
    expect([found, ...ends]).toEqual([found, false, true]);
  }
});

test.each<[Outcome, number, boolean]>([
  ['errored', 4, false],
  ['errored', 5, true],
  ['failed', 5, false],
  ['passed', 5, false],
  ['inconclusive', 5, false],
])('known as %s, %i more of it: whether the wait ends, for the owner to be told', (known, inRow, ends) => {
  expect(endsWait(spec(known), known, inRow)).toBe(ends);
});

test('errors are counted on from those that are known, and the wait ends for them once', () => {
  const errored = (inRow: number) =>
    watchSpec({ type: 'http' }, WATCH, { ...NO_PROGRESS, measured: { ...run('errored', NOON), inRow } });
  const first = errored(1);
  expect(countInRow(first, undefined, 'errored')).toBe(2);
  expect(countInRow(first, { n: 4, outcome: 'errored' }, 'errored')).toBe(5);
  expect(countInRow(first, undefined, 'passed')).toBe(1);
  expect(countInRow(first, { n: 1, outcome: 'passed' }, 'errored')).toBe(1);
  expect(endsWait(errored(5), 'errored', 99)).toBe(false);
  expect(countInRow(spec('failed'), undefined, 'failed')).toBe(1);
});

test.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 4],
  [7, 64],
  [30, 64],
])('after %i changes within an hour the next needs %i times as many', (changes, factor) => {
  expect(damping(Array<number>(changes).fill(NOON))).toBe(factor);
});

test('changes older than an hour are forgotten', () => {
  const before = { ...NO_PROGRESS, measured: run('failed', NOON), changes: [NOON - HOUR, NOON] };
  expect(measure(before, run('passed', NOON + HOUR - 1)).changes).toEqual([NOON, NOON + HOUR - 1]);
  expect(measure(before, run('passed', NOON + HOUR)).changes).toEqual([NOON + HOUR]);
});

test('a measurement begun earlier never overwrites one begun later, in the poll or out of it', () => {
  const known = measure(NO_PROGRESS, run('failed', NOON + 2));
  expect(measure(known, run('passed', NOON + 1))).toBe(known);
  const polled = measurePoll(NO_PROGRESS, NOON, run('failed', NOON + 2));
  expect(measurePoll(polled, NOON, run('passed', NOON + 1))).toBe(polled);
  expect(measurePoll(polled, NOON - 5, run('passed', NOON + 3))).toBe(polled);
  expect(measurePoll(NO_PROGRESS, NOON, run('passed', NOON - 1))).toBe(NO_PROGRESS);
});

const POLLS: Array<[string, Partial<CriterionProgress>, CriterionState]> = [
  ['nothing measured', {}, 'unknown'],
  ['a pass before it', { measured: run('passed', NOON - 1) }, 'unknown'],
  ['a pass of the watch in it', { measured: run('passed', NOON + 1) }, 'unknown'],
  ['its own pass', { polled: { from: NOON, measurement: run('passed', NOON) } }, 'met'],
  ['its own pass, begun before it', { polled: { from: NOON, measurement: run('passed', NOON - 1) } }, 'unknown'],
  ['the pass of an earlier poll', { polled: { from: NOON - 9, measurement: run('passed', NOON) } }, 'unknown'],
  ['its own, which could not tell', { polled: { from: NOON, measurement: run('inconclusive', NOON) } }, 'inconclusive'],
  ['its own, which could not run', { polled: { from: NOON, measurement: run('errored', NOON) } }, 'errored'],
  [
    'its own pass, and later the watch could not run',
    { polled: { from: NOON, measurement: run('passed', NOON) }, measured: run('errored', NOON + 1) },
    'errored',
  ],
  [
    'its own pass, a later failure of the watch, and that is over',
    { polled: { from: NOON, measurement: run('passed', NOON) }, measured: run('passed', NOON + 9) },
    'met',
  ],
  [
    'its own failure and a later pass of the watch',
    { polled: { from: NOON, measurement: run('failed', NOON) }, measured: run('passed', NOON + 9) },
    'unmet',
  ],
  ['its own failure', { polled: { from: NOON, measurement: run('failed', NOON) } }, 'unmet'],
  [
    'its own pass and a later failure of the watch',
    { polled: { from: NOON, measurement: run('passed', NOON) }, measured: run('failed', NOON + 1) },
    'unmet',
  ],
  [
    'its own pass and an earlier failure of the watch',
    { polled: { from: NOON, measurement: run('passed', NOON + 2) }, measured: run('failed', NOON + 1) },
    'met',
  ],
];

test.each(POLLS)('in the final poll %s is %s', (_, progress, state) => {
  const context = { people, item: item('A'), owners: ['dev'], now: NOON + 5, pollFrom: NOON };
  expect(criterionState(probe('up'), { ...NO_PROGRESS, ...progress }, context)).toBe(state);
});

const word = (by: string, at = NOON) => ({ by, at });
const waiver = { by: 'ana', at: NOON, reason: 'r', risk: 'r', until: NOON + HOUR };
const fresh: Partial<Criterion> = { freshFor: HOUR };

const WORDS: Array<[string, Criterion, Partial<CriterionProgress>, number, CriterionState]> = [
  ['nothing said', human('c', ['qa']), {}, NOON, 'unknown'],
  ['said', human('c', ['qa']), { words: [word('qa')] }, NOON, 'met'],
  ['said by another', human('c', ['qa']), { words: [word('pilot')] }, NOON, 'unmet'],
  ['taken back', human('c', ['qa']), { retracted: { at: NOON } }, NOON, 'unmet'],
  ['fresh to the last ms', human('c', ['qa'], fresh), { words: [word('qa')] }, NOON + HOUR - 1, 'met'],
  ['out of date at the ms', human('c', ['qa'], fresh), { words: [word('qa')] }, NOON + HOUR, 'stale'],
  ['waived to the last ms', human('c', ['qa']), { waiver }, NOON + HOUR - 1, 'waived'],
  ['waived no more at the ms', human('c', ['qa']), { waiver }, NOON + HOUR, 'unknown'],
  ['waived, and met', human('c', ['qa']), { waiver, words: [word('qa')] }, NOON, 'met'],
  [
    'out of date, and waived',
    human('c', ['qa'], fresh),
    { waiver: { ...waiver, until: Infinity }, words: [word('qa')] },
    NOON + HOUR,
    'waived',
  ],
  [
    'an owner said what is independent',
    human('c', ['dev', 'qa'], { independent: true }),
    { words: [word('dev')] },
    NOON,
    'unknown',
  ],
  [
    'another said what is independent',
    human('c', ['dev', 'qa'], { independent: true }),
    { words: [word('qa')] },
    NOON,
    'met',
  ],
  ['a check that has not run', probe('c'), {}, NOON, 'unknown'],
  ['a check that has not run, waived', probe('c'), { waiver }, NOON, 'waived'],
  ['a check that passes', probe('c'), { measured: run('passed', NOON) }, NOON, 'met'],
  ['a check that passes, waived', probe('c'), { measured: run('passed', NOON), waiver }, NOON, 'met'],
  ['a check that cannot run, waived', probe('c'), { measured: run('errored', NOON), waiver }, NOON, 'waived'],
  ['a check that cannot tell, waived', probe('c'), { measured: run('inconclusive', NOON), waiver }, NOON, 'waived'],
  ['a failing check, waived no more', probe('c'), { measured: run('failed', NOON), waiver }, NOON + HOUR, 'unmet'],
  [
    'an old pass, of a check with freshFor',
    probe('c', fresh),
    { measured: run('passed', NOON) },
    NOON + 9 * HOUR,
    'met',
  ],
  ['a failing check', probe('c'), { measured: run('failed', NOON) }, NOON, 'unmet'],
  ['a failing check, waived', probe('c'), { measured: run('failed', NOON), waiver }, NOON, 'waived'],
  ['a check that cannot run', probe('c'), { measured: run('errored', NOON) }, NOON, 'errored'],
  ['a check that cannot tell', probe('c'), { measured: run('inconclusive', NOON) }, NOON, 'inconclusive'],
  ['an old pass of a check: its watch runs', probe('c'), { measured: run('passed', NOON) }, NOON + 99 * HOUR, 'met'],
];

test.each(WORDS)('%s', (...[, criterion, progress, now, state]) => {
  const context = { people, item: item('A', { owners: ['dev'] }), owners: ['dev'], now };
  expect(criterionState(criterion, { ...NO_PROGRESS, ...progress }, context)).toBe(state);
});

const TEAM: Person[] = [
  { id: 'ana', name: 'Ana', roles: ['manager', 'ceo'], delegate: { to: 'bob', until: NOON } },
  { id: 'carl', name: 'Carl', roles: ['ceo'] },
  { id: 'dora', name: 'Dora', roles: ['manager'] },
  { id: 'bob', name: 'Bob', roles: [] },
];
const BOTH = ['manager', 'ceo'];

const QUORUMS: Array<[string, Quorum, string[], Array<{ by: string; at: number }>, boolean]> = [
  ['any: one of them', 'any', BOTH, [word('carl')], true],
  ['any: a stranger', 'any', BOTH, [word('bob')], false],
  ['any of nobody', 'any', [], [word('carl')], false],
  ['all: each role', 'all', BOTH, [word('dora'), word('carl')], true],
  ['all: one person fills one role', 'all', BOTH, [word('ana')], false],
  ['all: whoever fills two roles takes the one that is left', 'all', BOTH, [word('ana'), word('dora')], true],
  ['a count: different people', 2, BOTH, [word('carl'), word('carl')], false],
  ['a count', 2, BOTH, [word('carl'), word('dora')], true],
  ['a count of none is one', 0, BOTH, [], false],
  ['per role', { manager: 2 }, ['manager'], [word('ana'), word('dora')], true],
  ['per role, short', { manager: 2 }, ['manager'], [word('ana')], false],
  ['a delegate until the date', 'any', ['manager'], [word('bob', NOON - 1)], true],
  ['a delegate at the date', 'any', ['manager'], [word('bob', NOON)], false],
  ['the delegator until the date', 'any', ['ana'], [word('ana', NOON - 1)], false],
  ['the delegator from the date on', 'any', ['ana'], [word('ana', NOON)], true],
  ['a delegate and the delegator are one', 2, ['manager'], [word('bob', NOON - 1), word('ana')], false],
  [
    'a delegate, the delegator and another are two',
    2,
    ['manager'],
    [word('bob', NOON - 1), word('ana'), word('dora')],
    true,
  ],
];

test.each(QUORUMS)('quorum: %s', (...[, quorum, by, answers, met]) => {
  expect(quorumState(TEAM, { by, quorum }, answers).met).toBe(met);
});
