import { isDeepStrictEqual } from 'node:util';
import type { FactBatch, MeasurementRecord, Recorded } from '../domain/ledger';
import type { Json } from '../domain/plan';
import type { Standup } from '../domain/standup';
import { itemColumns, launchColumns, parseBatch } from './batch';
import type { StorableBatch, StorableRow } from './batch';
import type { Database } from './database';
import { LedgerError, toLedgerError } from './errors';
import type { Prisma } from './generated/client';
import { findMeasurements, insertMeasurements, removeMeasurements } from './measurements';
import type { MeasurementPage, StoredMeasurement } from './measurements';
import { findStandups } from './standups';
import { fromColumn, toEntry, toItem, toLaunch } from './stored';
import type { LedgerEntry, StoredItem, StoredLaunch } from './stored';
import { escapeText } from './text';

/** Waiting for a connection, and all of a write including its wait for the launch's lock. */
const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };
const MAX_PAGE = 1_000;

/** All throw `LedgerError`; see its codes. */
export type Store = ReturnType<typeof createStore>;

export function createStore(database: Database) {
  const { client } = database;
  const inTurn = createTurns();
  const attempt = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw toLedgerError(error, what, database.where);
    }
  };

  return {
    /**
     * Writes a workflow's facts and its row, all or nothing, in the order of the launch. Safe to repeat: a fact that is
     * there already is left, a row that is older than the stored one is left. Throws `FACT_REFUSED` for what can never
     * be written, among it a fact whose key is taken by a different one.
     */
    async recordFacts(given: FactBatch): Promise<Recorded> {
      const batch = parseBatch(given);
      const write = (): Promise<Recorded> => client.$transaction((tx) => writeBatch(tx, batch), TRANSACTION);
      return inTurn(batch.launch, () => attempt('Recording facts', write));
    },

    /** The launch's facts in the order of writing, those after the position `after`, at most `limit` (1,000 at most). */
    async facts(launch: string, page: { after?: string; limit?: number } = {}): Promise<LedgerEntry[]> {
      const after = BigInt(page.after ?? '0');
      const where = { launchId: escapeText(launch), position: { gt: after } };
      const take = Math.min(page.limit ?? MAX_PAGE, MAX_PAGE);
      const found = await attempt('Reading facts', () =>
        client.fact.findMany({ where, orderBy: { position: 'asc' }, take })
      );
      return found.map(toEntry);
    },

    /** Without their plans; the newest first. */
    async launches(): Promise<StoredLaunch[]> {
      const query = { where: { seq: { gte: 0 } }, orderBy: [{ createdAt: 'desc' as const }, { id: 'asc' as const }] };
      const found = await attempt('Reading launches', () => client.launch.findMany({ ...query, omit: { plan: true } }));
      return found.map(toLaunch);
    },

    /** Nothing while the launch itself has not been written, even if its items have. */
    async launch(id: string): Promise<(StoredLaunch & { plan: Json }) | undefined> {
      const where = { id: escapeText(id), seq: { gte: 0 } };
      const found = await attempt('Reading a launch', () => client.launch.findUnique({ where }));
      return found ? { ...toLaunch(found), plan: fromColumn(found.plan) } : undefined;
    },

    /** Into the log of measurements, which is no part of the ledger: written twice they stand there twice. */
    async recordMeasurements(rows: readonly MeasurementRecord[]): Promise<void> {
      await attempt('Recording measurements', () => insertMeasurements(client, rows));
    },

    /** The runs of one criterion's check that the log has kept, in the order of writing. */
    async measurements(page: MeasurementPage): Promise<StoredMeasurement[]> {
      return await attempt('Reading measurements', () => findMeasurements(client, page));
    },

    /** Removes runs from before `before` (epoch ms) that found nothing new, `limit` at most; returns how many. */
    async pruneMeasurements(old: { before: number; limit: number }): Promise<number> {
      return await attempt('Removing old measurements', () => removeMeasurements(client, old));
    },

    /** The standups of a launch that were sent, the last one first, at most `limit` (100 at most). */
    async standups(launch: string, limit?: number): Promise<Standup[]> {
      return await attempt('Reading standups', () => findStandups(client, launch, limit));
    },

    /** By id. */
    async items(launch: string): Promise<StoredItem[]> {
      const where = { launchId: escapeText(launch) };
      const found = await attempt('Reading items', () => client.item.findMany({ where, orderBy: { id: 'asc' } }));
      return found.map(toItem);
    },
  };
}

/**
 * Writers of one launch in this process go one by one, so that they do not hold every connection waiting for its lock.
 * When one finds the database down, those behind it do not find out one after the other: they fail with it.
 */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, run: () => Promise<T>): Promise<T> => {
    const mine = (last.get(key) ?? Promise.resolve()).then(run, (error: unknown) => {
      if (error instanceof LedgerError && error.code === 'DATABASE_UNREACHABLE') throw error;
      return run();
    });
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

async function writeBatch(tx: Prisma.TransactionClient, batch: StorableBatch): Promise<Recorded> {
  await lockLaunch(tx, batch.launch);
  if (batch.facts.length > 0) await insertFacts(tx, batch);
  if (batch.row) await writeRow(tx, batch, batch.row);
  const last = await tx.fact.aggregate({ where: { launchId: batch.launch }, _max: { position: true } });
  return { position: String(last._max.position ?? 0) };
}

/** From here to the end of the transaction nobody else writes to this launch. Its row may not be there yet. */
async function lockLaunch(tx: Prisma.TransactionClient, id: string): Promise<void> {
  const lock = () => tx.$queryRaw<unknown[]>`SELECT 1 FROM "Launch" WHERE "id" = ${id} FOR UPDATE`;
  if ((await lock()).length > 0) return;
  await tx.launch.createMany({ data: [{ id }], skipDuplicates: true });
  await lock();
}

/** In plain SQL, since Prisma's own insert is slower and loses keys such as `__proto__` from JSON. */
async function insertFacts(tx: Prisma.TransactionClient, batch: StorableBatch): Promise<void> {
  const { launch, workflow, item = null, facts } = batch;
  const count = await tx.$executeRaw`
    INSERT INTO "Fact" ("launchId", "workflowId", "firstRunId", "itemId", "seq", "type", "at", "body")
    SELECT ${launch}, ${workflow.id}, ${workflow.firstRunId}, ${item}::text, "seq", "type", "at", "body"::jsonb
    FROM unnest(
      ${facts.map((fact) => fact.seq)}::int[],
      ${facts.map((fact) => fact.type)}::text[],
      ${facts.map((fact) => fact.at.toISOString())}::timestamptz[],
      ${facts.map((fact) => JSON.stringify(fact.body))}::text[]
    ) AS "given" ("seq", "type", "at", "body")
    ORDER BY "seq"
    ON CONFLICT ("workflowId", "firstRunId", "seq") DO NOTHING`;
  if (count < facts.length) await refuseOtherContent(tx, batch);
}

/** A key that was taken must have been taken by this very fact: otherwise two histories claim the same place. */
async function refuseOtherContent(tx: Prisma.TransactionClient, batch: StorableBatch): Promise<void> {
  const { facts } = batch;
  const key = { workflowId: batch.workflow.id, firstRunId: batch.workflow.firstRunId };
  const stored = await tx.fact.findMany({ where: { ...key, seq: { in: facts.map((fact) => fact.seq) } } });
  const bySeq = new Map(stored.map((row) => [row.seq, row]));
  for (const fact of facts) {
    const row = bySeq.get(fact.seq);
    const given = [batch.launch, batch.item ?? null, fact.type, fact.at.getTime(), plain(fact.body)];
    const found = row && [row.launchId, row.itemId, row.type, row.at.getTime(), row.body];
    if (isDeepStrictEqual(given, found)) continue;
    const place = `fact ${fact.seq} of ${batch.workflow.id} (${batch.workflow.firstRunId})`;
    const difference = row
      ? `stands there as '${row.type}' with other content than this '${fact.type}'`
      : 'was not written';
    throw new LedgerError('FACT_REFUSED', `${place} ${difference}; facts are never overwritten`);
  }
}

/** As it is after a way through JSON: no -0, no undefined. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Safe without a condition on the row itself: whoever writes rows of this launch holds its lock. */
async function writeRow(tx: Prisma.TransactionClient, batch: StorableBatch, row: StorableRow): Promise<void> {
  const mark = { seq: batch.rowSeq, updatedAt: new Date() };
  const older = { seq: { lt: batch.rowSeq } };
  if (row.kind === 'launch') {
    await tx.launch.updateMany({ where: { id: batch.launch, ...older }, data: { ...launchColumns(row), ...mark } });
    if (row.plan === undefined) return;
    await tx.$executeRaw`
      UPDATE "Launch" SET "plan" = ${JSON.stringify(row.plan)}::jsonb, "planSeq" = ${batch.rowSeq}
      WHERE "id" = ${batch.launch} AND "planSeq" < ${batch.rowSeq}`;
    return;
  }
  const key = { launchId: batch.launch, id: row.id };
  const data = { ...itemColumns(row), ...mark };
  const { count } = await tx.item.updateMany({ where: { ...key, ...older }, data });
  if (count === 0) await tx.item.createMany({ data: [{ ...key, ...data }], skipDuplicates: true });
}
