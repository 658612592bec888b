import { importDirection } from '../../plan/import/import-direction';
import { ImportError } from '../../plan/import/result';
import { importToYaml } from '../../plan/import/to-yaml';
import { validatePlan } from '../../plan/validate';
import { directions, fixture, others, shuffled, structureOf } from './documents';

const all = [fixture, ...others];
const NOW = Date.parse('2025-01-01T00:00:00Z');

describe.each(all)('$name', ({ name, text }) => {
  const result = importDirection(text, { file: name });

  test('accounts for every line that is not blank', () => {
    const lines = text.split('\n').flatMap((line, index) => (line.trim() ? [index + 1] : []));
    const traced = new Set(result.trace.map(({ line }) => line));
    expect(lines.filter((line) => !traced.has(line))).toEqual([]);
  });

  test('lists as kept exactly what nothing was made of, and keeps it in the context', () => {
    const untold = result.trace.filter(({ as }) => ['kept', 'template', 'code'].includes(as)).map(({ line }) => line);
    expect(result.kept.map(({ line }) => line)).toEqual(untold);
    const context = JSON.stringify(result.plan.context);
    for (const { text: kept } of result.kept)
      expect(context).toContain(JSON.stringify(kept.slice(0, 100)).slice(1, -1));
  });

  test('every item and criterion says the line it came from', () => {
    const entries = [
      ...(result.plan.items ?? []),
      ...(result.plan.items ?? []).flatMap(({ acceptance }) => acceptance ?? []),
    ];
    expect(entries.filter(({ source }) => source === undefined)).toEqual([]);
  });

  test('is a plan without an error, also when read back from its YAML', () => {
    const yaml = importToYaml(result);
    const { problems, document } = validatePlan(yaml, { file: 'plan.yaml', now: NOW });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(document).toEqual(JSON.parse(JSON.stringify(result.plan)));
  });
});

describe.each(directions)('$name in another order', ({ name, text }) => {
  const expected = structureOf(importDirection(text, { file: name }).plan);

  test.each([1, 2, 3, 4, 5, 6])('is the same plan (%i)', (seed) => {
    const other = shuffled(text, (index) => (index * 7919 + seed * 104729) % 101);
    expect(structureOf(importDirection(other, { file: name }).plan)).toEqual(expected);
  });
});

test('boxes in comments and fences are templates, and a document of nothing else makes no plan', () => {
  const text = '# A\n\n<!--\n- [ ] one\n-->\n\n```\n- [ ] two\n```\n';
  expect(() => importDirection(text, { file: 'a.md' })).toThrow(ImportError);
  expect(() => importDirection('', { file: 'a.md' })).toThrow(/a\.md.*found no checkbox.*expected/);
  expect(importDirection(`${text}\n- [ ] three\n`, { file: 'a.md' }).plan.items).toHaveLength(1);
});
