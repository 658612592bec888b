import { readFileSync } from 'node:fs';

/** A signal that the docs show; without an item it is for the launch. */
export interface ShownSignal {
  name: string;
  item?: string;
  input: string;
}

/** The rows of the tables of docs/signals.md, in their order. */
export function shownSignals(): ShownSignal[] {
  const rows = readFileSync('docs/signals.md', 'utf8').matchAll(/^\| `(\w+)` +\|(?: `([\w-]+)` +\|)? `(\{[^`]+\})`/gm);
  return [...rows].map(([, name = '', item, input = '']) => ({ name, item, input }));
}

/** The lines that are for a shell. */
export function shownLines(): string[] {
  return [...readFileSync('docs/signals.md', 'utf8').matchAll(/^temporal .+$/gm)].map(([line]) => line);
}
