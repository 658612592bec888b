import { compilePlan, type CompileOptions } from '../../plan/compile';
import { PlanError } from '../../plan/problem';
import type { PlanDocument } from '../../plan/schema';
import { DAY, HOUR, NOW, smallPlan } from './small';

const compile = (over: Partial<PlanDocument> = {}, options: Partial<CompileOptions> = {}) =>
  compilePlan(smallPlan(over), { now: NOW, ...options });
const itemsOf = (...items: NonNullable<PlanDocument['items']>) => compile({ items }).items;

test('ids are made from titles, unique, and never take one that was given', () => {
  const items = itemsOf(
    { title: 'Größe & Farbe!' },
    { title: 'Same' },
    { title: 'Same' },
    { id: 'same-2', title: 'X' },
    { title: '日本' }
  );
  expect(items.slice(0, 5).map(({ id }) => id)).toEqual(['gro-e-farbe', 'same', 'same-3', 'same-2', 'item']);
});

test('an id does not change when others with ids come or go', () => {
  const made = (items: NonNullable<PlanDocument['items']>) =>
    itemsOf(...items).find(({ title }) => title === 'Mine')!.id;
  expect(made([{ title: 'Mine' }])).toBe(made([{ id: 'z', title: 'Z' }, { title: 'Mine' }, { id: 'y', title: 'Y' }]));
});

test('unblocks is after, seen from the other end', () => {
  const [a, b, c] = itemsOf(
    { id: 'a', title: 'A', unblocks: ['b', 'c'] },
    { id: 'b', title: 'B', after: ['a'] },
    { id: 'c', title: 'C' }
  );
  expect([a, b, c].map((item) => item!.after)).toEqual([[], ['a'], ['a']]);
});

test('groups become people, roles stay', () => {
  const plan = compile({
    groups: { team: ['ana', 'ben'] },
    items: [
      { title: 'A', owners: ['team', 'dev'], acceptance: [{ title: 'B', attest: { by: 'everyone', quorum: 'all' } }] },
    ],
    launch: { ...smallPlan().launch, announce: { to: ['dev', 'team'] } },
  });
  expect(plan.items[0]!.owners).toEqual(['ana', 'ben', 'dev']);
  expect(plan.items[0]!.criteria[0]!.attest).toEqual({ by: ['ana', 'ben', 'cem'], quorum: 'all', as: 'attest' });
  expect(plan.launch.announce.to).toEqual(['ben', 'cem', 'ana']);
  expect(plan.groups).toEqual({ team: ['ana', 'ben'], everyone: ['ana', 'ben', 'cem'] });
});

test('an item without criteria has its owners’ word, without owners the authority’s', () => {
  const [owned, orphan] = itemsOf({ title: 'A', owners: 'ben' }, { title: 'B' });
  expect(owned!.criteria.map(({ attest }) => attest)).toEqual([{ by: ['ben'], quorum: 'any', as: 'attest' }]);
  expect(orphan!.criteria[0]!.attest!.by).toEqual(['boss']);
});

test('what is said to be resolved has a claim more, that its owners attest', () => {
  const [bare, full] = itemsOf(
    { title: 'A', owners: 'ben', startAs: 'resolved' },
    { title: 'B', owners: 'ben', startAs: 'resolved', acceptance: [{ id: 'claimed', title: 'C' }] }
  );
  expect(bare!.criteria).toMatchObject([{ id: 'claimed', attest: { by: ['ben'], as: 'claim', text: 'A' } }]);
  expect(full!.criteria.map(({ id, attest }) => [id, attest?.as])).toEqual([
    ['claimed', 'attest'],
    ['claimed-2', 'claim'],
  ]);
});

test('someone else’s item belongs to those who wait for it, and has no clock', () => {
  const plan = compile({
    defaults: { sla: { respond: '4h' }, escalation: [{ after: '0m', to: 'boss' }] },
    items: [
      { id: 'ext', external: true },
      { id: 'lone', external: true },
      { id: 'w', title: 'W', owners: 'cem', after: ['ext'] },
    ],
  });
  expect(plan.items[0]).toMatchObject({
    title: 'ext',
    owners: ['cem'],
    sla: { clock: 'wall' },
    escalation: [],
    external: true,
  });
  expect(plan.items[1]!.owners).toEqual(['boss']);
  expect(plan.items[2]).toMatchObject({ sla: { respond: 4 * HOUR }, escalation: [{ after: 0, to: ['boss'] }] });
});

test('a gate entry with a criterion of its own is an item', () => {
  const plan = compile({
    items: [{ id: 'a', title: 'A' }],
    gates: {
      must: [
        { item: 'a', title: 'As the gate says' },
        { title: 'It works', owners: 'ben', attest: { by: 'cem' } },
      ],
    },
  });
  expect(plan.gates.must).toEqual([
    { item: 'a', title: 'As the gate says' },
    { item: 'it-works', title: 'It works' },
  ]);
  expect(plan.items[1]).toMatchObject({
    id: 'it-works',
    kind: 'task',
    owners: ['ben'],
    criteria: [{ id: 'met', attest: { by: ['cem'] } }],
  });
});

test('defaults are filled in', () => {
  const plan = compile({
    items: [{ title: 'A', acceptance: [{ title: 'B', check: { type: 'http', url: { env: 'U' } } }] }],
  });
  expect(plan.launch).toMatchObject({
    finalPoll: HOUR / 2,
    signOffGrace: HOUR,
    announce: { lead: 0, to: [] },
    separation: false,
  });
  expect(plan.launch.authority).toEqual({ by: ['boss'], quorum: 'all', no: 'hold' });
  expect(plan.items[0]!.criteria[0]).toMatchObject({
    check: { type: 'http', url: { env: 'U' } },
    watch: { every: 60_000, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 5 },
  });
  expect(plan.calendar.open).toBeUndefined();
});

test('a share is the fraction that it says, to the last digit', () => {
  for (const [part, whole, percent] of [
    [9, 125, '7.2%'],
    [7, 125, '5.6 %'],
    [29, 100, '29%'],
    [1, 1, '100%'],
  ] as const) {
    const [counted] = itemsOf({ title: 'A', acceptance: [{ title: 'B', check: { type: 'items', atLeast: percent } }] });
    expect(counted!.criteria[0]!.check).toMatchObject({ atLeast: { share: part / whole } });
  }
});

test('an items check is numbers, and a decision has its deciders', () => {
  const [counted, decision] = itemsOf(
    {
      title: 'A',
      acceptance: [{ title: 'B', check: { type: 'items', where: { priority: 'P0' }, atLeast: '95%', atMost: 3 } }],
    },
    {
      kind: 'decision',
      title: 'D',
      owners: 'cem',
      options: [{ title: 'Yes' }, { id: 'no', title: 'No', opens: ['a'] }],
      ifSilent: 'yes',
    }
  );
  expect(counted!.criteria[0]!.check).toEqual({
    type: 'items',
    where: { priority: 'P0' },
    is: 'resolved',
    atLeast: { share: 0.95 },
    atMost: { count: 3 },
  });
  expect(decision).toMatchObject({
    criteria: [],
    decision: {
      by: ['cem'],
      quorum: 'any',
      options: [
        { id: 'yes', opens: [] },
        { id: 'no', opens: ['a'] },
      ],
      ifSilent: { option: 'yes' },
    },
  });
});

test('instants that hang on the launch keep their anchor', () => {
  const plan = compile({
    items: [
      { title: 'A', deadline: 'T-1d' },
      { title: 'B', deadline: '+1d' },
    ],
  });
  expect(plan.items[0]!.deadline).toEqual({ at: NOW + DAY, anchor: { days: -1, ms: 0 } });
  expect(plan.items[1]!.deadline).toEqual({ at: NOW + DAY });
});

describe('--launch-at', () => {
  const document = {
    launch: {
      ...smallPlan().launch,
      at: '2020-06-10',
      windows: { freezes: [{ from: '2027-12-24', to: '2027-12-26' }] },
    },
    items: [
      { title: 'A', deadline: '2020-06-09 23:59' },
      { title: 'B', deadline: 'T-1h' },
      { title: 'C', deadline: '+1h' },
    ],
  };

  test('moves every date by one offset, counted to 23:59 where the launch has no hour', () => {
    const plan = compile(document, { launchAt: '+30s' });
    expect(plan.launch.at).toBe(NOW + 30_000);
    expect(plan.items.slice(0, 3).map(({ deadline }) => deadline!.at - plan.launch.at)).toEqual([
      -DAY,
      -HOUR,
      HOUR - 30_000,
    ]);
  });

  test('does not move a freeze, which is a date of the world', () => {
    const [freeze] = compile(document, { launchAt: '+30s' }).calendar.rules!.freezes;
    expect(freeze).toEqual({ from: Date.parse('2027-12-24T00:00Z'), to: Date.parse('2027-12-27T00:00Z') });
  });

  test('is asked for where the launch has no date, or no hour', () => {
    const codeOf = (run: () => unknown): string | undefined => {
      try {
        run();
        return undefined;
      } catch (cause) {
        return cause instanceof PlanError ? cause.code : String(cause);
      }
    };
    expect(codeOf(() => compile(document))).toBe('LAUNCH_WITHOUT_HOUR');
    expect(codeOf(() => compile({ launch: { ...smallPlan().launch, at: undefined } }))).toBe('LAUNCH_NOT_SET');
    for (const launchAt of ['soon', 'T-1h', '2027-04-01'])
      expect(codeOf(() => compile(document, { launchAt }))).toBe('BAD_LAUNCH_AT');
    expect(codeOf(() => compile(document, { launchAt: '2020-01-01 10:00' }))).toBe('LAUNCH_IN_PAST');
    for (const speed of [0, 0.5, NaN, Infinity]) expect(codeOf(() => compile({}, { speed }))).toBe('BAD_SPEED');
  });
});

describe('--speed', () => {
  const document: Partial<PlanDocument> = {
    launch: {
      ...smallPlan().launch,
      at: '+2d',
      windows: { open: 'Mon 09:00-10:00' },
      announce: { lead: '24h', to: 'everyone' },
    },
    defaults: {
      sla: { respond: '4h', clock: 'business' },
      escalation: [
        { after: '0m', to: 'boss' },
        { after: '1h', to: 'boss' },
      ],
    },
    items: [
      {
        title: 'A',
        owners: 'ben',
        deadline: 'T-1d',
        acceptance: [
          { title: 'B', check: { type: 'files', glob: 'a', age: { atMost: '1h' } }, every: '1m', timeout: '30s' },
        ],
      },
    ],
  };

  test('divides durations and distances from the start, drops windows, and keeps timeouts and operands', () => {
    const plan = compile(document, { speed: 360 });
    expect(plan.launch).toMatchObject({
      at: NOW + 480_000,
      finalPoll: 20_000,
      signOffGrace: 10_000,
      announce: { lead: 240_000 },
    });
    expect(plan.calendar.open).toBeUndefined();
    expect(plan.calendar.business).toBeUndefined();
    expect(plan.items[0]).toMatchObject({
      sla: { respond: 40_000, clock: 'wall' },
      escalation: [{ after: 0 }, { after: 10_000 }],
      deadline: { at: NOW + 240_000, anchor: { days: 0, ms: -240_000 } },
      criteria: [{ check: { age: { atMost: '1h' } }, watch: { every: 2_000, timeout: 30_000 } }],
    });
    expect(plan.speed).toEqual({ factor: 360, floors: ['finalPoll: at least 20 s', 'every: at least 2 s'] });
  });

  test('comes after the shift', () => {
    const plan = compile(document, { speed: 10, launchAt: '+100m' });
    expect(plan.launch.at).toBe(NOW + 600_000);
  });
});

test('a trial says so', () => {
  expect(compile({}, { trial: true }).trial).toBe(true);
  expect(compile()).not.toHaveProperty('trial');
});

test('an announcement without addressees is for everyone; without `announce` nothing is announced', () => {
  const announce = (given: object) =>
    compile({ launch: { ...smallPlan().launch, announce: undefined, ...given } }).launch.announce;
  const everyone = compile().people.map(({ id }) => id);
  expect(announce({ announce: { lead: '24h' } })).toEqual({ lead: DAY, to: everyone });
  expect(announce({})).toEqual({ lead: 0, to: [] });
});
