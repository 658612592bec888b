import { durationText } from '../domain/text';
import type { Mark, State } from './document';
import type { Report, VERDICTS } from './schema';
import { instantIn } from './text';

/** The words of states, as the control room has them. */

const CRITERIA: { readonly [state: string]: State } = {
  met: { mark: 'met', word: 'met' },
  unmet: { mark: 'failed', word: 'not met' },
  inconclusive: { mark: 'unclear', word: 'cannot tell' },
  errored: { mark: 'errored', word: 'could not run' },
  stale: { mark: 'stale', word: 'out of date' },
  waived: { mark: 'waived', word: 'waived' },
  unknown: { mark: 'open', word: 'not known' },
  dropped: { mark: 'dropped', word: 'dropped' },
};

const ITEMS: { readonly [status: string]: State } = {
  waiting: { mark: 'waiting', word: 'waiting' },
  open: { mark: 'open', word: 'open' },
  acknowledged: { mark: 'inhand', word: 'in hand' },
  resolved: { mark: 'met', word: 'resolved' },
  waived: { mark: 'waived', word: 'waived' },
  dropped: { mark: 'dropped', word: 'dropped' },
  'carried-over': { mark: 'open', word: 'left for the next plan' },
};

const ACTIONS: { readonly [state: string]: State } = {
  done: { mark: 'met', word: 'done' },
  failed: { mark: 'failed', word: 'failed' },
  unknown: { mark: 'unclear', word: 'done or not, nobody knows' },
  planned: { mark: 'waiting', word: 'its verdict was not given' },
  waiting: { mark: 'waiting', word: 'waits for its turn' },
  'under-way': { mark: 'inhand', word: 'under way' },
  skipped: { mark: 'waived', word: 'skipped' },
};

const SIGNATURES: { readonly [state: string]: State } = {
  counts: { mark: 'met', word: 'counts' },
  suspended: { mark: 'unclear', word: 'suspended' },
  void: { mark: 'dropped', word: 'void' },
  no: { mark: 'failed', word: 'no' },
};

/** A word that nobody foresaw is shown as it is, and never as a yes. */
function from(known: { readonly [name: string]: State }, name: string): State {
  return (Object.hasOwn(known, name) && known[name]) || { mark: 'unclear', word: name };
}

export const criterionState = (state: string): State => from(CRITERIA, state);
export const itemState = (status: string): State => from(ITEMS, status);
export const actionState = (state: string): State => from(ACTIONS, state);
export const signatureState = (state: string): State => from(SIGNATURES, state);

export type Role = 'met' | 'notmet' | 'unsure' | 'inhand' | 'waived' | 'idle';

/** The colour of a shape. */
export const ROLES: { readonly [mark in Mark]: Role } = {
  met: 'met',
  failed: 'notmet',
  unclear: 'unsure',
  errored: 'unsure',
  stale: 'unsure',
  late: 'unsure',
  inhand: 'inhand',
  open: 'idle',
  waiting: 'idle',
  dropped: 'idle',
  waived: 'waived',
};

export function verdictWord(value: (typeof VERDICTS)[number] | null): string {
  return value === null ? 'NOT KNOWN' : value.replace('_', ' ');
}

/** As one state among others. */
export function verdictState(value: (typeof VERDICTS)[number]): State {
  const marks = { GO: 'met', DELAY: 'unclear', NO_GO: 'failed' } as const;
  return { mark: marks[value], word: verdictWord(value) };
}

/** The word that is read first, and its shape: what was called off has no verdict but that. */
export function called({ verdict, ended }: Pick<Report, 'verdict' | 'ended'>): {
  shape: (typeof VERDICTS)[number] | 'none';
  word: string;
} {
  const { value } = verdict;
  if (ended?.how === 'cancelled' && value !== 'GO') return { shape: 'NO_GO', word: 'CANCELLED' };
  return { shape: value ?? 'none', word: verdictWord(value) };
}

/** An instant in the plan's zone; what nobody knows is said to be that. */
export function when({ timezone }: Pick<Report, 'timezone'>, at: string | null): string {
  return at === null ? 'not known' : instantIn(timezone, at);
}

/** "2 h 10 min late", "3 h early". */
export function lateText(ms: number): string {
  if (ms === 0) return 'on time';
  return ms > 0 ? `${durationText(ms)} late` : `${durationText(-ms)} early`;
}
