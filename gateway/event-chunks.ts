import type { NewMeasurement } from '../prisma/pages';
import type { LedgerEntry } from '../prisma/stored';
import { boardAnswer } from './app';
import type { ReadBoard } from './boards';

/** Events as they are sent, made once for all who read them. */

function eventText(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Facts that were written one after the other, at least one. */
export interface FactsEvent {
  entries: readonly LedgerEntry[];
  chunk: Buffer;
}

export function factsEvent(entries: readonly LedgerEntry[]): FactsEvent {
  return { entries, chunk: Buffer.from(eventText('facts', { facts: entries }, entries.at(-1)?.position)) };
}

export function boardChunk(read: ReadBoard): Buffer {
  return Buffer.from(eventText('board', boardAnswer(read)));
}

export function measurementsChunk(all: readonly NewMeasurement[]): Buffer {
  return Buffer.from(all.map((measurement) => eventText('measurement', measurement)).join(''));
}
