import pc from 'picocolors';
import { renderItem } from '../../cli/render-item';
import { itemPage } from '../../client/item-page';
import { boardOf } from '../../domain/board';
import { digestOf } from '../../domain/digest';
import { Rehearsal } from '../../domain/simulate';
import { DAY, MINUTE, SECOND } from '../../domain/units';
import type { LiveWatch } from '../../domain/watching';
import { human, item, NOON, planOf, probe } from '../support/plans';

const long = `seen by everyone ${'who matters '.repeat(20)}in the end`;
const sha256 = digestOf('a file');

function pageOf(run: Rehearsal, watches: LiveWatch[], now = run.world.now) {
  const { launch, items } = run.world;
  const board = boardOf(launch, now);
  const page = itemPage(board, items['API']!, { watches, now })!;
  const options = { now, width: 80, style: pc.createColors(false), zone: board.timezone };
  return { page, text: renderItem(page, items['API']!, options) };
}

/** Without its line breaks. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

test('one item: what it is, each criterion whole, who can meet it and what was seen, what is awaited and was said', () => {
  const api = item('API', {
    title: 'The API answers',
    impact: 'Nobody can buy',
    reportedBy: ['pilot'],
    priority: 'P0',
    deadline: { at: NOON + DAY },
    criteria: [probe('up'), { ...human('seen', ['qa', 'pilot']), title: long }],
  });
  const run = new Rehearsal(planOf({ items: [api], must: ['API'] }), NOON, () => 'failed');
  const evidence = { note: 'it\u001b[31m works', link: 'https://ci.example.com/7', file: { name: 'shot.png', sha256 } };
  run.actOnItem('API', { type: 'attest', by: 'qa', criterion: 'seen', evidence });
  run.actOnItem('API', { type: 'comment', by: 'dev', text: 'the vendor answers at nine' });
  const { text, page } = pageOf(run, []);
  expect(text.split('\n').slice(0, 2)).toEqual(['API: The API answers', 'demo · task · P0 · open']);
  expect(text).toContain('Impact: Nobody can buy');
  expect(text).toContain('Reported by: pilot');
  expect(text).toContain('Due: Tue 2025-10-28 12:00 UTC, in 1 d');
  expect(text).toContain('Criteria  1 of 2 met');
  expect(text).toMatch(
    /✗ unmet +up\n +up answers\n +check 'http', every 1 min\n +looked just now, took 0 ms: failed: failed/
  );
  expect(text).toMatch(/✓ met +seen\n/);
  expect(flat(text)).toContain(flat(long));
  expect(text).toContain('the word of qa or pilot');
  expect(flat(text)).toContain(`it [31m works, https://ci.example.com/7, shot.png (SHA-256 ${sha256})`);
  expect(page.criteria[1]?.words).toMatchObject([{ by: 'qa', at: new Date(NOON).toISOString(), evidence }]);
  expect(text).toContain("make 'up answers' pass");
  expect(text).toContain('dev, in 0 s: the vendor answers at nine');
});

/** An item that is met by its check since noon, and a watch that has looked `ago` ms before now. */
function watched(ago: number, more: Partial<LiveWatch> = {}) {
  const run = new Rehearsal(
    planOf({ items: [item('API', { criteria: [probe('up')] })], must: ['API'] }),
    NOON,
    () => 'passed'
  );
  const now = NOON + DAY;
  const at = now - ago;
  const last = { n: 3, outcome: 'passed' as const, begunAt: at - 40, at, seen: 'GET / answered 200' };
  const live = { criterion: 'up', isPoll: false, isLooking: false, last, nextAt: now + 48 * SECOND, ...more };
  return pageOf(run, [live], now);
}

test('a look that is due within the second is due now', () => {
  const { text } = watched(12 * SECOND, { nextAt: NOON + DAY + 400 });
  expect(flat(text)).toMatch(/looks again now/);
});

test('what made it met, the last look, how many in a row, and the next', () => {
  const { text, page } = watched(12 * SECOND);
  expect(flat(text)).toMatch(
    /met by: 2025-10-27T12:00:00.000Z, check 'http' [0-9a-f]{12} of revision 1, took 0 ms: passed/
  );
  expect(flat(text)).toContain(
    'looked 12 s ago, took 40 ms: passed, 3 in a row: GET / answered 200; looks again in 48 s'
  );
  expect(text).not.toContain('not being watched');
  const [up] = page.criteria;
  expect(up?.metBy).toMatchObject({
    at: '2025-10-27T12:00:00.000Z',
    tookMs: 0,
    inRow: 1,
    check: { type: 'http', revision: 1 },
  });
  expect(up?.watch).toEqual({
    everyMs: MINUTE,
    watched: true,
    looking: false,
    nextAt: new Date(NOON + DAY + 48 * SECOND).toISOString(),
    last: {
      inRow: 3,
      outcome: 'passed',
      seen: 'GET / answered 200',
      begunAt: new Date(NOON + DAY - 12_040).toISOString(),
      at: new Date(NOON + DAY - 12_000).toISOString(),
      tookMs: 40,
    },
  });
});

const LIMIT = 3 * MINUTE + 10 * SECOND;

test.each<[string, number, Partial<LiveWatch>, boolean]>([
  ['three intervals and the timeout ago', LIMIT, {}, true],
  ['one millisecond longer ago', LIMIT + 1, {}, false],
  ['long ago, though it is looking now', LIMIT + 1, { isLooking: true, nextAt: undefined }, false],
  ['never, begun just now', 0, { last: undefined, begunAt: NOON + DAY }, true],
  ['never, begun long ago', 0, { last: undefined, begunAt: NOON + DAY - LIMIT - 1 }, false],
])('looked at %s', (...[, ago, more, isWatched]) => {
  const { text, page } = watched(ago, more);
  expect(page.criteria[0]?.watch?.watched).toBe(isWatched);
  expect(text.includes('not being watched')).toBe(!isWatched);
});

test('a check that nothing in Temporal watches, and one that is not to be watched yet', () => {
  const later = probe('later', { from: { at: NOON + DAY } });
  const api = item('API', { criteria: [probe('up'), later] });
  const run = new Rehearsal(planOf({ items: [api], must: ['API'] }), NOON, () => 'failed');
  const { page } = pageOf(run, [], NOON + LIMIT + 1);
  expect(page.criteria.map(({ watch }) => watch?.watched ?? null)).toEqual([false, null]);
});
