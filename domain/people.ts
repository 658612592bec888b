import type { Answerers, Person, Quorum } from './plan';

/** A person's answer: who, and when it was accepted. */
export interface Answer {
  by: string;
  at: number;
}

/** The person with this id, whatever the case it is written in. */
export function findPerson(people: readonly Person[], id: string): Person | undefined {
  const wanted = id.toLowerCase();
  return people.find((person) => person.id === id) ?? people.find((person) => person.id.toLowerCase() === wanted);
}

/** Whether this person holds a role themselves: their id is a role that only they hold. */
export function holdsRole(person: Person, role: string): boolean {
  return person.id === role || person.roles.includes(role);
}

/** Whether this person may answer for a role at `at`: as its holder, or as a holder's delegate. */
export function answersFor(people: readonly Person[], { by, at }: Answer, role: string): boolean {
  return people.some((holder) => holdsRole(holder, role) && standsFor({ by, at }, holder));
}

/** Whether an answer is this person's own, or of the delegate who answers instead. */
function standsFor({ by, at }: Answer, holder: Person): boolean {
  return standIn(holder, at) === by;
}

function isAway(person: Person, at: number): boolean {
  return person.delegate !== undefined && at < person.delegate.until;
}

/** Who answers instead of this person now, and until when. */
export function delegationOf(people: readonly Person[], { by, at }: Answer): Person['delegate'] {
  const person = findPerson(people, by);
  return person && isAway(person, at) ? person.delegate : undefined;
}

/** Whose answer stands for this person's at `at`: their own, or their delegate's while they are away. */
function standIn(holder: Person, at: number): string | undefined {
  if (!isAway(holder, at)) return holder.id;
  return holder.delegate?.to === holder.id ? undefined : holder.delegate?.to;
}

/** People who may answer for one of these roles now, in the plan's order. One look at each person: boards ask it for each criterion. */
export function eligible(people: readonly Person[], roles: readonly string[], at: number): string[] {
  const holders = people.filter((person) => roles.some((role) => holdsRole(person, role)));
  const may = new Set(holders.map((holder) => standIn(holder, at)));
  return people.map(({ id }) => id).filter((id) => may.has(id));
}

/** Somebody who holds one of these roles, for a line that says who could type it. */
export function someHolder(people: readonly Person[], roles: readonly string[]): string | undefined {
  return people.find((person) => roles.some((role) => holdsRole(person, role)))?.id;
}

export interface QuorumState {
  met: boolean;
  /** Roles (or people) still without an answer, as often as one is wanted; of a count, everybody who could give one. */
  missing: string[];
}

/** One person's answer and the people it can stand for: themselves, and whom they are the delegate of. */
interface Standing {
  by: string;
  holders: Person[];
}

/** The answers that count for these roles. Of what a person and their delegate answered, the first counts. */
function standings(people: readonly Person[], roles: readonly string[], answers: readonly Answer[]): Standing[] {
  const holders = people.filter((person) => roles.some((role) => holdsRole(person, role)));
  const spokenFor = new Set<string>();
  const heard = new Set<string>();
  const counting = [...answers]
    .sort((a, b) => a.at - b.at)
    .flatMap((answer): Standing[] => {
      if (heard.has(answer.by)) return [];
      heard.add(answer.by);
      const stood = holders.filter((holder) => !spokenFor.has(holder.id) && standsFor(answer, holder));
      if (stood.length === 1) spokenFor.add(stood[0]!.id);
      return stood.length > 0 ? [{ by: answer.by, holders: stood }] : [];
    });
  const themselves = new Set(counting.map(({ by }) => by));
  return counting.map(({ by, holders: stood }) => ({
    by,
    holders: stood.filter(({ id }) => id === by || !themselves.has(id)),
  }));
}

/** Each slot must be filled by a different answer; returns the slots that stay empty (Kuhn's matching). */
function unfilled(slots: readonly string[], answers: readonly Standing[]): string[] {
  const fits = ({ holders }: Standing, role: string) => holders.some((holder) => holdsRole(holder, role));
  const takenBy = new Map<number, number>();
  const fill = (slot: number, tried: Set<number>): boolean => {
    for (const [index, answer] of answers.entries()) {
      if (tried.has(index) || !fits(answer, slots[slot]!)) continue;
      tried.add(index);
      const holder = takenBy.get(index);
      if (holder === undefined || fill(holder, tried)) {
        takenBy.set(index, slot);
        return true;
      }
    }
    return false;
  };
  return slots.filter((_, slot) => !fill(slot, new Set()));
}

function slotsOf(by: readonly string[], quorum: Exclude<Quorum, number | 'any'>): string[] {
  if (quorum === 'all') return [...by];
  return Object.entries(quorum).flatMap(([role, count]) => Array.from({ length: count }, () => role));
}

/**
 * Whether these answers are enough, and who is missing. One person fills one role and counts once; an answer that
 * nobody listed may give does not count. Nobody listed is never enough.
 */
export function quorumState(people: readonly Person[], wanted: Answerers, answers: readonly Answer[]): QuorumState {
  const { by, quorum } = wanted;
  if (by.length === 0) return { met: false, missing: [] };
  if (quorum === 'any' || typeof quorum === 'number') {
    const needed = quorum === 'any' ? 1 : Math.max(1, quorum);
    const counting = standings(people, by, answers).filter(({ holders }) => holders.length > 0);
    return { met: counting.length >= needed, missing: counting.length >= needed ? [] : [...by] };
  }
  const slots = slotsOf(by, quorum);
  const missing = unfilled(slots, standings(people, slots, answers));
  return { met: slots.length > 0 && missing.length === 0, missing };
}
