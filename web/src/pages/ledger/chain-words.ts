import type { LedgerAnswer } from '../../api/types';

type Told = Pick<LedgerAnswer, 'state' | 'entries' | 'verified' | 'broken'>;

/** How much of it is known to be as it was written, in one sentence. */
export function chainText({ state, entries, verified, broken }: Told): string {
  if (state === 'broken')
    return `It is not as it was written: ${broken === 1 ? 'one place' : `${broken} places`} differ.`;
  if (state === 'checking')
    return entries === 0 ? 'Nothing is written yet.' : 'It is being read; nothing is known of it yet.';
  const upTo = verified?.number ?? 0;
  return upTo >= entries
    ? `Each of its ${entries} entries is as it was written.`
    : `Each entry up to ${upTo} of ${entries} is as it was written; the rest is read within a minute.`;
}
