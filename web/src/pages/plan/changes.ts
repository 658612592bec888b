import { planChanges } from '../../../../domain/plan-changes';
import type { FactAnswer, Plan } from '../../api/types';

/** How a revision of the plan came about. */
export interface Revision {
  number: number;
  /** Epoch ms. */
  at: number;
  by?: string;
  why?: string;
  /** What it was: the plan that was started, another document, a blocker that was reported and accepted. */
  how: 'started' | 'amended' | 'accepted';
  /** Of a blocker: its report. */
  report?: string;
}

interface Body {
  by?: string;
  reason?: string;
  accept?: boolean;
  report?: string;
  plan?: { revision?: number };
}

/** From the ledger, the newest first: each amendment and each accepted blocker is the next one. */
export function revisionsOf(facts: readonly FactAnswer[]): Revision[] {
  const inTurn = facts.toSorted((a, b) => (BigInt(a.position) < BigInt(b.position) ? -1 : 1));
  const revisions: Revision[] = [];
  for (const { type, at, body } of inTurn) {
    const { by, reason, accept, report, plan } = (body ?? {}) as Body;
    const number = (revisions.at(-1)?.number ?? 0) + 1;
    if (type === 'started') revisions.push({ number: 1, at, by, how: 'started' });
    if (type === 'amended') revisions.push({ number: plan?.revision ?? number, at, by, why: reason, how: 'amended' });
    if (type === 'blockerReviewed' && accept === true)
      revisions.push({ number, at, by, why: reason, how: 'accepted', report });
  }
  return revisions.toReversed();
}

export interface Change {
  mark: '+' | '−' | '~';
  what: string;
  says?: string;
}

const PARTS: { readonly [key: string]: string } = {
  title: 'the title',
  launch: 'the launch: date, authority, announcement, milestones',
  people: 'the people',
  groups: 'the groups',
  channels: 'the channels',
  gates: 'the gates',
  defaults: 'the defaults',
  standup: 'the standups',
  metrics: 'the metrics',
  onVerdict: 'what follows the verdict',
  notify: 'how people are notified',
  context: 'the context',
  timezone: 'the time zone',
  start: 'the start',
  speed: 'the speed',
};

/** What one revision changed of the one before, as `launch amend` says it. */
export function changesBetween(before: Plan, after: Plan): Change[] {
  const { added, removed, changed, parts } = planChanges(before, after);
  return [
    ...added.map((what): Change => ({ mark: '+', what })),
    ...removed.map((what): Change => ({ mark: '−', what, says: 'its work here is over' })),
    ...changed.map(({ item, criteria }): Change => {
      const says =
        criteria.length === 0
          ? undefined
          : `${criteria.join(', ')}: what was known of ${criteria.length === 1 ? 'it' : 'them'} counts no more`;
      return { mark: '~', what: item, says };
    }),
    ...parts.map((key): Change => ({ mark: '~', what: PARTS[key] ?? key })),
  ];
}

/** A plan as it is kept, line by line. */
export function planLines(plan: Plan): string[] {
  return JSON.stringify(plan, null, 2).split('\n');
}
