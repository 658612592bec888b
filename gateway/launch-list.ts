import type { FastifyBaseLogger } from 'fastify';
import type { LaunchSummary } from '../client/launches';
import { maySee, type Identity } from './identity';
import type { Deps } from './app';
import { cursorOf, readCursor } from './cursor';

const MOST_RUNNING = 1_000;

export interface ListedLaunch {
  id: string;
  title: string;
  phase: string | null;
  launchAt: string | null;
  verdict: string | null;
  running: boolean | null;
  /** Musts that are open, of one that runs, as Temporal's list has it: seconds old. */
  mustOpen: number | null;
}

interface Wanted {
  identity: Identity;
  cursor?: string;
  limit: number;
}

/** What Temporal knows of a launch that has not reached the ledger yet. */
function fromTemporal({ id, phase, launchAt, verdict, running, mustOpen }: LaunchSummary): ListedLaunch {
  return { id, title: id, phase, launchAt, verdict, running, mustOpen };
}

/**
 * A page of launches, the newest first: what the ledger has, which outlives Temporal's, before it those that run and have
 * not reached it. Without Temporal nobody knows which run; without the database the running ones are all there is.
 */
export async function listLaunches(
  { launches, pages }: Pick<Deps, 'launches' | 'pages'>,
  { identity, cursor, limit }: Wanted,
  log: FastifyBaseLogger
): Promise<{ launches: ListedLaunch[]; next: string | null }> {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const only = identity.launches === '*' ? undefined : identity.launches;
  const [running, stored] = await Promise.allSettled([
    launches.list({ limit: MOST_RUNNING }),
    pages.launches({ after, limit, only }),
  ]);
  if (running.status === 'rejected') {
    if (stored.status === 'rejected') throw running.reason;
    log.warn({ reason: String(running.reason) }, 'Temporal does not say what runs');
  }
  const alive = running.status === 'fulfilled' ? running.value.filter(({ id }) => maySee(identity, id)) : undefined;
  if (stored.status === 'rejected') {
    if (after) throw stored.reason;
    return { launches: (alive ?? []).slice(0, limit).map(fromTemporal), next: null };
  }
  const now = new Map(alive?.map((each) => [each.id, each]));
  const known = stored.value.launches.map((launch) => ({
    id: launch.id,
    title: launch.title,
    phase: launch.phase,
    launchAt: new Date(launch.launchAt).toISOString(),
    verdict: launch.verdict?.value ?? null,
    running: alive ? now.has(launch.id) : null,
    mustOpen: now.get(launch.id)?.mustOpen ?? null,
  }));
  const { next } = stored.value;
  const isWhole = after === undefined && next === undefined;
  const fresh = isWhole ? (alive ?? []).filter(({ id }) => !known.some((each) => each.id === id)) : [];
  return { launches: [...fresh.map(fromTemporal), ...known], next: next ? cursorOf(next) : null };
}
