import fc from 'fast-check';
import type { Outcome } from '../../domain/criterion';
import { countInRow, criterionState, endsWait, OUTCOMES } from '../../domain/criterion';
import { contextOf, evolveItem, progressOf } from '../../domain/item';
import { acceptMeasurement } from '../../domain/item-commands';
import type { Looking } from '../../domain/item-next';
import { lookings } from '../../domain/item-next';
import type { ItemState } from '../../domain/item-state';
import { initialItemState } from '../../domain/item-state';
import { itemPlanOf } from '../../domain/item-view';
import type { Criterion } from '../../domain/plan';
import { MINUTE } from '../../domain/units';
import { item, NOON, planOf, probe } from '../support/plans';

const RUNS = 2_000;

const LOOKERS = ['watch', 'poll', 'hand'] as const;
interface Look {
  by: (typeof LOOKERS)[number];
  outcome: Outcome;
}

const looks = fc.array(
  fc.record({
    by: fc.constantFrom(...LOOKERS),
    outcome: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Outcome>('passed') },
      { weight: 2, arbitrary: fc.constantFrom(...OUTCOMES) }
    ),
  }),
  { maxLength: 14 }
);

/** An item with one check, whose watches count their runs in a row as their activities do. */
class Watched {
  private state: ItemState;
  private readonly rows = new Map<string, { outcome: Outcome; n: number }>();
  private now = NOON;

  constructor(private readonly criterion: Criterion) {
    const plan = planOf({ items: [item('A', { criteria: [criterion] })] });
    const situation = { version: 0, launchAt: plan.launch.at, held: false, waitingOn: [], computed: {} };
    this.state = initialItemState(itemPlanOf(plan, plan.items[0]!), situation);
  }

  beginPoll(): void {
    const situation = { ...this.state.situation, version: 1, pollFrom: ++this.now };
    this.state = evolveItem(this.state, { type: 'situated', at: this.now, situation });
  }

  look({ by, outcome }: Look): void {
    this.now++;
    const all = lookings(this.state, this.now);
    // A watch that is no longer wanted ends, and its count with it.
    const wanted = new Set(all.map(({ key }) => key));
    for (const key of this.rows.keys()) if (!wanted.has(key)) this.rows.delete(key);
    if (by === 'hand') return this.found(outcome, 1);
    const looking = all.find(({ poll }) => (poll !== undefined) === (by === 'poll'));
    if (!looking) return;
    const n = countInRow(looking.spec, this.rows.get(looking.key), outcome);
    this.rows.set(looking.key, { outcome, n });
    if (endsWait(looking.spec, outcome, n)) this.found(outcome, n, looking);
  }

  private found(outcome: Outcome, inRow: number, looking?: Looking): void {
    const at = this.now;
    const measurement = { outcome, begunAt: at, at, seen: '', inRow };
    const how = looking ? { pollFrom: looking.poll } : { single: true as const };
    for (const fact of acceptMeasurement(this.state, { at, criterion: 'up', measurement, ...how }))
      this.state = evolveItem(this.state, fact);
  }

  /** As the verdict reads it. */
  isMet(): boolean {
    const { pollFrom } = this.state.situation;
    const context = { ...contextOf(this.state, this.now), pollFrom };
    return criterionState(this.criterion, progressOf(this.state, this.criterion), context) === 'met';
  }
}

const limits = fc.record({
  consecutive: fc.integer({ min: 1, max: 3 }),
  failureLimit: fc.integer({ min: 1, max: 3 }),
});

test('whatever poll, watch and people see, GO counts a check only when the last look of the poll passed', () => {
  let met = 0;
  fc.assert(
    fc.property(limits, looks, looks, (limit, before, during) => {
      const watch = { every: MINUTE, timeout: 1_000, errorLimit: 2, ...limit };
      const watched = new Watched(probe('up', { watch }));
      for (const look of before) watched.look(look);
      watched.beginPoll();
      for (const look of during) watched.look(look);
      if (!watched.isMet()) return;
      met++;
      const polls = during.filter(({ by }) => by === 'poll');
      expect(polls[polls.length - 1]).toEqual({ by: 'poll', outcome: 'passed' });
      // As often in a row as it takes: nobody has seen it otherwise by hand in between, or since.
      const row = during.indexOf(polls[polls.length - limit.consecutive]!);
      const others = during.slice(row).filter(({ by, outcome }) => by !== 'watch' && outcome !== 'passed');
      expect(others).toEqual([]);
    }),
    { numRuns: RUNS }
  );
  expect(met).toBeGreaterThan(RUNS / 20);
});

test('a check is met by passes in a row alone: a failure seen by hand in between begins the count anew', () => {
  let met = 0;
  fc.assert(
    fc.property(limits, looks, (limit, all) => {
      const seen = all.filter(({ by }) => by !== 'poll');
      const watch = { every: MINUTE, timeout: 1_000, errorLimit: 2, ...limit };
      const watched = new Watched(probe('up', { watch }));
      let before = false;
      for (const [index, look] of seen.entries()) {
        watched.look(look);
        const now = watched.isMet();
        if (now && !before) {
          met++;
          const ofWatch = seen.slice(0, index + 1).filter(({ by }) => by === 'watch');
          const from = look.by === 'hand' ? index : seen.indexOf(ofWatch[ofWatch.length - limit.consecutive]!);
          const others = seen.slice(from, index + 1).filter(({ outcome }) => outcome !== 'passed');
          expect(others).toEqual([]);
        }
        before = now;
      }
    }),
    { numRuns: RUNS }
  );
  expect(met).toBeGreaterThan(RUNS / 20);
});
