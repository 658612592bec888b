import type { Outgoing } from '../domain/notice';
import type { Json } from '../domain/plan';
import { addressOf, type Recipient, type Route } from '../domain/routing';
import type { Prisma } from './generated/client';
import { fromColumn } from './stored';
import { escapeText, mapTexts, unescapeText } from './text';

interface Known {
  key: string;
  people: string[];
  route: unknown;
  state: string;
  bundleKey: string | null;
}

function stored(value: unknown): string {
  return JSON.stringify(mapTexts(JSON.parse(JSON.stringify(value)) as Json, escapeText));
}

/**
 * Puts messages into the outbox, once for each key. With `again` those that had failed for good begin anew. Whoever is to
 * be told where others are told already is named there too: in that message while it has not been tried, else in another.
 */
export async function insertAll(
  tx: Prisma.TransactionClient,
  all: readonly Outgoing[],
  { again }: { again: boolean }
): Promise<void> {
  const keys = all.map(({ key }) => escapeText(key));
  const rows = await tx.$queryRaw<Known[]>`
    SELECT "key", "people", "route", "state", "bundleKey" FROM "Delivery" WHERE "key" = ANY(${keys}::text[])
    ORDER BY "id" FOR UPDATE`;
  for (const given of all) {
    const known = rows.find(({ key }) => key === escapeText(given.key));
    const missing = known ? missingIn(known, given.route) : [];
    if (!known || missing.length === 0) await insert(tx, given, again);
    else if (known.state === 'queued' && known.bundleKey === null) await join(tx, known, missing);
    else await insert(tx, alsoFor(given, missing), again);
  }
}

function missingIn({ people }: Known, { recipients }: Route): Recipient[] {
  const there = new Set(people.map(unescapeText));
  return recipients.filter(({ id }) => !there.has(id));
}

function alsoFor(given: Outgoing, recipients: Recipient[]): Outgoing {
  const ids = recipients.map(({ id }) => id).sort();
  return { ...given, key: `${given.key}+${ids.join('+')}`, route: { ...given.route, recipients } };
}

async function join(tx: Prisma.TransactionClient, known: Known, missing: Recipient[]): Promise<void> {
  const before = fromColumn(known.route) as unknown as Route;
  const route: Route = { ...before, recipients: [...before.recipients, ...missing] };
  const people = route.recipients.map(({ id }) => escapeText(id));
  await tx.$executeRaw`
    UPDATE "Delivery" SET "people" = ${people}::text[], "route" = ${stored(route)}::jsonb WHERE "key" = ${known.key}`;
  Object.assign(known, { people, route: JSON.parse(stored(route)) });
}

async function insert(
  tx: Prisma.TransactionClient,
  { key, launch, notice, route }: Outgoing,
  again: boolean
): Promise<void> {
  const { way, recipients } = route;
  const people = recipients.map(({ id }) => escapeText(id));
  const { most = null, per = null } = notice.urgent ? {} : (way.limit ?? {});
  await tx.$executeRaw`
    INSERT INTO "Delivery" ("key", "launchId", "noticeKey", "channelId", "channelType", "address", "people",
      "notice", "route", "urgent", "most", "perMs")
    VALUES (${escapeText(key)}, ${escapeText(launch)}, ${escapeText(notice.key)}, ${escapeText(way.channel)},
      ${way.type}, ${escapeText(addressOf(way, recipients[0]?.id ?? ''))}, ${people}::text[],
      ${stored(notice)}::jsonb, ${stored(route)}::jsonb, ${notice.urgent}, ${most}::int, ${per}::int)
    ON CONFLICT ("key") DO UPDATE SET "state" = 'queued', "attempts" = 0, "passedOn" = false, "nextTryAt" = now()
    WHERE ${again} AND "Delivery"."state" = 'failed'`;
}
