import { importDirection } from '../../plan/import/import-direction';
import type { ImportResult } from '../../plan/import/result';
import { fixture } from './documents';

const result = importDirection(fixture.text, { file: fixture.name });
const { plan } = result;

type Item = NonNullable<ImportResult['plan']['items']>[number];
function item(id: string): Item {
  const found = plan.items?.find((each) => each.id === id);
  if (!found) throw new Error(`no item ${id} among ${plan.items?.map((each) => each.id).join(', ')}`);
  return found;
}

test('a blocker without id is made from its title: owners, claims, a reading by everyone, what is to be done', () => {
  const blocker = item('BLOCKER-LEDGER-NAMING-MIX-UP');
  expect(blocker).toMatchObject({ kind: 'blocker', owners: ['everyone'], severity: 'critical', source: 17 });
  expect(blocker.reportedBy).toEqual(['orion', 'lyra']);
  expect(blocker.acceptance).toHaveLength(6);
  expect(blocker.acceptance?.filter(({ claim }) => claim)).toHaveLength(3);
  expect(blocker.acceptance?.[3]).toMatchObject({
    acknowledge: {
      by: ['everyone'],
      quorum: 'all',
      documents: ['docs/crew/START_HERE.md', 'docs/crew/LEDGER_GUIDE.md'],
    },
    source: 27,
  });
  expect(blocker.acceptance?.slice(4).map(({ title }) => title)).toEqual([
    'Use entries_v2 NOT entries_old',
    'Use the primary for writes, the replica for reports only',
  ]);
});

test('a blocker keeps reporter, impact, owners, priority, deadline and acceptance one by one', () => {
  expect(item('BLOCKER-SANDBOX-014')).toMatchObject({
    reportedBy: ['vega'],
    impact: 'No pilot sessions with harbour masters',
    owners: ['corvus'],
    priority: 'P0',
    deadline: '2026-06-04 23:59',
    acceptance: [{ source: 45 }, { source: 46 }, { attest: { by: ['vega'] }, source: 47 }],
  });
  expect(item('BLOCKER-TIDE-FEED-002').owners).toEqual(['draco', 'corvus']);
});

test('a decision has its options and deciders, and opens the item of whoever carries it out', () => {
  expect(item('BLOCKER-BILLING-009')).toMatchObject({
    kind: 'decision',
    owners: ['manager'],
    priority: 'P1',
    deadline: '2026-06-07 23:59',
    decide: { by: ['ceo', 'manager'], quorum: 'any' },
    options: [
      { id: 'home-grown', opens: ['BLOCKER-BILLING-009-IMPLEMENTATION'] },
      { id: 'hosted', opens: ['BLOCKER-BILLING-009-IMPLEMENTATION'] },
    ],
  });
  expect(item('BLOCKER-BILLING-009-IMPLEMENTATION')).toMatchObject({ owners: ['mensa01'], kind: 'task' });
});

test('a verification says what it verifies and unblocks; ids without an item are external', () => {
  expect(item('VERIFY-BERTH-MAP-003')).toMatchObject({
    kind: 'verification',
    verifies: ['DRACO-BERTH-MAP-001'],
    unblocks: ['ORION-BERTH-MAP-001', 'LYRA-BERTH-MAP-001'],
    priority: 'P0',
    deadline: '2026-06-04 23:59',
  });
  expect(item('ORION-BERTH-MAP-001')).toMatchObject({ external: true, owners: ['orion'], source: 95 });
  expect(item('VERIFY-CUSTOMS-RECEIPTS-004').verifies).toEqual(['PRIVACY-AUDIT-COMPLETE']);
  expect(item('COORD-LYRA-001')).toMatchObject({ kind: 'coordination', orders: ['LYRA-DOCK-001', 'LYRA-DOCK-002'] });
});

test('assignments give edges, progress and state', () => {
  expect(item('HYDRA-REGRESSION-001')).toMatchObject({ owners: ['hydra'], after: ['BLOCKER-TIDE-FEED-002'] });
  expect(item('HYDRA-007')).toMatchObject({ startAs: 'acknowledged', priority: 'P1' });
  expect(item('VEGA-PILOT-SESSIONS-001').after).toEqual(['BLOCKER-SANDBOX-014']);
  expect(item('LYRA-DOCK-001').after).toEqual(['COORD-LYRA-001']);
  expect(item('DRACO-CONTINUE').progress).toEqual({ done: 5, total: 11 });
  expect(item('DRACO-SUPPORT').owners).toEqual(['draco']);
  const idle = plan.context?.filter((each) => typeof each !== 'string' && each.title.startsWith('Idle: '));
  expect(idle).toHaveLength(2);
});

test('what is said to be ready starts as a claim, never as evidence', () => {
  const claims = plan.items?.filter(({ startAs }) => startAs === 'resolved');
  expect(claims?.map(({ title, owners }) => [title, owners])).toEqual([
    ['Buoy telemetry', ['orion']],
    ['Privacy audit complete', ['pavo']],
    ['Port directory', ['aquila']],
  ]);
});

test('pending and not-ready lines are remarks on their items', () => {
  expect(item('VERIFY-BERTH-MAP-003').notes).toContain('Listed as pending: Berth map');
  expect(item('HYDRA-REGRESSION-001').notes).toContain('Listed as pending: Regression suite');
  expect(item('VEGA-PILOT-SESSIONS-001').notes).toContain('Listed as not ready: Pilot sessions');
});

test('gates name the items that satisfy them', () => {
  expect(plan.gates.must?.map((entry) => entry.item)).toEqual([
    'BLOCKER-SANDBOX-014',
    'BLOCKER-TIDE-FEED-002',
    'VERIFY-BERTH-MAP-003',
    'HYDRA-REGRESSION-001',
  ]);
  expect(plan.gates.should).toMatchObject([
    { item: 'VEGA-PILOT-SESSIONS-001' },
    { item: 'VERIFY-CUSTOMS-RECEIPTS-004' },
    { check: { type: 'items', where: { priority: 'P0' }, is: 'resolved', atLeast: '100%' } },
    { check: { type: 'items', where: { severity: 'critical' }, is: 'open', atMost: 0 } },
  ]);
  expect(plan.gates.nice).toMatchObject([
    { check: { where: { priority: 'P1' } } },
    { item: 'BLOCKER-BILLING-009-IMPLEMENTATION' },
    { title: 'Additional languages', owners: ['manager'] },
  ]);
});

test('timeline, metrics, standup, escalation, authority and announcement', () => {
  expect(plan.launch).toMatchObject({
    at: '2026-06-06',
    authority: { roles: ['ceo', 'manager'], quorum: 'all' },
    announce: { lead: '24h', to: ['everyone'] },
  });
  expect(plan.launch.milestones?.map(({ at, items }) => [at, items ?? []])).toEqual([
    ['2026-06-04 12:00', ['BLOCKER-SANDBOX-014', 'BLOCKER-TIDE-FEED-002']],
    ['2026-06-04 18:00', ['VERIFY-BERTH-MAP-003', 'VERIFY-CUSTOMS-RECEIPTS-004']],
    ['2026-06-04 21:00', ['BLOCKER-BILLING-009', 'COORD-LYRA-001']],
    ['2026-06-05 12:00', ['HYDRA-REGRESSION-001']],
    ['2026-06-05 18:00', ['VEGA-PILOT-SESSIONS-001']],
    ['2026-06-05 21:00', []],
  ]);
  expect(plan.metrics).toMatchObject([
    { measure: 'resolved-share', where: { severity: 'critical' }, target: '>= 100%', baseline: 0 },
    { measure: 'resolved-share', where: { priority: 'P0' }, target: '>= 90%', baseline: 131 },
    { measure: 'idle-owners', target: '< 15%', baseline: 2 },
  ]);
  expect(plan.standup).toMatchObject({ at: '08:30', days: 'Mon-Sun', reviews: ['2026-06-04 16:00Z'] });
  expect(plan.defaults).toEqual({ sla: { respond: '2h' }, escalation: [{ after: '0m', to: ['manager'] }] });
  expect(plan.timezone).toBe('UTC');
});

test('figures, dates, the order of work and next actions are context', () => {
  const context = new Map(
    plan.context?.map((each) => (typeof each === 'string' ? [each, null] : [each.title, each.value]))
  );
  expect(context.get('field notes')).toBe(412);
  expect(context.get('blockers')).toBe(17);
  expect(context.get('Date of the document')).toBe('2026-06-04');
  expect(context.get('Priority 2')).toBe('VERIFY COMPLETIONS');
  expect(context.get('Next action 3')).toBe('MANAGER: Verify berth map completion');
});

test('everything in it was understood, and is counted', () => {
  expect(result.kept).toEqual([]);
  expect(result.understood).toMatchObject({
    blockers: 4,
    verifications: 2,
    decisions: 1,
    options: 2,
    coordinations: 1,
    claims: 3,
    must: 4,
    should: 4,
    nice: 3,
    milestones: 6,
    metrics: 3,
    nextActions: 4,
  });
});
