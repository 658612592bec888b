/** What zod has to say of a document, in plain words. */
import type { core } from 'zod';
import { namesCredential } from './credentials';
import { oneOf } from './nearest';
import { error, show, type Finding, type Path } from './problem';

type Issue = core.$ZodIssue;

/** Separates known keys in the text of an issue, which is the only thing that can be passed along with it. */
const SEPARATOR = '\n';

/** For `safeParse`: passes the known keys along. */
export function knownKeys(issue: core.$ZodRawIssue): string | undefined {
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

/** Of those alone that a schema says nothing about: its own words come first. */
const ZODS_WORDS = /^(Invalid|Too|Unrecognized) /;

function expectedBy(issue: Issue): string {
  if (!ZODS_WORDS.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0] ? expectedBy(issue.issues[0] as Issue) : 'another one';
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return 'another value';
  }
}

/** Sections of the plan and of the worker's configuration in which any text may be a secret. */
const SECRET_SECTIONS: ReadonlySet<string> = new Set(['headers', 'env', 'commands', 'databases', 'mcpServers', 'mail']);

/** What is found there may be a secret, or was meant to be one; it is told by its kind. */
function mayBeSecret(path: Path): boolean {
  return path.some(
    (part, index) =>
      typeof part === 'string' && (namesCredential(part) || (SECRET_SECTIONS.has(part) && path[index - 1] !== 'expect'))
  );
}

function kindOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? TYPE_WORDS[typeof value]! : show(value);
}

const MAX_KEYS_TOLD = 8;

function keysOf(value: object): string {
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty mapping';
  const told = keys.slice(0, MAX_KEYS_TOLD).map((key) => (/^[\w.-]{1,40}$/.test(key) ? key : show(key)));
  return `${keys.length === 1 ? 'the key' : 'the keys'} ${told.join(', ')}${keys.length > told.length ? ', …' : ''}`;
}

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a value is: a number in place of a text is most often one that lacks its quotes. */
function foundAt(value: unknown, issue: Issue, path: Path): string {
  if (issue.code === 'custom' && isMapping(value)) return keysOf(value);
  if (mayBeSecret(path)) return kindOf(value);
  const quotes = issue.code === 'invalid_type' && issue.expected === 'string' && typeof value !== 'object';
  return quotes && value !== undefined ? `${show(value)} without quotes` : show(value);
}

/** The branch of a union that the value has the outer form of, whose issues are more to the point. */
function branchIssues(issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] | undefined {
  const deep = issue.errors.filter((branch) => branch.length > 0 && branch.every(({ path }) => path.length > 0));
  const same = issue.errors.filter((branch) =>
    branch.every(({ code, path }) => path.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value'))
  );
  return deep[0] ?? (same.length === 1 ? same[0] : undefined);
}

/** @param value the whole document, of which `issue` tells from the path `above` on */
export function toFindings(issue: Issue, value: unknown, above: Path = []): Finding[] {
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
    const found = `the key ${show(path.at(-1))}`;
    return [error('SCHEMA', path, { at: 'key', found, expected: expectedBy(issue) })];
  }
  const found = foundAt(at(value, path), issue, path);
  const expected = expectedBy(issue);
  if (found === 'nothing') {
    const message = `${String(path.at(-1) ?? 'it')} is missing: expected ${expected}`;
    return [error('MISSING', path, { found, expected, message })];
  }
  return [error('SCHEMA', path, { found, expected })];
}
