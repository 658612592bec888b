import type { ItemCommand } from '../../domain/commands';
import type { Item } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR } from '../../domain/units';
import { item, NOON, planOf, type PlanParts } from '../support/plans';

const T = NOON + 2 * DAY;

function told(run: Rehearsal, id = 'A'): string[] {
  return run.world.facts.flatMap(({ of, fact }) =>
    of === id && fact.type === 'told' ? [`${fact.clock} ${fact.notice.to.join()} +${(fact.at - NOON) / HOUR}h`] : []
  );
}

function withA(more: Partial<Item>, parts: PlanParts = {}) {
  return new Rehearsal(planOf({ items: [item('A', more), item('B')], ...parts }), NOON);
}

const sla = { respond: HOUR, clock: 'wall' } as const;
const chain = [
  { after: 0, to: ['manager'], repeat: HOUR },
  { after: 1.5 * HOUR, to: ['ceo'] },
];
const ack = (by: string): ItemCommand => ({ type: 'acknowledge', by });

test('a later step does not end the repeats of an earlier one; an answer ends those of all that was told', () => {
  const run = withA({ sla, escalation: chain });
  run.advance(NOON + 4 * HOUR);
  expect(told(run)).toEqual([
    'respond manager +1h',
    'respond manager +2h',
    'respond ceo +2.5h',
    'respond manager +3h',
    'respond manager +4h',
  ]);
  expect(run.actOnItem('A', ack('carl'))).toBeUndefined();
  run.advance(T);
  expect(told(run)).toHaveLength(5);
  expect(run.world.items.A).toMatchObject({ status: 'open', slaMissed: ['respond'] });
});

test('nobody but an owner and who was told ends it; the delegate of somebody who was told does', () => {
  const people = planOf().people.map((person) =>
    person.id === 'ana' ? { ...person, delegate: { to: 'qa', until: T } } : person
  );
  const run = withA({ sla, escalation: chain }, { plan: { people } });
  run.advance(NOON + HOUR);
  expect(run.actOnItem('A', ack('pilot'))).toMatchObject({ code: 'NOT_ALLOWED' });
  expect(run.actOnItem('A', ack('carl'))).toMatchObject({ code: 'NOT_ALLOWED' });
  expect(run.actOnItem('A', ack('qa'))).toBeUndefined();
  run.advance(NOON + 3 * HOUR);
  expect(told(run)).toEqual(['respond manager +1h', 'respond ceo +2.5h']);
  expect(run.world.notices.findLast(({ key }) => key.includes(':respond:0:0:'))?.command).toBe(
    'launch ack demo A --as qa'
  );
});

test('repeats stand still under a hold and go on afterwards', () => {
  const run = withA({ sla, escalation: chain });
  run.advance(NOON + 1.25 * HOUR);
  run.act({ type: 'hold', by: 'qa', reason: 'r' });
  run.advance(NOON + 10.25 * HOUR);
  run.act({ type: 'release', by: 'ana' });
  run.advance(NOON + 12 * HOUR);
  expect(told(run)).toEqual([
    'respond manager +1h',
    'respond manager +11h',
    'respond ceo +11.5h',
    'respond manager +12h',
  ]);
});

test('a clock in business time repeats in business time: nobody is woken at night', () => {
  const at = (hour: number) => NOON + hour * HOUR;
  const calendar = {
    ...planOf().calendar,
    business: [
      { from: at(-3), to: at(5) },
      { from: at(21), to: at(29) },
    ],
  };
  const escalation = [{ after: 0, to: ['manager'], repeat: 2 * HOUR }];
  const run = withA({ sla: { resolve: 4 * HOUR, clock: 'business' }, escalation }, { plan: { calendar } });
  run.advance(at(24));
  expect(told(run)).toEqual(['resolve manager +4h', 'resolve manager +22h', 'resolve manager +24h']);
});

test.each<[ends: string, end: (run: Rehearsal) => unknown]>([
  ['resolved', (run) => run.actOnItem('A', { type: 'attest', by: 'dev' })],
  ['waived', (run) => run.actOnItem('A', { type: 'waive', by: 'ana', reason: 'r', risk: 'r', until: T + DAY })],
  ['carried-over', (run) => run.act({ type: 'cancel', by: 'ana', reason: 'r' })],
])('it ends when its item is %s', (status, end) => {
  const run = withA({ sla, escalation: chain });
  run.advance(NOON + HOUR);
  end(run);
  expect(run.world.items.A?.status).toBe(status);
  run.advance(T - 1);
  expect(told(run)).toEqual(['respond manager +1h']);
});

test('it ends when a decision drops its item', () => {
  const options = [
    { id: 'x', title: 'X', opens: ['A'] },
    { id: 'y', title: 'Y', opens: [] },
  ];
  const decision = { by: ['qa'], quorum: 'any' as const, options, ifSilent: 'escalate' as const };
  const items = [item('A', { sla, escalation: chain }), item('D', { kind: 'decision', criteria: [], decision })];
  const run = new Rehearsal(planOf({ items, must: ['D'] }), NOON);
  run.actOnItem('D', { type: 'decide', by: 'qa', option: 'x' });
  run.advance(NOON + HOUR);
  run.actOnItem('D', { type: 'reopen', by: 'qa', reason: 'r' });
  run.actOnItem('D', { type: 'decide', by: 'qa', option: 'y' });
  run.actOnItem('D', { type: 'attest', by: 'qa' });
  run.advance(NOON + 10 * HOUR);
  expect(run.world.items.A?.status).toBe('dropped');
  expect(told(run)).toEqual(['respond manager +1h']);
});

test('what fell after its deadline is told of again as often as before it was resolved', () => {
  const run = withA({ deadline: { at: NOON + 10 * HOUR }, escalation: [{ after: 0, to: ['manager'], repeat: HOUR }] });
  run.advance(NOON + 10.5 * HOUR);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  run.advance(NOON + 12 * HOUR);
  run.actOnItem('A', { type: 'reopen', by: 'qa', reason: 'r' });
  run.advance(NOON + 14 * HOUR);
  expect(told(run)).toEqual(['deadline manager +10h', 'deadline manager +13h', 'deadline manager +14h']);
});

test('whoever an item is given to is told, and not whoever took it', () => {
  const run = withA({});
  run.actOnItem('A', { type: 'assign', by: 'ana', owners: ['QA', 'dev'] });
  expect(run.world.notices.at(-1)).toMatchObject({ to: ['qa'], command: 'launch ack demo A --as qa' });
  const before = run.world.notices.length;
  run.actOnItem('A', { type: 'assign', by: 'qa', owners: ['qa'] });
  expect(run.world.notices).toHaveLength(before);
});

/** What happens when an answer comes before, at and after the instant that it is for. */
describe('late answers', () => {
  const options = ['x', 'y'].map((id) => ({ id, title: id, opens: [] }));
  const decision = { by: ['qa'], quorum: 'any' as const, options, ifSilent: { option: 'x' } };
  const decide: ItemCommand = { type: 'decide', by: 'qa', option: 'y' };
  const attest: ItemCommand = { type: 'attest', by: 'dev' };
  const responds = { sla, escalation: chain };
  const due = { deadline: { at: NOON + HOUR }, escalation: chain };
  const silent = { kind: 'decision' as const, criteria: [], decision, deadline: { at: NOON + HOUR } };

  interface Row {
    of: Partial<Item>;
    command: ItemCommand;
    /** Which of the two is seen first. */
    first: 'answer' | 'clock';
    /** ms after the instant. */
    late: number;
    seen: { code?: string; status?: string; slaMissed?: string[]; option?: string; told?: number };
  }

  const acks = { of: responds, command: ack('dev') };
  const attests = { of: due, command: attest };
  const decides = { of: silent, command: decide };

  test.each<[what: string, row: Row]>([
    ['an acknowledgement at its instant', { ...acks, first: 'answer', late: 0, seen: { slaMissed: [], told: 0 } }],
    ['one after it, clock not seen', { ...acks, first: 'answer', late: 1, seen: { slaMissed: ['respond'], told: 0 } }],
    ['one at it, the chain told', { ...acks, first: 'clock', late: 0, seen: { slaMissed: ['respond'], told: 1 } }],
    ['one after the escalation', { ...acks, first: 'clock', late: 1, seen: { status: 'acknowledged', told: 1 } }],
    [
      'of who was told',
      { of: responds, command: ack('ana'), first: 'clock', late: 1, seen: { status: 'open', told: 1 } },
    ],
    ['an attestation at its deadline', { ...attests, first: 'answer', late: 0, seen: { slaMissed: [], told: 0 } }],
    [
      'one after it, clock not seen',
      { ...attests, first: 'answer', late: 1, seen: { slaMissed: ['deadline'], told: 0 } },
    ],
    ['one after the deadline', { ...attests, first: 'clock', late: 1, seen: { status: 'resolved', told: 1 } }],
    ['a choice at the instant of ifSilent', { ...decides, first: 'answer', late: 0, seen: { option: 'y' } }],
    ['one after it, clock not seen', { ...decides, first: 'answer', late: 1, seen: { option: 'x', code: 'FINAL' } }],
    ['one at it, silence taken', { ...decides, first: 'clock', late: 0, seen: { option: 'x', code: 'FINAL' } }],
    ['one after ifSilent', { ...decides, first: 'clock', late: 1, seen: { option: 'x', code: 'FINAL' } }],
  ])('%s', (_, { of, command, first, late, seen }) => {
    const run = withA(of);
    if (first === 'clock') run.advance(NOON + HOUR);
    run.world.now = NOON + HOUR + late;
    const code = run.actOnItem('A', command)?.code;
    run.advance(NOON + 1.4 * HOUR);
    const { status, slaMissed, chosen } = run.world.items.A!;
    const found = { code, status, slaMissed, option: chosen?.option, told: told(run).length };
    expect(found).toMatchObject({ code: undefined, ...seen });
  });

  test.each([
    ['at T, before the verdict', { first: 'answer', late: 0, verdicts: ['GO'] }],
    ['after T, before the verdict of a late worker', { first: 'answer', late: 1, verdicts: ['GO'] }],
    ['at T, after the verdict', { first: 'clock', late: 0, verdicts: ['DELAY', 'GO'] }],
    ['after the verdict', { first: 'clock', late: 1, verdicts: ['DELAY', 'GO'] }],
  ])('a sign-off %s', (_, { first, late, verdicts }) => {
    const run = withA({}, { must: ['A'] });
    run.actOnItem('A', { type: 'attest', by: 'dev' });
    run.act({ type: 'signOff', by: 'ana', answer: 'yes' });
    run.advance(T - 1);
    if (first === 'clock') run.advance(T);
    run.world.now = T + late;
    expect(run.act({ type: 'signOff', by: 'carl', answer: 'yes' })).toBeUndefined();
    run.advance(T + 2 * DAY);
    const given = run.world.facts.flatMap(({ fact }) => ('verdict' in fact ? [fact.verdict.value] : []));
    expect(given).toEqual(verdicts);
  });
});
