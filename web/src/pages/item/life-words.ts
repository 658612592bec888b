import type { ItemFact } from '../../../../domain/item-facts';
import type { ItemStatus } from '../../../../domain/item-state';
import type { RowState } from '../../../../domain/board-rows';
import type { FactAnswer } from '../../api/types';

/** One line of an item's life. */
export interface LifeLine {
  state: RowState;
  word: string;
  says?: string;
}

const MOVED: { readonly [to in ItemStatus]: [RowState, string] } = {
  waiting: ['waiting', 'Waiting'],
  open: ['open', 'Opened'],
  acknowledged: ['in-hand', 'In hand'],
  resolved: ['met', 'Resolved'],
  waived: ['waived', 'Waived'],
  dropped: ['dropped', 'Dropped'],
  'carried-over': ['dropped', 'Carried over'],
};

function join(...parts: Array<string | undefined>): string {
  return parts.filter((part) => part !== undefined && part !== '').join(': ');
}

const MEASURED = {
  passed: ['met', 'Passed'],
  failed: ['not-met', 'Failed'],
  inconclusive: ['unclear', 'Unclear'],
  errored: ['errored', 'Could not run'],
} as const satisfies { [outcome: string]: [RowState, string] };

function ofFact(fact: ItemFact): LifeLine | undefined {
  switch (fact.type) {
    case 'moved': {
      const [state, word] = fact.fall ? (['not-met', 'Open again'] as const) : MOVED[fact.to];
      return { state, word, says: fact.text === word.toLowerCase() ? undefined : fact.text };
    }
    case 'acknowledged':
      return { state: 'in-hand', word: 'Acknowledged', says: join(`by ${fact.by}`, fact.note) };
    case 'attested':
      return { state: 'met', word: 'Attested', says: join(`${fact.criterion} by ${fact.by}`, fact.evidence?.note) };
    case 'resolveClaimed':
      return { state: 'in-hand', word: 'Said to be done', says: join(`by ${fact.by}`, fact.note) };
    case 'retracted':
      return { state: 'stale', word: 'Retracted', says: `the ${fact.what} on ${fact.criterion} by ${fact.by}` };
    case 'measured': {
      const [state, word] = MEASURED[fact.measurement.outcome];
      return { state, word, says: join(fact.criterion, fact.measurement.seen) };
    }
    case 'waiverGiven':
      return { state: 'waived', word: 'Waived', says: join(`${fact.criterion} by ${fact.by}`, fact.reason) };
    case 'reopened':
      return { state: 'not-met', word: 'Reopened', says: join(`by ${fact.by}`, fact.reason) };
    case 'chose':
      return { state: 'in-hand', word: 'Chosen', says: join(`${fact.option} by ${fact.by}`, fact.why) };
    case 'decided':
      return {
        state: 'met',
        word: 'Decided',
        says: `${fact.option}, ${fact.how === 'silent' ? 'since nobody had answered' : 'by those who decide'}`,
      };
    case 'assigned':
      return { state: 'open', word: 'Assigned', says: `to ${fact.owners.join(', ')} by ${fact.by}` };
    case 'told':
      return { state: 'late', word: 'Late', says: `${fact.notice.to.join(', ')} told` };
    case 'staled':
      return { state: 'stale', word: 'Out of date', says: fact.reason };
    case 'refused':
      return { state: 'not-met', word: 'Refused', says: join(`${fact.command} by ${fact.by}`, fact.message) };
    case 'ended':
      return { state: 'dropped', word: 'Over', says: 'with its launch' };
    case 'situated':
    case 'reminded':
    case 'noticed':
    case 'commented':
      return undefined;
  }
}

/** Undefined of what is shown elsewhere, or is of no interest by itself. */
export function lifeLine({ type, body, at }: Pick<FactAnswer, 'type' | 'body' | 'at'>): LifeLine | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  return ofFact({ ...body, type, at } as unknown as ItemFact);
}
