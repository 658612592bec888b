/** Holds a parsed document against the schema, and says everything that does not fit at once. */
import type { core } from 'zod';
import { oneOf } from './nearest';
import { error, formatPath, show, type Finding, type Path } from './problem';
import { planDocument, type PlanDocument } from './schema';

type Issue = core.$ZodIssue;

/** Separates known keys in the text of an issue, which is the only thing that can be passed along with it. */
const SEPARATOR = '\n';

function knownKeys(issue: core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const def = issue.inst?._zod.def as { shape?: object } | undefined;
  return Object.keys(def?.shape ?? {}).join(SEPARATOR);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[part] : undefined,
    value
  );
}

const TYPE_WORDS: { [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

function expectedBy(issue: Issue): string {
  if (issue.code === 'invalid_type' && /^(Invalid input|Too )/.test(issue.message)) {
    return TYPE_WORDS[issue.expected] ?? issue.expected;
  }
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid')) {
    return `one of ${issue.values.map(String).join(', ')}`;
  }
  return issue.message;
}

/** What a value is: a number in place of a text is most often one that lacks its quotes. */
function foundAt(value: unknown, issue: Issue): string {
  const quotes = issue.code === 'invalid_type' && issue.expected === 'string' && typeof value !== 'object';
  return quotes && value !== undefined ? `${show(value)} without quotes` : show(value);
}

/** The branch of a union that the value has the outer form of, whose issues are more to the point. */
function branchIssues(issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] | undefined {
  const deep = issue.errors.filter((branch) => branch.length > 0 && branch.every(({ path }) => path.length > 0));
  const same = issue.errors.filter((branch) =>
    branch.every(({ code, path }) => path.length > 0 || code !== 'invalid_type')
  );
  return deep[0] ?? (same.length === 1 ? same[0] : undefined);
}

function toFindings(issue: Issue, value: unknown, above: Path = []): Finding[] {
  const path = [...above, ...(issue.path as Path)];
  if (issue.code === 'invalid_union') {
    const branch = branchIssues(issue);
    if (branch) return branch.flatMap((inner) => toFindings(inner, value, path));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const expected = oneOf(key, issue.message.split(SEPARATOR).filter(Boolean));
      const message = `unknown key '${key}'${expected.endsWith('?') ? `; is it ${expected}` : `; known here is ${expected}`}`;
      return error('UNKNOWN_KEY', [...path, key], { at: 'key', found: `'${key}'`, expected, message });
    });
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues[0]?.message ?? 'another key';
    return [error('SCHEMA', path, { at: 'key', found: `the key ${show(path.at(-1))}`, expected })];
  }
  const found = foundAt(at(value, path), issue);
  const expected = expectedBy(issue);
  if (found === 'nothing') {
    const message = `${String(path.at(-1) ?? 'it')} is missing: expected ${expected}`;
    return [error('MISSING', path, { found, expected, message })];
  }
  return [error('SCHEMA', path, { found, expected })];
}

export interface Shape {
  document?: PlanDocument;
  findings: Finding[];
}

/** `document` is there exactly when there is no finding. */
export function checkShape(value: unknown): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `a plan document is a mapping that begins with \`version: 1\`; found ${show(value)}`;
    return {
      findings: [
        error('NOT_A_PLAN', [], { found: show(value), expected: 'a mapping with version, title, …', message }),
      ],
    };
  }
  const result = planDocument.safeParse(value, { error: knownKeys });
  if (result.success) return { document: result.data, findings: [] };
  const findings = result.error.issues.flatMap((issue) => toFindings(issue, value));
  const unknown = new Set(
    findings.filter(({ code }) => code === 'UNKNOWN_KEY').map(({ path }) => formatPath(path.slice(0, -1)))
  );
  // A misspelt key explains why its mapping seems to lack something.
  const isNoise = ({ code, path, found }: Finding) =>
    code === 'SCHEMA' && found === 'a mapping' && unknown.has(formatPath(path));
  return { findings: findings.filter((finding) => !isNoise(finding)) };
}
