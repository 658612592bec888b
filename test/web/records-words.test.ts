import { changesBetween, planLines, revisionsOf } from '../../web/src/pages/plan/changes';
import { inWords, lookOf, outboxSentence } from '../../web/src/pages/outbox/outbox-words';
import { chainText } from '../../web/src/pages/ledger/chain-words';
import { human, item, planOf } from '../support/plans';

const fact = (position: number, type: string, body: object) => ({
  position: String(position),
  launch: 'demo',
  workflow: { id: 'launch:demo', firstRunId: 'run' },
  seq: position,
  type,
  at: position,
  body: body as never,
  recordedAt: position,
});

test('each amendment and each accepted blocker is a revision, the newest first', () => {
  const facts = [
    fact(10, 'amended', { by: 'ana', reason: 'moved', plan: { revision: 3 } }),
    fact(9, 'blockerReviewed', { by: 'ceo', report: 'REPORTED-1', accept: true, reason: 'real' }),
    fact(2, 'blockerReviewed', { by: 'ceo', report: 'REPORTED-0', accept: false }),
    fact(1, 'started', { by: 'root' }),
  ];
  expect(revisionsOf(facts)).toEqual([
    { number: 3, at: 10, by: 'ana', why: 'moved', how: 'amended' },
    { number: 2, at: 9, by: 'ceo', why: 'real', how: 'accepted', report: 'REPORTED-1' },
    { number: 1, at: 1, by: 'root', how: 'started' },
  ]);
});

test('what changed is said as an amendment says it', () => {
  const before = planOf({ items: [item('A'), item('B')], must: ['A'] });
  const changed = item('A', { criteria: [human('done', ['qa'])] });
  const after = { ...planOf({ items: [changed, item('C')], must: ['A'] }), revision: 2, title: 'Other' };
  expect(changesBetween(before, after)).toEqual([
    { mark: '+', what: 'C' },
    { mark: '−', what: 'B', says: 'its work here is over' },
    { mark: '~', what: 'A', says: 'done: what was known of it counts no more' },
    { mark: '~', what: 'the title' },
  ]);
  expect(changesBetween(before, before)).toEqual([]);
  expect(JSON.parse(planLines(before).join('\n'))).toEqual(JSON.parse(JSON.stringify(before)));
});

test.each([
  [{ state: 'sent', held: false, attempts: 1 }, 'Sent'],
  [{ state: 'failed', held: false, attempts: 9 }, 'Given up'],
  [{ state: 'bundled', held: false, attempts: 0 }, 'Bundled'],
  [{ state: 'queued', held: true, attempts: 0 }, 'Held'],
  [{ state: 'queued', held: false, attempts: 2 }, 'Tried again'],
  [{ state: 'queued', held: false, attempts: 0 }, 'Waiting'],
])('a message as it is kept, %j, is called %s', (delivery, word) => {
  expect(lookOf(delivery).word).toBe(word);
});

test('how the messages stand, in a sentence', () => {
  const of = (state: string, held = false) => ({ state, held });
  expect(outboxSentence([])).toBe('Nobody was told anything yet.');
  expect(outboxSentence([of('sent'), of('bundled')])).toBe('All messages were sent.');
  expect(outboxSentence([of('failed'), of('queued', true), of('queued')])).toBe(
    '1 message was given up; 2 messages are not sent yet, 1 of them held back.'
  );
  expect(inWords([1, 2], 2)).toBe('the last 2');
});

test('nothing is said to be sound that was not read', () => {
  const nothing = { broken: 0, verified: null };
  const verified = (number: number) => ({ number, head: '', at: '' });
  expect(chainText({ ...nothing, state: 'checking', entries: 9 })).toMatch(/nothing is known/);
  expect(chainText({ ...nothing, state: 'checking', entries: 0 })).toBe('Nothing is written yet.');
  expect(chainText({ ...nothing, state: 'sound', entries: 9, verified: verified(9) })).toBe(
    'Each of its 9 entries is as it was written.'
  );
  expect(chainText({ ...nothing, state: 'sound', entries: 9, verified: verified(7) })).toMatch(
    /^Each entry up to 7 of 9/
  );
  expect(chainText({ broken: 2, state: 'broken', entries: 9, verified: verified(9) })).toMatch(/not as it was written/);
});
