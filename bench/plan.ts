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

interface Listed {
  id: string;
  items: ReadonlyArray<{ id: string }>;
  /** Besides the two that all have. */
  people?: readonly string[];
}

/** A launch a month ahead with these items as its musts, made from a document like any other. */
function planOf(title: string, { id, items, people = [] }: Listed): Plan {
  const document = {
    version: 1,
    id,
    title,
    timezone: 'UTC',
    launch: { at: '+30d 10:00', authority: { roles: ['ana'], quorum: 'all' } },
    people: [
      { id: 'ana', name: 'Ana' },
      { id: 'dev', name: 'Dev' },
      ...people.map((person) => ({ id: person, name: person })),
    ],
    items: items.map((item) => ({ title: item.id, owners: ['dev'], ...item })),
    gates: { must: items.map((item) => ({ item: item.id })) },
  };
  const now = Date.now();
  const { problems, document: valid } = validatePlan(stringify(document), { file: id, now });
  const wrong = problems.filter(({ severity }) => severity === 'error');
  if (!valid || wrong.length > 0) throw new Error(wrong.map(formatProblem).join('\n'));
  return compilePlan(valid, { now });
}

/** A launch whose items have nothing but `http` checks. */
export function planOfChecks({ id, items, checksEach, every, url }: PlanOfChecks): Plan {
  const acceptance = (item: number): object[] =>
    Array.from({ length: checksEach }, (_, check) => ({
      id: `check-${check}`,
      title: `Answers ${check}`,
      check: { type: 'http', url: url(item, check), expect: { status: 200 } },
      every,
    }));
  const all = Array.from({ length: items }, (_, item) => ({ id: `ITEM-${item}`, acceptance: acceptance(item) }));
  return planOf(`Checks of ${id}`, { id, items: all });
}

/** A launch whose items wait for people, each until its deadline (epoch ms). */
export function planOfDeadlines(id: string, deadlines: ReadonlyArray<{ item: string; at: number }>): Plan {
  const items = deadlines.map(({ item, at }) => ({ id: item, deadline: new Date(at).toISOString() }));
  return planOf(`Deadlines of ${id}`, { id, items });
}

/** A launch whose items wait for people, of whom there are many: the first has the first item, and so on, over and over. */
export function planOfPeople(id: string, count: number, people: readonly string[]): Plan {
  const items = Array.from({ length: count }, (_, n) => ({ id: `ITEM-${n}`, owners: [people[n % people.length]] }));
  return planOf(`People of ${id}`, { id, items, people });
}
