import { evidenceAt } from '../../../../domain/evidence-at';
import { useLastMeasurements } from '../../api/queries';
import type { BoardItem } from '../../api/types';
import { useLaunch, useMeasurements } from '../../live/use-launch';

/** When each check ran last, epoch ms, by item and criterion: as the log has it, and as it has come since. */
export function useSeen(): ReadonlyMap<string, number> {
  const { launch } = useLaunch();
  const { data } = useLastMeasurements(launch);
  const heard = useMeasurements();
  const seen = new Map<string, number>();
  for (const { item, criterion, at } of [...(data?.measurements ?? []), ...heard]) {
    const key = keyOf(item, criterion);
    seen.set(key, Math.max(at, seen.get(key) ?? 0));
  }
  return seen;
}

function keyOf(item: string, criterion: string): string {
  return `${item}/${criterion}`;
}

export interface LastSeen {
  at: number;
  /** Whose word it is; absent of a check. */
  by?: string;
}

/** The newest of an item's evidence. */
export function lastSeen({ id, criteria }: BoardItem, seen: ReadonlyMap<string, number>): LastSeen | undefined {
  const all = criteria.flatMap((criterion): LastSeen[] => {
    const at = Math.max(seen.get(keyOf(id, criterion.id)) ?? 0, evidenceAt(criterion) ?? 0);
    if (at === 0) return [];
    return [criterion.automatic ? { at } : { at, by: criterion.evidence?.split(' ', 1)[0] }];
  });
  return all.sort((a, b) => b.at - a.at)[0];
}
