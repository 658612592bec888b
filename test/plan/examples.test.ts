import { readFileSync } from 'node:fs';
import { validatePlan } from '../../plan/validate';
import { codes, errorsOf } from './small';

const now = Date.parse('2027-03-02T10:00:00Z');
const validate = (file: string) => validatePlan(readFileSync(file, 'utf8'), { file, now });

test.each(['examples/production-launch.yaml', 'examples/storefront.yaml'])('%s has no errors', (file) => {
  const { problems, plan } = validate(file);
  expect(errorsOf(problems)).toEqual([]);
  expect(plan).toBeDefined();
});

test('the production launch warns of nothing but what is meant', () => {
  expect(codes(validate('examples/production-launch.yaml').problems)).toEqual([
    'NO_CRITERIA items[13]',
    'NO_CRITERIA items[14]',
  ]);
});

test('the production launch says what its document says', () => {
  const plan = validate('examples/production-launch.yaml').plan!;
  expect(plan.gates.must.map(({ item }) => item)).toEqual([
    'BLOCKER-STAGING-001',
    'BLOCKER-LLAMAINDEX-INDEX-001',
    'BLOCKER-DASHBOARDFACT-001',
    'VERIFY-IMAGE-SEARCH-001',
    'QA-AGENT-HANDOFFS-001',
  ]);
  expect(plan.launch.authority).toEqual({ by: ['ceo', 'manager'], quorum: 'all', no: 'hold' });
  const item = (id: string) => plan.items.find((one) => one.id === id)!;
  expect(item('QA-AGENT-HANDOFFS-001').after).toEqual(['BLOCKER-LLAMAINDEX-INDEX-001']);
  expect(item('PILOT-USER-TESTING-001').after).toEqual(['BLOCKER-STAGING-001']);
  expect(item('BLOCKER-LANGFUSE-001').decision?.options).toHaveLength(3);
  expect(item('ENGINEER-REMAINING').progress).toEqual({ done: 7, total: 17 });
  const claimed = plan.items.filter(({ startAs }) => startAs === 'resolved');
  expect(claimed).toHaveLength(7);
  expect(claimed.every(({ criteria }) => criteria.length === 1 && criteria[0]!.attest?.as === 'claim')).toBe(true);
});

test('the production launch looks for itself at all that can be looked at', () => {
  const { items } = validate('examples/production-launch.yaml').plan!;
  const looked = items.flatMap(({ id, criteria }) => criteria.map((each) => [`${id} ${each.id}`, each.check?.type]));
  expect(looked.filter(([, type]) => type !== undefined && type !== 'items')).toEqual([
    ['BLOCKER-DATABASE-CONFUSION guides', 'files'],
    ['BLOCKER-DATABASE-CONFUSION no-audit-log', 'files'],
    ['BLOCKER-STAGING-001 reachable', 'http'],
    ['BLOCKER-STAGING-001 health', 'http'],
    ['BLOCKER-LLAMAINDEX-INDEX-001 filled', 'files'],
    ['BLOCKER-LLAMAINDEX-INDEX-001 answers', 'mcp'],
    ['BLOCKER-DASHBOARDFACT-001 model', 'prisma-model'],
    ['BLOCKER-DASHBOARDFACT-001 migration', 'prisma-model'],
    ['BLOCKER-DASHBOARDFACT-001 services', 'files'],
    ['VERIFY-MCP-EVIDENCE-001 six-files', 'files'],
  ]);
  expect(looked.filter(([, type]) => type === 'items')).not.toEqual([]);
});
