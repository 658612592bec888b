import type pg from 'pg';
import type { LedgerHead } from '../domain/ledger';
import { chainOn, chainStart, type ChainEntry, type LedgerContent } from '../domain/ledger-chain';
import { ROW } from '../domain/ledger-rows';
import type { Json } from '../domain/plan';
import { rowBody, rowOfItem, rowOfLaunch, type ItemColumns, type LaunchColumns, type StorableRow } from './batch';

/** Facts in memory at once. */
const PAGE = 500;
/** Who says what a row was that no entry of the chain knows. */
const WORKFLOW = 'launch migrate';

/** Ids of launches of which something stands outside of their chain. */
export async function unchained(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT "id" FROM "Launch"
     WHERE EXISTS (SELECT FROM "Fact" WHERE "launchId" = "Launch"."id" AND "number" IS NULL)
        OR ("headNumber" = 0 AND ("seq" >= 0 OR EXISTS (SELECT FROM "Item" WHERE "launchId" = "Launch"."id")))
     ORDER BY "id"`
  );
  return rows.map(({ id }) => id);
}

/**
 * Chains what a version without a chain has written, in the order of its writing, at the end of each launch's chain, and
 * adds the rows that no entry knows yet. It says what stood there when it was run, no more: nothing vouches for what has
 * become of a fact before. Needs the tables' owner.
 */
export async function chainOld(client: pg.Client, launches: readonly string[]): Promise<number> {
  let facts = 0;
  for (const id of launches) facts += await inTransaction(client, () => chainLaunch(client, id));
  return facts;
}

async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

interface StoredLaunchRow extends LaunchColumns {
  seq: number;
  planSeq: number;
  plan: Json;
  headNumber: number;
  headHash: string | null;
}

async function chainLaunch(client: pg.Client, id: string): Promise<number> {
  const { rows } = await client.query<StoredLaunchRow>('SELECT * FROM "Launch" WHERE "id" = $1 FOR UPDATE', [id]);
  const launch = rows[0]!;
  const isNew = launch.headHash === null;
  let head: LedgerHead = isNew ? chainStart(id) : { number: launch.headNumber, hash: launch.headHash! };
  let facts = 0;
  for (;;) {
    const page = await oldFacts(client, id);
    if (page.length === 0) break;
    const entries = chainOn(head, page);
    await link(client, entries);
    head = endOf(entries);
    facts += entries.length;
  }
  if (isNew) head = endOf(await appendRows(client, { id, launch, head }), head);
  const update = 'UPDATE "Launch" SET "headNumber" = $2, "headHash" = $3 WHERE "id" = $1';
  await client.query(update, [id, head.number, head.hash]);
  return facts;
}

function endOf(entries: readonly ChainEntry[], head?: LedgerHead): LedgerHead {
  const last = entries.at(-1);
  return last ? { number: last.number, hash: last.hash } : head!;
}

async function oldFacts(client: pg.Client, id: string): Promise<LedgerContent[]> {
  const { rows } = await client.query<Omit<LedgerContent, 'at' | 'recordedAt'> & { at: Date; recordedAt: Date }>(
    `SELECT "launchId" AS "launch", "position"::text, "workflowId" AS "workflow", "firstRunId" AS "firstRun", "seq",
       "itemId" AS "item", "type", "at", "body", "recordedAt"
     FROM "Fact" WHERE "launchId" = $1 AND "number" IS NULL ORDER BY "Fact"."position" LIMIT ${PAGE}`,
    [id]
  );
  return rows.map(({ at, recordedAt, ...row }) => ({ ...row, at: at.getTime(), recordedAt: recordedAt.getTime() }));
}

async function link(client: pg.Client, entries: readonly ChainEntry[]): Promise<void> {
  const columns = (['position', 'number', 'previous', 'hash'] as const).map((name) =>
    entries.map((each) => each[name])
  );
  await client.query(
    `UPDATE "Fact" SET "number" = "given"."number", "previous" = "given"."previous", "hash" = "given"."hash"
     FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[]) AS "given" ("position", "number", "previous", "hash")
     WHERE "Fact"."position" = "given"."position"`,
    columns
  );
}

/** The launch's and its items' rows as they stand, each as an entry. */
async function appendRows(
  client: pg.Client,
  { id, launch, head }: { id: string; launch: StoredLaunchRow; head: LedgerHead }
): Promise<ChainEntry[]> {
  const items = await client.query<ItemColumns & { seq: number }>(
    'SELECT * FROM "Item" WHERE "launchId" = $1 ORDER BY "id"',
    [id]
  );
  const rows: Array<{ item: string | null; body: Json }> = items.rows.map((row) => {
    return { item: row.id, body: rowBody(row.seq, rowOfItem(row)) };
  });
  if (launch.seq >= 0) {
    const plan = launch.plan ?? undefined;
    rows.unshift({ item: null, body: rowBody(launch.seq, { ...rowOfLaunch(launch), plan } as StorableRow) });
  }
  const { rows: drawn } = await client.query<{ position: string; now: Date }>(
    `SELECT nextval('"Fact_position_seq"')::text AS "position", date_trunc('milliseconds', now()) AS "now"
     FROM generate_series(1, $1::int)`,
    [rows.length]
  );
  const contents = rows.map(({ item, body }, index): LedgerContent => {
    const { position, now } = drawn[index]!;
    const by = { workflow: WORKFLOW, firstRun: WORKFLOW };
    return {
      launch: id,
      position,
      ...by,
      seq: null,
      item,
      type: ROW,
      at: now.getTime(),
      body,
      recordedAt: now.getTime(),
    };
  });
  const entries = chainOn(head, contents);
  for (const entry of entries) await insert(client, entry);
  return entries;
}

async function insert(client: pg.Client, entry: ChainEntry): Promise<void> {
  const { launch, position, workflow, firstRun, seq, item, type, at, body, recordedAt, number, previous, hash } = entry;
  const instants = [new Date(at), new Date(recordedAt)];
  const values = [launch, position, workflow, firstRun, seq, item, type, JSON.stringify(body), ...instants];
  await client.query(
    `INSERT INTO "Fact" ("launchId", "position", "workflowId", "firstRunId", "seq", "itemId", "type", "body", "at",
       "recordedAt", "number", "previous", "hash")
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [...values, number, previous, hash]
  );
}
