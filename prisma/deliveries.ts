import { DELIVERY_STATES, type DeliveryState, type Notice, type Outgoing } from '../domain/notice';
import type { Json } from '../domain/plan';
import { addressOf, type Route } from '../domain/routing';
import type { Database } from './database';
import { toLedgerError } from './errors';
import type { Prisma } from './generated/client';
import { fromColumn } from './stored';
import { escapeText, mapTexts, unescapeText } from './text';

/** Any number, the same in every version: who holds it is choosing what to send next. */
const OUTBOX_LOCK = 5_064_217_732;
const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };
const MAX_PAGE = 1_000;

/** A message that is to be sent now, by whoever has taken it, before `lease` is over. */
export interface TakenDelivery extends Outgoing {
  id: string;
  address: string;
  /** With this one. */
  attempts: number;
  /** What is told by the same message. */
  bundled: Outgoing[];
}

/** A row as people look at it. Instants are epoch ms. */
export interface StoredDelivery extends Outgoing {
  id: string;
  people: string[];
  channel: string;
  type: string;
  state: DeliveryState;
  /** It waits because its address has had as many as it may. */
  held: boolean;
  attempts: number;
  /** Of one that is queued. */
  nextTryAt?: number;
  lastError?: string;
  sentAt?: number;
  createdAt: number;
}

/** What has become of a notice on all its ways. */
export interface NoticeFate {
  told: string[];
  isOver: boolean;
}

/** What has become of an attempt that failed; durations in ms from now. */
export interface Postponed {
  taken: Pick<TakenDelivery, 'id' | 'address'>;
  error: string;
  after: number;
  /** Whoever is there asked that nothing comes for so long. */
  pause?: number;
}

/** All throw `LedgerError`; see its codes. */
export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

export function createDeliveryStore({ client, where }: Database) {
  const attempt = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw toLedgerError(error, what, where);
    }
  };
  return {
    /** Puts messages into the outbox, once for each key. With `again` those that had failed for good begin anew. */
    async enqueue(all: readonly Outgoing[], { again = false } = {}): Promise<void> {
      await attempt('Queueing messages', () => client.$transaction((tx) => insertAll(tx, all, again), TRANSACTION));
    },

    /**
     * Takes at most `most` messages that are due, of each address one, for `lease` ms: within that nobody else takes
     * them, nor anything else to their addresses. Those beyond an address's limit are held back, and go as one message
     * of at most `bundle` when the limit allows the next. `left`: there may be more to take at once.
     */
    async take(wanted: {
      most: number;
      lease: number;
      bundle: number;
    }): Promise<{ taken: TakenDelivery[]; left: boolean }> {
      return await attempt('Reading the outbox', async () => {
        if (!(await isAnyDue(client))) return { taken: [], left: false };
        return await client.$transaction((tx) => takeDue(tx, wanted), TRANSACTION);
      });
    },

    async markSent({ id }: Pick<TakenDelivery, 'id'>): Promise<void> {
      await attempt(
        'Marking a message as sent',
        () => client.$executeRaw`
          UPDATE "Delivery" SET "state" = 'sent', "sentAt" = now(), "held" = false, "pausedUntil" = NULL
          WHERE "id" = ${BigInt(id)}`
      );
    },

    /** It is tried again, and so is all that was due at its address: that attempt counts for them too. */
    async postpone({ taken, error, after, pause = 0 }: Postponed): Promise<void> {
      const text = escapeText(error);
      await attempt(
        'Postponing a message',
        () => client.$executeRaw`
          UPDATE "Delivery" SET
            "nextTryAt" = now() + make_interval(secs => ${after / 1_000}::float8),
            "pausedUntil" = CASE WHEN ${pause}::float8 > 0 THEN now() + make_interval(secs => ${pause / 1_000}::float8) END,
            "attempts" = "attempts" + CASE WHEN "id" = ${BigInt(taken.id)} THEN 0 ELSE 1 END,
            "lastError" = ${text}
          WHERE "id" = ${BigInt(taken.id)}
            OR ("state" = 'queued' AND "address" = ${taken.address} AND "nextTryAt" <= now())`
      );
    },

    /** Given up, with all that it bundled; `instead` are the messages that go other ways. */
    async giveUp(
      { id, key }: Pick<TakenDelivery, 'id' | 'key'>,
      { error, instead, pause = 0 }: { error: string; instead: readonly Outgoing[]; pause?: number }
    ): Promise<void> {
      const text = escapeText(error);
      const write = async (tx: Prisma.TransactionClient): Promise<void> => {
        await tx.$executeRaw`
          UPDATE "Delivery" SET "state" = 'failed', "lastError" = ${text}, "held" = false,
            "pausedUntil" = CASE WHEN ${pause}::float8 > 0 THEN now() + make_interval(secs => ${pause / 1_000}::float8) END
          WHERE "id" = ${BigInt(id)} OR ("state" = 'bundled' AND "bundleKey" = ${escapeText(key)})`;
        await insertAll(tx, instead, false);
      };
      await attempt('Giving up a message', () => client.$transaction(write, TRANSACTION));
    },

    /** Of a notice: the people (or channels) who have been told, and whether nothing of it waits any more. */
    async fateOf(launch: string, noticeKey: string): Promise<NoticeFate> {
      const where = { launchId: escapeText(launch), noticeKey: escapeText(noticeKey) };
      const rows = await attempt('Reading the outbox', () =>
        client.delivery.findMany({ where, select: { people: true, state: true } })
      );
      const sent = rows.filter(({ state }) => state === 'sent');
      return {
        told: [...new Set(sent.flatMap(({ people }) => people.map(unescapeText)))],
        isOver: rows.every(({ state }) => state === 'sent' || state === 'failed'),
      };
    },

    /** The newest first; of one launch, where one is named. */
    async list({ launch, limit = MAX_PAGE }: { launch?: string; limit?: number } = {}): Promise<StoredDelivery[]> {
      const where = launch === undefined ? {} : { launchId: escapeText(launch) };
      const take = Math.min(limit, MAX_PAGE);
      const rows = await attempt('Reading the outbox', () =>
        client.delivery.findMany({ where, orderBy: { id: 'desc' }, take })
      );
      return rows.map(toDelivery);
    },

    /** Removes what was done with before `age` ms, `limit` at most; returns how many. */
    async prune({ age, limit }: { age: number; limit: number }): Promise<number> {
      return await attempt(
        'Removing old messages',
        () => client.$executeRaw`
          DELETE FROM "Delivery" WHERE "id" IN (
            SELECT "id" FROM "Delivery" WHERE "state" <> 'queued'
              AND "nextTryAt" < now() - make_interval(secs => ${age / 1_000}::float8)
            ORDER BY "id" LIMIT ${limit}
          )`
      );
    },
  };
}

function stored(value: unknown): string {
  return JSON.stringify(mapTexts(JSON.parse(JSON.stringify(value)) as Json, escapeText));
}

async function insertAll(tx: Prisma.TransactionClient, all: readonly Outgoing[], again: boolean): Promise<void> {
  for (const { key, launch, notice, route } of all) {
    const { way, recipients } = route;
    const people = recipients.map(({ id }) => escapeText(id));
    const { most = null, per = null } = notice.urgent ? {} : (way.limit ?? {});
    await tx.$executeRaw`
      INSERT INTO "Delivery" ("key", "launchId", "noticeKey", "channelId", "channelType", "address", "people",
        "notice", "route", "urgent", "most", "perMs")
      VALUES (${escapeText(key)}, ${escapeText(launch)}, ${escapeText(notice.key)}, ${escapeText(way.channel)},
        ${way.type}, ${escapeText(addressOf(way, recipients[0]?.id ?? ''))}, ${people}::text[],
        ${stored(notice)}::jsonb, ${stored(route)}::jsonb, ${notice.urgent}, ${most}::int, ${per}::int)
      ON CONFLICT ("key") DO UPDATE SET "state" = 'queued', "attempts" = 0, "nextTryAt" = now()
      WHERE ${again} AND "Delivery"."state" = 'failed'`;
  }
}

/** What is looked at every second costs no lock. */
async function isAnyDue(client: Database['client']): Promise<boolean> {
  const rows = await client.$queryRaw<unknown[]>`
    SELECT 1 FROM "Delivery" WHERE "state" = 'queued' AND "nextTryAt" <= now() LIMIT 1`;
  return rows.length > 0;
}

interface DueRow {
  id: bigint;
  key: string;
  launchId: string;
  address: string;
  notice: unknown;
  route: unknown;
  urgent: boolean;
  most: number | null;
  perMs: number | null;
  held: boolean;
  /** Its own key: it has been tried, and what it says is fixed. */
  bundleKey: string | null;
  attempts: number;
}

/**
 * Workers choose one after the other, so that no two count the same messages of an address or send to it at once; what
 * is being marked meanwhile is passed over.
 */
async function takeDue(
  tx: Prisma.TransactionClient,
  { most, lease, bundle }: { most: number; lease: number; bundle: number }
): Promise<{ taken: TakenDelivery[]; left: boolean }> {
  await tx.$queryRaw`SELECT 1 AS "one" FROM (SELECT pg_advisory_xact_lock(${OUTBOX_LOCK}::bigint)) AS "locked"`;
  const due = await tx.$queryRaw<DueRow[]>`
    SELECT "id", "key", "launchId", "address", "notice", "route", "urgent", "most", "perMs", "held", "bundleKey", "attempts"
    FROM "Delivery" WHERE "id" IN (
      SELECT "id" FROM (
        SELECT "id", "urgent", "nextTryAt",
          row_number() OVER (PARTITION BY "address" ORDER BY "urgent" DESC, "nextTryAt", "id") AS "place"
        FROM "Delivery" AS "d"
        WHERE "state" = 'queued' AND "nextTryAt" <= now() AND NOT EXISTS (
          SELECT 1 FROM "Delivery" AS "p" WHERE "p"."address" = "d"."address" AND "p"."pausedUntil" > now()
        )
      ) AS "first" WHERE "place" = 1 ORDER BY "urgent" DESC, "nextTryAt", "id" LIMIT ${most}
    ) ORDER BY "urgent" DESC, "id" FOR UPDATE SKIP LOCKED`;
  const taken: TakenDelivery[] = [];
  for (const row of due) {
    // The first attempt may have arrived: what it said is never said with other words under the same key.
    const isNew = row.bundleKey === null;
    if (isNew && (await isHeldBack(tx, row))) continue;
    if (isNew && row.held) await bundleWith(tx, row, bundle);
    taken.push(await lend(tx, row, lease));
  }
  return { taken, left: due.length > 0 };
}

/** Whether its address has had as many as it may: then it waits, with all others that are limited, until one more may go. */
async function isHeldBack(tx: Prisma.TransactionClient, { address, most, perMs }: DueRow): Promise<boolean> {
  if (most === null || perMs === null) return false;
  const span = perMs / 1_000;
  const last = await tx.$queryRaw<Array<{ sentAt: Date }>>`
    SELECT "sentAt" FROM "Delivery"
    WHERE "address" = ${address} AND "state" = 'sent' AND "sentAt" > now() - make_interval(secs => ${span}::float8)
    ORDER BY "sentAt" DESC LIMIT ${most}`;
  const first = last[most - 1];
  if (!first) return false;
  const free = first.sentAt.toISOString();
  await tx.$executeRaw`
    UPDATE "Delivery" SET "held" = true, "nextTryAt" = ${free}::timestamptz + make_interval(secs => ${span}::float8)
    WHERE "state" = 'queued' AND "address" = ${address} AND NOT "urgent" AND "most" IS NOT NULL
      AND "bundleKey" IS NULL AND "nextTryAt" <= now()`;
  return true;
}

/** From here on they belong together, whoever sends them, so that every attempt is the same message. */
async function bundleWith(tx: Prisma.TransactionClient, lead: DueRow, most: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Delivery" SET "state" = 'bundled', "bundleKey" = ${lead.key}, "held" = false
    WHERE "id" IN (
      SELECT "id" FROM "Delivery"
      WHERE "state" = 'queued' AND "held" AND "bundleKey" IS NULL AND "address" = ${lead.address} AND "id" <> ${lead.id}
      ORDER BY "id" LIMIT ${most - 1} FOR UPDATE SKIP LOCKED
    )`;
}

async function lend(tx: Prisma.TransactionClient, row: DueRow, lease: number): Promise<TakenDelivery> {
  const members = await tx.delivery.findMany({
    where: { bundleKey: row.key, state: 'bundled' },
    orderBy: { id: 'asc' },
    select: { key: true, launchId: true, notice: true, route: true },
  });
  await tx.$executeRaw`
    UPDATE "Delivery" SET "attempts" = "attempts" + 1, "held" = false, "bundleKey" = "key",
      "nextTryAt" = now() + make_interval(secs => ${lease / 1_000}::float8),
      "pausedUntil" = now() + make_interval(secs => ${lease / 1_000}::float8)
    WHERE "id" = ${row.id}`;
  const { id, address, attempts } = row;
  return { ...toOutgoing(row), id: String(id), address, attempts: attempts + 1, bundled: members.map(toOutgoing) };
}

function toOutgoing(row: { key: string; launchId: string; notice: unknown; route: unknown }): Outgoing {
  return {
    key: unescapeText(row.key),
    launch: unescapeText(row.launchId),
    notice: fromColumn(row.notice) as unknown as Notice,
    route: fromColumn(row.route) as unknown as Route,
  };
}

function toDelivery(row: Prisma.DeliveryGetPayload<object>): StoredDelivery {
  const state = DELIVERY_STATES.find((each) => each === row.state) ?? 'failed';
  return {
    ...toOutgoing(row),
    id: String(row.id),
    people: row.people.map(unescapeText),
    channel: unescapeText(row.channelId),
    type: row.channelType,
    state,
    held: row.held,
    attempts: row.attempts,
    ...(state === 'queued' && { nextTryAt: row.nextTryAt.getTime() }),
    ...(row.lastError !== null && { lastError: unescapeText(row.lastError) }),
    ...(row.sentAt !== null && { sentAt: row.sentAt.getTime() }),
    createdAt: row.createdAt.getTime(),
  };
}
