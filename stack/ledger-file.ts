import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../domain/digest';
import { ChainWalk, type ChainEntry, type ChainReport, type KeptHead } from '../domain/ledger-chain';
import type { Json } from '../domain/plan';
import { unescapeText } from '../prisma/text';
import { StackError } from './errors';

/**
 * An exported ledger: a line that says of which launch it is and where it ends, then a line for each entry, all in
 * canonical JSON (RFC 8785), so that an entry's hash is the SHA-256 of its line without the member `hash`.
 */
const VERSION = 1;
/** Nothing that was exported has a line as long as this. */
const LONGEST_LINE = 64_000_000;

const header = z.strictObject({ ledger: z.literal(VERSION), launch: z.string(), number: z.number(), hash: z.string() });
const entry = z.strictObject({
  launch: z.string(),
  number: z.number(),
  previous: z.string(),
  hash: z.string(),
  position: z.string(),
  workflow: z.string(),
  firstRun: z.string(),
  seq: z.number().nullable(),
  item: z.string().nullable(),
  type: z.string(),
  at: z.number(),
  body: z.custom<Json>((value) => value !== undefined),
  recordedAt: z.number(),
});

export function headerLine(head: { launch: string; number: number; hash: string }): string {
  return `${canonicalJson({ ledger: VERSION, ...head })}\n`;
}

export function entryLine(given: ChainEntry): string {
  return `${canonicalJson(given)}\n`;
}

/**
 * An exported ledger against its own hashes and the heads that were kept elsewhere.
 * @throws StackError BAD_INPUT for a file that cannot be read or is no exported ledger
 */
export async function verifyLedgerFile(path: string, kept: readonly KeptHead[]): Promise<ChainReport> {
  try {
    return await verifyLines(linesOf(createReadStream(path, 'latin1')), kept);
  } catch (error) {
    if (error instanceof StackError) throw error;
    throw new StackError('BAD_INPUT', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function verifyLines(lines: AsyncGenerator<string>, kept: readonly KeptHead[]): Promise<ChainReport> {
  const first = await lines.next();
  const head = first.done ? undefined : read(header, first.value);
  if (!head) {
    const message = "the file does not begin as an exported ledger does; 'launch ledger export' makes one";
    throw new StackError('BAD_INPUT', message);
  }
  const chain = new ChainWalk(head.value.launch, kept);
  if (!head.isExact) chain.found('UNREADABLE', 0, 'line 1 is not as it was written');
  let line = 1;
  for await (const text of lines) {
    line++;
    const found = read(entry, text);
    if (found) chain.take(found.value, found.isExact);
    else chain.found('UNREADABLE', line - 1, `line ${line} is no entry of a ledger`);
  }
  const report = chain.end(head.value);
  return { ...report, launch: unescapeText(report.launch) };
}

function read<T>(shape: z.ZodType<T>, line: string): { value: T; isExact: boolean } | undefined {
  try {
    const parsed = shape.safeParse(JSON.parse(line));
    return parsed.success ? { value: parsed.data, isExact: canonicalJson(parsed.data) === line } : undefined;
  } catch {
    return undefined;
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A character for each byte, decoded; a byte that a decoder would replace makes the line unreadable. */
function decoded(bytes: string): string {
  try {
    return UTF_8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return '';
  }
}

/** Without their ends; an end of another kind stays with its line, and a last line without one has a mark. */
async function* linesOf(stream: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of stream) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new StackError('BAD_INPUT', 'it has a line that no ledger has');
    for (const line of lines) yield decoded(line);
  }
  if (rest !== '') yield `${decoded(rest)}\n`;
}
