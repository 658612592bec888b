import fc from 'fast-check';
import type { Action, Criterion, DecisionOption, Item, ItemsCheck, Plan, Quorum } from '../../domain/plan';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe } from './plans';

const WORKERS = ['dev', 'qa', 'pilot'];

/** Two managers, a chief, three who do the work; sometimes the chief is away and one who does no work answers instead. */
function peopleOf(away: boolean): Plan['people'] {
  const delegate = away ? { to: 'dora', until: NOON + 30 * DAY } : undefined;
  return [
    { id: 'ana', name: 'Ana', roles: ['manager'] },
    { id: 'eve', name: 'Eve', roles: ['manager'] },
    { id: 'carl', name: 'Carl', roles: ['ceo'], delegate },
    { id: 'dora', name: 'Dora', roles: [] },
    ...WORKERS.map((id) => ({ id, name: id, roles: ['worker'] })),
  ];
}

const quorums = (by: string[]): fc.Arbitrary<Quorum> =>
  fc.oneof(
    fc.constantFrom<Quorum>('any', 'all'),
    fc.integer({ min: 1, max: by.length }),
    fc.constant(Object.fromEntries(by.map((id) => [id, 1])))
  );

function humanCriterion(id: string, owner: string): fc.Arbitrary<Criterion> {
  const others = WORKERS.filter((worker) => worker !== owner);
  return fc
    .boolean()
    .chain((independent) =>
      fc
        .subarray(independent ? others : WORKERS, { minLength: 1 })
        .chain((by) =>
          fc
            .record({ quorum: quorums(by), freshFor: fc.constantFrom(undefined, undefined, 30 * HOUR, 5 * DAY) })
            .map(({ quorum, freshFor }) =>
              human(id, by, { independent, freshFor, attest: { as: 'attest', by, quorum } })
            )
        )
    );
}

const probeCriterion = (id: string): fc.Arbitrary<Criterion> =>
  fc
    .record({ consecutive: fc.integer({ min: 1, max: 3 }), failureLimit: fc.integer({ min: 1, max: 3 }) })
    .map((limits) => probe(id, { watch: { every: MINUTE, timeout: 10_000, errorLimit: 5, ...limits } }));

const itemsCriterion = (id: string, ids: string[]): fc.Arbitrary<Criterion> =>
  fc.constantFrom({ share: 1 }, { share: 0.5 }, { count: 1 }).map((atLeast) => ({
    id,
    title: `enough of ${ids.join(', ')}`,
    check: { type: 'items', where: { ids }, is: 'resolved', atLeast },
    watch: { every: MINUTE, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 5 },
    independent: false,
  }));

/** A task that may wait for, and count, those before it. */
function taskOf(index: number, countable: string[]): fc.Arbitrary<Item> {
  const id = `I${index}`;
  const before = Array.from({ length: index }, (_, each) => `I${each}`);
  return fc.constantFrom(...WORKERS).chain((owner) => {
    const second =
      countable.length > 0 ? fc.oneof(probeCriterion('two'), itemsCriterion('two', countable)) : probeCriterion('two');
    return fc
      .record({
        after: fc.subarray(before),
        one: fc.oneof(humanCriterion('one', owner), probeCriterion('one')),
        two: fc.option(second, { nil: undefined, freq: 3 }),
        deadline: fc.constantFrom(undefined, { at: 0, anchor: { days: -1, ms: 0 } }, { at: NOON + HOUR }),
        respond: fc.constantFrom(undefined, HOUR),
        repeat: fc.constantFrom(undefined, 2 * HOUR),
        startAs: fc.constantFrom(undefined, 'acknowledged' as const),
      })
      .map(({ after, one, two, deadline, respond, repeat, startAs }) =>
        item(id, {
          owners: [owner],
          after,
          deadline,
          startAs,
          sla: { clock: 'wall', respond, resolve: respond && 4 * respond },
          escalation: [{ after: 0, to: ['manager'], repeat }],
          criteria: two ? [one, two] : [one],
        })
      );
  });
}

function countedBy(check: Criterion['check']): string[] {
  return check?.type === 'items' ? ((check as ItemsCheck).where.ids ?? []) : [];
}

function decisionOf(opened: string[], droppable: string[]): Item {
  const options: DecisionOption[] = [
    { id: 'left', title: 'Left', opens: opened },
    { id: 'right', title: 'Right', opens: droppable },
  ];
  const decision = { by: ['worker'], quorum: 2, options, ifSilent: 'escalate' as const };
  return item('D', { kind: 'decision', owners: ['dev'], criteria: [], decision });
}

/** Every day from nine to five, sixty days long. */
const DAYTIME = Array.from({ length: 60 }, (_, day) => {
  const midnight = NOON - 12 * HOUR + day * DAY;
  return { from: midnight + 9 * HOUR, to: midnight + 17 * HOUR };
});

/** What follows a verdict. */
const ACTIONS: Action[] = [{ webhook: { url: 'https://ci.example.com/' } }, { notify: ['ana'] }];
const WATCHED = {
  postLaunch: { watch: 4 * HOUR, criteria: [probe('errors'), human('said', ['qa'])] },
  rollback: ['r'],
};

export interface Freedom {
  /** Also what can end a launch or make it hopeless: no-go criteria, a "no" that stops, giving up. */
  hopeless: boolean;
}

const launches = ({ hopeless }: Freedom): fc.Arbitrary<Partial<Plan['launch']>> =>
  fc
    .record({
      lead: fc.constantFrom(0, HOUR, DAY),
      announced: fc.boolean(),
      quorum: fc.constantFrom<Quorum>('all', 'any', 2, { manager: 1, ceo: 1 }),
      separation: fc.boolean(),
      no: hopeless ? fc.constantFrom('hold' as const, 'stop' as const) : fc.constant('hold' as const),
      giveUpAfter: hopeless ? fc.constantFrom(undefined, HOUR, 12 * HOUR) : fc.constant(undefined),
      noGo: hopeless
        ? fc.constantFrom<Criterion[]>([], [probe('alarm')], [human('veto', ['pilot'])])
        : fc.constant<Criterion[]>([]),
    })
    .map(({ lead, announced, quorum, separation, no, giveUpAfter, noGo }) => ({
      announce: { lead, to: announced ? ['ana', 'chat'] : [] },
      authority: { by: ['manager', 'ceo'], quorum, no },
      separation,
      giveUpAfter,
      noGo,
    }));

/**
 * Whole plans in which GO can be reached: two to six items with edges, people's words and checks, counts of items, a
 * decision that opens some and drops others, gates, windows, an announcement, an authority.
 */
export function plans(freedom: Freedom): fc.Arbitrary<Plan> {
  return fc.integer({ min: 2, max: 5 }).chain((count) => {
    const last = `I${count - 1}`;
    const stable = Array.from({ length: count - 1 }, (_, index) => `I${index}`);
    const tasks = Array.from({ length: count }, (_, index) => taskOf(index, stable.slice(0, index)));
    return fc
      .record({
        items: fc.tuple(...tasks),
        must: fc.subarray(stable, { minLength: 1 }),
        should: fc.subarray([...stable, last]),
        leastShoulds: fc.boolean(),
        decides: fc.constantFrom('no', 'aside', 'must'),
        opened: fc.constantFrom([], stable.slice(0, 1), stable),
        windows: fc.boolean(),
        away: fc.boolean(),
        acts: fc.boolean(),
        launch: launches(freedom),
      })
      .map(({ items, must, should, leastShoulds, decides, opened, windows, away, acts, launch }) => {
        // What is counted must not be dropped: of nothing no count is reached.
        const counted = items.flatMap(({ criteria }) => criteria.flatMap(({ check }) => countedBy(check)));
        const free = opened.filter((id) => !counted.includes(id));
        const decision = decides === 'no' ? [] : [decisionOf(free, [last])];
        // Nor can what a decision may drop be counted on.
        const wanted = should.filter((id) => id !== last && !free.includes(id)).length;
        return planOf({
          items: [...items, ...decision],
          must: decides === 'must' ? [...must, 'D'] : must,
          should,
          launch: { ...launch, shouldMin: leastShoulds ? { count: wanted } : undefined, ...(acts ? WATCHED : {}) },
          plan: {
            onVerdict: acts ? { go: ACTIONS, delay: ACTIONS, noGo: ACTIONS } : { go: [], delay: [], noGo: [] },
            people: peopleOf(away),
            calendar: {
              zone: 'UTC',
              transitions: [{ at: 0, offset: 0 }],
              until: NOON + 60 * DAY,
              open: windows ? DAYTIME : undefined,
            },
          },
        });
      });
  });
}
