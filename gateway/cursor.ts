import { z } from 'zod';
import type { LaunchMark } from '../prisma/pages';
import { Problem } from './problem';

const mark = z.tuple([
  z
    .int()
    .min(0)
    .max(Date.UTC(9999, 11, 31)),
  z.string().max(200),
]);

/** Where a list goes on, as one word that says nothing to whoever carries it. */
export function cursorOf({ createdAt, id }: LaunchMark): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

/** @throws Problem BAD_INPUT */
export function readCursor(cursor: string): LaunchMark {
  try {
    const [createdAt, id] = mark.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { createdAt, id };
  } catch {
    throw new Problem('BAD_INPUT', 'cursor: give `next` of the page before, or nothing');
  }
}
