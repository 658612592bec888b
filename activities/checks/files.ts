import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { filesCheck, type FilesCheck } from '../../plan/checks/files';
import { parseDuration } from '../../plan/time';
import type { CheckType } from './check-type';
import { contentFindings } from './file-content';
import { findFiles, type Found } from './glob';
import { codeOf, openPlain, readShort, realPathInside, realRoot } from './inside-root';
import type { CheckContext, CheckResult, Finding } from './result';
import { CannotRun, failed, inconclusive, MAX_READ_BYTES, passed, quoted, worstOf } from './result';

/** More files than this are counted, but not looked into. */
const MAX_FILES_LOOKED_INTO = 10_000;
/** So many of those that are not as expected are told one by one. */
const MAX_TOLD = 5;
/** A file's time may be that of another machine's clock. */
const CLOCKS_DIFFER_MS = 60_000;

type Range = { equals?: number; atLeast?: number; atMost?: number };

function inRange(value: number, { equals = value, atLeast = -Infinity, atMost = Infinity }: Range): boolean {
  return value === equals && value >= atLeast && value <= atMost;
}

function rangeText({ equals, atLeast, atMost }: Range): string {
  const parts = [
    equals === undefined ? [] : [`exactly ${equals}`],
    atLeast === undefined ? [] : [`at least ${atLeast}`],
    atMost === undefined ? [] : [`at most ${atMost}`],
  ];
  return parts.flat().join(' and ');
}

/** The folder to look in. */
async function folderOf(check: FilesCheck, root: string): Promise<Where> {
  const inside = await realRoot(root);
  const folder = await realPathInside(inside, path.resolve(inside, check.root ?? '.'));
  if ((await stat(folder)).isDirectory()) return { inside, folder };
  throw new CannotRun(`${quoted(check.root)} is not a folder`);
}

function statFindings(stats: Stats, check: FilesCheck, now: number): Finding[] {
  const findings: Finding[] = [];
  if (check.size) {
    const fits = inRange(stats.size, check.size);
    findings.push(fits ? passed('') : failed(`it has ${stats.size} bytes, expected ${rangeText(check.size)}`));
  }
  if (check.age) {
    const { atLeast, atMost } = check.age;
    const age = now - stats.mtimeMs;
    if (age < -CLOCKS_DIFFER_MS) return [...findings, inconclusive('it was changed in the future, as its time says')];
    const fits = inRange(Math.max(0, age), {
      atLeast: atLeast === undefined ? undefined : parseDuration(atLeast),
      atMost: atMost === undefined ? undefined : parseDuration(atMost),
    });
    const expected = [atLeast && `at least ${atLeast}`, atMost && `at most ${atMost}`].filter(Boolean).join(' and ');
    const changed = `it was changed ${Math.round(Math.max(0, age) / 1_000)} s ago, expected ${expected} ago`;
    findings.push(fits ? passed('') : failed(changed));
  }
  return findings;
}

const needsContent = (check: FilesCheck): boolean =>
  check.parses !== undefined || check.mustContain !== undefined || check.mustNotContain !== undefined;

const asksOfEach = (check: FilesCheck): boolean =>
  needsContent(check) || check.size !== undefined || check.age !== undefined;

/** Looks at one file. */
async function fileFindings(real: string, check: FilesCheck, now: number): Promise<Finding[]> {
  const file = await openPlain(real);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return [inconclusive('it is not a file any more')];
    const findings = statFindings(stats, check, now);
    if (!needsContent(check)) return findings;
    const bytes = await readShort(file, stats.size);
    const tooLong = inconclusive(`it is longer than ${MAX_READ_BYTES / 1_048_576} MB, which is not read`);
    return [...findings, ...(bytes ? contentFindings(bytes, check) : [tooLong])];
  } finally {
    await file.close();
  }
}

async function findingsOf(names: readonly string[], real: (name: string) => string, run: Run): Promise<Finding[]> {
  const { check, context } = run;
  if (!asksOfEach(check)) return [];
  const findings: Finding[] = [];
  for (const name of names.slice(0, MAX_FILES_LOOKED_INTO)) {
    context.signal.throwIfAborted();
    const found = await fileFindings(real(name), check, context.now()).catch((error: unknown): Finding[] => [
      { outcome: 'errored', seen: error instanceof CannotRun ? error.message : `it cannot be read (${codeOf(error)})` },
    ]);
    findings.push(...found.map(({ outcome, seen }) => ({ outcome, seen: seen && `${quoted(name)}: ${seen}` })));
  }
  const left = names.length - MAX_FILES_LOOKED_INTO;
  return left > 0 ? [...findings, inconclusive(`${left} files more were not looked into`)] : findings;
}

interface Run {
  check: FilesCheck;
  context: CheckContext;
}

interface Where {
  /** The worker's folder. */
  inside: string;
  /** The one of the check. */
  folder: string;
}

interface Resolved {
  /** The real paths by the names. */
  real: ReadonlyMap<string, string>;
  /** Which of the patterns have found one, from 0. */
  patterns: ReadonlySet<number>;
}

/** What was found, without the links to folders. */
async function resolveFiles({ files }: Found, { inside, folder }: Where, signal: AbortSignal): Promise<Resolved> {
  const resolved = new Map<string, string>();
  const found = new Set<number>();
  for (const { name, isLink, patterns } of files) {
    signal.throwIfAborted();
    const full = path.join(folder, name);
    const real = isLink ? await realPathInside(inside, full) : full;
    if (isLink && !(await stat(real)).isFile()) continue;
    resolved.set(name, real);
    patterns.forEach((pattern) => found.add(pattern));
  }
  return { real: resolved, patterns: found };
}

/** A pattern that is mistyped finds nothing, and nothing that is wrong. */
function countFindings({ real, patterns: found }: Resolved, patterns: readonly string[], check: FilesCheck): Finding[] {
  const range = check.count ?? { atLeast: 1 };
  const counted = inRange(real.size, range) ? passed('') : failed(`expected ${rangeText(range)}`);
  const { equals, atLeast = equals ?? 0, atMost } = range;
  const mayBeNone = equals === 0 || range.atLeast === 0 || atMost === 0;
  const missed = patterns.filter((_, index) => !found.has(index));
  if (mayBeNone || missed.length === 0) return [counted];
  const nothing = `nothing matches ${missed.map(quoted).join(', ')}`;
  if (atLeast > 0) return patterns.length > 1 ? [counted, failed(nothing)] : [counted];
  const where = 'add `atLeast: 0` to `count` where there may be none';
  return asksOfEach(check) ? [counted, inconclusive(`${nothing}, so that nothing was looked at; ${where}`)] : [counted];
}

/** What must not be may be behind a link that is not followed. */
function isHiddenBy(passedOver: readonly string[], { count, mustNotContain }: FilesCheck): boolean {
  const isUnwanted = mustNotContain !== undefined || count?.equals === 0 || count?.atMost === 0;
  return isUnwanted && passedOver.length > 0;
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_TOLD ? [`and ${names.length - MAX_TOLD} more`] : [];
  return [...names.slice(0, MAX_TOLD).map(quoted), ...more].join(', ');
}

/** Looks at the files that a pattern finds below the worker's folder. */
async function runFiles(check: FilesCheck, context: CheckContext): Promise<CheckResult> {
  const patterns = [check.glob].flat();
  const where = await folderOf(check, context.access.root);
  const found = await findFiles(where.folder, patterns, context.signal).catch((error: unknown) => {
    if (error instanceof CannotRun || context.signal.aborted) throw error;
    throw new CannotRun(`A folder cannot be looked into (${codeOf(error)})`);
  });
  const resolved = await resolveFiles(found, where, context.signal);
  const { real } = resolved;
  const findings = [
    ...countFindings(resolved, patterns, check),
    ...(isHiddenBy(found.passedOver, check) ? [inconclusive('')] : []),
    ...(found.complete ? [] : [inconclusive('there are more files in its folders than are looked at')]),
    ...(await findingsOf([...real.keys()], (name) => real.get(name) ?? name, { check, context })),
  ];
  const told = findings.filter(({ outcome, seen }) => outcome !== 'passed' && seen !== '').map(({ seen }) => seen);
  const more = told.length > MAX_TOLD ? [`and ${told.length - MAX_TOLD} more`] : [];
  const files = `${real.size} ${real.size === 1 ? 'file matches' : 'files match'} ${patterns.map(quoted).join(', ')}`;
  const links = found.passedOver.length > 0 ? [`links to folders are not followed: ${listed(found.passedOver)}`] : [];
  return { outcome: worstOf(findings), seen: [files, ...told.slice(0, MAX_TOLD), ...more, ...links].join(', ') };
}

/** Paths that lead out of the worker's folder are refused by the schema, links when they are followed. */
export const files: CheckType<FilesCheck> = {
  schema: filesCheck,
  refusals: () => [],
  shares: () => 'files',
  run: runFiles,
};
