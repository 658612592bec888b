import fc from 'fast-check';
import { importDirection } from '../../plan/import/import-direction';
import { ImportError } from '../../plan/import/result';
import { importToYaml } from '../../plan/import/to-yaml';
import { planDocument } from '../../plan/schema';
import { validatePlan } from '../../plan/validate';
import { fixture } from './documents';

const lines = fixture.text.split('\n');
const BUDGET_MS = 2_000;
/** Below this a measured time says nothing. */
const NOISE_MS = 30;

const odd = fc.constantFrom(
  '- [ ] ',
  '- [x] [ ] a',
  '## Blockers',
  '## Must have',
  '### Should have',
  '| Item | Owner |\n|--|--|\n| [x] a | b |',
  '| A | B |\n|--|--|',
  '**TASK:** A-1',
  '**ASSIGNED:** → B (x) → C',
  '**OPTIONS:**',
  '**DEADLINE:** 2026-13-45',
  '1. a',
  '99999999999. a',
  '---',
  '<!--',
  '```',
  '- [ ] Unblock A-1, B-2',
  '**after:** A-1',
  '**unblocks:** A-1',
  '\u0000\u202e',
  '# ✅',
  '### (P0 - after after)',
  '\t- [ ] deep',
  '> - [x] quoted'
);
const line = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...lines) },
  odd,
  fc.string({ unit: 'grapheme', maxLength: 60 })
);
const markdown = fc.array(line, { maxLength: 60 }).map((each) => each.join('\n'));

test('any Markdown gives a plan of the right shape with every line accounted for, or the one error', () => {
  let plans = 0;
  fc.assert(
    fc.property(markdown, (text) => {
      try {
        const result = importDirection(text, { file: 'any.md' });
        plans++;
        const shape = planDocument.safeParse(result.plan);
        expect(shape.error?.issues ?? []).toEqual([]);
        const { problems } = validatePlan(importToYaml(result), { file: 'any.yaml', now: 0 });
        expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        const traced = new Set(result.trace.map(({ line: each }) => each));
        const source = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/);
        expect(source.flatMap((each, index) => (each.trim() && !traced.has(index + 1) ? [index + 1] : []))).toEqual([]);
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
      }
    }),
    { numRuns: 150 }
  );
  expect(plans).toBeGreaterThan(30);
});

const MEGABYTE = 1_000_000;
const ofLength = (piece: string): string => piece.repeat(Math.ceil(MEGABYTE / piece.length)).slice(0, MEGABYTE);

function read(text: string): void {
  try {
    importDirection(text, { file: 'large.md' });
  } catch (error) {
    expect(error).toBeInstanceOf(ImportError);
  }
}

/** Processor time in ms: other work on the machine is hardly counted. */
function time(text: string): number {
  const started = process.cpuUsage();
  read(text);
  return process.cpuUsage(started).user / 1_000;
}

/** The least of three: what the collector of garbage took belongs to no text. */
const leastTime = (text: string): number => Math.min(...[1, 2, 3].map(() => time(text)));

test('a megabyte is read, and how long that takes is printed', () => {
  const text = ofLength(fixture.text);
  const took = time(text);
  process.stdout.write(`import of 1 MB: ${Math.round(took)} ms of processor time (budget ${BUDGET_MS})\n`);
  expect(took).toBeGreaterThan(0);
});

test.each([
  ['boxes', '- [ ] a\n'],
  ['headings', '## Blockers\n### One\n'],
  ['gate lines', '## Must have\n- [ ] all the same words\n'],
  ['labels', '### A\n**ASSIGNED:** BOB\n**TASK:** A-1\n'],
  ['brackets', '('],
  ['square brackets', '['],
  ['stars', '*a '],
  ['quotes', '>'],
  ['rows', '| [x] a | Bob | done |\n'],
  ['figures', '3 blockers (A, B) '],
  ['names', '### A\n**AGENTS:** B, C and D\n'],
])('the time for %s grows with their number, not with its square', (_, piece) => {
  const text = ofLength(piece).slice(0, MEGABYTE / 8);
  const [small, large] = [leastTime(text.slice(0, MEGABYTE / 64)), leastTime(text)];
  // Eight times as much; its square would be 64 times.
  expect(large).toBeLessThan(30 * Math.max(small, NOISE_MS));
});
