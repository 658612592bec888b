import fc from 'fast-check';
import { assess } from '../../domain/assess';
import { boardOf } from '../../domain/board';
import { evolveItem } from '../../domain/item';
import { lookings, nextItemStep } from '../../domain/item-next';
import { initialItemState } from '../../domain/item-state';
import { itemPlanOf, situationOf } from '../../domain/item-view';
import { evolveLaunch } from '../../domain/launch';
import { nextLaunchStep } from '../../domain/launch-next';
import { allItems, initialLaunchState } from '../../domain/launch-state';
import { Rehearsal } from '../../domain/simulate';
import { plans } from '../support/arbitrary';
import { clockReadings, finalFacts, itemFacts, launchFacts } from '../support/arbitrary-facts';
import { forbids } from '../support/oracle';
import { NOON } from '../support/plans';

const anyPlan = plans({ hopeless: true });

test('facts of an item, any, in any order, are never refused and never throw', () => {
  fc.assert(
    fc.property(anyPlan, fc.array(itemFacts, { maxLength: 25 }), clockReadings, (plan, facts, now) => {
      const launch = initialLaunchState(plan, NOON);
      for (const item of allItems(plan)) {
        let state = initialItemState(itemPlanOf(plan, item), situationOf(launch, item));
        for (const fact of facts) state = evolveItem(state, fact);
        expect(['record', 'wait', 'end']).toContain(nextItemStep(state, now).do);
        expect(Array.isArray(lookings(state, now))).toBe(true);
      }
    }),
    { numRuns: 200 }
  );
});

test('facts of a launch, any, in any order, never throw and never make a GO that the oracle forbids', () => {
  const reached = { GO: 0, DELAY: 0, NO_GO: 0 };
  const all = fc.oneof({ weight: 30, arbitrary: launchFacts(anyPlan) }, { weight: 1, arbitrary: finalFacts });
  fc.assert(
    fc.property(anyPlan, fc.array(all, { maxLength: 25 }), clockReadings, (plan, facts, now) => {
      let state = initialLaunchState(plan, NOON);
      for (const fact of facts) state = evolveLaunch(state, fact);
      const { verdict } = assess(state, now);
      boardOf(state, now);
      const step = nextLaunchStep(state, now);
      const decided = step.do === 'record' ? step.facts.find(({ type }) => type === 'decided') : undefined;
      if (decided?.type === 'decided') expect(decided.verdict.value).toBe(verdict);
      reached[verdict]++;
      if (verdict === 'GO' && state.phase === 'polling') expect(forbids(state, now)).toEqual([]);
    }),
    { numRuns: 300 }
  );
  expect(reached.DELAY).toBeGreaterThan(0);
});

test('whatever happens to it, a launch with its items comes to rest', () => {
  const step = fc.oneof(
    fc.record({ item: fc.nat(5), fact: itemFacts }),
    fc.record({ fact: launchFacts(anyPlan) }),
    fc.record({ minutes: fc.nat(3_000) })
  );
  fc.assert(
    fc.property(anyPlan, fc.array(step, { maxLength: 15 }), (plan, steps) => {
      const run = new Rehearsal(plan, NOON, () => 'passed');
      const { world } = run;
      for (const each of steps) {
        if ('minutes' in each) run.advance(world.now + each.minutes * 60_000);
        else if ('item' in each) {
          const id = Object.keys(world.items)[each.item % Object.keys(world.items).length]!;
          world.items[id] = evolveItem(world.items[id]!, each.fact);
        } else world.launch = evolveLaunch(world.launch, each.fact);
        run.settle();
      }
    }),
    { numRuns: 50, endOnFailure: true }
  );
});
