import type { Standup } from '../domain/standup';
import { isStandup } from '../domain/standup';
import type { PrismaClient } from './generated/client';
import { fromColumn } from './stored';
import { escapeText } from './text';

const MAX_PAGE = 100;

/** Standups are facts of the ledger like all others; these are the newest of a launch, the last one first. */
export async function findStandups(client: PrismaClient, launch: string, limit = MAX_PAGE): Promise<Standup[]> {
  const workflowId = escapeText(`launch:${launch}:standup`);
  const where = { launchId: escapeText(launch), workflowId, type: 'standup' };
  const take = Math.min(limit, MAX_PAGE);
  const rows = await client.fact.findMany({ where, orderBy: { position: 'desc' }, take });
  return rows.flatMap(({ body }) => {
    const { standup } = (fromColumn(body) ?? {}) as { standup?: unknown };
    return isStandup(standup) ? [standup] : [];
  });
}
