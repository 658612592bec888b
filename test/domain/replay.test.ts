import fc from 'fast-check';
import { boardOf } from '../../domain/board';
import { canonicalJson } from '../../domain/digest';
import { inOrder, replayed, type WrittenFact } from '../../domain/replay';
import { Rehearsal, type World } from '../../domain/simulate';
import { HOUR, MINUTE } from '../../domain/units';
import type { Json, Plan } from '../../domain/plan';
import { plans } from '../support/arbitrary';
import { written } from '../support/written-facts';
import { item, NOON, planOf, probe } from '../support/plans';

const plain = (value: unknown): Json => JSON.parse(canonicalJson(value)) as Json;

function boards({ launch, now }: World, plan: Plan, facts: WrittenFact[]): [Json, Json] {
  const again = replayed(plan, facts);
  return [plain(boardOf(again.launch, now)), plain(boardOf(launch, now))];
}

const PEOPLE = ['ana', 'eve', 'carl', 'dora', 'dev', 'qa', 'pilot'];
const steps = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(2_000) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('say' as const), by: fc.constantFrom(...PEOPLE), of: fc.nat(6) }),
  },
  fc.record({
    do: fc.constant('break' as const),
    outcome: fc.constantFrom('passed' as const, 'failed' as const, 'errored' as const),
  }),
  fc.record({ do: fc.constant('sign' as const), by: fc.constantFrom(...PEOPLE) }),
  fc.record({ do: fc.constant('hold' as const), by: fc.constantFrom(...PEOPLE) }),
  fc.record({ do: fc.constant('waive' as const), by: fc.constantFrom(...PEOPLE), of: fc.nat(6) }),
  fc.record({ do: fc.constant('move' as const), by: fc.constantFrom(...PEOPLE) }),
  fc.record({ do: fc.constant('report' as const), by: fc.constantFrom(...PEOPLE) }),
  fc.record({ do: fc.constant('amend' as const), by: fc.constantFrom(...PEOPLE), of: fc.nat(6) })
);

/** Whoever says something that is refused has said nothing: that is as good. */
function play(
  run: Rehearsal,
  step: typeof steps extends fc.Arbitrary<infer Step> ? Step : never,
  world: { is: string }
) {
  const ids = Object.keys(run.world.items);
  const { now, launch } = run.world;
  if (step.do === 'wait') return run.advance(now + step.minutes * MINUTE);
  if (step.do === 'break') return void (world.is = step.outcome);
  const { by } = step;
  if (step.do === 'sign') return void run.act({ type: 'signOff', by, answer: 'yes' });
  if (step.do === 'move')
    return void run.act({ type: 'reschedule', by, at: launch.launchAt + HOUR, reason: 'not yet' });
  if (step.do === 'hold') {
    const released = launch.holds.length > 0 && run.act({ type: 'release', by });
    return released === undefined || void run.act({ type: 'hold', by, reason: 'wait' });
  }
  if (step.do === 'report') {
    run.act({ type: 'reportBlocker', by, title: 'It burns' });
    return void run.act({ type: 'reviewBlocker', by: 'ana', report: 'REPORTED-1', accept: true });
  }
  const id = ids[step.of % ids.length]!;
  if (step.do === 'amend') {
    const items = launch.plan.items.map((each) =>
      each.id === id ? { ...each, title: `${each.title}, better` } : each
    );
    return void run.act({ type: 'amend', by, reason: 'better', plan: { ...launch.plan, items } });
  }
  const criterion = run.world.items[id]!.plan.item.criteria[0]?.id ?? '';
  if (step.do === 'waive')
    return void run.actOnItem(id, {
      type: 'waive',
      by,
      criterion,
      reason: 'r',
      risk: 'k',
      until: launch.launchAt + HOUR,
    });
  run.actOnItem(id, { type: 'attest', by, criterion });
  run.actOnItem(id, { type: 'decide', by, option: 'left' });
}

test('a launch that is taken from its ledger once more is the launch that it was', () => {
  const ended = { verdict: 0, moved: 0, amended: 0 };
  fc.assert(
    fc.property(plans({ hopeless: true }), fc.array(steps, { maxLength: 40 }), (given, wanted) => {
      // As the ledger keeps it: in whatever order its keys are.
      const plan = plain(given) as unknown as Plan;
      const world: { is: 'passed' | 'failed' | 'errored' } = { is: 'passed' };
      const run = new Rehearsal(plan, NOON, () => world.is);
      for (const step of wanted) play(run, step, world);
      const [again, was] = boards(run.world, plan, written(run.world));
      expect(again).toEqual(was);
      ended.verdict += run.world.launch.verdict ? 1 : 0;
      ended.moved += run.world.launch.slips.length;
      ended.amended += run.world.launch.plan.revision - 1;
    }),
    { numRuns: 150 }
  );
  expect(Object.entries(ended).filter(([, times]) => times === 0)).toEqual([]);
});

test('facts are put into the order in which they happened, those of one workflow into its own', () => {
  const fact = (workflow: string, seq: number, at: number): WrittenFact => ({ workflow, seq, at, type: 't', body: {} });
  // The launch could write first, B's clock went back, A had waited for the database.
  const facts = [fact('L', 0, 10), fact('L', 1, 30), fact('B', 0, 25), fact('B', 1, 5), fact('A', 0, 20)];
  expect(inOrder(facts).map(({ workflow, seq }) => `${workflow}${seq}`)).toEqual(['L0', 'A0', 'B0', 'B1', 'L1']);
});

test('a fall that the launch heard of after the signature suspends it, as it did then', () => {
  const plan = planOf({ items: [item('A', { criteria: [probe('up')] })] });
  const world = { is: 'passed' as 'passed' | 'failed' };
  const run = new Rehearsal(plan, NOON, () => world.is);
  run.advance(NOON + HOUR);
  expect(run.act({ type: 'signOff', by: 'ana', answer: 'yes' })).toBeUndefined();
  world.is = 'failed';
  run.advance(NOON + HOUR + MINUTE);
  run.settle();
  const facts = written(run.world);
  const suspended = facts.find(({ type }) => type === 'signOffSuspended')!;
  expect(suspended).toBeDefined();
  // As if the item had fallen a moment before she signed.
  const fell = facts.find(({ type, body }) => type === 'moved' && (body as { fall?: string }).fall)!;
  fell.at = facts.find(({ type }) => type === 'signedOff')!.at - 1;
  const { launch } = replayed(plan, facts);
  expect(launch.signOffs).toMatchObject([{ by: 'ana', fallen: [{ item: 'A' }] }]);
});
