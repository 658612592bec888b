import fc from 'fast-check';
import { factBy, FACT_TYPES, factText, lifeLine } from '../../web/src/parts/fact-words';

const says = (type: string, body: object, item?: string) => factText({ type, item, body: body as never });

test.each([
  ['started', { by: 'ana' }, undefined, 'ana started the launch.'],
  ['signedOff', { by: 'ceo', answer: 'no', why: 'Not ready.' }, undefined, 'ceo signed off: no: Not ready.'],
  [
    'held',
    { by: 'ceo', reason: 'wait', via: 'operator' },
    undefined,
    'ceo held the launch: wait (said by the operator).',
  ],
  [
    'rescheduled',
    { by: 'ceo', launchAt: 0, reason: 'x' },
    undefined,
    'ceo moved the launch date to 1970-01-01 00:00 UTC: x.',
  ],
  ['moved', { to: 'carried-over', text: '' }, 'A', 'A is carried over.'],
  ['moved', { to: 'open', text: 'opened' }, 'A', 'A is open.'],
  [
    'attested',
    { by: 'qa', criterion: 'ok', evidence: { note: 'seen', link: 'https://x' } },
    'A',
    'qa attested “ok” of A: seen, https://x.',
  ],
  [
    'measured',
    { criterion: 'ok', measurement: { outcome: 'inconclusive', seen: '502' } },
    'A',
    '“ok” of A ran, and cannot tell: 502.',
  ],
  ['decided', { option: 'cloud', how: 'silent' }, 'D', 'D is decided: cloud, since nobody decided in time.'],
  [
    'decided',
    { verdict: { value: 'NO_GO', reasons: [{ text: 'A is open' }, { text: 'B' }] } },
    undefined,
    'The verdict is NO-GO: A is open, and 1 more.',
  ],
  [
    'amended',
    { by: 'ana', plan: { revision: 3 }, reason: 'moved' },
    undefined,
    'ana amended the plan to revision 3: moved.',
  ],
  [
    'blockerReported',
    { report: { by: 'qa', id: 'REPORTED-1', title: 'It burns' } },
    undefined,
    'qa reported REPORTED-1: It burns.',
  ],
  ['ended', { how: 'cancelled', reason: 'over' }, undefined, 'The launch is cancelled: over.'],
  ['from-tomorrow', {}, 'A', 'from-tomorrow of A.'],
])('%s %j is a sentence', (...[type, body, item, text]) => {
  expect(says(type, body, item)).toBe(text);
});

test('whatever was written is a sentence, and nothing of it is made up', () => {
  const type = fc.constantFrom(...FACT_TYPES.map((each) => each.type), 'toString', '__proto__', 'unknown');
  fc.assert(
    fc.property(type, fc.jsonValue(), fc.option(fc.string(), { nil: undefined }), (named, body, item) => {
      const text = factText({ type: named, item, body: body as never });
      expect(text.endsWith('.')).toBe(true);
      expect(text).not.toMatch(/\[object|undefined|NaN/);
    }),
    { examples: [['held', null, undefined]] }
  );
});

test.each([
  ['moved', { to: 'open', text: 'opened' }, { state: 'open', word: 'Opened', says: undefined }],
  ['moved', { to: 'open', text: 'it fell', fall: 'fell' }, { state: 'not-met', word: 'Open again', says: 'it fell' }],
  [
    'measured',
    { criterion: 'up', measurement: { outcome: 'failed', seen: '502' } },
    { state: 'not-met', word: 'Failed', says: 'up: 502' },
  ],
  ['acknowledged', { by: 'dev', note: 'on it' }, { state: 'in-hand', word: 'Acknowledged', says: 'by dev: on it' }],
  ['ended', { how: 'launched' }, { state: 'dropped', word: 'Over', says: 'with its launch' }],
  ['commented', { by: 'dev', text: 'x' }, undefined],
  ['from-tomorrow', {}, undefined],
])('%s %j among what has happened to an item', (...[type, body, line]) => {
  expect(lifeLine({ type, body: body as never })).toEqual(line);
});

test('of whatever was written the line of a life is words, and shown at all', () => {
  const type = fc.constantFrom(...FACT_TYPES.map((each) => each.type), 'toString', '__proto__', 'unknown');
  fc.assert(
    fc.property(type, fc.jsonValue(), (named, body) => {
      const line = lifeLine({ type: named, body: body as never });
      if (line) expect(`${line.word} ${line.says ?? ''}`).not.toMatch(/\[object|undefined|NaN/);
    }),
    { examples: [['told', null]] }
  );
});

test('whose words they are', () => {
  expect(factBy({ body: { by: 'ana' } })).toBe('ana');
  expect(factBy({ body: { report: { by: 'qa' } } })).toBe('qa');
  expect(factBy({ body: [] })).toBeUndefined();
});
