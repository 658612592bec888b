import { DAY, HOUR, MINUTE } from '../../domain/units';
import { boardOf } from '../../domain/board';
import { initialLaunchState } from '../../domain/launch-state';
import type { Item, Plan } from '../../domain/plan';
import { axisOf } from '../../web/src/pages/timeline/axis';
import { burnLines, burnOf } from '../../web/src/pages/timeline/burn';
import { criticalChain, type Due } from '../../web/src/pages/timeline/critical';
import { clockChanges, launchDates } from '../../web/src/pages/timeline/dates';
import { awaitedSpans, metSteps, movesOf, settledAt, workedSpans } from '../../web/src/pages/timeline/history';
import { edgePath, edgesOf, stepPath } from '../../web/src/pages/timeline/layout';
import { placeWords } from '../../web/src/pages/timeline/place';
import { rowsOf, slipsOf, slipText } from '../../web/src/pages/timeline/rows';
import { labelOf, ledeOf, sayOf } from '../../web/src/pages/timeline/words';
import { item, NOON, planOf } from '../support/plans';

const at = (hours: number) => NOON + hours * HOUR;
const instant = (hours: number) => ({ at: at(hours) });
let position = 0;
const moved = (id: string, hours: number, to: string) => ({
  position: String(++position),
  launch: 'demo',
  workflow: { id: `launch:demo:item:${id}`, firstRunId: 'run' },
  seq: position,
  item: id,
  type: 'moved',
  at: at(hours),
  body: { to, text: '' },
  recordedAt: at(hours),
});

/** A board of a plan as its items have moved; what people said is not of interest here. */
function known(plan: Plan, facts: Array<ReturnType<typeof moved>>, now: number) {
  const moves = movesOf(facts);
  const board = boardOf(initialLaunchState(plan, NOON), now);
  for (const each of board.items) each.status = moves.get(each.id)?.at(-1)?.to ?? each.status;
  return { plan, board, moves, now };
}

const BERLIN = {
  zone: 'Europe/Berlin',
  transitions: [
    { at: 0, offset: 2 * HOUR },
    { at: Date.UTC(2025, 9, 26, 1), offset: HOUR },
  ],
  until: NOON + 400 * DAY,
};

describe('the axis', () => {
  const shown = (from: number, to: number) => axisOf({ zone: 'UTC', transitions: [], until: to }, { from, to });

  test('every instant lies between its ends, in order, and ticks never run into each other', () => {
    for (const length of [
      MINUTE,
      10 * MINUTE,
      HOUR,
      5 * HOUR,
      DAY,
      3 * DAY,
      9 * DAY,
      40 * DAY,
      300 * DAY,
      3_000 * DAY,
    ]) {
      const axis = shown(NOON, NOON + length);
      const places = [NOON, ...axis.ticks.filter((tick) => tick > NOON && tick < NOON + length), NOON + length].map(
        axis.x
      );
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places[0]).toBeGreaterThan(0);
      expect(places.at(-1)).toBeLessThan(axis.width);
      const gaps = axis.ticks.slice(1).map((tick, n) => axis.x(tick) - axis.x(axis.ticks[n]!));
      expect(Math.min(...gaps)).toBeGreaterThan(70);
      expect(axis.ticks.length).toBeGreaterThan(1);
      expect(axis.width).toBeLessThanOrEqual(2_400);
    }
  });

  test('ticks are round in the plan’s zone, also after clocks were changed', () => {
    const axis = axisOf(BERLIN, { from: Date.UTC(2025, 9, 25), to: Date.UTC(2025, 9, 27, 12) });
    const hours = axis.ticks.map((tick) => {
      const offset = tick < Date.UTC(2025, 9, 26, 1) ? 2 : 1;
      return new Date(tick + offset * HOUR).toISOString().slice(11, 16);
    });
    expect(new Set(hours.map((text) => text.slice(3)))).toEqual(new Set(['00']));
    expect(axis.days.map((day) => new Date(day).toISOString().slice(5, 16))).toEqual(['10-25T22:00', '10-26T23:00']);
  });
});

describe('what happened to an item', () => {
  const facts = [moved('A', 1, 'open'), moved('A', 5, 'resolved'), moved('A', 8, 'open'), moved('B', 2, 'waived')];
  const moves = movesOf([...facts].reverse());
  const within = { from: NOON, to: at(10) };

  test('is in the order of time, whatever order it was written in', () => {
    expect(moves.get('A')?.map(({ to }) => to)).toEqual(['open', 'resolved', 'open']);
  });

  test('it was worked on while it was open, and awaited until it was met', () => {
    const hours = (spans: Array<{ from: number; to: number }>) =>
      spans.map(({ from, to }) => [(from - NOON) / HOUR, (to - NOON) / HOUR]);
    expect(hours(workedSpans(moves.get('A')!, within))).toEqual([
      [1, 5],
      [8, 10],
    ]);
    expect(hours(awaitedSpans(moves.get('A')!, within))).toEqual([
      [0, 5],
      [8, 10],
    ]);
    expect(hours(awaitedSpans(moves.get('A')!, { from: at(6), to: at(7) }))).toEqual([]);
    expect(settledAt(moves.get('A')!)).toBeUndefined();
    expect(settledAt(moves.get('B')!)).toBe(at(2));
  });

  test('musts met go up and down with it', () => {
    expect(metSteps(moves, ['A', 'B', 'C'], NOON).map((step) => [(step.at - NOON) / HOUR, step.met])).toEqual([
      [0, 0],
      [2, 1],
      [5, 2],
      [8, 1],
    ]);
  });
});

describe('what the date hangs on', () => {
  const chain = (open: Due[], musts: string[], now = NOON) =>
    criticalChain(new Map(open.map((each) => [each.id, each])), musts, now);
  const due = (id: string, hours: number | undefined, after: string[] = []): Due => ({
    id,
    due: hours === undefined ? undefined : at(hours),
    after,
  });

  test('is the must that is due last, with what it waits for', () => {
    expect(chain([due('A', 5), due('B', 9, ['A', 'C']), due('C', 3), due('D', 7)], ['B', 'D'])).toEqual({
      ids: ['C', 'A', 'B'].slice(1),
      end: at(9),
    });
  });

  test('what is late is not done before now, and what takes long ends later', () => {
    expect(chain([due('A', -5), { ...due('B', 1, ['A']), estimate: 4 * HOUR }], ['B'])).toEqual({
      ids: ['A', 'B'],
      end: at(4),
    });
  });

  test('of those that end together it is the longest', () => {
    expect(chain([due('A', -5), due('B', -4), due('C', -3, ['B'])], ['A', 'C'])).toEqual({
      ids: ['B', 'C'],
      end: NOON,
    });
  });

  test('is nothing where no open must has a date, nor anything before it', () => {
    expect(chain([due('A', undefined), due('B', 9)], ['A'])).toBeUndefined();
    expect(chain([due('A', 4)], [])).toBeUndefined();
  });

  test('a circle, which no plan has, is not gone round for ever', () => {
    expect(chain([due('A', 1, ['B']), due('B', 2, ['A'])], ['A'])?.end).toBe(at(2));
  });
});

describe('rows', () => {
  const items: Item[] = [
    item('LATE', { planned: { from: instant(1), to: instant(4) }, deadline: instant(9) }),
    item('NEXT', { deadline: instant(12), after: ['LATE'] }),
    item('EARLY', { deadline: instant(8) }),
    item('FREE'),
    item('AGAIN', { deadline: instant(3) }),
  ];
  const plan = planOf({ items, must: ['LATE', 'NEXT', 'AGAIN'] });
  const facts = [
    ...['LATE', 'EARLY', 'FREE', 'AGAIN'].map((id) => moved(id, 0, 'open')),
    moved('AGAIN', 2, 'resolved'),
    moved('AGAIN', 4, 'open'),
    moved('EARLY', 5, 'resolved'),
  ];
  const now = at(6);
  const all = known(plan, facts, now);
  const { rows, chain } = rowsOf(all);
  const of = (id: string) => rows.find((row) => row.id === id)!;

  test('what the date hangs on comes first, what has no date last', () => {
    expect(rows.map(({ id }) => id)).toEqual(['LATE', 'NEXT', 'AGAIN', 'EARLY', 'FREE']);
    expect(chain).toEqual({ ids: ['LATE', 'NEXT'], end: at(12) });
    expect(rows.filter(({ isCritical }) => isCritical).map(({ id }) => id)).toEqual(['LATE', 'NEXT']);
  });

  test('a row lies where the plan has it, and behind it from there to now', () => {
    expect(of('LATE')).toMatchObject({
      planned: { from: at(1), to: at(4) },
      past: [{ from: at(4), to: now }],
      worked: [{ from: NOON, to: now }],
      deadline: at(9),
    });
    // From when it can begin, where nothing is said.
    expect(of('NEXT')).toMatchObject({ planned: { from: at(4), to: at(12) }, past: [], worked: [], isAwaited: true });
    expect(of('EARLY')).toMatchObject({ settled: at(5), past: [], isAwaited: false });
    expect(of('AGAIN')).toMatchObject({ reopened: at(4), past: [{ from: at(4), to: now }] });
    expect(of('AGAIN').marks.map(({ kind }) => kind)).toEqual(['met', 'fell']);
    expect(of('FREE').planned).toBeUndefined();
  });

  test('slips are what is not where the plan has it, what is open first', () => {
    expect(slipsOf(rows, now).map(({ id, by, moves, isReopened }) => [id, slipText(by), moves, isReopened])).toEqual([
      ['AGAIN', '+3 h', [], true],
      ['LATE', '+2 h', ['NEXT'], false],
      ['EARLY', '−3 h', [], false],
    ]);
  });

  test('what stands beside a row', () => {
    const say = (id: string) => sayOf(of(id), now, (instant) => new Date(instant).toISOString().slice(11, 16))?.text;
    expect(['LATE', 'NEXT', 'EARLY', 'FREE', 'AGAIN'].map(say)).toEqual([
      '2 h late',
      undefined,
      '17:00, 3 h early',
      'no date',
      'reopened 16:00',
    ]);
  });

  test('the picture in a sentence, and what decides the date in another', () => {
    expect(labelOf(rows, all.board, { from: 'a', to: 'b' })).toBe(
      '5 items against dates, a to b: 1 met, 2 behind the plan, 0 of 3 musts met. The same facts are in the tables below.'
    );
    const sentence = { head: '', rest: '' };
    expect(ledeOf({ rows, chain }, { board: all.board, plan, now, sentence })).toEqual({
      head: 'LATE, then NEXT decide the date.',
      rest: 'Met by their dates, they leave 1 d 11 h before the final poll.',
    });
    expect(ledeOf({ rows, chain }, { board: all.board, plan, now: at(10), sentence }).rest).toContain(
      'LATE was due 1 h ago.'
    );
  });

  test('the plan says how many musts were to be met by now, and the gate how many are', () => {
    const burn = burnOf({ ...all, rows, from: NOON })!;
    expect(burn).toMatchObject({ total: 3, now: 0, plannedNow: 2 });
    expect(burn.actual.map((step) => step.met)).toEqual([0, 1, 0]);
    expect(burn.planned.map((step) => [(step.at - NOON) / HOUR, step.met])).toEqual([
      [0, 0],
      [3, 1],
      [4, 2],
      [12, 3],
    ]);
    expect(
      burnOf({ ...all, board: { ...all.board, gates: { must: [], should: [], nice: [] } }, rows, from: NOON })
    ).toBe(undefined);
  });

  test('lines lead from what is awaited to what waits for it', () => {
    expect(edgesOf(rows).map(({ from, to, isCritical }) => [from.id, to.id, isCritical])).toEqual([
      ['LATE', 'NEXT', true],
    ]);
  });
});

test('three hundred items that wait for each other: rows for all, lines for what decides the date alone', () => {
  const items = Array.from({ length: 300 }, (_, n) =>
    item(`I${n}`, { deadline: instant(n), after: n % 3 === 0 ? [] : [`I${n - 1}`] })
  );
  const { rows } = rowsOf(known(planOf({ items, must: items.map(({ id }) => id) }), [], NOON));
  expect(rows).toHaveLength(300);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(300);
  expect(edgesOf(rows).map(({ from, to }) => [from.id, to.id])).toEqual([
    ['I297', 'I298'],
    ['I298', 'I299'],
  ]);
});

test('words lie beside their marks only where there is room', () => {
  const words = placeWords(
    [
      { x: 100, text: 'Review', weight: 1 },
      { x: 112, text: 'Standup', weight: 2 },
      { x: 990, text: 'Launch', weight: 3 },
      { x: 104, text: 'Something long enough', weight: 0 },
    ],
    1_000
  );
  expect(words.map((word) => word && [word.side, word.text])).toEqual([
    ['end', 'Review'],
    ['start', 'Standup'],
    ['end', 'Launch'],
    undefined,
  ]);
});

test('lines go down at the end, or half way where there is room; steps go on to the end', () => {
  expect(edgePath({ x: 10, y: 20 }, { x: 100, y: 60 })).toBe('M10 20H55V60H99');
  expect(edgePath({ x: 10, y: 20 }, { x: 10, y: 60 })).toBe('M10 20V48');
  expect(edgePath({ x: 10, y: 60 }, { x: 10, y: 20 })).toBe('M10 60V32');
  expect(edgePath({ x: 10, y: 20 }, { y: 60 })).toBe('M10 20V60H28');
  expect(
    stepPath(
      [
        { x: 0, y: 9 },
        { x: 5, y: 3 },
      ],
      8
    )
  ).toBe('M0 9H5V3H8');
  expect(stepPath([], 8)).toBe('');
});

test.each([
  [1, [0, 1]],
  [5, [0, 1, 2, 3, 4, 5]],
  [6, [0, 2, 4, 6]],
  [300, [0, 60, 120, 180, 240, 300]],
])('the scale of %i musts', (total, lines) => {
  expect(burnLines(total)).toEqual(lines);
});

test('the dates of the launch in order, with standups to come', () => {
  const plan = planOf({
    launch: { milestones: [{ title: 'Reviewed', at: { at: at(30) }, items: [] }] },
    plan: { standup: { at: '09:00', days: [1, 2, 3, 4, 5], to: ['ana'], reviews: [] } },
  });
  const { board } = known(plan, [], NOON);
  const dates = launchDates({ plan, board, standups: [], now: NOON });
  expect(dates.map(({ kind, at: when }) => `${kind} ${new Date(when).toISOString().slice(8, 16)}`)).toEqual([
    'standup 28T09:00',
    'milestone 28T18:00',
    'standup 29T09:00',
    'poll 29T11:30',
    'launch 29T12:00',
  ]);
});

test('when clocks are changed between now and the launch', () => {
  const offset = (instant: number) => (instant < Date.UTC(2025, 9, 26, 1) ? 2 * HOUR : HOUR);
  const span = { from: Date.UTC(2025, 9, 25, 15, 42), to: Date.UTC(2025, 9, 27, 14) };
  expect(clockChanges(span, offset)).toEqual([{ at: Date.UTC(2025, 9, 26, 1), by: -HOUR }]);
  expect(clockChanges(span, () => HOUR)).toEqual([]);
});
