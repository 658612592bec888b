import fc from 'fast-check';
import { assess } from '../../domain/assess';
import type { Outcome } from '../../domain/criterion';
import { OUTCOMES } from '../../domain/criterion';
import type { Plan } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { HOUR } from '../../domain/units';
import { plans } from '../support/arbitrary';
import { human, item, NOON, planOf } from '../support/plans';
import { type } from '../support/typed';

const RUNS = 60;

/** What may have gone wrong before anybody looks at what is needed. */
type Trouble =
  | { do: 'hold' | 'report' | 'no' }
  | { do: 'waive' | 'reopen' | 'attest' | 'retract'; item: number }
  | { do: 'decide'; by: string; option: string }
  | { do: 'sign'; by: string }
  | { do: 'wait'; hours: number }
  | { do: 'probe'; outcome: Outcome };

const troubles: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ do: fc.constantFrom('hold' as const, 'report' as const, 'no' as const) }),
  fc.record({
    do: fc.constantFrom('waive' as const, 'reopen' as const, 'attest' as const, 'retract' as const),
    item: fc.nat(4),
  }),
  fc.record({
    do: fc.constant('decide' as const),
    by: fc.constantFrom('dev', 'qa', 'pilot'),
    option: fc.constantFrom('left', 'right'),
  }),
  fc.record({ do: fc.constant('sign' as const), by: fc.constantFrom('ana', 'eve', 'carl') }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.nat(60) }) },
  fc.record({ do: fc.constant('probe' as const), outcome: fc.constantFrom(...OUTCOMES) })
);

function make(run: Rehearsal, trouble: Trouble, world: { outcome: Outcome }): void {
  const { now } = run.world;
  switch (trouble.do) {
    case 'hold':
      return void run.act({ type: 'hold', by: 'qa', reason: 'odd' });
    case 'report':
      return void run.act({ type: 'reportBlocker', by: 'pilot', title: 'It hangs' });
    case 'no':
      return void run.act({ type: 'signOff', by: 'carl', answer: 'no', why: 'not yet' });
    case 'sign':
      return void run.act({ type: 'signOff', by: trouble.by, answer: 'yes' });
    case 'waive': {
      const until = now + 30 * 24 * HOUR;
      return void run.actOnItem(`I${trouble.item}`, { type: 'waive', by: 'ana', reason: 'r', risk: 'r', until });
    }
    case 'reopen':
      return void run.actOnItem(`I${trouble.item}`, { type: 'reopen', by: 'dev', reason: 'r' });
    case 'attest':
      return void run.actOnItem(`I${trouble.item}`, { type: 'attest', by: 'qa', criterion: 'one' });
    case 'retract':
      return void run.actOnItem(`I${trouble.item}`, { type: 'retract', by: 'qa', criterion: 'one' });
    case 'decide':
      return void run.actOnItem('D', { type: 'decide', by: trouble.by, option: trouble.option });
    case 'wait':
      return run.advance(now + trouble.hours * HOUR);
    case 'probe':
      world.outcome = trouble.outcome;
      return run.settle();
  }
}

/** Types what is needed, again and again, an hour apart; gives what was still needed when there was no time left. */
function obey(run: Rehearsal): string[] {
  for (let round = 0; round < 24 * 12 && !run.world.launch.ended; round++) {
    for (let step = 0; step < 20 && !run.world.launch.ended; step++) {
      const lines = assess(run.world.launch, run.world.now).needs.flatMap(({ command }) => command ?? []);
      const done = lines.filter((line) => type(run, line) === undefined);
      if (done.length === 0) break;
    }
    run.advance(run.world.now + HOUR);
  }
  return run.world.launch.ended ? [] : assess(run.world.launch, run.world.now).reasons.map(({ text }) => text);
}

test('doing all that is needed, again and again, leads to GO from any plan and any trouble', () => {
  const firsts = { GO: 0, DELAY: 0 };
  fc.assert(
    fc.property(plans({ hopeless: false }), fc.array(troubles, { maxLength: 12 }), (plan: Plan, before) => {
      const world = { outcome: 'failed' as Outcome };
      const run = new Rehearsal(plan, NOON, () => world.outcome);
      for (const trouble of before) make(run, trouble, world);
      world.outcome = 'passed';
      run.settle();
      expect(obey(run)).toEqual([]);
      expect(run.world.launch.verdict).toMatchObject({ value: 'GO', reasons: [] });
      firsts[run.world.launch.slips.length > 0 ? 'DELAY' : 'GO']++;
    }),
    { numRuns: RUNS }
  );
  process.stdout.write(`first verdict: ${JSON.stringify(firsts)} of ${RUNS}\n`);
  expect(Math.min(firsts.GO, firsts.DELAY)).toBeGreaterThan(RUNS / 20);
});

/** Anybody may be away, for anybody, and an independent word may be wanted of the owners too. */
const tangled: fc.Arbitrary<Plan> = fc
  .tuple(
    plans({ hopeless: true }),
    fc.array(fc.option(fc.record({ to: fc.integer({ min: 3, max: 6 }), hours: fc.nat(60) })), {
      minLength: 7,
      maxLength: 7,
    })
  )
  .map(([plan, away]) => ({
    ...plan,
    people: plan.people.map((person, index) => {
      const { to, hours } = away[index] ?? {};
      const delegate = to === undefined || to === index ? undefined : plan.people[to];
      return { ...person, delegate: delegate && { to: delegate.id, until: NOON + hours! * HOUR } };
    }),
    items: plan.items.map((each) => ({
      ...each,
      criteria: each.criteria.map((one) => ({
        ...one,
        attest: one.attest && { ...one.attest, by: one.independent ? ['dev', 'qa', 'pilot'] : one.attest.by },
      })),
    })),
  }));

test('nobody is asked for what is then refused, whoever is away', () => {
  let asked = 0;
  fc.assert(
    fc.property(tangled, fc.array(troubles, { maxLength: 4 }), (plan: Plan, before) => {
      const again = () => {
        const world = { outcome: 'failed' as Outcome };
        const run = new Rehearsal(plan, NOON, () => world.outcome);
        for (const trouble of before) make(run, trouble, world);
        return run;
      };
      const { launch, now } = again().world;
      if (launch.ended) return;
      const lines = assess(launch, now).needs.flatMap(({ command }) => command ?? []);
      asked += lines.length;
      expect(lines.map((line) => [line, type(again(), line)])).toEqual(lines.map((line) => [line, undefined]));
    }),
    { numRuns: RUNS / 3 }
  );
  expect(asked).toBeGreaterThan(RUNS / 3);
});

test('an owner who is away is not asked for an independent word, though they answer for another who is away too', () => {
  const until = NOON + 10 * HOUR;
  const people = planOf().people.map((person) => {
    const to = { dev: 'ana', qa: 'dev' }[person.id];
    return to === undefined ? person : { ...person, delegate: { to, until } };
  });
  const items = [item('A', { criteria: [human('seen', ['qa', 'dev'], { independent: true })] })];
  const run = new Rehearsal(planOf({ items, plan: { people } }), NOON);
  expect(run.actOnItem('A', { type: 'attest', by: 'dev' })?.code).toBe('NOT_INDEPENDENT');
  expect(assess(run.world.launch, NOON).needs[0]).toMatchObject({
    action: "attest 'seen holds'; nobody is free to",
    command: null,
  });
});
