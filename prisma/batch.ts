import { z } from 'zod';
import type { FactBatch, ItemRow, LaunchRow } from '../domain/ledger';
import type { Json } from '../domain/plan';
import { LedgerError } from './errors';
import type { Prisma } from './generated/client';
import { fromColumn } from './stored';
import { escapeText, mapTexts } from './text';

/** Years 1970 to 9999: what both JavaScript's and Postgres's dates write the same way. */
const LAST_INSTANT_MS = Date.UTC(9999, 11, 31);
const MAX_SEQ = 2 ** 31 - 1;

const text = z.string().transform(escapeText);
const id = z.string().min(1).transform(escapeText);
const instant = z
  .number()
  .min(0)
  .max(LAST_INSTANT_MS)
  .transform((ms) => new Date(Math.round(ms)));
const seq = z.number().int().min(0).max(MAX_SEQ);
const json = z
  .custom<Json>((value) => value !== undefined, 'expected JSON')
  .transform((value) => mapTexts(value, escapeText));

const launchRow = z.object({
  kind: z.literal('launch'),
  title: text,
  revision: z.number().int().min(0).max(MAX_SEQ),
  phase: text,
  launchAt: instant,
  verdict: z.object({ value: z.enum(['GO', 'DELAY', 'NO_GO']), at: instant }).optional(),
  plan: json.optional(),
});
const itemRow = z.object({
  kind: z.literal('item'),
  id,
  itemKind: text,
  title: text,
  status: text,
  owners: z.array(text),
  priority: text.optional(),
  deadline: instant.optional(),
});
const anyRow = z.discriminatedUnion('kind', [launchRow, itemRow]);
const factBatch = z.object({
  launch: id,
  workflow: z.object({ id, firstRunId: id }),
  item: id.optional(),
  facts: z.array(z.object({ seq, at: instant, type: text, body: json })),
  row: anyRow.optional(),
  rowSeq: seq,
});

/** A batch as the database can hold it: texts escaped, instants as dates of whole milliseconds. */
export type StorableBatch = z.output<typeof factBatch>;
export type StorableRow = NonNullable<StorableBatch['row']>;

/** Throws `FACT_REFUSED`, naming each place, for what can never be written. */
export function parseBatch(batch: FactBatch): StorableBatch {
  let parsed: ReturnType<typeof factBatch.safeParse>;
  try {
    parsed = factBatch.safeParse(batch);
  } catch (error) {
    throw new LedgerError('FACT_REFUSED', `The batch cannot be read: ${String(error)}`, { cause: error });
  }
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'batch'}: ${issue.message}`);
  throw new LedgerError('FACT_REFUSED', `The batch cannot be written. ${found.slice(0, 5).join('; ')}`);
}

/** All but the plan, which has a sequence of its own. */
export function launchColumns(
  row: Extract<StorableRow, { kind: LaunchRow['kind'] }>
): Prisma.LaunchUpdateManyMutationInput {
  return {
    title: row.title,
    revision: row.revision,
    phase: row.phase,
    launchAt: row.launchAt,
    verdict: row.verdict?.value ?? null,
    verdictAt: row.verdict?.at ?? null,
  };
}

export function itemColumns(row: Extract<StorableRow, { kind: ItemRow['kind'] }>) {
  return {
    kind: row.itemKind,
    title: row.title,
    status: row.status,
    owners: row.owners,
    priority: row.priority ?? null,
    deadline: row.deadline ?? null,
  };
}

/** The launch's row as its columns hold it; null in all of them: nothing is known of it yet. */
export interface LaunchColumns {
  title: string | null;
  revision: number | null;
  phase: string | null;
  launchAt: Date | null;
  verdict: string | null;
  verdictAt: Date | null;
}

export interface ItemColumns {
  id: string;
  kind: string;
  title: string;
  status: string;
  owners: string[];
  priority: string | null;
  deadline: Date | null;
}

/** A row as an entry's body: all texts as they are stored, instants in epoch ms, what is absent left out. */
export function rowBody(rowSeq: number, row: StorableRow): Json {
  return JSON.parse(
    JSON.stringify({ rowSeq, row }, function (this: { [key: string]: unknown }, key, value: unknown) {
      return this[key] instanceof Date ? this[key].getTime() : value;
    })
  ) as Json;
}

export function rowOfLaunch({ title, revision, phase, launchAt, verdict, verdictAt }: LaunchColumns): StorableRow {
  const given = verdict === null || verdictAt === null ? undefined : { value: verdict as 'GO', at: verdictAt };
  return {
    kind: 'launch',
    title: title ?? '',
    revision: revision ?? 0,
    phase: phase ?? '',
    launchAt: launchAt ?? new Date(0),
    verdict: given,
  };
}

export function rowOfItem({ id, kind, title, status, owners, priority, deadline }: ItemColumns): StorableRow {
  return {
    kind: 'item',
    id,
    itemKind: kind,
    title,
    status,
    owners,
    priority: priority ?? undefined,
    deadline: deadline ?? undefined,
  };
}

/** The row in an entry's body, as `rowBody` has put it there. */
export function rowIn(body: Json): StorableRow {
  return anyRow.parse((fromColumn(body) as { row?: unknown } | null)?.row);
}
