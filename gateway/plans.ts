import type { z } from 'zod';
import { LaunchError } from '../client/errors';
import type { Plan } from '../domain/plan';
import { compilePlan } from '../plan/compile';
import { formatProblem, PlanError, type Problem as Found } from '../plan/problem';
import { shiftProblem, validatePlan } from '../plan/validate';
import type { Deps } from './app';
import { Problem } from './problem';
import type { startBody } from './schemas';

function invalid(problems: readonly Found[]): Problem {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const told = errors.slice(0, 5).map(formatProblem);
  return new Problem('INVALID_PLAN', told.join('\n'), { problems: errors.slice(0, 100) });
}

/** The plan of a document as of now. @throws Problem INVALID_PLAN; why is in its details */
export function compiled({ plan: text, launchAt, speed, trial, id }: z.output<typeof startBody>): Plan {
  const check = { file: 'plan', now: Date.now(), launchAt };
  const { problems, document } = validatePlan(text, check);
  if (!document || problems.some(({ severity }) => severity === 'error')) throw invalid(problems);
  const problem = shiftProblem(text, check);
  if (problem) throw new Problem('INVALID_PLAN', formatProblem(problem), { problems: [problem] });
  try {
    const plan = compilePlan(document, { now: check.now, launchAt, speed, trial });
    return id === undefined ? plan : { ...plan, id };
  } catch (error) {
    if (error instanceof PlanError) throw new Problem('INVALID_PLAN', error.message, { code: error.code });
    throw error;
  }
}

function hasRevision(plan: unknown, revision: number): plan is Plan {
  return typeof plan === 'object' && plan !== null && (plan as { revision?: unknown }).revision === revision;
}

/** The plan that a launch runs, or ran; an earlier revision where the ledger has it. @throws Problem, LaunchError NOT_FOUND */
export async function planOf(deps: Deps, launch: string, revision?: number): Promise<object> {
  const { launches, store, pages, boards } = deps;
  const kept = async () => (await store.launch(launch))?.plan as object | undefined;
  const written = boards.isSilent(launch) ? await kept().catch(() => undefined) : undefined;
  const asked = () =>
    launches.plan(launch).catch(async (error: unknown) => (await kept()) ?? Promise.reject(error as Error));
  const last = written ?? (await asked());
  if (revision === undefined || hasRevision(last, revision)) return last;
  const earlier = await pages.plan(launch, revision);
  if (hasRevision(earlier, revision)) return earlier;
  throw new LaunchError('NOT_FOUND', `the ledger of '${launch}' has no revision ${revision} of its plan`);
}
