import fc from 'fast-check';
import type { Plan } from '../../domain/plan';
import { compilePlan } from '../../plan/compile';
import type { PlanDocument } from '../../plan/schema';
import { validatePlan } from '../../plan/validate';
import { errorsOf, NOW, smallPlan, validateValue } from './small';

type ItemDocument = NonNullable<PlanDocument['items']>[number];

const person = fc.constantFrom('ana', 'ben', 'cem', 'dev', 'boss', 'everyone', 'team');
const moment = fc.constantFrom(
  'T-2d',
  'T-48h',
  'T',
  '+8h',
  '+1d 10:00',
  '2027-03-02',
  '2027-03-02 09:00',
  'Mon 2027-03-01',
  '2027-03-02T09:00Z'
);
const duration = fc.constantFrom('0m', '30s', '5m', '1h30m', '2d', '1w');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const title = fc.constantFrom('Same', 'Same', 'Other', 'Größe', '日本', '95 % done', '!?');

const criterion = fc.record({
  title,
  measure: fc.constantFrom<object>(
    {},
    { attest: {} },
    { attest: { by: 'everyone', quorum: 'all' } },
    { acknowledge: { documents: ['A'] } },
    { claim: { text: 'It is' } },
    { check: { type: 'http', url: { env: 'U' }, expect: { status: 200 } }, every: '10s', consecutive: 3 },
    { check: { type: 'files', glob: '*.md', count: { equals: 6 } }, every: '1w' },
    { check: { type: 'items', where: { priority: 'P0' }, atLeast: '95%' } }
  ),
  freshFor: maybe(duration),
  from: maybe(moment),
});

const item: fc.Arbitrary<ItemDocument> = fc.record({
  title,
  owners: maybe(fc.array(person, { minLength: 1, maxLength: 3 })),
  priority: maybe(fc.constantFrom('P0' as const, 'P1' as const)),
  deadline: maybe(moment),
  planned: maybe(fc.record({ from: maybe(moment), to: maybe(moment) })),
  external: maybe(fc.boolean()),
  startAs: maybe(fc.constantFrom('acknowledged' as const, 'resolved' as const)),
  sla: maybe(
    fc.record({ respond: maybe(duration), clock: maybe(fc.constantFrom('wall' as const, 'business' as const)) })
  ),
  remind: maybe(fc.array(duration, { maxLength: 2 })),
  acceptance: maybe(
    fc.array(criterion, { maxLength: 3 }).map((list) => list.map(({ measure, ...rest }) => ({ ...rest, ...measure })))
  ),
});

/** Edges go from later items to earlier ones, so that there is no cycle. */
const document: fc.Arbitrary<PlanDocument> = fc
  .record({
    items: fc.array(fc.tuple(item, fc.nat()), { maxLength: 6 }),
    timezone: fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
    open: maybe(fc.constantFrom('Mon-Thu 09:00-17:00', 'Sat-Sun 00:00-24:00')),
    lead: duration,
  })
  .map(({ items, timezone, open, lead }) =>
    smallPlan({
      timezone,
      launch: { ...smallPlan().launch, windows: { open, holidays: 'US' }, announce: { lead, to: 'everyone' } },
      groups: { team: ['ana', 'ben'] },
      items: items.map(([value, edge], index) => ({
        ...value,
        id: index % 2 === 0 ? `item-${index}` : undefined,
        after: index >= 2 ? [`item-${(edge % Math.floor(index / 2)) * 2}`] : undefined,
      })),
    })
  );

const idsOf = (plan: Plan): string[] =>
  plan.items.flatMap(({ id, criteria }) => [id, ...criteria.map((one) => `${id}/${one.id}`)]);

test('what is valid compiles to plain JSON, with the same unique ids every time', () => {
  fc.assert(
    fc.property(document, fc.constantFrom(1, 7, 360), fc.constantFrom(undefined, '+30s'), (value, speed, launchAt) => {
      const { problems } = validateValue(value);
      expect(errorsOf(problems)).toEqual([]);
      const plan = compilePlan(value, { now: NOW, speed, launchAt });
      expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
      expect(new Set(idsOf(plan)).size).toBe(idsOf(plan).length);
      expect(idsOf(compilePlan(value, { now: NOW + 86_400_000 }))).toEqual(idsOf(plan));
      expect(plan.items.every(({ criteria }) => criteria.length > 0)).toBe(true);
    }),
    { numRuns: 30 }
  );
});

test('no sped-up wait is shorter than 2 s, and no final poll than 20 s', () => {
  fc.assert(
    fc.property(document, fc.integer({ min: 2, max: 1_000_000 }), (value, speed) => {
      const plan = compilePlan(value, { now: NOW, speed });
      const waits = [
        plan.launch.announce.lead,
        plan.launch.signOffGrace,
        ...plan.items.flatMap(({ sla, remind, criteria }) => [
          sla.respond ?? 0,
          ...remind,
          ...criteria.flatMap(({ watch, freshFor }) => [watch?.every ?? 0, freshFor ?? 0]),
        ]),
      ];
      expect(waits.filter((wait) => wait !== 0 && wait < 2_000)).toEqual([]);
      expect(plan.launch.finalPoll).toBeGreaterThanOrEqual(20_000);
    }),
    { numRuns: 20 }
  );
});

test('whatever the text is, validation answers', () => {
  const lines = fc.array(
    fc.oneof(
      fc.string(),
      fc.constantFrom('version: 1', 'title: x', '- a', '  b: {', '"', '*a', '&a', '---', '? ', '!!js/function x')
    )
  );
  fc.assert(
    fc.property(lines, (text) => {
      const { problems } = validatePlan(text.join('\n'), { file: 'p.yaml', now: NOW });
      expect(problems.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 }
  );
});
