import { formatProblem } from '../../plan/problem';
import { validatePlan } from '../../plan/validate';
import { codes, NOW } from './small';

const validate = (text: string, file = 'plan.yaml') => validatePlan(text, { file, now: NOW });
const only = (text: string, file?: string) => {
  const { problems, plan, document } = validate(text, file);
  expect(plan).toBeUndefined();
  expect(document).toBeUndefined();
  expect(problems).toHaveLength(1);
  return problems[0]!;
};

test.each([
  ['an empty file', '', 'EMPTY'],
  ['white space', ' \n\t\n', 'EMPTY'],
  ['a sentence', 'We launch on Monday.', 'NOT_A_PLAN'],
  ['a list', '- a\n- b', 'NOT_A_PLAN'],
  ['only a comment', '# nothing', 'NOT_A_PLAN'],
  ['binary data', 'PK\u0003\u0004\0\0', 'NOT_TEXT'],
  ['a thousand and more levels', '['.repeat(200_000), 'TOO_DEEP'],
  ['mappings in mappings', '{a: '.repeat(100_000), 'TOO_DEEP'],
  ['keys that are keys', '? '.repeat(100_000), 'TOO_DEEP'],
  ['a staircase', Array.from({ length: 1_200 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'), 'TOO_DEEP'],
  ['lists in lists in lists', '- '.repeat(100_000), 'TOO_DEEP'],
])('%s gives one clear error', (_, text, code) => {
  expect(only(text)).toMatchObject({ severity: 'error', code, line: 1 });
});

test('10 MB are refused before they are read', () => {
  const began = performance.now();
  const problem = only(`title: ${'x'.repeat(10_000_000)}`);
  expect(problem).toMatchObject({ code: 'TOO_LARGE', found: '10.0 MB', expected: 'at most 1 MB' });
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('aliases that explode are refused', () => {
  const levels = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [name, inner] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((pair) => [pair[0], pair[1]])) {
    levels.push(`${name}: &${name} [${Array(9).fill(`*${inner}`).join(', ')}]`);
  }
  expect(only(levels.join('\n'))).toMatchObject({ code: 'ALIASES' });
});

test('aliases that help are fine', () => {
  const text = `version: 1
title: Aliases
launch: { at: +2d, authority: { roles: &who [ana] } }
people: [{ id: ana }]
gates: { must: [{ title: It works, owners: *who }] }`;
  expect(validate(text).plan?.items[0]?.owners).toEqual(['ana']);
});

test('a syntax error says where it is', () => {
  const { problems } = validate('version: 1\ntitle: "never closed\n');
  expect(problems[0]).toMatchObject({ code: 'SYNTAX', severity: 'error' });
  expect(problems[0]!.line).toBeGreaterThanOrEqual(2);
});

test('a key that is there twice is an error, since one of the two would be lost', () => {
  const { problems } = validate('version: 1\ntitle: A\ntitle: B\n');
  expect(problems).toEqual([expect.objectContaining({ code: 'DUPLICATE_KEY', line: 3, column: 1 })]);
});

test('a second document in the file is an error', () => {
  expect(codes(validate('version: 1\n---\nversion: 1\n').problems)).toContain('SYNTAX');
});

test('a Markdown file is sent to the import', () => {
  const problem = only('# Launch\n\n- [ ] do it\n', 'DIRECTION.md');
  expect(problem.message).toContain('launch import DIRECTION.md');
});

test('JSON is read as well, with positions', () => {
  const text = '{\n  "version": 1,\n  "title": "J",\n  "lunch": {}\n}';
  const problem = validate(text).problems.find(({ code }) => code === 'UNKNOWN_KEY')!;
  expect(formatProblem(problem)).toBe("plan.yaml:4:3: error UNKNOWN_KEY lunch: unknown key 'lunch'; is it 'launch'?");
});
