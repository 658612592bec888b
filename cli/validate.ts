import type { Problem } from '../plan/problem';
import { command } from './command';
import { EXIT } from './failure';
import { invalid, problemLine, readText } from './plan-file';
import { count } from './text';

const ASKS_FOR_A_DATE: ReadonlySet<string> = new Set(['LAUNCH_NOT_SET', 'LAUNCH_IN_PAST', 'LAUNCH_WITHOUT_HOUR']);

function verdictOn(file: string, problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  if (found.length === 0) return `${file} is a good plan`;
  if (errors > 0) return `${file}: ${found.join(', ')}`;
  const asks = problems.some(({ code }) => ASKS_FOR_A_DATE.has(code));
  return `${file} can be started${asks ? ' with --launch-at WHEN' : ''}: ${found.join(', ')}`;
}

export const validate = () =>
  command<{ launchAt?: string }>(
    'validate <plan>',
    {
      summary: 'say everything that is wrong with a plan, with its place; exits 2 where there are errors',
      examples: ['launch validate plan.yaml', 'launch validate plan.yaml --launch-at "2025-11-03 14:00" --json'],
    },
    async ({ options, say, answer, style }, [file = '']) => {
      const text = readText(file);
      const { validatePlan } = await import('../plan/validate.js');
      const { problems } = validatePlan(text, { file, now: Date.now(), launchAt: options.launchAt });
      const isValid = !problems.some(({ severity }) => severity === 'error');
      for (const problem of problems) say(problemLine(problem, style));
      say(`${isValid ? style.green('✓') : style.red('✗')} ${verdictOn(file, problems)}`);
      const { code, message } = invalid(file, problems);
      answer({ valid: isValid, problems, ...(isValid ? {} : { error: { code, message, details: { problems } } }) });
      return isValid ? EXIT.done : EXIT.badInput;
    }
  ).option('--launch-at <when>', "as 'launch start' would take it");
