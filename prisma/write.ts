import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../domain/digest';
import type { LedgerHead, Recorded } from '../domain/ledger';
import { chainOn, chainStart, type ChainEntry, type LedgerContent } from '../domain/ledger-chain';
import { ROW } from '../domain/ledger-rows';
import type { Json } from '../domain/plan';
import { itemColumns, launchColumns, rowBody, rowOfItem, rowOfLaunch } from './batch';
import type { LaunchColumns, StorableBatch, StorableRow } from './batch';
import { LedgerError } from './errors';
import type { Prisma } from './generated/client';

type Transaction = Prisma.TransactionClient;

/** A launch's row as its writer finds it, and holds it until the end of the transaction. */
interface Locked extends LaunchColumns {
  seq: number;
  planSeq: number;
  head: LedgerHead;
}

/** What a writer must know before it can link. */
interface Ground {
  now: Date;
  /** Of the batch's sequences those that stand there already. */
  taken: number[];
  /** One for each entry that may be written. */
  positions: string[];
}

type Content = Omit<LedgerContent, 'position'>;

/** All of a batch, in one transaction: what is new of it is linked to the end of the launch's chain. */
export async function writeBatch(tx: Transaction, batch: StorableBatch): Promise<Recorded> {
  const launch = await lockLaunch(tx, batch.launch);
  const { now, taken, positions } = await groundOf(tx, batch);
  if (taken.length > 0) await refuseOtherContent(tx, batch, taken);
  const row = batch.row && (await newRow(tx, { batch, launch, row: batch.row }));
  const contents = contentsOf(batch, { taken, row: row?.body, now });
  const entries = chainOn(
    launch.head,
    contents.map((content, index) => ({ ...content, position: positions[index]! }))
  );
  if (entries.length > 0) await insertEntries(tx, entries);
  const last = entries.at(-1);
  const head = last ? { number: last.number, hash: last.hash } : launch.head;
  await writeLaunch(tx, { batch, row, head: last && head, now });
  if (batch.row?.kind === 'item' && row?.isNewer) await writeItem(tx, { batch, row: batch.row, now });
  return { position: last?.position ?? (await lastPosition(tx, batch.launch)), head };
}

/** From here to the end of the transaction nobody else writes to this launch. Its row may not be there yet. */
export async function lockLaunch(tx: Transaction, id: string): Promise<Locked> {
  const lock = () => tx.$queryRaw<Array<Omit<Locked, 'head'> & { headNumber: number; headHash: string | null }>>`
    SELECT "seq", "title", "revision", "phase", "launchAt", "verdict", "verdictAt", "planSeq", "headNumber", "headHash"
    FROM "Launch" WHERE "id" = ${id} FOR UPDATE`;
  let [row] = await lock();
  if (!row) {
    await tx.launch.createMany({ data: [{ id }], skipDuplicates: true });
    [row] = await lock();
  }
  const { headNumber: number, headHash: hash, ...columns } = row!;
  return { ...columns, head: hash === null ? chainStart(id) : { number, hash } };
}

/** A statement of its own, after the lock: time and positions then grow with the chain. */
async function groundOf(tx: Transaction, { workflow, facts }: StorableBatch): Promise<Ground> {
  const seqs = facts.map((fact) => fact.seq);
  const [ground] = await tx.$queryRaw<[Ground]>`
    SELECT date_trunc('milliseconds', clock_timestamp()) AS "now",
      ARRAY(
        SELECT "seq" FROM "Fact"
        WHERE "workflowId" = ${workflow.id} AND "firstRunId" = ${workflow.firstRunId} AND "seq" = ANY(${seqs}::int[])
      ) AS "taken",
      ARRAY(SELECT nextval('"Fact_position_seq"')::text FROM generate_series(1, ${facts.length + 1}::int)) AS "positions"`;
  return ground;
}

/** What of the batch has to be written, in the order of its sequence, its row after the facts that led to it. */
function contentsOf(
  { launch, workflow, item, facts }: StorableBatch,
  { taken, row, now }: { taken: readonly number[]; row?: Json; now: Date }
): Content[] {
  const common = {
    launch,
    workflow: workflow.id,
    firstRun: workflow.firstRunId,
    item: item ?? null,
    recordedAt: now.getTime(),
  };
  const known = new Set(taken);
  const fresh = facts.filter(({ seq }) => !known.has(seq) && known.add(seq));
  fresh.sort((a, b) => a.seq - b.seq);
  const contents = fresh.map(({ seq, type, at, body }): Content => {
    return { ...common, seq, type, at: at.getTime(), body: plain(body) };
  });
  if (row === undefined) return contents;
  return [...contents, { ...common, seq: null, type: ROW, at: contents.at(-1)?.at ?? now.getTime(), body: row }];
}

/** In plain SQL, since Prisma's own insert is slower and loses keys such as `__proto__` from JSON. */
async function insertEntries(tx: Transaction, entries: readonly ChainEntry[]): Promise<void> {
  const [{ launch, workflow, firstRun, item, recordedAt }] = entries as [ChainEntry];
  const column = <T>(value: (entry: ChainEntry) => T): T[] => entries.map(value);
  try {
    await tx.$executeRaw`
      INSERT INTO "Fact" ("launchId", "workflowId", "firstRunId", "itemId", "recordedAt",
        "position", "seq", "type", "at", "body", "number", "previous", "hash")
      SELECT ${launch}, ${workflow}, ${firstRun}, ${item}::text, ${new Date(recordedAt).toISOString()}::timestamptz,
        "position", "seq", "type", "at", "body"::jsonb, "number", "previous", "hash"
      FROM unnest(
        ${column((entry) => entry.position)}::bigint[],
        ${column((entry) => entry.seq)}::int[],
        ${column((entry) => entry.type)}::text[],
        ${column((entry) => new Date(entry.at).toISOString())}::timestamptz[],
        ${column((entry) => JSON.stringify(entry.body))}::text[],
        ${column((entry) => entry.number)}::int[],
        ${column((entry) => entry.previous)}::text[],
        ${column((entry) => entry.hash)}::text[]
      ) AS "given" ("position", "seq", "type", "at", "body", "number", "previous", "hash")`;
  } catch (error) {
    if (!/Fact_launchId_number_key|"launchId", *"?number/.test(String(error))) throw error;
    const message = `the head of launch ${launch} is not the end of its ledger; 'launch ledger verify' says what is wrong`;
    throw new LedgerError('DATABASE_NOT_READY', message, { cause: error });
  }
}

/** A key that was taken must have been taken by this very fact: otherwise two histories claim the same place. */
async function refuseOtherContent(tx: Transaction, batch: StorableBatch, taken: number[]): Promise<void> {
  const key = { workflowId: batch.workflow.id, firstRunId: batch.workflow.firstRunId };
  const stored = await tx.fact.findMany({ where: { ...key, seq: { in: taken } } });
  const bySeq = new Map(stored.map((row) => [row.seq, row]));
  for (const fact of batch.facts) {
    const row = bySeq.get(fact.seq);
    const given = [batch.launch, batch.item ?? null, fact.type, fact.at.getTime(), plain(fact.body)];
    const found = row && [row.launchId, row.itemId, row.type, row.at.getTime(), row.body];
    if (!row || isDeepStrictEqual(given, found)) continue;
    const place = `fact ${fact.seq} of ${batch.workflow.id} (${batch.workflow.firstRunId})`;
    const difference = `stands there as '${row.type}' with other content than this '${fact.type}'`;
    throw new LedgerError('FACT_REFUSED', `${place} ${difference}; facts are never overwritten`);
  }
}

/** As it is after a way through JSON: no -0, no undefined. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

interface NewRow {
  /** Than the stored one, which then counts it even if it says the same. */
  isNewer: boolean;
  /** The plan that came with it. */
  plan?: Json;
  /** What is new, as an entry. */
  body?: Json;
}

/** What a row adds to the stored one. */
async function newRow(
  tx: Transaction,
  { batch, launch, row }: { batch: StorableBatch; launch: Locked; row: StorableRow }
): Promise<NewRow> {
  const { rowSeq } = batch;
  if (row.kind === 'item') {
    const stored = await tx.item.findUnique({ where: { launchId_id: { launchId: batch.launch, id: row.id } } });
    const isNewer = !stored || stored.seq < rowSeq;
    const isNew = isNewer && !(stored && isSame(rowBody(rowSeq, row), rowBody(rowSeq, rowOfItem(stored))));
    return { isNewer, ...(isNew && { body: rowBody(rowSeq, row) }) };
  }
  const isNewer = launch.seq < rowSeq;
  const plan = row.plan !== undefined && launch.planSeq < rowSeq ? row.plan : undefined;
  const isNewPlan = plan !== undefined && !(await isPlan(tx, batch.launch, plan));
  const { plan: _, ...rest } = row;
  const before = launch.seq >= 0 ? rowBody(rowSeq, rowOfLaunch(launch)) : null;
  const isNew = isNewer && !isSame(rowBody(rowSeq, rest), before);
  const body = rowBody(rowSeq, isNewPlan ? { ...rest, plan } : rest);
  return { isNewer, plan, ...((isNew || isNewPlan) && { body }) };
}

function isSame(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

async function isPlan(tx: Transaction, id: string, plan: Json): Promise<boolean> {
  const same = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "Launch" WHERE "id" = ${id} AND "plan" = ${JSON.stringify(plan)}::jsonb`;
  return same.length > 0;
}

/** Safe without a condition on the row itself: whoever writes rows of this launch holds its lock. */
async function writeLaunch(
  tx: Transaction,
  { batch, row, head, now }: { batch: StorableBatch; row?: NewRow; head?: LedgerHead; now: Date }
): Promise<void> {
  const columns =
    batch.row?.kind === 'launch' && row?.isNewer
      ? { ...launchColumns(batch.row), seq: batch.rowSeq, updatedAt: now }
      : {};
  const data = { ...columns, ...(head && { headNumber: head.number, headHash: head.hash }) };
  if (Object.keys(data).length > 0) await tx.launch.updateMany({ where: { id: batch.launch }, data });
  if (row?.plan === undefined) return;
  await tx.$executeRaw`
    UPDATE "Launch" SET "plan" = ${JSON.stringify(row.plan)}::jsonb, "planSeq" = ${batch.rowSeq}
    WHERE "id" = ${batch.launch}`;
}

async function writeItem(
  tx: Transaction,
  { batch, row, now }: { batch: StorableBatch; row: StorableRow & { kind: 'item' }; now: Date }
): Promise<void> {
  const key = { launchId: batch.launch, id: row.id };
  const data = { ...itemColumns(row), seq: batch.rowSeq, updatedAt: now };
  const { count } = await tx.item.updateMany({ where: key, data });
  if (count === 0) await tx.item.createMany({ data: [{ ...key, ...data }] });
}

async function lastPosition(tx: Transaction, launchId: string): Promise<string> {
  const last = await tx.fact.aggregate({ where: { launchId }, _max: { position: true } });
  return String(last._max.position ?? 0);
}
