import type { ChainEntry } from '../domain/ledger-chain';
import type { Json } from '../domain/plan';
import type { Prisma } from './generated/client';

/** Entries in memory at once. */
const PAGE = 500;
/** Characters of a body: many times what a workflow can hand over at once. Longer ones are not what was written. */
const LONGEST_BODY = 100_000_000;

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
  /** Null: longer than anything that was written. */
  body: string | null;
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
        "firstRunId" AS "firstRun", "seq", "itemId" AS "item", "type",
        CASE WHEN length("body"::text) <= ${LONGEST_BODY}::int THEN "body"::text END AS "body",
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
    body: JSON.parse(body ?? 'null') as Json,
  };
  return { entry, isExact: body !== null && numbersAreExact(body) };
}

const NUMBER = /-?\d[\d.]*/g;

/** Whether every number of a JSONB text is written as the database writes one of ours: `1.0` is read as 1, and is none. */
function numbersAreExact(text: string): boolean {
  for (let begin = 0; begin < text.length;) {
    const quote = text.indexOf('"', begin);
    const end = quote < 0 ? text.length : quote;
    for (const [number] of text.slice(begin, end).matchAll(NUMBER))
      if (decimal(Number(number)) !== number) return false;
    begin = quote < 0 ? end : behindText(text, quote);
  }
  return true;
}

/** Behind the text that begins at a quote. By hand, since texts of many megabytes overflow the stack of a pattern. */
function behindText(json: string, quote: number): number {
  for (let end = json.indexOf('"', quote + 1); end > 0; end = json.indexOf('"', end + 1)) {
    let first = end;
    while (json[first - 1] === '\\') first--;
    if ((end - first) % 2 === 0) return end + 1;
  }
  return json.length;
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
