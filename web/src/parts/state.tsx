import type { ReactNode } from 'react';
import type { CriterionState } from '../../../domain/criterion';
import type { RowState } from '../../../domain/board-rows';
import { Mark, type MarkName } from './mark';

/** Colour roles of the style sheet. */
export type Role = 'met' | 'notmet' | 'unsure' | 'inhand' | 'waived' | 'idle';

interface Look {
  role: Role;
  mark: MarkName;
  word: string;
}

/** A state is a shape, a word and a colour, always the three. */
export const LOOKS: { readonly [state in RowState]: Look } = {
  'not-met': { role: 'notmet', mark: 'failed', word: 'Not met' },
  unclear: { role: 'unsure', mark: 'unclear', word: 'Cannot tell' },
  errored: { role: 'unsure', mark: 'errored', word: 'Could not run' },
  stale: { role: 'unsure', mark: 'stale', word: 'Out of date' },
  late: { role: 'unsure', mark: 'late', word: 'Late' },
  'in-hand': { role: 'inhand', mark: 'inhand', word: 'In hand' },
  open: { role: 'idle', mark: 'open', word: 'Open' },
  waiting: { role: 'idle', mark: 'waiting', word: 'Waiting' },
  dropped: { role: 'idle', mark: 'dropped', word: 'Dropped' },
  waived: { role: 'waived', mark: 'waived', word: 'Waived' },
  met: { role: 'met', mark: 'met', word: 'Met' },
};

/** How a criterion's state is shown; what nobody has measured or said is open. */
export const OF_CRITERION: { readonly [state in CriterionState]: RowState } = {
  met: 'met',
  waived: 'waived',
  unmet: 'not-met',
  inconclusive: 'unclear',
  errored: 'errored',
  stale: 'stale',
  unknown: 'open',
};

interface Props {
  state: RowState;
  /** In place of the state's own word, where another one is truer: "Reopened", "Signed". */
  word?: string;
  /** The second line. */
  why?: ReactNode;
}

export function State({ state, word, why }: Props): ReactNode {
  const look = LOOKS[state];
  return (
    <span className={`state ${look.role}`}>
      <Mark name={look.mark} />
      <span>
        {word ?? look.word}
        {why !== undefined && why !== '' && <span className="why">{why}</span>}
      </span>
    </span>
  );
}
