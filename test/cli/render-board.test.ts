import pc from 'picocolors';
import { boardChanges } from '../../cli/board-changes';
import { verdictSentence } from '../../report/board-words';
import { renderBoard } from '../../cli/render-board';
import { renderLive } from '../../cli/render-live';
import { styleFor } from '../../cli/style';
import { widthOf } from '../../cli/text';
import { boardOf, type Board } from '../../domain/board';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR } from '../../domain/units';
import { human, item, NOON, planOf, probe } from '../support/plans';

const plain = pc.createColors(false);
const T = NOON + 2 * DAY;

function small(): Rehearsal {
  const items = [
    item('API', { title: 'The API answers', criteria: [probe('up'), human('seen', ['qa'])], priority: 'P0' }),
    item('DOCS', { title: 'Docs are written', owners: ['pilot'], after: ['API'] }),
  ];
  return new Rehearsal(planOf({ items, must: ['API'], should: ['DOCS'] }), NOON, () => 'failed');
}

function boardAt(run: Rehearsal): Board {
  return boardOf(run.world.launch, run.world.now);
}

function shown(run: Rehearsal, width = 80): string {
  return renderBoard(boardAt(run), { now: run.world.now, width, style: plain });
}

test('says first what the verdict would be, then who is awaited with the line to type', () => {
  expect(shown(small()).split('\n').slice(0, 19)).toEqual([
    'Demo',
    'demo · revision 1 · preparing',
    '',
    'DELAY as things stand: 1 must open, 2 sign-offs missing.',
    'Launch Wed 2025-10-29 12:00 UTC, in 2 d.',
    '',
    'Awaited  4 things',
    '  dev',
    "    API: make 'up answers' pass (last seen: failed); it is noticed by itself",
    '  qa',
    "    API: attest 'seen holds'",
    '      launch attest demo API seen --as qa',
    '  ana',
    '    manager: sign off',
    '      launch sign-off demo --as ana',
    '  carl',
    '    ceo: sign off',
    '      launch sign-off demo --as carl',
    '',
  ]);
});

test('a state is a shape and a word, also without colour', () => {
  const text = shown(small());
  expect(text).toMatch(/✗ unmet +The API answers/);
  expect(text).toMatch(/○ open +API +P0 The API answers +dev/);
  expect(text).toMatch(/· waiting +DOCS +Docs are written +waits for API; pilot/);
});

test.each([60, 80, 120])('no line but a command is wider than %i columns', (width) => {
  const run = small();
  run.act({ type: 'hold', by: 'ana', reason: 'the payment provider is down and nobody knows for how long '.repeat(4) });
  const lines = shown(run, width).split('\n');
  expect(lines.filter((line) => widthOf(line) > width && !line.includes('launch '))).toEqual([]);
});

test('after the instant the recorded verdict comes first, and what is open now', () => {
  const run = small();
  run.advance(T + HOUR);
  const text = shown(run);
  expect(text).toContain('DELAY: decided Wed 2025-10-29 12:00 UTC; now: 1 must open, 2 sign-offs missing.');
  expect(text).toContain('The launch date was Wed 2025-10-29 12:00 UTC, 1 h ago.');
});

test('a launch that has gone says so and asks for nothing', () => {
  const run = new Rehearsal(planOf(), NOON);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
  expect(verdictSentence(boardAt(run))).toMatchObject({ head: 'On course for GO', rest: 'nothing stands in the way' });
  run.advance(T);
  const text = shown(run);
  expect(text).toContain('GO: launched Wed 2025-10-29 12:00 UTC.');
  expect(text).not.toContain('Awaited');
});

test('a cancelled launch is not called by the verdict it might have had', () => {
  const run = small();
  run.act({ type: 'cancel', by: 'ana', reason: 'dropped' });
  expect(shown(run)).toContain('CANCELLED: cancelled Mon 2025-10-27 12:00 UTC: ana: dropped.');
});

test('what comes from outside cannot act on the terminal', () => {
  const nasty = 'Red \u001b[31m alert\u0007 \u202egnp.exe\nGO: launched';
  const run = new Rehearsal(planOf({ items: [item('A', { title: nasty })], plan: { title: nasty } }), NOON);
  run.act({ type: 'hold', by: 'ana', reason: nasty });
  const text = shown(run);
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(text.split('\n')[0]).toBe('Red [31m alert gnp.exe GO: launched');
});

test('colour is for terminals that want it', () => {
  const colours = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv) => styleFor(stream, env).isColorSupported;
  expect(colours({ isTTY: true }, {})).toBe(true);
  expect(colours({}, {})).toBe(false);
  expect(colours({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
  expect(colours({ isTTY: true }, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
  expect(colours({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  expect(colours({}, { FORCE_COLOR: '1' })).toBe(true);
});

test('from one board to the next: a line for each thing that has changed', () => {
  const run = small();
  const before = boardAt(run);
  expect(boardChanges(before, boardAt(run))).toEqual([]);
  run.act({ type: 'signOff', by: 'carl', answer: 'no', why: 'too early' });
  run.actOnItem('API', { type: 'acknowledge', by: 'dev' });
  run.advance(T);
  expect(boardChanges(before, boardAt(run))).toEqual([
    'API is acknowledged, was open',
    'The launch is delayed, was preparing',
    'carl has signed no: it holds the launch',
    expect.stringMatching(/^DELAY: decided Wed 2025-10-29 12:00 UTC; now: /),
  ]);
});
test.each([24, 30, 60])('the live board fits a terminal of %i rows, what can be typed first', (rows) => {
  const items = Array.from({ length: 20 }, (_, index) => item(`I${index}`, { criteria: [human('done', ['qa'])] }));
  const run = new Rehearsal(planOf({ items, must: items.map(({ id }) => id) }), NOON);
  const { launch, now } = run.world;
  const lines = renderLive(boardOf(launch, now), { now, width: 80, rows, style: plain }).split('\n');
  expect(lines.length).toBeLessThanOrEqual(rows);
  expect(lines[3]).toBe('DELAY as things stand: 20 musts open, 2 sign-offs missing.');
  expect(lines).toContain('    launch attest demo I0 done --as qa');
  expect(lines).toContain('Items 0 of 20 done (20 open)');
  if (rows < 60) expect(lines.at(-1)).toMatch(/^ {2}… and \d+ more things: launch status demo$/);
});

test('a long reason to hold leaves room for the board', () => {
  const run = small();
  run.act({ type: 'hold', by: 'ana', reason: 'the payment provider is down '.repeat(100) });
  const { launch, now } = run.world;
  const text = renderLive(boardOf(launch, now), { now, width: 80, rows: 24, style: plain });
  expect(text.split('\n').length).toBeLessThanOrEqual(24);
  expect(text).toContain('launch attest demo API seen --as qa');
});

test('a must is said whole, others in few words: how far their items are', () => {
  const text = shown(small());
  expect(text).toMatch(/✗ unmet +The API answers\n +API is open; 'up answers': not met \(failed\);/);
  expect(text).toMatch(/✗ unmet +Docs are written +DOCS waiting/);
});

test('reported blockers and moved dates are on the board', () => {
  const run = small();
  run.act({ type: 'reportBlocker', by: 'qa', title: 'Carts are lost' });
  run.act({ type: 'reschedule', by: 'ana', at: T + DAY, reason: 'one more day' });
  const text = shown(run);
  expect(text).toContain('REPORTED-1, qa: Carts are lost (to be reviewed)');
  run.act({ type: 'reviewBlocker', by: 'ana', report: 'REPORTED-1', accept: false, reason: 'known, and harmless' });
  expect(shown(run)).toMatch(/Carts are lost \(rejected by ana:\s+known, and harmless\)/);
  expect(text).toMatch(/Wed 2025-10-29 12:00 UTC → Thu 2025-10-30 12:00 UTC, ana:\s+one more day/);
});

test('lines to type name the program as it is called here', () => {
  const run = small();
  const text = renderBoard(boardAt(run), { now: run.world.now, width: 80, style: plain, program: 'npx launch' });
  expect(text).toContain('      npx launch attest demo API seen --as qa');
});

test('beside GO a must that is otherwise now says that the final poll is what was counted', () => {
  const run = new Rehearsal(
    planOf({ items: [item('API', { criteria: [probe('up')] })], must: ['API'] }),
    NOON,
    () => 'passed'
  );
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
  run.advance(T);
  expect(boardAt(run).gates.must).toMatchObject([{ state: 'met', reason: null }]);
  const { launch } = run.world;
  const report = launch.reports.API!;
  const measured = { outcome: 'errored' as const, begunAt: NOON, at: NOON, seen: 'nobody listens', inRow: 3 };
  const reports = { API: { ...report, progress: { up: { ...report.progress.up!, measured } } } };
  const board = boardOf({ ...launch, reports }, T);
  expect(board.gates.must).toMatchObject([
    { state: 'unmet', reason: expect.stringMatching(/^met in the final poll, which is what GO counted; now API is/) },
  ]);
  expect(renderBoard(board, { now: T, width: 80, style: plain })).toMatch(/met in the final poll, which is what GO/);
});

test('says when the next standup is', () => {
  const standup = { at: '09:00', days: [1, 2, 3, 4, 5], to: ['dev'], reviews: [{ at: NOON + HOUR }] };
  const run = new Rehearsal(planOf({ plan: { standup } }), NOON, () => 'failed');
  expect(boardAt(run).standup).toEqual({ next: '2025-10-27T13:00:00.000Z', kind: 'review' });
  expect(shown(run)).toContain('Next review Mon 2025-10-27 13:00 UTC.');
  const later = boardOf(run.world.launch, NOON, NOON + HOUR);
  expect(renderBoard(later, { now: NOON, width: 80, style: plain })).toContain(
    'Next standup Tue 2025-10-28 09:00 UTC.'
  );
  expect(small().world.launch.plan.standup).toBeUndefined();
  expect(shown(small())).not.toMatch(/standup|review/i);
});

test('of a check that could not run it is said what can be done: it may never pass by itself', () => {
  const plan = planOf({ items: [item('API', { criteria: [probe('up')] })], must: ['API'] });
  const run = new Rehearsal(plan, NOON, () => 'errored');
  const [need] = boardAt(run).verdict.needs;
  expect(need?.action).toBe(
    "make the check of 'up answers' run: errored; by what it looks at, the worker's configuration, or an amended plan (launch amend)"
  );
});
