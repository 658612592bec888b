import type { FactBatch, LedgerEntry, MeasurementRecord, Recorded } from '../domain/ledger';
import type { Json } from '../domain/plan';
import type { Standup } from '../domain/standup';
import { parseBatch } from './batch';
import type { Database } from './database';
import { LedgerError, attemptsAt } from './errors';
import { findLastMeasurements, findMeasurements, insertMeasurements, removeMeasurements } from './measurements';
import type { MeasurementPage, StoredMeasurement } from './measurements';
import { findStandups } from './standups';
import { fromColumn, toEntry, toItem, toLaunch } from './stored';
import type { StoredItem, StoredLaunch } from './stored';
import { escapeText } from './text';
import { writeBatch } from './write';

/** Waiting for a connection, and all of a write including its wait for the launch's lock. */
const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };
const MAX_PAGE = 1_000;

/** Which of a launch's facts; `limit` is 1,000 at most. */
export interface NewestFacts {
  before?: string;
  item?: string;
  type?: string;
  limit?: number;
}

/** All throw `LedgerError`; see its codes. */
export type Store = ReturnType<typeof createStore>;

export function createStore(database: Database) {
  const { client } = database;
  const inTurn = createTurns();
  const attempt = attemptsAt(database.where);

  return {
    /**
     * Writes a workflow's facts and its row, all or nothing, at the end of the launch's chain. Safe to repeat: a fact that
     * is there already is left, a row that is older than the stored one is left, and one that says nothing new is no
     * entry. Throws `FACT_REFUSED` for what can never be written, among it a fact whose key is taken by a different one.
     */
    async recordFacts(given: FactBatch): Promise<Recorded> {
      const batch = parseBatch(given);
      const write = (): Promise<Recorded> => client.$transaction((tx) => writeBatch(tx, batch), TRANSACTION);
      return inTurn(batch.launch, () => attempt('Recording facts', write));
    },

    /** The launch's facts in the order of writing, those after the position `after`, at most `limit` (1,000 at most). */
    async facts(launch: string, page: { after?: string; limit?: number } = {}): Promise<LedgerEntry[]> {
      const after = BigInt(page.after ?? '0');
      const where = { launchId: escapeText(launch), seq: { not: null }, position: { gt: after } };
      const take = Math.min(page.limit ?? MAX_PAGE, MAX_PAGE);
      const found = await attempt('Reading facts', () =>
        client.fact.findMany({ where, orderBy: { position: 'asc' }, take })
      );
      return found.map(toEntry);
    },

    /** The newest first, those before the position `before`; of an item or a type, where one is given. */
    async newestFacts(launch: string, page: NewestFacts = {}): Promise<LedgerEntry[]> {
      const { before, item, type } = page;
      const where = {
        launchId: escapeText(launch),
        seq: { not: null },
        ...(before !== undefined && { position: { lt: BigInt(before) } }),
        ...(item !== undefined && { itemId: escapeText(item) }),
        ...(type !== undefined && { type: escapeText(type) }),
      };
      const take = Math.min(page.limit ?? MAX_PAGE, MAX_PAGE);
      const found = await attempt('Reading facts', () =>
        client.fact.findMany({ where, orderBy: { position: 'desc' }, take })
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

    async lastMeasurements(
      launch: string,
      of: ReadonlyArray<{ item: string; criterion: string }>
    ): Promise<StoredMeasurement[]> {
      return await attempt('Reading measurements', () => findLastMeasurements(client, launch, of));
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
