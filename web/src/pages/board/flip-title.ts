import type { BoardAnswer } from '../../api/types';

/** What the list of wanted changes is called; undefined where there is none. */
export function flipTitle({ verdict, ended }: BoardAnswer): string | undefined {
  const isAfter = verdict.value === 'GO' && verdict.at !== null;
  if (ended || (isAfter && verdict.needs.length === 0)) return undefined;
  return isAfter ? 'What is wanted now' : 'What would make it GO';
}
