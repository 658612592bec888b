import { importDirection } from '../../plan/import/import-direction';
import { directions, fixture, others } from './documents';

/** The document that the fixture has the shape of, where it lies beside the checkout; else the fixture itself. */
const document = directions.at(-1) ?? fixture;
const { plan, understood, kept } = importDirection(document.text, { file: document.name });
const lineOf = (part: string): number => document.text.split('\n').findIndex((line) => line.includes(part)) + 1;
const ticked = (mark: string): number =>
  document.text.split('\n').filter((line) => line.startsWith(`- ${mark} `)).length;

test('everything listed comes out, and nothing is left over', () => {
  const lists = document.text.split(/^## /m).find((part) => part.startsWith('PRIORITY 4')) ?? '';
  expect(kept).toEqual([]);
  expect(understood).toMatchObject({
    blockers: document.text.match(/^### BLOCKER \d/gm)?.length,
    verifications: 2,
    decisions: 1,
    options: document.text.match(/^\d\. \*\*[\w -]+:\*\* (?:Deploy|Use|Managed|Write)/gm)?.length,
    coordinations: 1,
    claims: lists.match(/✅/g)?.length,
    should: 4,
    nice: 3,
    milestones: 6,
    metrics: 3,
  });
  expect(ticked('[ ]')).toBeGreaterThan(20);
});

test('the first blocker has three claims and three things to do, the first of them read by everyone', () => {
  const [first] = plan.items ?? [];
  expect(first).toMatchObject({ kind: 'blocker', owners: ['everyone'], source: lineOf('### BLOCKER 1') });
  expect(first?.acceptance?.map(({ claim, acknowledge }) => (claim ? 'claim' : acknowledge ? 'read' : 'open'))).toEqual(
    ['claim', 'claim', 'claim', 'read', 'open', 'open']
  );
  const reading = first?.acceptance?.[3]?.acknowledge;
  expect(reading).toMatchObject({ by: ['everyone'], quorum: 'all' });
  expect(reading?.documents).toHaveLength(2);
});

test('every must names a known item, and the nice to have that can be added later is what the decision opens', () => {
  expect(plan.gates.must?.every(({ item }) => plan.items?.some(({ id }) => id === item))).toBe(true);
  const decision = plan.items?.find(({ kind }) => kind === 'decision');
  const later = plan.gates.nice?.find(({ title }) => title?.includes('post-launch'));
  expect(later?.item).toBe(`${decision?.id}-IMPLEMENTATION`);
  expect(decision?.options?.every(({ opens }) => opens?.[0] === later?.item)).toBe(true);
  expect(decision?.decide).toEqual({ by: ['ceo', 'manager'], quorum: 'any' });
});

test('documents of other kinds give items, gates and warnings too', () => {
  for (const { name, text } of others) {
    const result = importDirection(text, { file: name });
    expect(result.understood.items).toBeGreaterThan(5);
    expect(result.understood.must).toBeGreaterThan(0);
    expect(result.understood.linesUnderstood).toBeGreaterThan(0);
    expect(result.warnings.length).toBeGreaterThan(0);
  }
});
