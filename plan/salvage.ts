/** What is left of a document without the parts of the wrong shape, so that the rest can be checked in the same run. */
import type { Finding, Path } from './problem';
import type { PlanDocument } from './schema';
import { checkShape } from './shape';

const MAX_ROUNDS = 8;
/** Stand for what is missing, where only its being there matters; each another one, so that none is there twice. */
const PLACEHOLDERS: { [key: string]: (number: number) => unknown } = {
  version: () => 1,
  id: (number) => `placeholder-${number}`,
  title: (number) => `Placeholder ${number}`,
};
/** What a part that was taken out cannot have caused. */
const STILL_TRUE = ['UNKNOWN_REFERENCE', 'DUPLICATE_ID', 'RESERVED_ID', 'NAME_CLASH', 'ROLE_IS_PERSON', 'EMPTY_MUST'];

type Mapping = { [key: string]: unknown };

export interface Salvage {
  document: PlanDocument;
  /** Names that may have been taken out with what was wrong, and are known all the same. */
  lost: { items: string[]; names: string[] };
  /** Whether a finding about the rest is true of the whole. */
  holds(finding: Finding): boolean;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parentAt(value: unknown, path: Path): unknown {
  return path
    .slice(0, -1)
    .reduce<unknown>((inner, part) => (inner as { [key: string]: unknown } | undefined)?.[part], value);
}

/** Lists lose no entry, so that the paths of the others stay what they are: the list goes as a whole. */
function takeOut(value: unknown, path: Path, number: number): void {
  const parent = parentAt(value, path);
  const last = path.at(-1);
  if (last === undefined) return;
  const placeholder = PLACEHOLDERS[last];
  if (!isMapping(parent)) takeOut(value, path.slice(0, -1), number);
  else if (placeholder) parent[last] = placeholder(number);
  else if (last in parent) delete parent[last];
  else takeOut(value, path.slice(0, -1), number);
}

const strings = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string');

function fieldsOf(list: unknown, key: string): unknown[] {
  return Array.isArray(list) ? list.flatMap((entry: unknown) => (isMapping(entry) ? entry[key] : [])) : [];
}

function namesIn(value: Mapping): Salvage['lost'] {
  const gates = isMapping(value.gates) ? Object.values(value.gates) : [];
  const keys = (key: string): string[] => (isMapping(value[key]) ? Object.keys(value[key]) : []);
  return {
    items: strings([value.items, ...gates].flatMap((list) => fieldsOf(list, 'id'))),
    names: strings([
      ...fieldsOf(value.people, 'id'),
      ...fieldsOf(value.people, 'roles').flat(),
      ...keys('groups'),
      ...keys('channels'),
    ]),
  };
}

/** Undefined where too much is wrong to tell anything about the rest. */
export function salvage(value: unknown, findings: readonly Finding[]): Salvage | undefined {
  if (!isMapping(value)) return undefined;
  const rest = structuredClone(value);
  let wrong = findings;
  for (let round = 0; round < MAX_ROUNDS && wrong.length > 0; round++) {
    for (const [index, { path }] of wrong.entries()) takeOut(rest, path, round * 1_000 + index);
    const { document, findings: next } = checkShape(rest);
    if (document) {
      const must = isMapping(value.gates) ? value.gates.must : undefined;
      const mustIsEmpty = must === undefined || (Array.isArray(must) && must.length === 0);
      const holds = ({ code }: Finding) => STILL_TRUE.includes(code) && (code !== 'EMPTY_MUST' || mustIsEmpty);
      return { document, lost: namesIn(value), holds };
    }
    wrong = next;
  }
  return undefined;
}
