import type { Board } from '../domain/board';
import { OUTCOMES, type Outcome } from '../domain/criterion';
import { headText, type LedgerEntry } from '../domain/ledger';
import { ROW } from '../domain/ledger-rows';
import type { Json } from '../domain/plan';
import type { Database } from './database';
import { attemptsAt } from './errors';
import type { Prisma } from './generated/client';
import { fromColumn, toEntry, toLaunch, type StoredLaunch } from './stored';
import { escapeText, mapTexts, unescapeText } from './text';

/** Entries that are rows are for rebuilding. */
const FACTS = { seq: { not: null } };
const MAX_PAGE = 1_000;
/** Of all launches together, at one look. */
const MOST_NEW = 2_000;

/** Facts of a launch between two positions; of one type, item or person, where they are named. */
export interface FactsWanted {
  launch: string;
  after?: string;
  before?: string;
  limit?: number;
  /** In the order of writing unless `newest`. */
  order?: 'oldest' | 'newest';
  type?: string;
  item?: string;
  /** Who said it. */
  by?: string;
}

/** See `reach`. */
export interface LedgerReach {
  position: string;
  /** NUMBER:HASH; null where the chain has not begun. */
  head: string | null;
}

/** Which launches follow in a list: those after this one. */
export interface LaunchMark {
  createdAt: number;
  id: string;
}

export interface KeptBoard {
  board: Board;
  position: string;
  /** Epoch ms: when it was read. */
  at: number;
}

/** A run of a check that has just been noted. */
export interface NewMeasurement {
  id: string;
  launch: string;
  item: string;
  criterion: string;
  at: number;
  ms: number;
  outcome: Outcome;
  seen: string;
  changed: boolean;
}

/** What pages ask of the database, a page at a time. All throw `LedgerError`; see its codes. */
export type Pages = ReturnType<typeof createPages>;

export function createPages({ client, where: place }: Database) {
  const attempt = attemptsAt(place);
  return {
    async ping(): Promise<void> {
      await attempt('Asking the database', () => client.$queryRaw`SELECT 1`);
    },

    /** The newest first, with a mark for those that follow; only these ids, where they are given. */
    async launches(page: { after?: LaunchMark; limit: number; only?: readonly string[] }): Promise<{
      launches: StoredLaunch[];
      next?: LaunchMark;
    }> {
      const { after, limit, only } = page;
      const where: Prisma.LaunchWhereInput = { seq: { gte: 0 }, ...(only && { id: { in: only.map(escapeText) } }) };
      if (after) {
        const createdAt = new Date(after.createdAt);
        where.OR = [{ createdAt: { lt: createdAt } }, { createdAt, id: { gt: escapeText(after.id) } }];
      }
      const query = { where, orderBy: [{ createdAt: 'desc' as const }, { id: 'asc' as const }], take: limit + 1 };
      const rows = await attempt('Reading launches', () =>
        client.launch.findMany({ ...query, omit: { plan: true as const } })
      );
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      const next = last && { createdAt: last.createdAt.getTime(), id: unescapeText(last.id) };
      return { launches: rows.slice(0, limit).map(toLaunch), ...(next && { next }) };
    },

    /** How far a launch's ledger goes: the position of its last fact ('0' where it has none), and the head of its chain. */
    async reach(launch: string): Promise<LedgerReach> {
      const launchId = escapeText(launch);
      return await attempt('Reading the ledger', async () => {
        const [last, row] = await Promise.all([
          client.fact.findFirst({
            where: { launchId, ...FACTS },
            orderBy: { position: 'desc' },
            select: { position: true },
          }),
          client.launch.findUnique({ where: { id: launchId }, select: { headNumber: true, headHash: true } }),
        ]);
        const head = row?.headHash ? headText({ number: row.headNumber, hash: row.headHash }) : null;
        return { position: String(last?.position ?? 0), head };
      });
    },

    /** The plan of a revision, as the launch wrote it with its row. */
    async plan(launch: string, revision: number): Promise<Json | undefined> {
      const rows = await attempt(
        'Reading a plan',
        () => client.$queryRaw<Array<{ plan: unknown }>>`
          SELECT "body"->'row'->'plan' AS "plan" FROM "Fact"
          WHERE "launchId" = ${escapeText(launch)} AND "itemId" IS NULL AND "type" = ${ROW} AND "seq" IS NULL
            AND "body"->'row'->'plan'->>'revision' = ${String(revision)}
          ORDER BY "position" DESC LIMIT 1`
      );
      return rows[0] && fromColumn(rows[0].plan);
    },

    async facts(wanted: FactsWanted): Promise<LedgerEntry[]> {
      const take = Math.min(wanted.limit ?? MAX_PAGE, MAX_PAGE);
      const orderBy = { position: wanted.order === 'newest' ? ('desc' as const) : ('asc' as const) };
      const rows = await attempt('Reading facts', () =>
        client.fact.findMany({ where: whereOf(wanted), orderBy, take })
      );
      return rows.map(toEntry);
    },

    /** What was written of all these launches, each after its own position, by one question. */
    async newFacts(watched: ReadonlyMap<string, string>): Promise<LedgerEntry[]> {
      if (watched.size === 0) return [];
      const ids = [...watched.keys()].map(escapeText);
      const after = [...watched.values()];
      const positions = await attempt(
        'Reading new facts',
        () => client.$queryRaw<Array<{ position: bigint }>>`
          SELECT "new"."position" FROM unnest(${ids}::text[], ${after}::text[]) AS "watched" ("id", "after")
          CROSS JOIN LATERAL (
            SELECT "position" FROM "Fact" WHERE "launchId" = "watched"."id" AND "seq" IS NOT NULL
              AND "position" > "watched"."after"::bigint
            ORDER BY "position" LIMIT ${MOST_NEW}
          ) AS "new"
          ORDER BY "new"."position" LIMIT ${MOST_NEW}`
      );
      if (positions.length === 0) return [];
      const where = { position: { in: positions.map(({ position }) => position) } };
      const rows = await attempt('Reading new facts', () =>
        client.fact.findMany({ where, orderBy: { position: 'asc' } })
      );
      return rows.map(toEntry);
    },

    /** The last measurement's id of all launches; '0' where there is none. */
    async lastMeasurement(): Promise<string> {
      const last = await attempt('Reading measurements', () =>
        client.measurement.findFirst({ orderBy: { id: 'desc' }, select: { id: true } })
      );
      return String(last?.id ?? 0);
    },

    async newMeasurements(launches: readonly string[], after: string): Promise<NewMeasurement[]> {
      const where = { id: { gt: BigInt(after) }, launchId: { in: launches.map(escapeText) } };
      const rows = await attempt('Reading measurements', () =>
        client.measurement.findMany({ where, orderBy: { id: 'asc' }, take: MOST_NEW })
      );
      return rows.map(toMeasurement);
    },

    /** Unless a later one is kept. */
    async keepBoard(launch: string, { board, position, at }: KeptBoard): Promise<void> {
      const stored = JSON.stringify(mapTexts(JSON.parse(JSON.stringify(board)) as Json, escapeText));
      await attempt(
        'Keeping a board',
        () => client.$executeRaw`
          INSERT INTO "KeptBoard" AS "kept" ("launchId", "position", "at", "board")
          VALUES (${escapeText(launch)}, ${BigInt(position)}, ${new Date(at).toISOString()}::timestamptz, ${stored}::jsonb)
          ON CONFLICT ("launchId") DO UPDATE
          SET "position" = excluded."position", "at" = excluded."at", "board" = excluded."board"
          WHERE "kept"."position" <= excluded."position"`
      );
    },

    async keptBoard(launch: string): Promise<KeptBoard | undefined> {
      const where = { launchId: escapeText(launch) };
      const row = await attempt('Reading a board', () => client.keptBoard.findUnique({ where }));
      if (!row) return undefined;
      return { board: fromColumn(row.board) as unknown as Board, position: String(row.position), at: row.at.getTime() };
    },

    /** Launches of which more has happened than their kept board knows, those first that were kept longest ago. */
    async staleBoards(limit: number, but: readonly string[]): Promise<string[]> {
      const rows = await attempt(
        'Reading boards',
        () => client.$queryRaw<Array<{ id: string }>>`
          SELECT "Launch"."id" FROM "Launch"
          LEFT JOIN "KeptBoard" ON "KeptBoard"."launchId" = "Launch"."id"
          WHERE "Launch"."seq" >= 0 AND "Launch"."id" <> ALL(${but.map(escapeText)}::text[]) AND EXISTS (
            SELECT FROM "Fact" WHERE "Fact"."launchId" = "Launch"."id" AND "Fact"."seq" IS NOT NULL
              AND "Fact"."position" > coalesce("KeptBoard"."position", 0)
          )
          ORDER BY "KeptBoard"."at" ASC NULLS FIRST, "Launch"."createdAt" DESC LIMIT ${limit}`
      );
      return rows.map(({ id }) => unescapeText(id));
    },
  };
}

function whereOf({ launch, after = '0', before, type, item, by }: FactsWanted): Prisma.FactWhereInput {
  const said = (...path: string[]) => ({ body: { path, equals: escapeText(by ?? '') } });
  return {
    launchId: escapeText(launch),
    position: { gt: BigInt(after), ...(before !== undefined && { lt: BigInt(before) }) },
    ...FACTS,
    ...(type !== undefined && { type: escapeText(type) }),
    ...(item !== undefined && { itemId: escapeText(item) }),
    // Of a reported blocker it is the report that says by whom.
    ...(by !== undefined && { OR: [said('by'), said('report', 'by')] }),
  };
}

function toMeasurement(row: Prisma.MeasurementGetPayload<object>): NewMeasurement {
  return {
    id: String(row.id),
    launch: unescapeText(row.launchId),
    item: unescapeText(row.itemId),
    criterion: unescapeText(row.criterionId),
    at: row.at.getTime(),
    ms: row.ms,
    outcome: OUTCOMES.find((each) => each === row.outcome) ?? 'errored',
    seen: unescapeText(row.seen),
    changed: row.changed,
  };
}
