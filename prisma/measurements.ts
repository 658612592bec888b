import type { MeasurementRecord } from '../domain/ledger';
import { OUTCOMES } from '../domain/criterion';
import type { Prisma, PrismaClient } from './generated/client';
import { escapeText, unescapeText } from './text';

const MAX_PAGE = 1_000;
/** What the column holds: a clock that jumps is not to lose a row. */
const MOST_MS = 2 ** 31 - 1;

/** A run as it stands in the log. `id`, a decimal string, grows in the order of writing; instants are epoch ms. */
export interface StoredMeasurement extends MeasurementRecord {
  id: string;
  ms: number;
}

/** One criterion's runs, those behind `after` (an `id`) in the order asked for, at most `limit` (1,000 at most). */
export interface MeasurementPage {
  launch: string;
  item: string;
  criterion: string;
  after?: string;
  limit?: number;
  /** Absent: the oldest first. */
  newestFirst?: boolean;
}

function instant(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}

/** All rows in one statement, in the order given. */
export async function insertMeasurements(client: PrismaClient, rows: readonly MeasurementRecord[]): Promise<void> {
  if (rows.length === 0) return;
  const texts = (of: (row: MeasurementRecord) => string): string[] => rows.map((row) => escapeText(of(row)));
  const took = rows.map(({ begunAt, at }) => Math.min(MOST_MS, Math.max(0, Math.round(at - begunAt))));
  await client.$executeRaw`
    INSERT INTO "Measurement"
      ("launchId", "itemId", "criterionId", "check", "begunAt", "at", "ms", "outcome", "seen", "changed")
    SELECT "launchId", "itemId", "criterionId", "check", "begunAt", "at", "ms", "outcome", "seen", "changed"
    FROM unnest(
      ${texts(({ launch }) => launch)}::text[],
      ${texts(({ item }) => item)}::text[],
      ${texts(({ criterion }) => criterion)}::text[],
      ${texts(({ check }) => check)}::text[],
      ${rows.map(({ begunAt }) => instant(begunAt))}::timestamptz[],
      ${rows.map(({ at }) => instant(at))}::timestamptz[],
      ${took}::int[],
      ${rows.map(({ outcome }) => outcome)}::text[],
      ${texts(({ seen }) => seen)}::text[],
      ${rows.map(({ changed }) => changed)}::boolean[]
    ) WITH ORDINALITY AS "given"
      ("launchId", "itemId", "criterionId", "check", "begunAt", "at", "ms", "outcome", "seen", "changed", "order")
    ORDER BY "order"`;
}

export async function findMeasurements(client: PrismaClient, page: MeasurementPage): Promise<StoredMeasurement[]> {
  const { launch, item, criterion, after, limit = MAX_PAGE, newestFirst = false } = page;
  const [launchId, itemId, criterionId] = [launch, item, criterion].map(escapeText);
  const behind = after === undefined ? undefined : newestFirst ? { lt: BigInt(after) } : { gt: BigInt(after) };
  const where = { launchId, itemId, criterionId, id: behind };
  const orderBy = { id: newestFirst ? ('desc' as const) : ('asc' as const) };
  const take = Math.min(limit, MAX_PAGE);
  return (await client.measurement.findMany({ where, orderBy, take })).map(toMeasurement);
}

/** The last run of each of these criteria's checks; of one that never ran there is none. */
export async function findLastMeasurements(
  client: PrismaClient,
  launch: string,
  of: ReadonlyArray<{ item: string; criterion: string }>
): Promise<StoredMeasurement[]> {
  if (of.length === 0) return [];
  const rows = await client.$queryRaw<Array<Prisma.MeasurementGetPayload<object>>>`
    SELECT "last".* FROM unnest(
      ${of.map(({ item }) => escapeText(item))}::text[],
      ${of.map(({ criterion }) => escapeText(criterion))}::text[]
    ) AS "wanted" ("itemId", "criterionId")
    CROSS JOIN LATERAL (
      SELECT * FROM "Measurement"
      WHERE "launchId" = ${escapeText(launch)}
        AND "itemId" = "wanted"."itemId" AND "criterionId" = "wanted"."criterionId"
      ORDER BY "id" DESC LIMIT 1
    ) AS "last"`;
  return rows.map(toMeasurement);
}

/** Removes at most `limit` runs from before `before` (epoch ms) that found nothing new; returns how many. */
export async function removeMeasurements(
  client: PrismaClient,
  { before, limit }: { before: number; limit: number }
): Promise<number> {
  return await client.$executeRaw`
    DELETE FROM "Measurement" WHERE "id" IN (
      SELECT "id" FROM "Measurement" WHERE NOT "changed" AND "at" < ${instant(before)}::timestamptz
      ORDER BY "at" LIMIT ${limit}
    )`;
}

function toMeasurement(row: Prisma.MeasurementGetPayload<object>): StoredMeasurement {
  const outcome = OUTCOMES.find((each) => each === row.outcome) ?? 'errored';
  return {
    id: String(row.id),
    launch: unescapeText(row.launchId),
    item: unescapeText(row.itemId),
    criterion: unescapeText(row.criterionId),
    check: row.check,
    begunAt: row.begunAt.getTime(),
    at: row.at.getTime(),
    ms: row.ms,
    outcome,
    seen: unescapeText(row.seen),
    changed: row.changed,
  };
}
