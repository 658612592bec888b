/**
 * A light check of plain JSON by shape, for workflow code, which carries no schema library. A shape says where and what
 * was expected, or nothing; none throws, whatever it is given.
 */
export type Shape = (value: unknown, path: string) => string | undefined;

/** JSON nested deeper than this is nothing that anybody wrote, and walking it could end a workflow. */
const DEEPEST = 40;

function expected(holds: boolean, path: string, what: string): string | undefined {
  return holds ? undefined : `${path || 'it'} should be ${what}`;
}

export const text: Shape = (value, path) => expected(typeof value === 'string', path, 'a text');
export const flag: Shape = (value, path) => expected(typeof value === 'boolean', path, 'true or false');
export const number: Shape = (value, path) =>
  expected(typeof value === 'number' && Number.isFinite(value), path, 'a number');
/** A count or a duration in ms. */
export const amount: Shape = (value, path) =>
  expected(typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER, path, 'a number from 0 on');

export function oneOf(...values: readonly unknown[]): Shape {
  return (value, path) => expected(values.includes(value), path, `one of ${values.join(', ')}`);
}

export function optional(shape: Shape): Shape {
  return (value, path) => (value === undefined ? undefined : shape(value, path));
}

function first<Each>(all: Iterable<Each>, find: (each: Each) => string | undefined): string | undefined {
  for (const each of all) {
    const problem = find(each);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

export function list(shape: Shape): Shape {
  return (value, path) =>
    Array.isArray(value)
      ? first(value.entries(), ([index, each]) => shape(each, `${path}[${index}]`))
      : expected(false, path, 'a list');
}

export function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** These members as said, and any others, which are JSON. */
export function record(shapes: { [key: string]: Shape }): Shape {
  return (value, path) => {
    if (!isRecord(value)) return expected(false, path, 'an object');
    const own = (key: string) => (Object.hasOwn(value, key) ? value[key] : undefined);
    const inside = (key: string) => (path === '' ? key : `${path}.${key}`);
    const known = first(Object.entries(shapes), ([key, shape]) => shape(own(key), inside(key)));
    if (known !== undefined) return known;
    const others = Object.keys(value).filter((key) => !Object.hasOwn(shapes, key));
    return first(others, (key) => json(value[key], inside(key.slice(0, 60))));
  };
}

/** An object whose members are all of one shape. */
export function mapOf(shape: Shape): Shape {
  return (value, path) =>
    isRecord(value)
      ? first(Object.entries(value), ([key, each]) => shape(each, `${path}.${key.slice(0, 60)}`))
      : expected(false, path, 'an object');
}

export function anyOf(...shapes: readonly Shape[]): Shape {
  return (value, path) => {
    const problems = shapes.map((shape) => shape(value, path));
    return problems.includes(undefined) ? undefined : problems.join(', or ');
  };
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1));
}

/** Any JSON that is not nested beyond measure. */
export const json: Shape = (value, path) => expected(isShallow(value, DEEPEST), path, `nested at most ${DEEPEST} deep`);
