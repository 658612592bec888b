import { readFileSync, statSync } from 'node:fs';
import type { Plan } from '../domain/plan';
import { formatProblem, type Problem } from '../plan/problem';
import type { ImportResult } from '../plan/import/result';
import type { Style } from './style';
import { CliError } from './failure';
import { clean, count } from './text';

/** Nothing that a person writes is larger; reading more would only take memory. */
const LARGEST_FILE_BYTES = 20_000_000;

/** A year is half a minute then: whatever is faster only leaves the waits that are never shortened further. */
const FASTEST = 1_000_000;

/** With --launch-at they are about the option; nothing in the file is to be corrected. */
const OF_LAUNCH_AT: ReadonlySet<string> = new Set(['BAD_LAUNCH_AT', 'LAUNCH_IN_PAST']);

export interface PlanOptions {
  launchAt?: string;
  speed?: string;
  trial?: boolean;
  id?: string;
}

/** What a launch that runs asks besides: `now` is what the document is read as of (epoch ms), else the present. */
interface ReadOptions extends PlanOptions {
  now?: number;
}

/** A plan document without errors. */
export interface LoadedPlan {
  file: string;
  /** Of the launch that it starts. */
  id: string;
  title: string;
  /** As it is read; of Markdown the YAML that was made of it. */
  document: string;
  /** What was asked besides, as a launch is started with. */
  asked: { launchAt?: string; speed?: number; trial?: boolean; id?: string };
  warnings: Problem[];
  /** Where it was made from Markdown: what there is to look at. */
  imported?: ImportResult;
  /**
   * The plan as of `now` (epoch ms), which `+7d` and the like are counted from.
   * @throws CliError or PlanError why it cannot be started, like LAUNCH_IN_PAST
   */
  compile(now: number): Plan;
}

function whatIs(file: string): { size: number; isDirectory: boolean } {
  if (file === '') throw new Error('its name is empty');
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new Error('there is no such file');
  return { size: found.size, isDirectory: found.isDirectory() };
}

/** @throws CliError BAD_INPUT naming the file */
export function readText(file: string): string {
  try {
    const { size, isDirectory } = whatIs(file);
    if (isDirectory) throw new Error('it is a folder');
    if (size > LARGEST_FILE_BYTES) throw new Error(`it has ${Math.round(size / 1_000_000)} MB, a plan at most 1 MB`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError('BAD_INPUT', `'${clean(file)}' cannot be read: ${reason}. Name a plan or a Markdown document.`);
  }
}

export function isMarkdown(file: string): boolean {
  return /\.(md|markdown)$/i.test(file);
}

/** `file:line:column: error CODE path: message`, the severity coloured. */
export function problemLine(problem: Problem, style: Style): string {
  const paint = problem.severity === 'error' ? style.red : style.yellow;
  return clean(formatProblem(problem)).replace(`: ${problem.severity} `, `: ${paint(problem.severity)} `);
}

/** What is wrong in one message, everything in `details`. */
export function invalid(file: string, problems: readonly Problem[]): CliError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const lines = errors.slice(0, 20).map(formatProblem);
  const more = errors.length > lines.length ? [`… and ${errors.length - lines.length} more`] : [];
  const head = `${file} has ${count(errors.length, 'error')}; correct ${errors.length === 1 ? 'it' : 'them'} first:`;
  return new CliError('INVALID_PLAN', [head, ...lines, ...more].join('\n'), { details: { problems } });
}

async function sourceOf(file: string): Promise<{ file: string; text: string; imported?: ImportResult }> {
  const text = readText(file);
  if (!isMarkdown(file)) return { file, text };
  const { importDirection } = await import('../plan/import/import-direction.js');
  const { importToYaml } = await import('../plan/import/to-yaml.js');
  const imported = importDirection(text, { file });
  return { file: `${file} (imported)`, text: importToYaml(imported), imported };
}

function speedOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const speed = Number(text);
  if (speed >= 1 && speed <= FASTEST) return speed;
  throw new CliError(
    'BAD_SPEED',
    `--speed '${clean(text)}' is not a factor; give a number from 1 to ${FASTEST}, like 360`
  );
}

function idOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)) return text;
  const message = `--id '${clean(text)}' cannot be a launch's id; give letters, digits, ".", "_" and "-", at most 63`;
  throw new CliError('BAD_INPUT', message);
}

/**
 * A plan document, or a Markdown document as the plan that `launch import` makes of it, checked as a whole.
 * @throws CliError INVALID_PLAN, BAD_INPUT, BAD_SPEED
 */
export async function loadPlan(given: string, options: ReadOptions): Promise<LoadedPlan> {
  const [id, speed] = [idOf(options.id), speedOf(options.speed)];
  const { file, text, imported } = await sourceOf(given);
  const [{ validatePlan, shiftProblem }, { compilePlan }, { idsOf }] = await Promise.all([
    import('../plan/validate.js'),
    import('../plan/compile.js'),
    import('../plan/ids.js'),
  ]);
  const { launchAt, trial, now: asOf = Date.now() } = options;
  const check = { file, now: asOf, launchAt };
  const { problems, document } = validatePlan(text, check);
  const [wrong, ...others] = problems.filter(({ severity }) => severity === 'error');
  if (wrong && others.length === 0 && OF_LAUNCH_AT.has(wrong.code) && launchAt !== undefined) {
    throw new CliError(wrong.code, wrong.message, { details: { problems: [wrong] } });
  }
  if (!document || wrong) throw invalid(file, problems);
  const compile = (now: number): Plan => {
    const problem = shiftProblem(text, { ...check, now });
    if (problem) throw new CliError(problem.code, formatProblem(problem), { details: { problems: [problem] } });
    const plan = compilePlan(document, { now, launchAt, speed, trial });
    return id === undefined ? plan : { ...plan, id };
  };
  const asked = {
    ...(launchAt === undefined ? {} : { launchAt }),
    ...(speed === undefined ? {} : { speed }),
    ...(trial === undefined ? {} : { trial }),
    ...(id === undefined ? {} : { id }),
  };
  const known = { file: given, id: id ?? idsOf(document).plan, title: document.title, document: text, asked };
  return { ...known, warnings: problems, imported, compile };
}

/** What a person should look at, in few lines. */
export function warningLines({ file, warnings, imported }: LoadedPlan, style: Style): string[] {
  const found = [
    ...(imported && imported.contradictions.length > 0 ? [count(imported.contradictions.length, 'contradiction')] : []),
    ...(imported && imported.warnings.length > 0 ? [count(imported.warnings.length, 'doubt')] : []),
    ...(imported && imported.kept.length > 0
      ? [`${count(imported.kept.length, 'line')} kept without being understood`]
      : []),
    ...(warnings.length > 0 ? [count(warnings.length, 'warning')] : []),
  ];
  if (found.length === 0) return [];
  const look = imported ? `launch import ${file} --out plan.yaml` : `launch validate ${file}`;
  return [style.yellow(`! ${found.join(', ')}; see them with: ${clean(look)}`)];
}
