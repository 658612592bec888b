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
/** A folder tree is not read further than this. */
const MAX_ENTRIES = 100_000;

/** One step of a path: any number of folders, or a name. */
type Step = 'any' | ((name: string) => boolean);
type Steps = readonly Step[];

export interface Found {
  /** Relative to the folder, with `/`, sorted. Links are among them, whatever they lead to. */
  files: string[];
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
      .map(toStep);
  } catch {
    throw new CannotRun(`The path pattern ${quoted(pattern)} is not one (\`*\`, \`**\`, \`?\`, \`{a,b}\`, \`[a-z]\`).`);
  }
}

/** What is left of a pattern behind this name: nothing, when the name cannot be on its way. */
function advance(steps: Steps, name: string): Steps[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [];
  if (step !== 'any') return step(name) ? [rest] : [];
  const stay = name.startsWith('.') ? [] : [steps];
  return [...stay, ...advance(rest, name)];
}

const isEnd = (steps: Steps): boolean => steps.every((step) => step === 'any');

/** Finds the files below `root` that match any of the patterns, until the signal is aborted. */
export async function findFiles(root: string, patterns: readonly string[], signal: AbortSignal): Promise<Found> {
  const files: string[] = [];
  const toVisit = [{ folder: '', states: patterns.flatMap(expandBraces).map(toSteps) }];
  let read = 0;
  for (let next = toVisit.pop(); next !== undefined; next = toVisit.pop()) {
    const { folder, states } = next;
    const look = (entry: Dirent): void => {
      const reached = states.flatMap((steps) => advance(steps, entry.name));
      const name = path.posix.join(folder, entry.name);
      const onward = reached.filter((steps) => steps.length > 0);
      if (entry.isDirectory() && onward.length > 0) toVisit.push({ folder: name, states: distinct(onward) });
      if ((entry.isFile() || entry.isSymbolicLink()) && reached.some(isEnd)) files.push(name);
    };
    for await (const entry of await opendir(path.join(root, folder))) {
      signal.throwIfAborted();
      if (++read > MAX_ENTRIES) return { files: files.sort(), complete: false };
      look(entry);
    }
  }
  return { files: files.sort(), complete: true };
}

/** Several `**` reach the same place by many ways; each is walked once. */
function distinct(states: readonly Steps[]): Steps[] {
  const seen: Steps[] = [];
  for (const steps of states) {
    const known = seen.some((other) => other.length === steps.length && other.every((step, at) => step === steps[at]));
    if (!known) seen.push(steps);
  }
  return seen;
}
