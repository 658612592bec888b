import type { LedgerEntry } from '../domain/ledger';
import type { Json } from '../domain/plan';
import type { Prisma } from './generated/client';
import { mapTexts, unescapeText } from './text';

export interface StoredLaunch {
  id: string;
  title: string;
  revision: number;
  phase: string;
  launchAt: number;
  verdict?: { value: string; at: number };
  updatedAt: number;
}

export interface StoredItem {
  id: string;
  kind: string;
  title: string;
  status: string;
  owners: string[];
  priority?: string;
  deadline?: number;
  updatedAt: number;
}

export function fromColumn(value: unknown): Json {
  return mapTexts(value as Json, unescapeText);
}

export function toEntry(row: Prisma.FactGetPayload<object>): LedgerEntry {
  return {
    position: String(row.position),
    launch: unescapeText(row.launchId),
    workflow: { id: unescapeText(row.workflowId), firstRunId: unescapeText(row.firstRunId) },
    seq: row.seq!,
    ...(row.itemId !== null && { item: unescapeText(row.itemId) }),
    type: unescapeText(row.type),
    at: row.at.getTime(),
    body: fromColumn(row.body),
    recordedAt: row.recordedAt.getTime(),
    ...(row.number !== null && row.hash !== null && { number: row.number, hash: row.hash }),
  };
}

export function toLaunch(row: Prisma.LaunchGetPayload<{ omit: { plan: true } }>): StoredLaunch {
  return {
    id: unescapeText(row.id),
    title: unescapeText(row.title ?? ''),
    revision: row.revision ?? 0,
    phase: unescapeText(row.phase ?? ''),
    launchAt: row.launchAt?.getTime() ?? 0,
    ...(row.verdict !== null &&
      row.verdictAt !== null && { verdict: { value: row.verdict, at: row.verdictAt.getTime() } }),
    updatedAt: row.updatedAt.getTime(),
  };
}

export function toItem(row: Prisma.ItemGetPayload<object>): StoredItem {
  return {
    id: unescapeText(row.id),
    kind: row.kind,
    title: unescapeText(row.title),
    status: unescapeText(row.status),
    owners: row.owners.map(unescapeText),
    ...(row.priority !== null && { priority: row.priority }),
    ...(row.deadline !== null && { deadline: row.deadline.getTime() }),
    updatedAt: row.updatedAt.getTime(),
  };
}
