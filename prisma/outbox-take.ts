import type { Notice, Outgoing } from '../domain/notice';
import type { Route } from '../domain/routing';
import type { Database } from './database';
import { Prisma } from './generated/client';
import { fromColumn } from './stored';
import { unescapeText } from './text';

/** Any number, the same in every version: who holds it is choosing what to send next. */
const OUTBOX_LOCK = 5_064_217_732;

/** A message that is to be sent now, by whoever has taken it, before `lease` is over. */
export interface TakenDelivery extends Outgoing {
  id: string;
  address: string;
  /** With this one. */
  attempts: number;
  /** What is told by the same message. */
  bundled: Outgoing[];
  /** Those who have another way have been sent on to it: it is tried for the rest. */
  passedOn: boolean;
  /** Not to be sent now: its address asked for so many more ms of peace, and somebody has another way. */
  heldFor?: number;
}

export interface Wanted {
  most: number;
  lease: number;
  bundle: number;
  patience?: number;
}

/** What is looked at every second costs no lock. */
export async function isAnyDue(client: Database['client']): Promise<boolean> {
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
  passedOn: boolean;
}

/** Workers choose one after the other, so that no two count the same messages of an address, or send to it, at once. */
export async function lock(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$queryRaw`SELECT 1 AS "one" FROM (SELECT pg_advisory_xact_lock(${OUTBOX_LOCK}::bigint)) AS "locked"`;
}

const COLUMNS = Prisma.raw(
  '"id", "key", "launchId", "address", "notice", "route", "urgent", "most", "perMs", "held", "bundleKey", "attempts", "passedOn"'
);

/** What is being marked meanwhile is passed over. */
export async function takeDue(
  tx: Prisma.TransactionClient,
  { most, lease, bundle, patience }: Wanted
): Promise<{ taken: TakenDelivery[]; left: boolean }> {
  await lock(tx);
  const due = await tx.$queryRaw<DueRow[]>`
    SELECT ${COLUMNS} FROM "Delivery" WHERE "id" IN (
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
  const stuck = patience === undefined ? [] : await takeStuck(tx, { most: most - taken.length, lease, patience });
  return { taken: [...taken, ...stuck], left: due.length + stuck.length > 0 };
}

/** Of an address that asked for a long peace: what somebody could be told another way. Not attempted. */
async function takeStuck(
  tx: Prisma.TransactionClient,
  { most, lease, patience }: { most: number; lease: number; patience: number }
): Promise<TakenDelivery[]> {
  const rows = await tx.$queryRaw<Array<DueRow & { until: Date }>>`
    SELECT ${COLUMNS}, "peace"."until" FROM "Delivery"
    JOIN LATERAL (
      SELECT max("p"."pausedUntil") AS "until" FROM "Delivery" AS "p" WHERE "p"."address" = "Delivery"."address"
    ) AS "peace" ON "peace"."until" > now() + make_interval(secs => ${patience / 1_000}::float8)
    WHERE "state" = 'queued' AND "nextTryAt" <= now() AND NOT "passedOn"
      AND jsonb_path_exists("route", '$.recipients[*].otherwise[*]')
    ORDER BY "urgent" DESC, "id" LIMIT ${most} FOR UPDATE OF "Delivery" SKIP LOCKED`;
  const taken: TakenDelivery[] = [];
  for (const row of rows) {
    await tx.$executeRaw`
      UPDATE "Delivery" SET "nextTryAt" = now() + make_interval(secs => ${lease / 1_000}::float8) WHERE "id" = ${row.id}`;
    const bundled = await bundledBy(tx, row);
    taken.push({ ...toTaken(row), attempts: row.attempts, bundled, heldFor: row.until.getTime() - Date.now() });
  }
  return taken;
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

async function bundledBy(tx: Prisma.TransactionClient, { key }: DueRow): Promise<Outgoing[]> {
  const members = await tx.delivery.findMany({
    where: { bundleKey: key, state: 'bundled' },
    orderBy: { id: 'asc' },
    select: { key: true, launchId: true, notice: true, route: true },
  });
  return members.map(toOutgoing);
}

function toTaken(row: DueRow): Omit<TakenDelivery, 'attempts' | 'bundled'> {
  const { id, address, passedOn } = row;
  return { ...toOutgoing(row), id: String(id), address, passedOn };
}

async function lend(tx: Prisma.TransactionClient, row: DueRow, lease: number): Promise<TakenDelivery> {
  await tx.$executeRaw`
    UPDATE "Delivery" SET "attempts" = "attempts" + 1, "held" = false, "bundleKey" = "key",
      "nextTryAt" = now() + make_interval(secs => ${lease / 1_000}::float8),
      "pausedUntil" = now() + make_interval(secs => ${lease / 1_000}::float8)
    WHERE "id" = ${row.id}`;
  return { ...toTaken(row), attempts: row.attempts + 1, bundled: await bundledBy(tx, row) };
}

export function toOutgoing(row: { key: string; launchId: string; notice: unknown; route: unknown }): Outgoing {
  return {
    key: unescapeText(row.key),
    launch: unescapeText(row.launchId),
    notice: fromColumn(row.notice) as unknown as Notice,
    route: fromColumn(row.route) as unknown as Route,
  };
}
