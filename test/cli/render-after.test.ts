import pc from 'picocolors';
import { boardChanges } from '../../cli/board-changes';
import { verdictSentence } from '../../report/board-words';
import { renderBoard } from '../../cli/render-board';
import { boardOf } from '../../domain/board';
import type { ActionOutcome } from '../../domain/go-actions';
import { Rehearsal } from '../../domain/simulate';
import { HOUR } from '../../domain/units';
import { NOON, planOf, probe } from '../support/plans';

const plain = pc.createColors(false);
const T = NOON + 2 * HOUR;

/** A launch whose second action comes to `outcome`, watched by a check that finds `found`. */
function launched(outcome: ActionOutcome, found: 'passed' | 'failed' = 'passed') {
  const postLaunch = { watch: 4 * HOUR, criteria: [probe('errors')] };
  const go = [
    { webhook: { url: 'https://ci.example.com/T0/key' } },
    { title: 'Open the shop', command: { name: 'open' } },
  ];
  const launch = { at: T, postLaunch, rollback: ['Point the domain back'] };
  const run = new Rehearsal(planOf({ launch, plan: { onVerdict: { go, delay: [], noGo: [] } } }), NOON, () => found);
  run.outcomeOf = ({ n }) => (n === 1 ? outcome : 'done');
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
  const board = () => boardOf(run.world.launch, run.world.now);
  return { run, board, shown: () => renderBoard(board(), { now: run.world.now, width: 100, style: plain }) };
}

test('what GO will do, and what is watched then, is shown before it, and no more of an address than its host', () => {
  const text = launched('done').shown();
  expect(text).toMatch(/What follows {2}0 of 2 done/);
  expect(text).toMatch(/planned +GO 1 call ci\.example\.com/);
  expect(text).toMatch(/Watched after GO {2}from GO on/);
  expect(text).not.toContain('T0/key');
  expect(text).not.toContain('Point the domain back');
});

test('a failure is the first thing that is read, with the line to type and the steps back', () => {
  const { run, board, shown } = launched('failed');
  const before = board();
  run.advance(T);
  expect(verdictSentence(board())).toMatchObject({ value: 'NO_GO', head: 'GO, launch failed' });
  const text = shown();
  expect(text).toMatch(/GO, launch failed: decided .*'Open the shop' failed/);
  expect(text).toContain('launch retry-actions demo --as ana');
  expect(text).toMatch(/✗ failed +GO 2 Open the shop/);
  expect(text).toMatch(/To roll back {2}1 step\n {2}1\. Point the domain back/);
  expect(boardChanges(before, board())).toEqual(
    expect.arrayContaining(["'call ci.example.com' is done (done)", "'Open the shop' is failed (failed)"])
  );
});

test('what was skipped says so, by whom and why', () => {
  const { run, board, shown } = launched('unknown');
  run.advance(T);
  run.act({ type: 'retryActions', by: 'ana', skip: 2, reason: 'opened by hand' });
  expect(verdictSentence(board())).toMatchObject({ value: 'GO', head: 'GO' });
  expect(shown()).toMatch(/≈ skipped +GO 2 Open the shop[^]*skipped by ana: opened by hand \(unknown: unknown\)/);
});

test('launched: until when it is watched, and what fails there', () => {
  const { run, board } = launched('done', 'failed');
  const before = board();
  run.advance(T);
  expect(verdictSentence(board())).toMatchObject({
    value: 'DELAY',
    head: 'GO',
    rest: expect.stringMatching(/^launched, decided .*; watched until .*; of what is watched since, 1 fails$/),
  });
  expect(boardChanges(before, board())).toContain("After GO 'errors answers' does not hold: the authority was told");
  run.advance(T + 4 * HOUR);
  expect(verdictSentence(board()).rest).toMatch(/^launched /);
});
