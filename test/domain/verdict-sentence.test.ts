import { boardOf } from '../../domain/board';
import type { ReasonCode } from '../../domain/launch-state';
import { Rehearsal } from '../../domain/simulate';
import { DAY } from '../../domain/units';
import { isDateOpen } from '../../domain/verdict-sentence';
import { human, item, NOON, planOf } from '../support/plans';

const run = new Rehearsal(planOf({ items: [item('A', { criteria: [human('one', ['qa'])] })], must: ['A'] }), NOON);
const AT = NOON + 2 * DAY;
const board = boardOf(run.world.launch, NOON);

function because(code: ReasonCode): boolean {
  const reasons = [...board.now.reasons, { code, ref: 'launch', text: 'because' }];
  return isDateOpen({ ...board, now: { ...board.now, reasons } }, NOON);
}

test('the date can be the one of GO until it is past', () => {
  expect(Date.parse(board.launchAt)).toBe(AT);
  expect(board.now.reasons.map(({ code }) => code)).toContain('MUST_UNMET');
  expect([NOON, AT - 1, AT].map((now) => isDateOpen(board, now))).toEqual([true, true, false]);
});

test('not where time speaks against it; what people can still do does not', () => {
  expect((['WINDOW', 'ANNOUNCEMENT', 'GAVE_UP'] as const).map(because)).toEqual([false, false, false]);
  expect((['HOLD', 'SAID_NO', 'REPORT_UNREVIEWED'] as const).map(because)).toEqual([true, true, true]);
});

test('nor once it is decided or over', () => {
  const decided = { ...board, verdict: { ...board.verdict, at: board.launchAt } };
  expect(isDateOpen(decided, NOON)).toBe(false);
  expect(run.act({ type: 'cancel', by: 'ana', reason: 'enough' })).toBeUndefined();
  run.settle();
  expect(isDateOpen(boardOf(run.world.launch, NOON), NOON)).toBe(false);
});
