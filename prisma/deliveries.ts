import { DELIVERY_STATES, type DeliveryState, type Outgoing } from '../domain/notice';
import type { Database } from './database';
import { attemptsAt } from './errors';
import type { Prisma } from './generated/client';
import { insertAll } from './outbox-rows';
import { isAnyDue, lock, takeDue, toOutgoing, type TakenDelivery, type Wanted } from './outbox-take';
import { escapeText, unescapeText } from './text';

const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };
const MAX_PAGE = 1_000;

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
  taken: Pick<TakenDelivery, 'id' | 'address' | 'heldFor'>;
  error: string;
  after: number;
  /** Whoever is there asked that nothing comes for so long. */
  pause?: number;
  /** The messages by which those are told now who have another way. */
  instead?: readonly Outgoing[];
}

/** All throw `LedgerError`; see its codes. */
export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

export function createDeliveryStore({ client, where }: Database) {
  const attempt = attemptsAt(where);
  return {
    /** Puts messages into the outbox, once for each key. With `again` those that had failed for good begin anew. */
    async enqueue(all: readonly Outgoing[], { again = false } = {}): Promise<void> {
      await attempt('Queueing messages', () => client.$transaction((tx) => insertAll(tx, all, { again }), TRANSACTION));
    },

    /**
     * Takes at most `most` messages that are due, of each address one, for `lease` ms: within that nobody else takes
     * them, nor anything else to their addresses. Those beyond an address's limit are held back, and go as one message
     * of at most `bundle` when the limit allows the next. What waits since its address asked for more than `patience` ms
     * of peace is taken too where somebody has another way, to be sent on. `left`: there may be more to take at once.
     */
    async take(wanted: Wanted): Promise<{ taken: TakenDelivery[]; left: boolean }> {
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
    async postpone({ taken, error, after, pause = 0, instead = [] }: Postponed): Promise<void> {
      const text = escapeText(error);
      const write = async (tx: Prisma.TransactionClient): Promise<void> => {
        if (instead.length > 0) await sendOn(tx, instead, { again: false });
        await tx.$executeRaw`
          UPDATE "Delivery" SET
            "nextTryAt" = now() + make_interval(secs => ${after / 1_000}::float8),
            "pausedUntil" = CASE WHEN ${pause}::float8 > 0 THEN now() + make_interval(secs => ${pause / 1_000}::float8) END,
            "attempts" = "attempts" + CASE WHEN "id" = ${BigInt(taken.id)} THEN 0 ELSE 1 END,
            "passedOn" = "passedOn" OR ("id" = ${BigInt(taken.id)} AND ${instead.length > 0}),
            "lastError" = ${text}
          WHERE "id" = ${BigInt(taken.id)}
            OR (NOT ${taken.heldFor !== undefined} AND "state" = 'queued' AND "address" = ${taken.address}
              AND "nextTryAt" <= now())`;
      };
      await attempt('Postponing a message', () => client.$transaction(write, TRANSACTION));
    },

    /** Given up, with all that it bundled; `instead` are the messages that go other ways. */
    async giveUp(
      { id, key }: Pick<TakenDelivery, 'id' | 'key'>,
      { error, instead, pause = 0 }: { error: string; instead: readonly Outgoing[]; pause?: number }
    ): Promise<void> {
      const text = escapeText(error);
      const write = async (tx: Prisma.TransactionClient): Promise<void> => {
        await sendOn(tx, instead, { again: true });
        await tx.$executeRaw`
          UPDATE "Delivery" SET "state" = 'failed', "lastError" = ${text}, "held" = false,
            "pausedUntil" = CASE WHEN ${pause}::float8 > 0 THEN now() + make_interval(secs => ${pause / 1_000}::float8) END
          WHERE "id" = ${BigInt(id)} OR ("state" = 'bundled' AND "bundleKey" = ${escapeText(key)})`;
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

/** Under the lock, so that no two name people in one message without knowing of each other. */
async function sendOn(
  tx: Prisma.TransactionClient,
  instead: readonly Outgoing[],
  how: { again: boolean }
): Promise<void> {
  await lock(tx);
  await insertAll(tx, instead, how);
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
