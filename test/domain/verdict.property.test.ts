import fc from 'fast-check';
import { assess } from '../../domain/assess';
import type { Outcome } from '../../domain/criterion';
import { OUTCOMES } from '../../domain/criterion';
import { evolveItem, type ItemFact } from '../../domain/item';
import { evolveLaunch, type LaunchFact } from '../../domain/launch';
import type { LaunchState } from '../../domain/launch-state';
import type { Plan } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { DAY, MINUTE } from '../../domain/units';
import { plans } from '../support/arbitrary';
import { itemFacts, launchFacts } from '../support/arbitrary-facts';
import { forbids } from '../support/oracle';
import { NOON } from '../support/plans';
import { type } from '../support/typed';

const RUNS = 120;
const anyPlan = plans({ hopeless: true });
const who = fc.constantFrom('ana', 'eve', 'carl', 'dora', 'dev', 'qa', 'pilot');
const index = fc.nat(5);

type Act =
  | { do: 'obey' }
  | { do: 'wait'; minutes: number }
  | { do: 'probe'; item: number; outcome: Outcome }
  | { do: 'sign'; by: string; answer: 'yes' | 'no' | 'withdraw' }
  | { do: 'say'; by: string; item: number; what: 'attest' | 'retract' | 'reopen' | 'resolve' | 'waive' }
  | { do: 'launch'; by: string; what: 'hold' | 'release' | 'report' | 'move' }
  | { do: 'itemFact'; item: number; fact: ItemFact }
  | { do: 'launchFact'; fact: LaunchFact };

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('obey' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 1_500 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('probe' as const), item: index, outcome: fc.constantFrom(...OUTCOMES) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('sign' as const),
      by: who,
      answer: fc.constantFrom('yes' as const, 'no' as const, 'withdraw' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      by: who,
      item: index,
      what: fc.constantFrom(
        'attest' as const,
        'retract' as const,
        'reopen' as const,
        'resolve' as const,
        'waive' as const
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('launch' as const),
      by: who,
      what: fc.constantFrom('hold' as const, 'release' as const, 'report' as const, 'move' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('itemFact' as const), item: index, fact: itemFacts }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('launchFact' as const), fact: launchFacts(anyPlan) }) }
);

class Trial {
  readonly outcomes = new Map<string, Outcome>([['NO-GO.alarm', 'failed']]);
  readonly run: Rehearsal;
  /** The state on which each GO was given. */
  readonly gone: Array<{ state: LaunchState; now: number }> = [];

  constructor(plan: Plan) {
    this.run = new Rehearsal(plan, NOON, (item) => this.outcomes.get(item) ?? 'passed');
    const { world } = this.run;
    let launch = world.launch;
    Object.defineProperty(world, 'launch', {
      get: () => launch,
      set: (next: LaunchState) => {
        if (next.verdict !== launch.verdict && next.verdict?.value === 'GO')
          this.gone.push({ state: launch, now: world.now });
        launch = next;
      },
    });
  }

  private itemId(item: number): string {
    const ids = Object.keys(this.run.world.items);
    return ids[item % ids.length]!;
  }

  private say({ by, item, what }: Act & { do: 'say' }): void {
    const id = this.itemId(item);
    const until = this.run.world.now + 3 * DAY;
    const text = { reason: 'r', risk: 'r', until };
    this.run.actOnItem(id, { by, type: what, ...(what === 'waive' || what === 'reopen' ? text : {}) } as never);
  }

  private onLaunch({ by, what }: Act & { do: 'launch' }): void {
    if (what === 'hold') this.run.act({ type: 'hold', by, reason: 'r' });
    if (what === 'release') this.run.act({ type: 'release', by });
    if (what === 'report') this.run.act({ type: 'reportBlocker', by, title: 't' });
    if (what === 'move') this.run.act({ type: 'reschedule', by, at: this.run.world.now + DAY, reason: 'r' });
  }

  do(act: Act): void {
    const { run } = this;
    const { world } = run;
    if (act.do === 'obey')
      assess(world.launch, world.now).needs.forEach(({ command }) => command && type(run, command));
    if (act.do === 'wait') run.advance(world.now + act.minutes * MINUTE);
    if (act.do === 'probe') this.outcomes.set(this.itemId(act.item), act.outcome);
    if (act.do === 'sign') run.act({ type: 'signOff', by: act.by, answer: act.answer });
    if (act.do === 'say') this.say(act);
    if (act.do === 'launch') this.onLaunch(act);
    if (act.do === 'launchFact') world.launch = evolveLaunch(world.launch, act.fact);
    if (act.do === 'itemFact') {
      const id = this.itemId(act.item);
      world.items[id] = evolveItem(world.items[id]!, act.fact);
    }
    run.settle();
  }
}

test('no facts, words, outcomes and clock readings give GO while anything forbids it', () => {
  const reached = { GO: 0, DELAY: 0, NO_GO: 0 };
  fc.assert(
    fc.property(anyPlan, fc.array(acts, { minLength: 10, maxLength: 40 }), (plan, all) => {
      const trial = new Trial(plan);
      for (const act of all) trial.do(act);
      trial.run.advance(trial.run.world.now + 2 * DAY);
      for (const { state, now } of trial.gone) expect(forbids(state, now)).toEqual([]);
      const verdicts = trial.run.world.facts.flatMap(({ fact }) => ('verdict' in fact ? [fact.verdict.value] : []));
      for (const value of new Set(verdicts)) reached[value]++;
    }),
    { numRuns: RUNS, endOnFailure: true }
  );
  process.stdout.write(`verdicts reached: ${JSON.stringify(reached)} in ${RUNS} launches\n`);
  expect(Math.min(reached.GO, reached.DELAY, reached.NO_GO)).toBeGreaterThan(RUNS / 20);
});

test('a plan without a must never goes', () => {
  fc.assert(
    fc.property(anyPlan, fc.array(acts, { maxLength: 15 }), (plan, all) => {
      const trial = new Trial({ ...plan, gates: { ...plan.gates, must: [] } });
      for (const act of all) if (act.do !== 'launchFact') trial.do(act);
      trial.run.advance(trial.run.world.now + 3 * DAY);
      // A reported blocker that is accepted is a must, and then there is one.
      expect(trial.gone.filter(({ state }) => state.plan.gates.must.length === 0)).toEqual([]);
    }),
    { numRuns: 60, endOnFailure: true }
  );
});
