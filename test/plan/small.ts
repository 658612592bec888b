import { formatProblem, type Problem } from '../../plan/problem';
import type { PlanDocument } from '../../plan/schema';
import { validatePlan, type ValidateOptions } from '../../plan/validate';

/** A Monday. */
export const NOW = Date.parse('2027-03-01T12:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The smallest plan without a problem, with whatever a test is about. */
export function smallPlan(over: Partial<PlanDocument> = {}): PlanDocument {
  return {
    version: 1,
    title: 'Small',
    launch: { at: '+2d', authority: { roles: ['boss'] } },
    people: [
      { id: 'ana', roles: ['boss'] },
      { id: 'ben', roles: ['dev'] },
      { id: 'cem', roles: ['dev'] },
    ],
    gates: { must: [{ title: 'It works', owners: ['ben'] }] },
    ...over,
  };
}

/** Validates a value as if it had been written as JSON: two spaces, one key a line. */
export function validateValue(value: unknown, options: Partial<ValidateOptions> = {}) {
  return validatePlan(JSON.stringify(value, null, 2), { file: 'plan.yaml', now: NOW, ...options });
}

export const errorsOf = (problems: readonly Problem[]): string[] =>
  problems.filter(({ severity }) => severity === 'error').map(formatProblem);

/** `CODE path` of each, which is what tests compare. */
export const codes = (problems: readonly Problem[]): string[] =>
  problems.map(({ code, path }) => (path === '' ? code : `${code} ${path}`));
