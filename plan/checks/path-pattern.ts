/**
 * Path patterns of our own making: they never look above their folder or through links, prune what cannot match, and
 * are matched in linear time, whatever names they meet.
 */
import { RE2JS } from 're2js';

const MAX_ALTERNATIVES = 256;
/** All alternatives together: each entry of a folder is held against all of them. */
const MAX_LETTERS = 10_000;

/** One step of a path: any number of folders, or a name. */
type Step = 'any' | ((name: string) => boolean);
/**
 * A path pattern from here on; behind its last step, which of the patterns it was. What is left of one pattern is always
 * the same object.
 */
export type Steps = { step: Step; rest: Steps } | { pattern: number };

class NoPathPattern extends Error {}

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
      throw new NoPathPattern(`a path pattern of at most ${MAX_ALTERNATIVES} alternatives`);
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

function toSteps(alternative: string, pattern: number): Steps {
  try {
    return alternative
      .split('/')
      .filter((segment) => segment !== '' && segment !== '.')
      .reduceRight<Steps>((rest, segment) => ({ step: toStep(segment), rest }), { pattern });
  } catch {
    throw new NoPathPattern('a path pattern of `*`, `**`, `?`, `{a,b}` and `[a-z]`');
  }
}

/** What was expected of a path pattern, or of all together; undefined: nothing else. */
export function pathPatternProblem(patterns: readonly string[]): string | undefined {
  try {
    beginningsOf(patterns);
    return undefined;
  } catch (error) {
    if (error instanceof NoPathPattern) return error.message;
    throw error;
  }
}

/** Where the patterns, of which none has a problem, begin. */
export function beginningsOf(patterns: readonly string[]): Set<Steps> {
  const alternatives = patterns.flatMap((text, pattern) => expandBraces(text).map((each) => ({ text: each, pattern })));
  const letters = alternatives.reduce((sum, { text }) => sum + text.length, 0);
  if (letters > MAX_LETTERS) throw new NoPathPattern(`at most ${MAX_LETTERS} letters in all alternatives`);
  return new Set(alternatives.map(({ text, pattern }) => toSteps(text, pattern)));
}

/** Where in the patterns this name leads from any of these places, each once. */
export function advance(places: Iterable<Steps>, name: string): Set<Steps> {
  const reached = new Set<Steps>();
  for (const place of places) {
    let steps = place;
    for (; 'step' in steps && steps.step === 'any'; steps = steps.rest) if (!name.startsWith('.')) reached.add(steps);
    if ('step' in steps && steps.step !== 'any' && steps.step(name)) reached.add(steps.rest);
  }
  return reached;
}

/** Which pattern is at its end here. */
export function ended(steps: Steps): number | undefined {
  if ('pattern' in steps) return steps.pattern;
  return steps.step === 'any' ? ended(steps.rest) : undefined;
}
