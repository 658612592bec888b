import { stringify } from 'yaml';
import { compilePlan } from '../../plan/compile';
import type { PlanDocument } from '../../plan/schema';
import { validatePlan } from '../../plan/validate';
import { errorsOf, NOW, smallPlan } from './small';

/** Items as people write them: four criteria each, two of them automatic, and an edge. */
function bigPlan(count: number): PlanDocument {
  return smallPlan({
    timezone: 'America/New_York',
    launch: { ...smallPlan().launch, windows: { open: 'Mon-Thu 09:00-17:00', holidays: 'US' } },
    defaults: {
      sla: { respond: '4h' },
      escalation: [
        { after: '0m', to: 'boss' },
        { after: '1h', to: 'everyone' },
      ],
    },
    items: Array.from({ length: count }, (_, index) => ({
      id: `ITEM-${index}`,
      kind: 'blocker' as const,
      title: `Service number ${index} answers again`,
      impact: 'Nobody can use what depends on it',
      owners: ['ben'],
      priority: 'P0' as const,
      deadline: 'T-4h',
      after: index % 10 === 0 ? [] : [`ITEM-${index - 1}`],
      acceptance: [
        {
          title: 'It answers 200',
          check: { type: 'http' as const, url: `https://s${index}.example.com/health` },
          every: '1m',
        },
        { title: 'Its report is there', check: { type: 'files' as const, glob: `reports/${index}/*.json` } },
        { title: 'Its owner has looked', attest: {} },
        { title: 'Somebody else has looked', independent: true, attest: { by: 'dev' } },
      ],
    })),
    gates: { must: Array.from({ length: count }, (_, index) => ({ item: `ITEM-${index}` })) },
  });
}

test('a compiled plan of 300 items has at most 400 kB', () => {
  const bytes = Buffer.byteLength(JSON.stringify(compilePlan(bigPlan(300), { now: NOW })));
  process.stdout.write(`plan of 300 items: ${Math.round(bytes / 1_000)} kB\n`);
  expect(bytes).toBeLessThanOrEqual(400_000);
});

test('1,000 items are read, validated, linted and compiled', () => {
  const text = stringify(bigPlan(1_000));
  const began = performance.now();
  const { problems, plan } = validatePlan(text, { file: 'big.yaml', now: NOW });
  const took = performance.now() - began;
  process.stdout.write(`1,000 items (${Math.round(text.length / 1_000)} kB): ${Math.round(took)} ms, budget 500 ms\n`);
  expect(errorsOf(problems)).toEqual([]);
  expect(plan!.items).toHaveLength(1_000);
});
