/**
 * Keys that the product accepts and keeps, but does not act on yet. The reference and a warning of `launch validate`
 * are made from this list: whoever makes a key act takes its line out.
 */
import { formatPath, warning, type Finding, type Path } from './problem';
import type { PlanDocument } from './schema';

export interface NotYet {
  /** As the reference writes it: `[]` is every entry of a list, `<name>` every key of a mapping. */
  key: string;
  /** What happens instead. */
  instead: string;
  /** Where a document uses it. */
  used(document: PlanDocument): Path[];
}

/** None at present. */
export const NOT_YET: readonly NotYet[] = [];

/** One warning for each key that a document uses, where it is used first. */
export function lintNotYet(document: PlanDocument): Finding[] {
  return NOT_YET.flatMap(({ key, instead, used }) => {
    const [path, ...more] = used(document);
    if (!path) return [];
    const times = more.length > 0 ? ` (and ${more.length} more)` : '';
    const message = `${key} is accepted but not acted on yet: ${instead}${times}`;
    return [
      warning('NOT_ACTED_ON_YET', path, { at: 'key', found: formatPath(path), expected: 'a key that acts', message }),
    ];
  });
}
