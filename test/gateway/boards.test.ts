import { pino } from 'pino';
import { LaunchError } from '../../client/errors';
import type { Launches } from '../../client/launches';
import { boardOf, type Board } from '../../domain/board';
import { Rehearsal } from '../../domain/simulate';
import { Boards } from '../../gateway/boards';
import { openDatabase, type Database } from '../../prisma/database';
import { createLedger } from '../../prisma/ledger';
import { createPages, type Pages } from '../../prisma/pages';
import { createStore, type Store } from '../../prisma/store';
import { freshDatabase } from '../support/database';
import { human, item, NOON, planOf } from '../support/plans';
import { until } from '../support/until';

/** What becomes of the boards of launches that are over: a real database, and a Temporal that knows what the test says. */
const plan = planOf({ items: [item('A', { criteria: [human('x', ['qa'])] })], must: ['A'] });
const VERDICT = { value: 'GO', at: NOON, launchAt: NOON, reasons: [], conditions: [{ ref: 'B', text: 'a should' }] };

let database: Database;
let pages: Pages;
let store: Store;
let running: Boards[];

beforeEach(async () => {
  database = openDatabase((await freshDatabase()).url);
  [pages, store, running] = [createPages(database), createStore(database), []];
});
afterEach(async () => {
  await Promise.all(running.map((boards) => boards.stop()));
  await database.close();
});

function boardAs(id: string, ended: Board['ended']): Board {
  const { world } = new Rehearsal(plan, NOON);
  return { ...boardOf(world.launch, NOON), id, ended };
}

const OVER = { how: 'cancelled', at: '2030-01-01T00:00:00.000Z', reason: 'enough' };

/** Stopped when the test is over. */
function askedBy(board: (launch: string) => Promise<Board>): Boards {
  const boards = new Boards({
    launches: { board } as unknown as Launches,
    pages,
    store,
    ledger: createLedger(database),
    log: pino({ level: 'silent' }),
  });
  running.push(boards);
  return boards;
}

/** Temporal has these boards, and has forgotten all else; what is undefined does not answer. */
function boardsOf(known: { [launch: string]: Board | undefined }): { boards: Boards; asked: string[] } {
  const asked: string[] = [];
  const board = async (launch: string): Promise<Board> => {
    asked.push(launch);
    if (!Object.hasOwn(known, launch)) throw new LaunchError('NOT_FOUND', `there is no launch '${launch}'`);
    return known[launch] ?? Promise.reject(new LaunchError('NO_WORKER', 'no worker answers'));
  };
  return { boards: askedBy(board), asked };
}

/** The rules cannot follow it. */
const UNREADABLE = { type: 'amended', body: { plan: {} } };

async function written(launch: string, facts: Array<{ type: string; body: object }>, from = 0): Promise<void> {
  const row = {
    kind: 'launch' as const,
    title: `The ${launch}`,
    revision: 3,
    phase: 'launched' as const,
    launchAt: NOON,
    verdict: { value: 'GO' as const, at: NOON },
    plan: JSON.parse(JSON.stringify(plan)),
  };
  const all = facts.map(({ type, body }, n) => ({
    seq: from + n,
    at: NOON + from + n,
    type,
    body: JSON.parse(JSON.stringify(body)),
  }));
  await store.recordFacts({
    launch,
    workflow: { id: `launch:${launch}`, firstRunId: 'r' },
    facts: all,
    row,
    rowSeq: from,
  });
}

const STARTED = { type: 'started', body: {} };
const DECIDED = { type: 'decided', body: { verdict: VERDICT } };
const ENDED = { type: 'ended', body: { how: 'launched', reason: 'GO' } };

test('a gateway that starts after the end keeps the board at once, if Temporal still has it', async () => {
  await written('late', [STARTED, ENDED]);
  const { boards } = boardsOf({ late: boardAs('late', OVER) });
  boards.start();
  const kept = await until('its board', () => pages.keptBoard('late'));
  expect(kept.board.ended).toEqual(OVER);
});

test('what Temporal has forgotten is taken through the rules again, whatever was kept of it', async () => {
  await written('told', [STARTED, DECIDED, ENDED]);
  const { position } = await pages.reach('told');
  await pages.keepBoard('told', { board: boardAs('told', OVER), position, at: NOON });
  expect(await boardsOf({}).boards.read('told')).toMatchObject({
    live: false,
    isOver: true,
    isBroken: false,
    at: NOON + 2,
    board: {
      phase: 'launching',
      ended: { how: 'launched' },
      verdict: { value: 'GO' },
      gates: { must: [{ ref: 'A', state: 'unmet' }] },
    },
  });
});

test('of a launch that nobody kept and Temporal has forgotten, the facts say how it ended; the rest is not guessed', async () => {
  await written('gone', [STARTED, UNREADABLE, DECIDED, ENDED]);
  const read = await boardsOf({}).boards.read('gone');
  expect(read).toMatchObject({
    live: false,
    isOver: true,
    board: {
      title: 'The gone',
      revision: 3,
      phase: 'launched',
      verdict: { value: 'GO', at: new Date(NOON).toISOString(), conditions: VERDICT.conditions, needs: [] },
      ended: { how: 'launched', reason: 'GO', at: new Date(NOON + 3).toISOString() },
      gates: { must: [] },
      incomplete: expect.arrayContaining(['gates', 'signOffs', 'digest']),
    },
  });
  await expect(boardsOf({}).boards.read('never')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('without a recorded verdict there was no GO', async () => {
  await written('undecided', [STARTED]);
  const { board } = await boardsOf({}).boards.read('undecided');
  expect(board).toMatchObject({ verdict: { value: 'DELAY', at: null }, ended: null });
});

test('what is known of a launch that has not answered is given at once to whoever asks again, and its answer when it comes', async () => {
  await written('mute', [STARTED]);
  const { position } = await pages.reach('mute');
  await pages.keepBoard('mute', { board: boardAs('mute', null), position, at: NOON });
  let answer!: (board: Board) => void;
  const late = new Promise<Board>((resolve) => (answer = resolve));
  const answers = [Promise.reject<Board>(new LaunchError('NO_WORKER', 'no worker answers')), late];
  const boards = askedBy(async () => await answers.shift()!);
  const kept = { live: false, isOver: false, at: NOON };
  expect(await boards.read('mute')).toMatchObject(kept);
  expect(boards.isSilent('mute')).toBe(true);
  // The question is under way, and stays the only one.
  for (let n = 0; n < 2; n++) expect(await boards.read('mute')).toMatchObject(kept);
  expect(answers).toEqual([]);
  answer(boardAs('mute', null));
  expect(await boards.read('mute')).toMatchObject({ live: true });
  expect(boards.isSilent('mute')).toBe(false);
});

test('a board that was kept before the end is not taken for the end', async () => {
  await written('half', [STARTED]);
  const { position } = await pages.reach('half');
  await pages.keepBoard('half', { board: boardAs('half', null), position, at: NOON });
  await written('half', [DECIDED, ENDED], 1);
  expect((await boardsOf({}).boards.read('half')).board).toMatchObject({
    ended: { how: 'launched' },
    verdict: { value: 'GO' },
  });
  // A worker that does not answer is another thing: then it is the last that was known, and says so.
  expect(await boardsOf({ half: undefined }).boards.read('half')).toMatchObject({
    live: false,
    isOver: false,
    at: NOON,
    board: { ended: null },
  });
});

test('launches that do not answer are not in the way of those that do', async () => {
  const dumb = Array.from({ length: 25 }, (_, n) => `dumb-${n}`);
  await written('old', [STARTED, ENDED]);
  for (const launch of dumb) await written(launch, [STARTED]);
  const known = Object.fromEntries(dumb.map((launch) => [launch, undefined]));
  const { boards, asked } = boardsOf({ ...known, old: boardAs('old', OVER) });
  boards.start();
  await until('the oldest', () => pages.keptBoard('old'));
  expect(asked.filter((launch) => launch === 'dumb-24')).toHaveLength(1);
}, 60_000);
