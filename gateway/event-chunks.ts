import type { NewMeasurement } from '../prisma/pages';
import type { LedgerEntry } from '../domain/ledger';
import { boardAnswer } from './app';
import type { ReadBoard } from './boards';

/** Events as they are sent, made once for all who read them. */

function eventText(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Of facts in one event: on a line of 30 kB a second it takes less time than whoever takes nothing is given. */
const ENOUGH_BYTES = 250_000;

/** Facts that were written one after the other, at least one. */
export interface FactsEvent {
  entries: readonly LedgerEntry[];
  chunk: Buffer;
}

export function factsEvent(entries: readonly LedgerEntry[]): FactsEvent {
  return { entries, chunk: Buffer.from(eventText('facts', { facts: entries }, entries.at(-1)?.position)) };
}

/** Facts as events of no more than they need: each can be taken, and gone on from, by itself. */
export function factsEvents(entries: readonly LedgerEntry[]): FactsEvent[] {
  const events: FactsEvent[] = [];
  let [begin, bytes] = [0, 0];
  for (const [index, entry] of entries.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    if (bytes < ENOUGH_BYTES && index < entries.length - 1) continue;
    events.push(factsEvent(entries.slice(begin, index + 1)));
    [begin, bytes] = [index + 1, 0];
  }
  return events;
}

export function boardChunk(read: ReadBoard): Buffer {
  return Buffer.from(eventText('board', boardAnswer(read)));
}

export function measurementsChunk(all: readonly NewMeasurement[]): Buffer {
  return Buffer.from(all.map((measurement) => eventText('measurement', measurement)).join(''));
}
