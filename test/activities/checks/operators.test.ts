import fc from 'fast-check';
import { PathError, select } from '../../../activities/checks/json-path';
import { evaluate } from '../../../activities/checks/operators';
import { evaluateTogether, jsonFindings } from '../../../activities/checks/text-findings';
import type { Json } from '../../../domain/plan';
import { expectation, type Expectation } from '../../../plan/checks/operators';

const outcomeOf = (given: Expectation, value: Json | undefined) => evaluate(given, { name: 'it', value }).outcome;

test.each<[what: string, expectation: Expectation, value: Json | undefined, outcome: string]>([
  ['a text', { equals: 'up' }, 'up', 'passed'],
  ['a text in other letters', { equals: 'up' }, 'Up', 'failed'],
  ['a letter that is composed otherwise', { equals: 'é' }, 'e\u0301', 'failed'],
  ['a number that is a text', { equals: 7 }, '7', 'failed'],
  ['one that is true', { equals: true }, 1, 'failed'],
  ['null', { equals: null }, null, 'passed'],
  ['null for nothing', { equals: null }, undefined, 'failed'],
  ['zero below zero', { equals: 0 }, -0, 'passed'],
  ['an empty text', { equals: '' }, '', 'passed'],
  ['a list that would print so', { equals: 'a' }, ['a'], 'failed'],
  ['another text', { not: 'up' }, 'down', 'passed'],
  ['the same text', { not: 'up' }, 'up', 'failed'],
  ['nothing, for another text', { not: 'up' }, undefined, 'failed'],
  ['null, for another text', { not: 'up' }, null, 'passed'],
  ['a list, for another text', { not: 'up' }, ['up'], 'failed'],
  ['an object that is not null', { not: null }, {}, 'passed'],
  ['nothing that is not null', { not: null }, undefined, 'failed'],
  ['null that is not null', { not: null }, null, 'failed'],
  ['the bound itself', { atLeast: 5, atMost: 5 }, 5, 'passed'],
  ['below', { atLeast: 5 }, 4.999, 'failed'],
  ['above', { atMost: 5 }, 5.001, 'failed'],
  ['a number below any', { atLeast: -1e308 }, -1.7e308, 'failed'],
  ['a text for a bound', { atLeast: 0 }, '7', 'failed'],
  ['null for a bound', { atLeast: 0 }, null, 'failed'],
  ['nothing for a bound', { atMost: 0 }, undefined, 'failed'],
  ['a list of one for a bound', { atLeast: 1 }, [7], 'failed'],
  ['a part of a text', { contains: 'ell' }, 'hello', 'passed'],
  ['one of a list', { contains: 'a' }, ['b', 'a'], 'passed'],
  ['part of one of a list', { contains: 'a' }, ['ba'], 'failed'],
  ['a list in a list', { contains: 'a' }, [['a']], 'failed'],
  ['a key of an object', { contains: 'a' }, { a: 1 }, 'failed'],
  ['a number in a text', { contains: '1' }, 12, 'failed'],
  ['a pattern found within', { matches: 'l+' }, 'hello', 'passed'],
  ['a pattern for the whole', { matches: '^l+$' }, 'hello', 'failed'],
  ['a pattern for a number', { matches: '7' }, 7, 'failed'],
  ['a dot that is one letter', { matches: '^.$' }, '🚀', 'passed'],
  ['null, which is there', { exists: true }, null, 'passed'],
  ['nothing', { exists: true }, undefined, 'failed'],
  ['nothing, as it should be', { exists: false }, undefined, 'passed'],
  ['null, where nothing should be', { exists: false }, null, 'failed'],
  ['letters, not halves of them', { length: 2 }, '🚀é', 'passed'],
  ['no letters', { length: 0 }, '', 'passed'],
  ['values', { length: 0 }, [], 'passed'],
  ['keys, which have no length', { length: 1 }, { a: 1 }, 'failed'],
  ['nothing, which has no length', { length: 0 }, undefined, 'failed'],
  ['one operator of two', { contains: 'a', length: 2 }, 'abc', 'failed'],
  ['nothing expected', {}, 'abc', 'inconclusive'],
])('%s: %j of %j is %s', (...[, given, value, outcome]) => expect(outcomeOf(given, value)).toBe(outcome));

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const scalar = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
const expected = fc.record(
  {
    equals: scalar,
    not: scalar,
    atLeast: fc.integer(),
    atMost: fc.integer(),
    contains: fc.string({ minLength: 1 }),
    matches: fc.constantFrom('^a', '.', '\\d+', '^$'),
    exists: fc.boolean(),
    length: fc.nat(20),
  },
  { requiredKeys: [] }
) as fc.Arbitrary<Expectation>;

test('passed means that every operator passes alone; what is absent passes nothing but exists: false', () => {
  fc.assert(
    fc.property(expected, fc.option(json, { nil: undefined }), (given, value) => {
      const alone = Object.entries(given).map(([name, operand]) => outcomeOf({ [name]: operand }, value));
      expect(outcomeOf(given, value) === 'passed').toBe(alone.length > 0 && alone.every((each) => each === 'passed'));
      if (value === undefined && outcomeOf(given, value) === 'passed') expect(given).toEqual({ exists: false });
    }),
    { numRuns: 2_000 }
  );
});

test.each<[what: string, expectation: unknown, message: string]>([
  ['nothing', {}, 'at least one of equals, not,'],
  ['what is absent and has a value', { exists: false, equals: 1 }, 'exists: false without another operator'],
  ['bounds that leave nothing', { atLeast: 2, atMost: 1 }, 'an atMost that is not below atLeast'],
  ['a number that is none', { equals: NaN }, 'a text, a number below 2^53'],
  ['a number without end', { atLeast: Infinity }, 'a number'],
  // JSON's 9007199254740993 is read as 9007199254740992, and either would pass for the other.
  ['a number that others are read as', { equals: 2 ** 53 + 2 }, 'a number below 2^53'],
  ['a list', { equals: ['a'] }, 'a text, a number'],
  ['half a letter count', { length: 1.5 }, 'a whole number'],
  ['an empty part, which all contain', { contains: '' }, 'at least one letter'],
  ['a pattern with too many repetitions', { matches: '((a{30}){30}){30}' }, 'a regular expression'],
  ['a pattern of many large repetitions', { matches: '(?:a?){999}'.repeat(9) }, 'fewer or smaller repetitions'],
  ['a pattern as long as a book', { matches: 'a'.repeat(1_001) }, 'at most 1000 letters'],
])('an expectation of %s is one error', (_, given, message) => {
  const { issues } = expectation.safeParse(given).error!;
  expect(issues.map((issue) => issue.message)).toEqual([expect.stringContaining(message)]);
});

const MB = 1_048_576;
/** Each took between 10 and 50 s where nothing stopped it. */
const COSTLY: ReadonlyArray<[what: string, pattern: string, text: string]> = [
  ['classes of all letters, in either case', `(?i)${'\\pL'.repeat(300)}!`, 'äßſKé𝒜'.repeat(MB / 8)],
  ['a class many times', `(?i)[\\pL\\pN]+[^\\pL]{900}\\b$`, '1234567890'.repeat(MB / 10)],
  ['optional letters', '[^ ]?'.repeat(200) + '(a?){900}b{900}!$', randomText(MB)],
];

/** Always the same one. */
function randomText(length: number): string {
  let seed = 42;
  const next = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
  return Array.from({ length }, () => String.fromCharCode(32 + ((next() >> 8) % 95))).join('');
}

describe('what would hold up every other check is given up', () => {
  test.each(COSTLY)('a pattern: %s', (_, pattern, text) => {
    const begun = performance.now();
    const { outcome, seen } = evaluate({ matches: pattern }, { name: 'its body', value: text });
    expect({ outcome, seen }).toMatchObject({ outcome: 'inconclusive', seen: expect.stringContaining('too costly') });
    // Bounded at 200 ms; unbounded, it is many seconds on any machine.
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('but one operator that does not hold is enough to fail', () => {
    const [[, matches, value]] = COSTLY as [[string, string, string]];
    expect(evaluate({ matches, length: 1 }, { name: 'it', value, shown: 'long' })).toEqual({
      outcome: 'failed',
      seen: 'it is long, expected of length 1',
    });
  });

  test('and a common pattern is found in the longest text', () => {
    const text = `${randomText(MB - 20)} says audit_log here`;
    expect(outcomeOf({ matches: '\\baudit_log\\b' }, text)).toBe('passed');
  });

  const rows: Json = Array.from({ length: 2_000 }, () => Array.from({ length: 200 }, () => 1));
  test.each<[what: string, path: string, json: Json]>([
    ['descendants of descendants', '$..*..*..*[?@.a]', rows],
    ['a query for each of all', '$..[?@ == $[1999][199] && $..[?@ == 2]]', rows],
    [
      'a pattern for each of many',
      `$[?search(@, '(?i)\\\\pL{500}x')]`,
      Array.from({ length: 9_000 }, () => 'é'.repeat(99)),
    ],
  ])('a path: %s', (_, path, document) => {
    const begun = performance.now();
    expect(() => select(path, document)).toThrow(PathError);
    const [finding] = jsonFindings(document, [{ path, exists: false }], (text) => text);
    expect(finding).toMatchObject({ outcome: 'inconclusive', seen: expect.stringContaining('too long') });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('many paths together have the time of one', () => {
    const begun = performance.now();
    const paths = Array.from({ length: 1_000 }, () => ({ path: '$..*..*..*[?@.a]', exists: true }));
    const findings = jsonFindings(rows, paths, (text) => text);
    expect(new Set(findings.map(({ outcome }) => outcome))).toEqual(new Set(['inconclusive']));
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('a costly pattern for thousands of values too', () => {
    const begun = performance.now();
    const values = Array.from({ length: 9_000 }, () => 'é'.repeat(100));
    const findings = jsonFindings(values, [{ path: '$[*]', matches: '(?i)\\pL{99}!|\\pL{999}' }], (text) => text);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.outcome).toBe('inconclusive');
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('and the next one runs as ever', () => {
    expect(outcomeOf({ matches: 'ell' }, 'hello')).toBe('passed');
    expect(select('$.a[?@ > 1]', { a: [1, 2, 3] }).map(({ value }) => value)).toEqual([2, 3]);
  });
});

test('patterns and paths of any length are read at once', () => {
  const begun = performance.now();
  for (const matches of [
    '\\pL'.repeat(333),
    'a'.repeat(1_000),
    '(?:a?){999}'.repeat(90),
    `(?i)${'[^\\pL]'.repeat(160)}`,
  ])
    expectation.safeParse({ matches });
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test('patterns for several texts of one answer have one time together', () => {
  const together = evaluateTogether();
  const costly = { matches: `(?i)${'\\pL'.repeat(300)}!` };
  expect(together({ matches: '^a' }, { name: 'first', value: 'abc' })).toMatchObject({ outcome: 'passed' });
  expect(together(costly, { name: 'second', value: 'äßſKé𝒜'.repeat(MB / 16) }).outcome).toBe('inconclusive');
  expect(together({ matches: '^a' }, { name: 'third', value: 'abc' })).toEqual({
    outcome: 'inconclusive',
    seen: 'the patterns are too costly for third',
  });
  expect(together({ equals: 'abc' }, { name: 'fourth', value: 'abc' }).outcome).toBe('passed');
});
