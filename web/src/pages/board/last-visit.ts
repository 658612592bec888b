import { useEffect, useState } from 'react';
import type { BoardAnswer } from '../../api/types';

/** Up to where somebody has seen a launch's ledger, and when they were there. */
export interface Mark {
  position: string;
  /** Epoch ms. */
  at: number;
}

interface Kept {
  /** Where the visit before this one ended. */
  before?: Mark;
  last: Mark;
}

/** Whoever comes back sooner has not been away. */
const AWAY_MS = 10 * 60_000;

function keyOf(launch: string): string {
  return `launch-director:seen:${launch}`;
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null) return false;
  const { position, at } = value as Partial<Mark>;
  return typeof position === 'string' && /^\d{1,18}$/.test(position) && typeof at === 'number';
}

/** What this browser has kept, whatever wrote it. */
function kept(launch: string): Kept | undefined {
  try {
    const { before, last } = JSON.parse(localStorage.getItem(keyOf(launch)) ?? '{}') as Partial<Kept>;
    return isMark(last) ? { last, ...(isMark(before) && { before }) } : undefined;
  } catch {
    return undefined;
  }
}

/** Where the visit before ended: the last mark, unless it was left a moment ago. */
export function markOf(known: Kept | undefined, now: number): Mark | undefined {
  if (!known) return undefined;
  return now - known.last.at > AWAY_MS ? known.last : known.before;
}

/** Where the reader was when they were last here; kept in this browser alone, and moved on while they look. */
export function useLastVisit(launch: string, { ledger: { position } }: BoardAnswer): Mark | undefined {
  const [before] = useState(() => markOf(kept(launch), Date.now()));
  useEffect(() => {
    if (position === null) return;
    const now: Kept = { before, last: { position, at: Date.now() } };
    localStorage.setItem(keyOf(launch), JSON.stringify(now));
  }, [launch, position, before]);
  return before;
}
