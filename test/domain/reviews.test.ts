import { boardOf } from '../../domain/board';
import type { LaunchCommand } from '../../domain/commands';
import type { Plan } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR } from '../../domain/units';
import { item, NOON, planOf } from '../support/plans';

const T = NOON + 2 * DAY;
const report: LaunchCommand = { type: 'reportBlocker', by: 'pilot', title: 'Carts are lost' };
const review = { type: 'reviewBlocker', by: 'ana', report: 'REPORTED-1' } as const;

function reported(plan: Partial<Plan> = {}, more: object = {}): Rehearsal {
  const run = new Rehearsal(planOf({ plan }), NOON);
  expect(run.act({ ...report, ...more } as LaunchCommand)).toBeUndefined();
  return run;
}

function late(run: Rehearsal): string[] {
  return run.world.facts.flatMap(({ fact }) =>
    fact.type === 'reviewLate' ? [`${fact.notice.to.join()} +${(fact.at - NOON) / HOUR}h`] : []
  );
}

const reasons = (run: Rehearsal) => boardOf(run.world.launch, run.world.now).now.reasons.map(({ code }) => code);

/** A launch in which nothing but the report stands in the way. */
function ready(run: Rehearsal): void {
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
}

test('the authority is told at once, and after four hours once more where the plan has no chain', () => {
  const run = reported();
  expect(run.world.notices.at(-1)).toMatchObject({
    to: ['manager', 'ceo'],
    command: 'launch review-blocker demo REPORTED-1 --accept --as ana',
  });
  run.advance(NOON + DAY);
  expect(late(run)).toEqual(['manager,ceo +4h']);
});

test('the chain is told step after step, repeats, until somebody reviews it', () => {
  const escalation = [
    { after: 0, to: ['manager'], repeat: 2 * HOUR },
    { after: HOUR, to: ['ceo'] },
  ];
  const run = reported({ defaults: { sla: { clock: 'wall' }, escalation, remind: [] } });
  run.advance(NOON + 8 * HOUR);
  expect(late(run)).toEqual(['manager +4h', 'ceo +5h', 'manager +6h', 'manager +8h']);
  run.act({ ...review, accept: false, reason: 'known' });
  run.advance(T - 1);
  expect(late(run)).toHaveLength(4);
});

test('the plan’s own time to respond is the time to review', () => {
  const run = reported({ defaults: { sla: { respond: HOUR, clock: 'wall' }, escalation: [], remind: [] } });
  run.advance(NOON + 3 * HOUR);
  expect(late(run)).toEqual(['manager,ceo +1h']);
});

test('under a hold the time to review stands still, and what repeats too; what is left of it comes after it', () => {
  const escalation = [{ after: 0, to: ['manager'], repeat: 2 * HOUR }];
  const run = reported({ defaults: { sla: { clock: 'wall' }, escalation, remind: [] } });
  const hold = (from: number, to: number) => {
    run.advance(NOON + from * HOUR);
    run.act({ type: 'hold', by: 'qa', reason: 'r' });
    run.advance(NOON + to * HOUR);
    run.act({ type: 'release', by: 'ana' });
  };
  hold(1, 11);
  run.advance(NOON + 14 * HOUR - 1);
  expect(late(run)).toEqual([]);
  hold(15, 20);
  run.advance(NOON + 24 * HOUR);
  expect(late(run)).toEqual(['manager +14h', 'manager +21h', 'manager +23h']);
});

test('in business time neither nights nor holds count; what is reported under a hold has all of its time', () => {
  const days = [0, 1, 2].map((day) => ({ from: NOON - 3 * HOUR + day * DAY, to: NOON + 5 * HOUR + day * DAY }));
  const calendar = { ...planOf().calendar, business: days };
  const defaults: Plan['defaults'] = { sla: { clock: 'business' }, escalation: [], remind: [] };
  const run = new Rehearsal(planOf({ plan: { calendar, defaults } }), NOON);
  run.act({ type: 'hold', by: 'qa', reason: 'r' });
  run.act(report);
  run.advance(NOON + 2 * HOUR);
  run.act({ type: 'release', by: 'ana' });
  run.advance(T - 1);
  // Three hours until 17:00, and one on the next morning.
  expect(late(run)).toEqual(['manager,ceo +22h']);
});

test('unreviewed it blocks GO, even when it was reported in the last minute', () => {
  const run = new Rehearsal(planOf(), NOON);
  ready(run);
  run.advance(T - 1);
  run.act(report);
  run.advance(T);
  expect(run.world.launch.verdict).toMatchObject({ value: 'DELAY', reasons: [{ code: 'REPORT_UNREVIEWED' }] });
});

test('accepted it joins the plan as a new revision, a must with all its fields, and voids sign-offs', () => {
  const fields = { impact: 'No orders', owners: ['qa'], priority: 'P0', severity: 'high', deadline: T - DAY };
  const run = reported({}, { ...fields, acceptance: ['an order goes through', 'none is lost'] });
  ready(run);
  expect(boardOf(run.world.launch, NOON).reported[0]).toMatchObject({ deadline: '2025-10-28T12:00:00.000Z' });
  expect(run.act({ ...review, accept: true })).toBeUndefined();
  const { plan, signOffs } = run.world.launch;
  expect(plan).toMatchObject({ revision: 2, gates: { must: [{ item: 'A' }, { item: 'REPORTED-1' }] } });
  expect(plan.items.at(-1)).toMatchObject({
    id: 'REPORTED-1',
    title: 'Carts are lost',
    impact: 'No orders',
    owners: ['qa'],
    reportedBy: ['pilot'],
    priority: 'P0',
    severity: 'high',
    deadline: { at: T - DAY },
    criteria: [{ title: 'an order goes through' }, { title: 'none is lost' }],
  });
  expect(signOffs.every((signOff) => signOff.void)).toBe(true);
  expect(run.world.items['REPORTED-1']?.status).toBe('open');
  expect(reasons(run)).toContain('MUST_UNMET');
  expect(run.world.notices.find(({ key }) => key.endsWith(':reviewed'))).toMatchObject({
    to: ['pilot'],
    subject: 'REPORTED-1 is accepted as a must by ana: Carts are lost',
  });
});

test('accepted as less than a must it leaves sign-offs and the verdict alone', () => {
  const run = reported();
  ready(run);
  run.act({ ...review, accept: true, gate: 'should' });
  expect(run.world.launch.signOffs.some((signOff) => signOff.void)).toBe(false);
  run.advance(T);
  expect(run.world.launch.verdict).toMatchObject({ value: 'GO', conditions: [{ ref: 'REPORTED-1' }] });
});

test('rejected it is kept with the reason, its reporter hears it, and it is in nobody’s way', () => {
  const run = reported();
  run.act({ ...review, accept: false, reason: 'known, and harmless' });
  expect(boardOf(run.world.launch, NOON).reported).toMatchObject([
    { id: 'REPORTED-1', review: { by: 'ana', accept: false, reason: 'known, and harmless' } },
  ]);
  expect(run.world.notices.at(-1)).toMatchObject({ to: ['pilot'], text: 'known, and harmless' });
  ready(run);
  run.advance(T);
  expect(run.world.launch.verdict?.value).toBe('GO');
});

test('a report is found in whatever case its id is written, as an item is', () => {
  const run = reported();
  expect(run.act({ ...review, report: 'reported-1', accept: true })).toBeUndefined();
  expect(run.world.launch.reported[0]).toMatchObject({ id: 'REPORTED-1', review: { accept: true } });
  expect(run.world.items['REPORTED-1']?.status).toBe('open');
  expect(run.act({ ...review, report: 'reported-1', accept: true })?.code).toBe('ALREADY');
});

test('nobody but the authority reviews, and somebody of it need not be told what they did', () => {
  const run = new Rehearsal(planOf({ items: [item('A')] }), NOON);
  run.act({ ...report, by: 'ana' });
  expect(run.act({ ...review, by: 'pilot', accept: true })).toMatchObject({ code: 'NOT_ALLOWED' });
  const before = run.world.notices.length;
  run.act({ ...review, accept: false, reason: 'r' });
  expect(run.world.notices).toHaveLength(before);
});
