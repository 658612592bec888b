import { useSyncExternalStore } from 'react';

const REMEMBERED = 'launch-director:acts-as';
const watchers = new Set<() => void>();
let person: string | null = null;

/** Whose words are said where they are not one's own: the operator alone speaks for others. */
export function speaksAs(): string | null {
  return person;
}

/** Kept for this tab. */
export function speakAs(other: string | null): void {
  person = other;
  if (other === null) sessionStorage.removeItem(REMEMBERED);
  else sessionStorage.setItem(REMEMBERED, other);
  for (const watcher of watchers) watcher();
}

export function speakAsBefore(): void {
  speakAs(sessionStorage.getItem(REMEMBERED));
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useSpeaksAs(): string | null {
  return useSyncExternalStore(subscribe, speaksAs);
}
