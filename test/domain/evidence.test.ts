import type { Measurement, Outcome } from '../../domain/criterion';
import { checkRef } from '../../domain/criterion';
import { metByText } from '../../domain/evidence';
import { evolveItem, stateOf } from '../../domain/item';
import { acceptItem, acceptMeasurement, refuseItem } from '../../domain/item-commands';
import { lookings } from '../../domain/item-next';
import type { ItemState } from '../../domain/item-state';
import { initialItemState, reportOf } from '../../domain/item-state';
import { itemPlanOf, situationOf } from '../../domain/item-view';
import { initialLaunchState } from '../../domain/launch-state';
import type { Criterion, Plan, ProbeCheck } from '../../domain/plan';
import { readReport } from '../../domain/told-shape';
import { MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe, type PlanParts } from '../support/plans';

const CHECK: ProbeCheck = { type: 'http', url: 'http://127.0.0.1:1/up' };

function itemWith(criterion: Criterion, parts: PlanParts = {}): ItemState {
  const plan = planOf({ items: [item('A', { criteria: [criterion] })], ...parts });
  const opened = initialItemState(
    itemPlanOf(plan, plan.items[0]!),
    situationOf(initialLaunchState(plan, NOON), plan.items[0]!)
  );
  return evolveItem(opened, { type: 'moved', at: NOON, to: 'open', text: 'opened' });
}

function run(outcome: Outcome, minute: number, inRow = 1): Measurement {
  const at = NOON + minute * MINUTE;
  return { outcome, begunAt: at, at: at + 120, seen: `${outcome} in minute ${minute}`, inRow };
}

interface Given {
  single?: true;
  check?: ProbeCheck;
}

function measured(state: ItemState, measurement: Measurement, { single, check = CHECK }: Given = {}) {
  const facts = acceptMeasurement(state, {
    at: measurement.at,
    criterion: 'up',
    measurement,
    check: checkRef(check, state.plan.revision),
    single,
  });
  const notices = facts.flatMap((fact) => (fact.type === 'noticed' ? [fact.notice] : []));
  return { state: facts.reduce(evolveItem, state), facts, notices };
}

/** All of these one after the other, minute by minute. */
function after(...measurements: Measurement[]): ItemState {
  return measurements.reduce((state, each) => measured(state, each).state, itemWith(probe('up', { check: CHECK })));
}

const metBy = (state: ItemState) => state.progress['up']?.metBy;

test('what made it met is kept: the check, its configuration, the revision, when, how often in a row, what was seen', () => {
  const state = after(run('failed', 0), run('passed', 1, 3));
  const { outcome: _, ...seen } = run('passed', 1, 3);
  expect(metBy(state)).toEqual({ check: checkRef(CHECK, 1), ...seen });
  expect(metByText(metBy(state)!)).toMatch(
    /^2025-10-27T12:01:00\.120Z, 3 in a row, check 'http' [0-9a-f]{12} of revision 1, took 120 ms: passed in minute 1$/
  );
});

test('later passes leave it; it goes with the fall, and is new when it is met again', () => {
  const met = after(run('passed', 1));
  const stillMet = measured(met, run('passed', 2), { single: true }).state;
  expect(stillMet.progress['up']?.measured?.seen).toBe('passed in minute 2');
  expect(metBy(stillMet)).toEqual(metBy(met));
  const fallen = measured(stillMet, run('failed', 3)).state;
  expect(metBy(fallen)).toBeUndefined();
  expect(metBy(measured(fallen, run('passed', 4)).state)?.seen).toBe('passed in minute 4');
});

test.each<Outcome>(['failed', 'inconclusive', 'errored'])('%s leaves nothing that made it met', (outcome) => {
  expect(metBy(after(run('passed', 0), run(outcome, 1)))).toBeUndefined();
});

test('the fact of the ledger says by which check, configuration and revision', () => {
  const { facts } = measured(itemWith(probe('up', { check: CHECK })), run('passed', 0));
  expect(facts).toEqual([
    expect.objectContaining({ type: 'measured', check: checkRef(CHECK, 1), measurement: run('passed', 0) }),
  ]);
});

test('the launch is told of it, and can read it', () => {
  const long = { ...run('passed', 0), seen: 'x'.repeat(2_000) };
  const report = reportOf(after(long));
  expect(readReport(JSON.parse(JSON.stringify({ item: 'A', report })))).toBeDefined();
  expect(report.progress['up']?.metBy).toMatchObject({ check: checkRef(CHECK, 1), inRow: 1 });
  expect(report.progress['up']!.metBy!.seen.length).toBeLessThan(200);
  const broken = { ...report, progress: { up: { ...report.progress['up'], metBy: { check: 'http' } } } };
  expect(readReport({ item: 'A', report: broken })).toBeUndefined();
});

const CHANGED: ProbeCheck = { ...CHECK, expect: { status: 201 } };

function amended(state: ItemState, check: ProbeCheck): ItemState {
  const plan: Plan = planOf({ items: [item('A', { criteria: [probe('up', { check })] })], plan: { revision: 2 } });
  const situation = { ...state.situation, version: 99, plan: itemPlanOf(plan, plan.items[0]!) };
  return evolveItem(state, { type: 'situated', at: NOON, situation });
}

test('an amended check is not met by evidence of the old one, nor by a run of it that ends later', () => {
  const met = after(run('passed', 0));
  const next = amended(met, CHANGED);
  expect(next.progress['up']).toEqual({ changes: [], words: [] });
  expect(lookings(next, NOON)[0]?.key).not.toBe(lookings(met, NOON)[0]?.key);
  expect(measured(next, run('passed', 1)).state.progress['up']).toEqual({ changes: [], words: [] });
  const again = measured(next, run('passed', 2), { check: CHANGED }).state;
  expect(metBy(again)?.check).toEqual(checkRef(CHANGED, 2));
});

test('an amendment that leaves the check alone leaves what made it met', () => {
  const met = after(run('passed', 0));
  expect(metBy(amended(met, CHECK))).toEqual(metBy(met));
});

test('the owner is told that the check is broken at the limit, once, and again only after it has run', () => {
  const told: string[] = [];
  let state = after(run('passed', 0), run('errored', 1));
  const errored = (minute: number, inRow: number, single?: true) => {
    const next = measured(state, run('errored', minute, inRow), { single });
    state = next.state;
    told.push(...next.notices.map(({ text }) => text));
  };
  expect(lookings(state, NOON)[0]?.spec).toMatchObject({ tellAfterErrors: 5, errorsBefore: 1 });
  errored(2, 1, true);
  expect(lookings(state, NOON)[0]?.spec.errorsBefore).toBe(1);
  errored(5, 5);
  expect(told).toEqual(['5 runs in a row could not be made. Last: errored in minute 5']);
  expect(lookings(state, NOON)[0]?.spec).toMatchObject({ tellAfterErrors: 0 });
  errored(6, 1, true);
  errored(7, 5);
  expect(told).toHaveLength(1);
  state = measured(state, run('failed', 8)).state;
  errored(9, 1);
  expect(told).toHaveLength(1);
  errored(13, 5);
  expect(told).toHaveLength(2);
});

test('with a limit of one the first error tells, and a single run that does not count tells nobody', () => {
  const watch = { every: MINUTE, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 1 };
  const fresh = itemWith(probe('up', { check: CHECK, watch }));
  expect(measured(fresh, run('errored', 0)).notices).toMatchObject([
    { to: ['dev'], text: expect.stringMatching(/^1 run could/) },
  ]);
  const flapping = [0, 1, 2, 3, 4].reduce(
    (state, minute) => measured(state, run(minute % 2 ? 'passed' : 'failed', minute)).state,
    fresh
  );
  const single = measured(flapping, run('errored', 5), { single: true });
  expect([single.state.progress['up']?.measured?.outcome, single.notices]).toEqual(['failed', []]);
});

test('the final poll is looked for until it is over, also after a pass', () => {
  const polling = (state: ItemState): ItemState => ({ ...state, situation: { ...state.situation, pollFrom: NOON } });
  const state = polling(itemWith(probe('up', { check: CHECK })));
  const polls = (of: ItemState) =>
    lookings(of, NOON).flatMap(({ poll, spec }) => (poll === undefined ? [] : [spec.known]));
  const polled = (outcome: Outcome) =>
    evolveItem(state, { type: 'measured', at: NOON, criterion: 'up', measurement: run(outcome, 0), pollFrom: NOON });
  expect(polls(state)).toEqual([null]);
  expect(polls(polled('failed'))).toEqual(['failed']);
  expect(polls(polled('passed'))).toEqual(['passed']);
  const later = { ...polled('passed'), situation: { ...state.situation, pollFrom: NOON + MINUTE } };
  expect(polls(later)).toEqual([null]);
});

describe('independent', () => {
  const away = (id: string, to: string) => ({ id, name: id, roles: [], delegate: { to, until: NOON + 9 * MINUTE } });
  const people = planOf().people;
  const others = (...ids: string[]) => people.filter(({ id }) => !ids.includes(id));
  const criterion = human('seen', ['dev', 'qa', 'pilot'], { independent: true });
  const attest = (state: ItemState, by: string) => refuseItem(state, { type: 'attest', by, criterion: 'seen' }, NOON);

  test('an owner is refused, and told who could', () => {
    const state = itemWith(criterion);
    expect(attest(state, 'dev')).toEqual({
      code: 'NOT_INDEPENDENT',
      message: "'seen holds' must be attested by somebody who does not own A: qa or pilot",
    });
    expect(attest(state, 'qa')).toBeUndefined();
    expect(attest(state, 'ana')?.message).toBe("'seen holds' is attested by qa or pilot, not by ana");
  });

  test('an owner is refused as the delegate of somebody who may', () => {
    const state = itemWith(criterion, { plan: { people: [...others('qa'), away('qa', 'dev')] } });
    expect(attest(state, 'dev')?.code).toBe('NOT_INDEPENDENT');
  });

  test('so is the delegate of an owner, though they may answer for themselves elsewhere', () => {
    const state = itemWith(criterion, { plan: { people: [...others('dev'), away('dev', 'qa')] } });
    expect(attest(state, 'qa')).toMatchObject({ code: 'NOT_INDEPENDENT', message: expect.stringMatching(/: pilot$/) });
  });

  test('an owner who is away and answers for somebody else is an owner still', () => {
    const state = itemWith(criterion, {
      plan: { people: [...others('dev', 'qa'), away('dev', 'ana'), away('qa', 'dev')] },
    });
    expect(attest(state, 'dev')?.code).toBe('NOT_INDEPENDENT');
    const word = { type: 'attested' as const, at: NOON, by: 'dev', criterion: 'seen' };
    expect(stateOf(evolveItem(state, word), criterion, NOON)).toBe('unknown');
    // What they say is kept, and is nobody's word for the criterion.
    const facts = acceptItem(state, { type: 'resolve', by: 'dev' }, NOON);
    expect(facts.map(({ type }) => type)).toEqual(['resolveClaimed']);
    expect(stateOf(facts.reduce(evolveItem, state), criterion, NOON)).toBe('unknown');
  });
});
