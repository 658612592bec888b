/** Ids made from titles where a document gives none: readable, unique, and the same every time. */
import type { PlanDocument } from './schema';

const MAX_SLUG_LETTERS = 48;

export function slug(title: string, fallback: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/%/g, ' percent ')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LETTERS)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? fallback : plain;
}

interface Named {
  id?: string;
  title?: string;
}

/**
 * One id for each, in order. Given ids stand; a made one never takes a given one, and of equal titles the second gets
 * `-2`. Ids that differ in case only count as equal.
 */
export function assignIds(things: readonly Named[], fallback: string, taken: Iterable<string> = []): string[] {
  const used = new Set([...taken, ...things.flatMap(({ id }) => id ?? [])].map((id) => id.toLowerCase()));
  return things.map(({ id, title }) => {
    if (id !== undefined) return id;
    const base = slug(title ?? '', fallback);
    let candidate = base;
    for (let number = 2; used.has(candidate.toLowerCase()); number++) candidate = `${base}-${number}`;
    used.add(candidate.toLowerCase());
    return candidate;
  });
}

export interface Ids {
  plan: string;
  /** Of `items`, by index. */
  items: string[];
  /** Of gate entries, by gate and index: the item that is named, or the entry's own. */
  gates: { must: string[]; should: string[]; nice: string[] };
  metrics: string[];
}

export function idsOf(document: PlanDocument): Ids {
  const { must = [], should = [], nice = [] } = document.gates;
  const own = [...must, ...should, ...nice];
  const items = document.items ?? [];
  // Entries that name an item take no id; the others are items themselves and share the items' name space.
  const made = assignIds([...items, ...own.filter((entry) => entry.item === undefined)], 'item');
  const ofEntries = made.slice(items.length);
  const entryIds = own.map((entry) => entry.item ?? ofEntries.shift()!);
  return {
    plan: document.id ?? slug(document.title, 'launch'),
    items: made.slice(0, items.length),
    gates: {
      must: entryIds.slice(0, must.length),
      should: entryIds.slice(must.length, must.length + should.length),
      nice: entryIds.slice(must.length + should.length),
    },
    metrics: assignIds(document.metrics ?? [], 'metric'),
  };
}
