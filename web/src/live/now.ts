import { useContext, useSyncExternalStore, createContext } from 'react';

/** How far the gateway's clock is ahead of this machine's, ms: countdowns go by the launch's clock. */
export const ClockContext = createContext(0);

const watchers = new Set<() => void>();
let second = Math.floor(Date.now() / 1_000);
let ticking: ReturnType<typeof setTimeout> | undefined;

/** At the beginning of each second, so that all that counts moves together. */
function tick(): void {
  second = Math.floor(Date.now() / 1_000);
  ticking = setTimeout(tick, 1_000 - (Date.now() % 1_000) + 5);
  for (const watcher of watchers) watcher();
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  if (ticking === undefined) tick();
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearTimeout(ticking);
    ticking = undefined;
  };
}

/** Now by this machine's clock, epoch ms; renders anew each second. */
export function useMachineNow(): number {
  return useSyncExternalStore(subscribe, () => second) * 1_000;
}

/** Now by the launch's clock, epoch ms; renders anew each `everyMs` (1 s at least). */
export function useNow(everyMs = 1_000): number {
  const ahead = useContext(ClockContext);
  return useSyncExternalStore(subscribe, () => Math.floor((second * 1_000) / everyMs)) * everyMs + ahead;
}
