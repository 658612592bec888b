import type { ChainEntry } from '../domain/ledger-chain';
import type { Json } from '../domain/plan';
import type { Prisma } from './generated/client';

/** Entries in memory at once. */
const PAGE = 500;

/** An entry as it was read; `isExact`: to the byte as it would have been written. */
export interface ReadEntry {
  entry: ChainEntry;
  isExact: boolean;
}

/** All as text where it could be anything: what a tampering hand has put in is no error here, only not what was hashed. */
interface Row {
  launch: string;
  number: number;
  previous: string | null;
  hash: string | null;
  position: string;
  workflow: string;
  firstRun: string;
  seq: number | null;
  item: string | null;
  type: string;
  at: string;
  body: string;
  recordedAt: string;
}

/** Whatever the columns can hold is read: what stands where nothing can be is to be seen too. */
const BEGINNING = { number: -(2 ** 31), position: String(-(2n ** 63n)) };
const LAST_POSITION = String(2n ** 63n - 1n);

/** A launch's chain in the order of its numbers, page by page, behind the entry `after`. `launch` as it is stored. */
export async function* readChain(
  tx: Prisma.TransactionClient,
  launch: string,
  after?: number
): AsyncGenerator<ReadEntry> {
  let last = after === undefined ? BEGINNING : { number: after, position: LAST_POSITION };
  for (;;) {
    const rows = await tx.$queryRaw<Row[]>`
      SELECT "launchId" AS "launch", "number", "previous", "hash", "position"::text, "workflowId" AS "workflow",
        "firstRunId" AS "firstRun", "seq", "itemId" AS "item", "type", "body"::text,
        trim_scale(extract(epoch FROM "at") * 1000)::text AS "at",
        trim_scale(extract(epoch FROM "recordedAt") * 1000)::text AS "recordedAt"
      FROM "Fact"
      WHERE "launchId" = ${launch} AND ("number", "position") > (${last.number}::int, ${last.position}::bigint)
      ORDER BY "number", "Fact"."position" LIMIT ${PAGE}::int`;
    for (const row of rows) yield toChainEntry(row);
    if (rows.length < PAGE) return;
    last = rows.at(-1)!;
  }
}

function toChainEntry({ previous, hash, at, recordedAt, body, ...rest }: Row): ReadEntry {
  const entry = {
    ...rest,
    previous: previous ?? '',
    hash: hash ?? '',
    at: Number(at),
    recordedAt: Number(recordedAt),
    body: JSON.parse(body) as Json,
  };
  return { entry, isExact: numbersAreExact(body) };
}

const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.]*/g;

/** Whether every number of a JSONB text is written as the database writes one of ours: `1.0` is read as 1, and is none. */
function numbersAreExact(text: string): boolean {
  for (const [token] of text.matchAll(TEXT_OR_NUMBER)) {
    if (!token.startsWith('"') && decimal(Number(token)) !== token) return false;
  }
  return true;
}

/** Without an exponent, like Postgres's `numeric`. */
function decimal(value: number): string {
  const [digits = '', exponent] = String(Math.abs(value)).split('e');
  if (exponent === undefined) return String(value);
  const [whole = '', fraction = ''] = digits.split('.');
  const by = Number(exponent);
  const shown = by < 0 ? `0.${'0'.repeat(-by - 1)}${whole}${fraction}` : `${whole}${fraction.padEnd(by, '0')}`;
  return value < 0 ? `-${shown}` : shown;
}
