import { Rehearsal } from '../../domain/simulate';
import type { Item } from '../../domain/plan';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { item, NOON, planOf } from '../support/plans';

const T = NOON + 2 * DAY;
const sla = { respond: 4 * HOUR, resolve: 8 * HOUR, clock: 'wall' } as const;

function reminded(run: Rehearsal, id = 'A'): string[] {
  return run.world.facts.flatMap(({ of, fact }) =>
    of === id && fact.type === 'reminded'
      ? [`${fact.clock} ${fact.notice.to.join()} +${(fact.at - NOON) / HOUR}h -${fact.before / HOUR}h`]
      : []
  );
}

function withA(more: Partial<Item>) {
  return new Rehearsal(planOf({ items: [item('A', { remind: [HOUR], ...more }), item('B')] }), NOON);
}

test('owners are told once before each limit and the deadline, and what to type', () => {
  const run = withA({ sla, deadline: { at: NOON + 12 * HOUR }, remind: [2 * HOUR, HOUR] });
  run.advance(NOON + 3.5 * HOUR);
  expect(reminded(run)).toEqual(['respond dev +2h -2h', 'respond dev +3h -1h']);
  expect(run.world.notices.at(-1)).toMatchObject({
    to: ['dev'],
    about: 'A',
    subject: 'A is to be acknowledged by Mon 2025-10-27 16:00 UTC',
    text: 'Do A. In 1 h; open.',
    command: 'launch ack demo A --as dev',
  });
  run.actOnItem('A', { type: 'acknowledge', by: 'dev' });
  run.advance(T);
  expect(reminded(run).slice(2)).toEqual([
    'resolve dev +6h -2h',
    'resolve dev +7h -1h',
    'deadline dev +10h -2h',
    'deadline dev +11h -1h',
  ]);
  expect(run.world.notices.findLast(({ key }) => key.includes(':remind:'))?.command).toBe(
    'launch resolve demo A --as dev'
  );
});

test.each<[what: string, more: Partial<Item>, told: string[]]>([
  ['no clock', {}, []],
  ['nobody who owns it', { owners: [], deadline: { at: NOON + 2 * HOUR } }, []],
  ['a limit shorter than the reminder', { sla: { respond: HOUR, clock: 'wall' } }, []],
  ['a deadline nearer than the reminder', { deadline: { at: NOON + HOUR } }, []],
  ['a deadline that had passed before', { deadline: { at: NOON - HOUR } }, []],
  ['a reminder at the limit itself', { remind: [0], deadline: { at: NOON + 2 * HOUR } }, []],
  ['the same reminder twice', { remind: [HOUR, HOUR], deadline: { at: NOON + 2 * HOUR } }, ['deadline dev +1h -1h']],
  ['a deadline alone', { deadline: { at: NOON + 2 * HOUR } }, ['deadline dev +1h -1h']],
])('%s', (_, more, told) => {
  const run = withA(more);
  run.advance(T);
  expect(reminded(run)).toEqual(told);
});

test('it stands still with the clock: under a hold an SLA has as much time left after it as before', () => {
  const run = withA({ sla: { respond: 4 * HOUR, clock: 'wall' } });
  run.advance(NOON + 2 * HOUR);
  run.act({ type: 'hold', by: 'qa', reason: 'r' });
  run.advance(NOON + 10 * HOUR);
  expect(reminded(run)).toEqual([]);
  run.act({ type: 'release', by: 'ana' });
  run.advance(T);
  expect(reminded(run)).toEqual(['respond dev +11h -1h']);
});

test('what was due under a hold is told at its end, of several the nearest; nothing of a deadline that has passed', () => {
  const of = (held: number) => {
    const run = withA({ deadline: { at: NOON + 12 * HOUR }, remind: [4 * HOUR, 2 * HOUR, HOUR] });
    run.act({ type: 'hold', by: 'qa', reason: 'r' });
    run.advance(NOON + held * HOUR);
    run.act({ type: 'release', by: 'ana' });
    run.advance(T);
    return reminded(run);
  };
  expect(of(10.5)).toEqual(['deadline dev +10.5h -2h', 'deadline dev +11h -1h']);
  expect(of(11.5)).toEqual(['deadline dev +11.5h -1h']);
  expect(of(13)).toEqual([]);
});

test('who waits for another item is not reminded, and has the rest of the time afterwards', () => {
  const A = item('A', { after: ['B'], remind: [HOUR], sla: { resolve: 4 * HOUR, clock: 'wall' } });
  const run = new Rehearsal(planOf({ items: [A, item('B')] }), NOON);
  run.advance(NOON + 10 * HOUR);
  expect(reminded(run)).toEqual([]);
  run.actOnItem('B', { type: 'attest', by: 'dev' });
  run.advance(T);
  expect(reminded(run)).toEqual(['resolve dev +13h -1h']);
});

test('business time: an hour before the limit is an hour of work before it', () => {
  const at = (hour: number) => NOON + hour * HOUR;
  const calendar = {
    ...planOf().calendar,
    business: [
      { from: at(-3), to: at(5) },
      { from: at(21), to: at(29) },
    ],
  };
  const A = item('A', { remind: [2 * HOUR], sla: { resolve: 6 * HOUR, clock: 'business' } });
  const run = new Rehearsal(planOf({ items: [A], plan: { calendar } }), NOON);
  run.advance(T);
  expect(reminded(run)).toEqual(['resolve dev +4h -2h']);
});

test('a deadline that moves is reminded of anew; one of a launch that has ended never', () => {
  const run = withA({ deadline: { at: 0, anchor: { days: 0, ms: -DAY } } });
  run.advance(T - DAY - 30 * MINUTE);
  run.act({ type: 'reschedule', by: 'ana', at: T + DAY, reason: 'r' });
  run.advance(T);
  expect(reminded(run)).toEqual(['deadline dev +23h -1h', 'deadline dev +47h -1h']);
  run.act({ type: 'reschedule', by: 'ana', at: T + 3 * DAY, reason: 'r' });
  run.act({ type: 'cancel', by: 'ana', reason: 'r' });
  run.advance(T + 3 * DAY);
  expect(reminded(run)).toHaveLength(2);
});

test('what fell is a new round: its SLA is reminded of again', () => {
  const run = withA({ sla: { resolve: 4 * HOUR, clock: 'wall' } });
  run.advance(NOON + 3 * HOUR);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.actOnItem('A', { type: 'reopen', by: 'qa', reason: 'r' });
  run.advance(NOON + 12 * HOUR);
  expect(reminded(run)).toEqual(['resolve dev +3h -1h', 'resolve dev +6h -1h']);
});

test('of a decision its deciders are reminded too, and of what silence brings', () => {
  const options = ['x', 'y'].map((id) => ({ id, title: id, opens: [] }));
  const decision = { by: ['ceo'], quorum: 'any' as const, options, ifSilent: { option: 'y' } };
  const run = withA({ kind: 'decision', criteria: [], decision, deadline: { at: NOON + 3 * HOUR } });
  run.advance(NOON + 2 * HOUR);
  expect(run.world.notices.at(-1)).toMatchObject({
    to: ['ceo', 'dev'],
    text: "Do A. In 1 h; open. Without an answer by then 'y' is taken.",
    command: 'launch decide demo A OPTION --as carl',
  });
});
