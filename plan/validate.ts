/** Everything that is wrong with a plan document, at once: the function behind `launch validate` and `launch start`. */
import type { Plan } from '../domain/plan';
import { compileForLint, lacksHour, writtenLaunchAt } from './compile';
import { knowsHolidays } from './compile/calendar';
import { lintPlan } from './lint';
import { momentsOf, pastDates } from './moments';
import { asList } from './names';
import { checkChannels, lintChannels } from './channels';
import { lintNotYet } from './not-yet';
import { parseSource, type Source } from './parse';
import { error, PlanError, warning, type Finding, type Problem } from './problem';
import { checkReach } from './reach';
import { checkReferences } from './references';
import { salvage } from './salvage';
import type { PlanDocument } from './schema';
import { checkShape } from './shape';
import { parseMoment } from './time';

export interface ValidateOptions {
  /** As problems name it. */
  file: string;
  /** What `+7d` is counted from, and what is past; epoch ms. */
  now: number;
  /** WHEN of `--launch-at`, where it is given: it stands for the document's launch date. */
  launchAt?: string;
}

export interface Validation {
  /** In the order of the document. */
  problems: Problem[];
  /** There when its shape is right, even with other errors. */
  document?: PlanDocument;
  /** There when there is no error and the launch has a date; without an hour it is taken at 23:59. */
  plan?: Plan;
}

/** The launch date itself: set, ahead, and not counted from itself. `severity` is what being past is. */
function launchFindings(document: PlanDocument, now: number, severity: Finding['severity']): Finding[] {
  const path = ['launch', 'at'];
  const text = document.launch.at;
  const say = severity === 'error' ? error : warning;
  const ask = 'give --launch-at WHEN to start';
  if (text === undefined) {
    const message = `the launch has no date; ${ask}`;
    return [say('LAUNCH_NOT_SET', ['launch'], { found: 'nothing', expected: 'launch.at', message })];
  }
  if (parseMoment(text)?.from === 'launch') {
    const message = `launch.at cannot be counted from the launch; give a date, or an offset from the start like "+7d 10:00"`;
    return [error('LAUNCH_NOT_SET', path, { found: `'${text}'`, expected: 'a date', message })];
  }
  const at = writtenLaunchAt(document, now)!;
  if (at < now) {
    const others = pastDates(document, { now, launchAt: at }).length;
    const more = others > 0 ? ` (so are ${others} of its other dates)` : '';
    const message = `the launch at ${new Date(at).toISOString()} is in the past${more}; ${ask}, which moves every date with it`;
    return [say('LAUNCH_IN_PAST', path, { found: `'${text}'`, expected: 'a date to come', message })];
  }
  if (!lacksHour(document)) return [];
  const message = `the launch has no hour; ${ask}, or add one`;
  return [say('LAUNCH_WITHOUT_HOUR', path, { found: `'${text}'`, expected: 'a date with an hour', message })];
}

/** Offsets from a launch that has no date mean nothing. */
function offsetsWithoutLaunch(document: PlanDocument, launchAt: string | undefined): Finding[] {
  if (document.launch.at !== undefined || launchAt !== undefined) return [];
  return momentsOf(document)
    .filter(({ text }) => parseMoment(text)?.from === 'launch')
    .map(({ path, text }) => {
      const message = `${text} is counted from the launch, whose date is not set; set launch.at or give --launch-at`;
      return error('OFFSET_WITHOUT_LAUNCH', path, { found: `'${text}'`, expected: 'launch.at to be set', message });
    });
}

function calendarFindings({ launch }: PlanDocument): Finding[] {
  const { holidays, freezes } = launch.windows ?? {};
  const path = ['launch', 'windows'];
  const anchored = (freezes ?? []).flatMap((freeze, index) =>
    (['from', 'to'] as const)
      .filter((key) => parseMoment(freeze[key])?.from === 'launch')
      .map((key) => {
        const message = 'a freeze is a date of the world: it cannot be counted from the launch';
        const found = `'${freeze[key]}'`;
        return error('FREEZE_OFFSET', [...path, 'freezes', index, key], { found, expected: 'a date', message });
      })
  );
  const unknown = asList(holidays).flatMap((region, index) => {
    if (knowsHolidays(region)) return [];
    const at = [...path, 'holidays', ...(Array.isArray(holidays) ? [index] : [])];
    const message = `no holidays are known for '${region}'; give a country like US, or a region of it like US-CA`;
    return [error('UNKNOWN_REFERENCE', at, { found: `'${region}'`, expected: 'a country or region', message })];
  });
  return [...anchored, ...unknown];
}

function deepFindings(document: PlanDocument, options: ValidateOptions): { findings: Finding[]; plan?: Plan } {
  const { now, launchAt } = options;
  const early = [
    ...(launchAt === undefined ? launchFindings(document, now, 'warning') : []),
    ...offsetsWithoutLaunch(document, launchAt),
    ...calendarFindings(document),
    ...checkReferences(document),
    ...checkChannels(document),
    ...lintChannels(document),
    ...lintNotYet(document),
  ];
  if (early.some(({ severity }) => severity === 'error')) return { findings: early };
  if (document.launch.at === undefined && launchAt === undefined) return { findings: early };
  try {
    const compiled = compileForLint(document, { now, launchAt });
    const reach = checkReach(compiled);
    const findings = [...early, ...reach, ...lintPlan(document, compiled, now)];
    if (reach.length > 0) return { findings };
    return { findings, plan: JSON.parse(JSON.stringify(compiled.plan)) as Plan };
  } catch (cause) {
    if (cause instanceof PlanError) return { findings: [...early, cause.finding] };
    throw cause;
  }
}

function located(source: Source, findings: readonly Finding[]): Problem[] {
  const problems = findings.map((finding) => source.locate(finding));
  return problems.sort((a, b) => a.line - b.line || a.column - b.column);
}

function wrongKindOfFile(file: string): Problem | undefined {
  if (!/\.(md|markdown)$/i.test(file)) return undefined;
  const message = `this is Markdown; make a plan of it first: launch import ${file} --out plan.yaml`;
  const found = 'a Markdown file';
  const expected = 'YAML or JSON';
  return { severity: 'error', code: 'MARKDOWN', file, line: 1, column: 1, path: '', found, expected, message };
}

/** Never throws because of the text. Problems of a document whose shape is wrong include those of its right parts. */
export function validatePlan(text: string, options: ValidateOptions): Validation {
  const markdown = wrongKindOfFile(options.file);
  if (markdown) return { problems: [markdown] };
  const source = parseSource(text, options.file);
  if (source.problems.length > 0) return { problems: source.problems };
  const { document, findings } = checkShape(source.value);
  if (!document) {
    const rest = salvage(source.value, findings);
    const known = rest ? checkReferences(rest.document, rest.lost).filter(rest.holds) : [];
    return { problems: located(source, [...findings, ...known]) };
  }
  const deep = deepFindings(document, options);
  return { problems: located(source, deep.findings), document, plan: deep.plan };
}

/**
 * Why a plan cannot be started as it is: no launch date, none with an hour, or one in the past. Nothing stands in the
 * way once `--launch-at` gives the date.
 */
export function shiftProblem(text: string, options: ValidateOptions): Problem | undefined {
  if (options.launchAt !== undefined) return undefined;
  const source = parseSource(text, options.file);
  const { document } = checkShape(source.value);
  const [finding] = document ? launchFindings(document, options.now, 'error') : [];
  return finding && source.locate(finding);
}
