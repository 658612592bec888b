import type { Path } from './problem';

/** Visits the entries of a list that may be absent, each with its path, and joins what is found. */
export function each<T, R>(
  list: readonly T[] | undefined,
  path: Path,
  visit: (entry: T, path: Path) => readonly R[]
): R[] {
  return (list ?? []).flatMap((entry, index) => visit(entry, [...path, index]));
}
