import { assess } from '../../domain/assess';
import { boardOf } from '../../domain/board';
import type { Outcome } from '../../domain/criterion';
import { deadlineOf } from '../../domain/item';
import type { Plan } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe, type PlanParts } from '../support/plans';

const T = NOON + 2 * DAY;
const two = { items: [item('A'), item('B')] };

function sign(run: Rehearsal): void {
  run.act({ type: 'signOff', by: 'ana', answer: 'yes' });
  run.act({ type: 'signOff', by: 'carl', answer: 'yes' });
}

/** A launch where A is attested and both have signed, as it was decided at T. */
function decided(parts: PlanParts, meddle: (run: Rehearsal) => void = () => {}, probed: Outcome = 'passed') {
  const run = new Rehearsal(planOf(parts), NOON, () => probed);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  sign(run);
  meddle(run);
  run.advance(T);
  const { verdict } = run.world.launch;
  return { run, value: verdict?.value, reasons: verdict?.reasons.map(({ code, ref }) => `${code} ${ref}`) };
}

const waive = { type: 'waive', by: 'ana', reason: 'r', risk: 'r', until: T + DAY } as const;
const open: Plan['calendar'] = { ...planOf().calendar, open: [{ from: T + 5 * HOUR, to: T + 9 * HOUR }] };

const ROWS: Array<[string, PlanParts, (run: Rehearsal) => void, string, string[]]> = [
  ['all met and signed', {}, () => {}, 'GO', []],
  ['no must', { must: [] }, () => {}, 'DELAY', ['NO_MUST must']],
  [
    'musts only waived',
    {},
    (run) => {
      run.actOnItem('A', { type: 'retract', by: 'dev' });
      run.actOnItem('A', waive);
      sign(run);
    },
    'DELAY',
    ['NO_MUST must'],
  ],
  ['a must unmet', { ...two, must: ['A', 'B'] }, () => {}, 'DELAY', ['MUST_UNMET B']],
  [
    'a must that is named but not there',
    {
      plan: {
        gates: {
          must: [
            { item: 'A', title: 'A' },
            { item: 'Z', title: 'Z' },
          ],
          should: [],
          nice: [],
        },
      },
    },
    () => {},
    'DELAY',
    ['MUST_UNMET Z'],
  ],
  [
    'an item in several gates counts in the strongest',
    { ...two, must: ['A', 'B'], nice: ['B'] },
    () => {},
    'DELAY',
    ['MUST_UNMET B'],
  ],
  ['nice never matters', { ...two, nice: ['B'] }, () => {}, 'GO', []],
  [
    'a report that nobody reviewed',
    {},
    (run) => void run.act({ type: 'reportBlocker', by: 'qa', title: 't' }),
    'DELAY',
    ['REPORT_UNREVIEWED REPORTED-1'],
  ],
  ['a no-go that holds', { launch: { noGo: [probe('alarm')] } }, () => {}, 'NO_GO', ['NO_GO_TRIGGER alarm']],
  [
    'a person says that a no-go holds',
    { launch: { noGo: [human('veto', ['pilot'])] } },
    (run) => void run.actOnItem('NO-GO.veto', { type: 'attest', by: 'pilot' }),
    'NO_GO',
    ['NO_GO_TRIGGER veto'],
  ],
  [
    'a person said so too long ago to tell',
    { launch: { noGo: [human('veto', ['pilot'], { freshFor: HOUR })] } },
    (run) => void run.actOnItem('NO-GO.veto', { type: 'attest', by: 'pilot' }),
    'DELAY',
    ['NO_GO_TRIGGER veto'],
  ],
  [
    'a no holds',
    { launch: { authority: { by: ['manager'], quorum: 'all', no: 'hold' } }, plan: {} },
    (run) => {
      run.act({ type: 'signOff', by: 'ana', answer: 'no' });
    },
    'DELAY',
    ['SAID_NO ana', 'SIGN_OFF_MISSING manager'],
  ],
  [
    'a no that stops',
    { launch: { authority: { by: ['manager'], quorum: 'all', no: 'stop' } } },
    (run) => void run.act({ type: 'signOff', by: 'ana', answer: 'no' }),
    'NO_GO',
    ['SAID_NO ana', 'SIGN_OFF_MISSING manager'],
  ],
  [
    'short of the quorum',
    {},
    (run) => void run.act({ type: 'signOff', by: 'carl', answer: 'withdraw' }),
    'DELAY',
    ['SIGN_OFF_MISSING ceo'],
  ],
  ['held', {}, (run) => void run.act({ type: 'hold', by: 'qa', reason: 'r' }), 'DELAY', ['HOLD qa']],
  ['outside every window', { plan: { calendar: open } }, () => {}, 'DELAY', ['WINDOW demo']],
  ['an unmet should is a condition', { ...two, should: ['B'] }, () => {}, 'GO', []],
  [
    'too few shoulds',
    { ...two, should: ['B'], launch: { shouldMin: { share: 0.5 } } },
    () => {},
    'DELAY',
    ['SHOULD_MIN should'],
  ],
  [
    'a count of shoulds where there is none',
    { launch: { shouldMin: { count: 1 } } },
    () => {},
    'DELAY',
    ['SHOULD_MIN should'],
  ],
];

test.each(ROWS)('%s', (...[, parts, meddle, value, reasons]) => {
  expect(decided(parts, meddle)).toMatchObject({ value, reasons });
});

test('a no-go that neither passed nor failed delays, one that failed is none', () => {
  const parts = { launch: { noGo: [probe('alarm')] } };
  expect(decided(parts, () => {}, 'errored')).toMatchObject({ value: 'DELAY', reasons: ['NO_GO_TRIGGER alarm'] });
  expect(decided(parts, () => {}, 'failed').value).toBe('GO');
});

test('gives up; time under a hold does not count, nor does what was held before the first date', () => {
  const parts = { ...two, must: ['A', 'B'], launch: { giveUpAfter: 6 * HOUR } };
  const { run } = decided(parts, (each) => {
    each.act({ type: 'hold', by: 'qa', reason: 'r' });
    each.advance(NOON + DAY);
    each.act({ type: 'release', by: 'ana' });
  });
  run.advance(T + HOUR);
  run.act({ type: 'hold', by: 'qa', reason: 'r' });
  run.advance(T + 11 * HOUR);
  run.act({ type: 'release', by: 'ana' });
  run.advance(T + 16 * HOUR - 1);
  expect(run.world.launch.verdict?.value).toBe('DELAY');
  run.advance(T + 16 * HOUR);
  expect(run.world.launch.verdict).toMatchObject({ value: 'NO_GO', at: T + 16 * HOUR });
});

test('giving up is counted from a date that a person sets', () => {
  const { run, value } = decided({ launch: { giveUpAfter: 6 * HOUR } }, (each) => {
    each.act({ type: 'reschedule', by: 'ana', at: T + 7 * DAY, reason: 'r' });
  });
  expect(value).toBeUndefined();
  run.advance(T + 7 * DAY + 6 * HOUR - 1);
  expect(run.world.launch.verdict).toMatchObject({ value: 'DELAY', launchAt: T + 7 * DAY });
  run.advance(T + 7 * DAY + 6 * HOUR);
  expect(run.world.launch.verdict).toMatchObject({
    value: 'NO_GO',
    reasons: expect.arrayContaining([expect.objectContaining({ code: 'GAVE_UP' })]),
  });
});

test('a date at which the launch will have given up is not taken, and nobody is told of it', () => {
  const windows = { ...open, open: [...open.open!, { from: T + DAY, to: T + 2 * DAY }] };
  const parts = { ...two, must: ['A', 'B'], plan: { calendar: windows }, launch: { giveUpAfter: 12 * HOUR } };
  const { run } = decided(parts);
  run.advance(T + 10 * HOUR);
  run.actOnItem('B', { type: 'attest', by: 'dev' });
  const { verdict, reasons, needs } = assess(run.world.launch, run.world.now);
  expect([verdict, reasons.map(({ code }) => code)]).toEqual(['DELAY', ['WINDOW', 'GAVE_UP']]);
  expect(needs.map(({ action }) => action)).toEqual([expect.stringContaining('launch reschedule')]);
  run.advance(T + 5 * DAY);
  expect(run.world.launch.slips).toEqual([]);
  expect(run.world.launch.ended).toMatchObject({ how: 'stopped', at: T + 12 * HOUR });
});

test('a closed window names the earliest instant that could work, and the launch takes it', () => {
  const { run } = decided({ plan: { calendar: open } });
  expect(run.world.launch.launchAt).toBe(T + 5 * HOUR);
  run.advance(T + 5 * HOUR);
  expect(run.world.launch.verdict).toMatchObject({ value: 'GO', at: T + 5 * HOUR });
});

test.each([
  [5 * MINUTE, 'GO'],
  [5 * MINUTE + 1, 'DELAY'],
])('an announcement sent %i ms after it was due: %s', (late, value) => {
  const run = new Rehearsal(planOf({ launch: { announce: { lead: DAY, to: ['chat'] } } }), NOON);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  sign(run);
  run.world.now = T - DAY + late;
  run.settle();
  run.advance(T);
  expect(run.world.launch.verdict?.value).toBe(value);
});

test('a verdict more than five minutes late polls again first', () => {
  const run = new Rehearsal(planOf({ items: [item('A', { criteria: [probe('up')] })] }), NOON, () => 'passed');
  sign(run);
  run.advance(T - HOUR / 2);
  run.world.now = T + 5 * MINUTE + 1;
  run.settle();
  expect(run.world.launch.verdict).toBeUndefined();
  run.advance(T + 35 * MINUTE + 1);
  expect(run.world.launch.verdict).toMatchObject({ value: 'GO', at: T + 35 * MINUTE + 1 });
});

test('measurements begun before the final poll do not count at the verdict', () => {
  let outcome: Outcome | undefined = 'passed';
  const run = new Rehearsal(planOf({ items: [item('A', { criteria: [probe('up')] })] }), NOON, () => outcome);
  sign(run);
  outcome = undefined;
  run.advance(T);
  expect(run.world.launch.verdict).toMatchObject({
    value: 'DELAY',
    reasons: [{ code: 'NO_MUST' }, { code: 'MUST_UNMET' }],
  });
});

test('a waiver that expires during the final poll is no waiver at the verdict', () => {
  const run = new Rehearsal(planOf({ ...two, must: ['A', 'B'] }), NOON);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.actOnItem('B', { ...waive, until: T + 1 });
  sign(run);
  run.act({ type: 'reschedule', by: 'ana', at: T + 10 * MINUTE, reason: 'r' });
  sign(run);
  run.advance(T + 10 * MINUTE);
  expect(run.world.launch.verdict).toMatchObject({ value: 'DELAY', reasons: [{ code: 'MUST_UNMET', ref: 'B' }] });
});

test('a waiver that expires between announcement and launch counts no more at once, and there is no GO', () => {
  const parts = { ...two, must: ['A', 'B'], launch: { announce: { lead: DAY, to: ['chat'] } } };
  const run = new Rehearsal(planOf(parts), NOON);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.actOnItem('B', { ...waive, until: T + HOUR });
  run.act({ type: 'reschedule', by: 'ana', at: T + DAY, reason: 'r' });
  sign(run);
  const now = () => assess(run.world.launch, run.world.now);
  run.advance(T + HOUR - 1);
  expect(run.world.launch.announcement).toMatchObject({ for: T + DAY, accepted: ['chat'] });
  expect([now().verdict, now().conditions.map(({ code }) => code)]).toEqual(['GO', ['WAIVER']]);
  run.advance(T + HOUR);
  expect([now().verdict, now().reasons.map(({ ref }) => ref), now().conditions]).toEqual(['DELAY', ['B'], []]);
  expect(run.world.notices.at(-1)).toMatchObject({ to: ['dev'], subject: 'B is open again: Do B' });
  run.advance(T + DAY);
  expect(run.world.launch.verdict).toMatchObject({ value: 'DELAY', reasons: [{ code: 'MUST_UNMET', ref: 'B' }] });
});

test('what hangs on the date moves with one that the launch takes: deadlines, milestones', () => {
  const deadline = { at: 0, anchor: { days: 0, ms: -6 * HOUR } };
  const milestones = [{ title: 'Freeze', at: { at: 0, anchor: { days: -1, ms: 0 } }, items: ['A'] }];
  const items = [item('A'), item('B', { deadline })];
  const { run } = decided({ items, launch: { milestones }, plan: { calendar: open } });
  const board = boardOf(run.world.launch, run.world.now);
  const moved = T + 5 * HOUR;
  expect(board.launchAt).toBe(new Date(moved).toISOString());
  expect(board.milestones[0]?.at).toBe(new Date(moved - DAY).toISOString());
  expect(deadlineOf(run.world.items.B!)).toBe(moved - 6 * HOUR);
});

test('a no of somebody who is in the plan no more stands, and what is needed can be done', () => {
  const { people } = planOf();
  const run = new Rehearsal(planOf(), NOON);
  run.act({ type: 'signOff', by: 'carl', answer: 'no' });
  const without = [...people.filter(({ id }) => id !== 'carl'), { id: 'kim', name: 'Kim', roles: ['ceo'] }];
  run.act({ type: 'amend', by: 'ana', plan: planOf({ plan: { people: without } }), reason: 'r' });
  const need = () => assess(run.world.launch, run.world.now).needs.find(({ ref }) => ref === 'carl');
  expect(need()).toMatchObject({ who: 'ana or kim', action: expect.stringContaining('launch amend'), command: null });
  run.act({ type: 'amend', by: 'ana', plan: planOf(), reason: 'r' });
  expect(need()?.command).toBe('launch sign-off demo --withdraw --as carl');
});

test('evidence that will be out of date at the next date is a reason and a need', () => {
  const items = [item('A', { criteria: [human('done', ['dev'], { freshFor: 3 * DAY })] }), item('B')];
  const run = new Rehearsal(
    planOf({ items, must: ['A', 'B'], launch: { announce: { lead: DAY, to: ['chat'] } } }),
    NOON
  );
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  sign(run);
  run.advance(T + HOUR);
  run.actOnItem('B', { type: 'attest', by: 'dev' });
  const { reasons, needs } = assess(run.world.launch, run.world.now);
  expect(reasons).toMatchObject([{ code: 'MUST_UNMET', ref: 'A' }]);
  expect(needs).toMatchObject([{ command: 'launch attest demo A done --as dev' }]);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  expect(run.world.launch.launchAt).toBe(T + HOUR + DAY);
});

test('where every must is waived, what would meet one by evidence is needed', () => {
  const run = new Rehearsal(planOf(), NOON);
  run.actOnItem('A', waive);
  const { reasons, needs } = assess(run.world.launch, run.world.now);
  expect(reasons.map(({ code }) => code)).toContain('NO_MUST');
  expect(needs.map(({ command }) => command)).toContain('launch attest demo A done --as dev');
});
