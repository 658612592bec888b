import { stringify } from 'yaml';
import type { Plan } from '../domain/plan';
import { compilePlan } from '../plan/compile';
import { formatProblem } from '../plan/problem';
import { validatePlan } from '../plan/validate';

export interface PlanOfChecks {
  id: string;
  items: number;
  checksEach: number;
  /** As in a plan document. */
  every: string;
  /** What each check asks, by item and check. */
  url: (item: number, check: number) => string;
}

/** A launch a month ahead whose items have nothing but `http` checks, made from a document like any other. */
export function planOfChecks({ id, items, checksEach, every, url }: PlanOfChecks): Plan {
  const ids = Array.from({ length: items }, (_, item) => `ITEM-${item}`);
  const acceptance = (item: number): object[] =>
    Array.from({ length: checksEach }, (_, check) => ({
      id: `check-${check}`,
      title: `Answers ${check}`,
      check: { type: 'http', url: url(item, check), expect: { status: 200 } },
      every,
    }));
  const document = {
    version: 1,
    id,
    title: `Checks of ${id}`,
    timezone: 'UTC',
    launch: { at: '+30d 10:00', authority: { roles: ['ana'], quorum: 'all' } },
    people: [
      { id: 'ana', name: 'Ana' },
      { id: 'dev', name: 'Dev' },
    ],
    items: ids.map((each, item) => ({ id: each, title: each, owners: ['dev'], acceptance: acceptance(item) })),
    gates: { must: ids.map((item) => ({ item })) },
  };
  const now = Date.now();
  const { problems, document: valid } = validatePlan(stringify(document), { file: id, now });
  const wrong = problems.filter(({ severity }) => severity === 'error');
  if (!valid || wrong.length > 0) throw new Error(wrong.map(formatProblem).join('\n'));
  return compilePlan(valid, { now });
}
