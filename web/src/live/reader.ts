import { useSyncExternalStore } from 'react';
import { actAs } from '../api/client';
import type { Me } from '../api/types';

/** Who reads the page, and as whom they speak. */
export interface Reader {
  kind: Me['kind'];
  /** Whose words are said, and what is marked as theirs; null for an operator who acts for nobody, and observers. */
  person: string | null;
  /** Everybody of the plan, where the launch said so. */
  people: NonNullable<Me['people']>;
}

const REMEMBERED = 'launch-director:acts-as';
const watchers = new Set<() => void>();
let actsAs: string | null = null;

/** Whom the operator acts as: kept for this tab. */
export function setActsAs(person: string | null): void {
  actsAs = person;
  if (person === null) sessionStorage.removeItem(REMEMBERED);
  else sessionStorage.setItem(REMEMBERED, person);
  actAs(person);
  for (const watcher of watchers) watcher();
}

export function rememberActsAs(): void {
  setActsAs(sessionStorage.getItem(REMEMBERED));
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useReader(me: Me | undefined): Reader {
  const acting = useSyncExternalStore(subscribe, () => actsAs);
  const people = me?.people ?? [];
  if (!me) return { kind: 'observer', person: null, people };
  const { kind } = me;
  if (kind === 'operator') return { kind, person: people.find(({ id }) => id === acting)?.id ?? null, people };
  const named = people.find(({ id }) => id.toLowerCase() === me.person.toLowerCase())?.id ?? me.person;
  return { kind, person: kind === 'observer' ? null : named, people };
}
