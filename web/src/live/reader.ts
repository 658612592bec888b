import { useSpeaksAs } from '../api/speaks-as';
import type { Me } from '../api/types';

/** Who reads the page, and as whom they speak. */
export interface Reader {
  kind: Me['kind'];
  /** Whose words are said, and what is marked as theirs; null for an operator who acts for nobody, and observers. */
  person: string | null;
  /** Everybody of the plan, where the launch said so. */
  people: NonNullable<Me['people']>;
}

export function useReader(me: Me | undefined): Reader {
  const acting = useSpeaksAs();
  const people = me?.people ?? [];
  if (!me) return { kind: 'observer', person: null, people };
  const { kind } = me;
  if (kind === 'operator') return { kind, person: people.find(({ id }) => id === acting)?.id ?? null, people };
  const named = people.find(({ id }) => id.toLowerCase() === me.person.toLowerCase())?.id ?? me.person;
  return { kind, person: kind === 'observer' ? null : named, people };
}
