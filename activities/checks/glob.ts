import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { RE2JS } from 're2js';
import { CannotRun, quoted } from './result';

/**
 * Path patterns of our own making: they never look above their folder or through links, prune what cannot match, and
 * are matched in linear time, whatever names they meet.
 */

const MAX_ALTERNATIVES = 256;
/** All alternatives together: each entry of a folder is held against all of them. */
const MAX_LETTERS = 10_000;
/** A folder tree is not read further than this. */
const MAX_ENTRIES = 100_000;

/** One step of a path: any number of folders, or a name. */
type Step = 'any' | ((name: string) => boolean);
/** A path pattern from here on; undefined behind its last step. What is left of one pattern is always the same object. */
type Steps = { step: Step; rest: Steps } | undefined;

export interface Found {
  /** Relative to the folder, with `/`, sorted. Links are among them, whatever they lead to. */
  files: string[];
  /** Those of them that are links. */
  links: ReadonlySet<string>;
  /** False: there was more to read than is ever read. */
  complete: boolean;
}

/** The end of the first `{…}`, and where its commas are; undefined when there is none to expand. */
function firstBraces(pattern: string): { open: number; cuts: number[]; close: number } | undefined {
  const open = pattern.indexOf('{');
  const cuts: number[] = [];
  for (let at = open, depth = 0; open >= 0 && at < pattern.length; at++) {
    if (pattern[at] === '{') depth++;
    else if (pattern[at] === ',' && depth === 1) cuts.push(at);
    else if (pattern[at] === '}' && --depth === 0) return { open, cuts, close: at };
  }
  return undefined;
}

function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = firstBraces(next);
    if (!braces) done.push(next);
    else {
      const ends = [...braces.cuts, braces.close];
      for (const [index, end] of ends.entries()) {
        const begin = (index === 0 ? braces.open : ends[index - 1]!) + 1;
        open.push(next.slice(0, braces.open) + next.slice(begin, end) + next.slice(braces.close + 1));
      }
    }
    if (done.length + open.length > MAX_ALTERNATIVES) {
      throw new CannotRun(`The path pattern ${quoted(pattern)} has more than ${MAX_ALTERNATIVES} alternatives.`);
    }
  }
  return done;
}

/** `*`, `?` and `[a-z]` of one name as an RE2 pattern. */
function namePattern(segment: string): string {
  return segment.replace(/\*+|\?|\[(?:[!^]?)(?:\]?)[^\]]*\]|[^*?[]+|\[/g, (part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (!part.startsWith('[') || part === '[') return RE2JS.quote(part);
    const negated = /^\[[!^]/.test(part);
    const inside = part.slice(negated ? 2 : 1, -1).replace(/[\\[\]^&]/g, '\\$&');
    return `[${negated ? '^' : ''}${inside}]`;
  });
}

function toStep(segment: string): Step {
  if (segment === '**') return 'any';
  const regex = RE2JS.compile(namePattern(segment), RE2JS.DOTALL);
  const hidden = segment.startsWith('.');
  return (name) => (hidden || !name.startsWith('.')) && regex.matches(name);
}

function toSteps(pattern: string): Steps {
  try {
    return pattern
      .split('/')
      .filter((segment) => segment !== '' && segment !== '.')
      .reduceRight<Steps>((rest, segment) => ({ step: toStep(segment), rest }), undefined);
  } catch {
    throw new CannotRun(`The path pattern ${quoted(pattern)} is not one (\`*\`, \`**\`, \`?\`, \`{a,b}\`, \`[a-z]\`).`);
  }
}

function allSteps(patterns: readonly string[]): Steps[] {
  const alternatives = patterns.flatMap(expandBraces);
  const letters = alternatives.reduce((sum, { length }) => sum + length, 0);
  if (letters <= MAX_LETTERS) return alternatives.map(toSteps);
  throw new CannotRun(`The path patterns have more than ${MAX_LETTERS} letters in all their alternatives.`);
}

/** Where in the patterns this name leads from any of these places, each once. */
function advance(places: Iterable<Steps>, name: string): Set<Steps> {
  const reached = new Set<Steps>();
  for (const place of places) {
    let steps = place;
    for (; steps?.step === 'any'; steps = steps.rest) if (!name.startsWith('.')) reached.add(steps);
    if (steps?.step(name)) reached.add(steps.rest);
  }
  return reached;
}

function isEnd(steps: Steps): boolean {
  return steps === undefined || (steps.step === 'any' && isEnd(steps.rest));
}

/** Finds the files below `root` that match any of the patterns, until the signal is aborted. */
export async function findFiles(root: string, patterns: readonly string[], signal: AbortSignal): Promise<Found> {
  const files: string[] = [];
  const links = new Set<string>();
  const toVisit = [{ folder: '', places: new Set(allSteps(patterns)) }];
  let read = 0;
  for (let next = toVisit.pop(); next !== undefined; next = toVisit.pop()) {
    const { folder, places } = next;
    const look = (entry: Dirent): void => {
      const reached = advance(places, entry.name);
      const name = path.posix.join(folder, entry.name);
      const isMatch = [...reached].some(isEnd);
      reached.delete(undefined);
      if (entry.isDirectory() && reached.size > 0) toVisit.push({ folder: name, places: reached });
      if ((entry.isFile() || entry.isSymbolicLink()) && isMatch) files.push(name);
      if (entry.isSymbolicLink() && isMatch) links.add(name);
    };
    for await (const entry of await opendir(path.join(root, folder))) {
      signal.throwIfAborted();
      if (++read > MAX_ENTRIES) return { files: files.sort(), links, complete: false };
      look(entry);
    }
  }
  return { files: files.sort(), links, complete: true };
}
