import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanDocument } from '../../plan/schema';

const HERE = join(__dirname, '..', 'fixtures', 'go-live-direction.md');
/** Documents from elsewhere are tried too where they lie beside the checkout. */
const ELSEWHERE = join(__dirname, '..', '..', '..', 'shared', 'plans');

export interface SomeDocument {
  name: string;
  text: string;
}

export const fixture: SomeDocument = { name: 'go-live-direction.md', text: readFileSync(HERE, 'utf8') };

export const others: SomeDocument[] = existsSync(ELSEWHERE)
  ? readdirSync(ELSEWHERE)
      .filter((name) => name.endsWith('.md') && name !== 'README.md')
      .map((name) => ({ name, text: readFileSync(join(ELSEWHERE, name), 'utf8') }))
  : [];

/** The fixture, and the document that it has the shape of where that is there. */
export const directions: SomeDocument[] = [fixture, ...others.filter(({ name }) => name.endsWith('direction.md'))];

/** Parts between headings of level 2 in another order; what comes before the first stays there. */
export function shuffled(text: string, order: (index: number) => number): string {
  const [head = '', ...parts] = text.split(/^(?=## )/m);
  const keyed = parts.map((part, index) => ({ part: part.endsWith('\n') ? part : `${part}\n`, key: order(index) }));
  return (
    head +
    keyed
      .sort((a, b) => a.key - b.key)
      .map(({ part }) => part)
      .join('')
  );
}

/** The plan without what depends on where things stand: lines, and the order of lists. */
export function structureOf(plan: PlanDocument): unknown {
  return sorted(JSON.parse(JSON.stringify(plan, (key, value: unknown) => (key === 'source' ? undefined : value))));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => JSON.stringify(sorted(each))).sort();
  if (typeof value === 'string') return value.split('\n').sort().join('\n');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)])
  );
}
