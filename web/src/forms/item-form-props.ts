import { allItems } from '../../../domain/launch-state';
import type { Criterion } from '../../../domain/plan';
import { usePlan } from '../api/queries';
import type { ItemAnswer, Plan, PossibleAction } from '../api/types';
import { useLaunch } from '../live/use-launch';
import type { Option } from './fields';

export interface ItemFormProps {
  item: ItemAnswer;
  /** As the rules answered for the reader; `choices` are criteria or options. */
  action: PossibleAction;
  /** With the answer where it was accepted. */
  close: (said?: string) => void;
}

/** A criterion as the plan has it; a reopening's own is in none. */
export function criterionIn(plan: Plan | undefined, item: string, criterion: string): Criterion | undefined {
  return (
    plan &&
    allItems(plan)
      .find(({ id }) => id === item)
      ?.criteria.find(({ id }) => id === criterion)
  );
}

function aboutCriterion(criterion: Criterion | undefined): string | undefined {
  const { documents = [], text } = criterion?.attest ?? {};
  if (documents.length > 0) return `To be read: ${documents.join(', ')}`;
  return text;
}

/** The criteria of which it may be said now, as options. */
export function useCriterionOptions({ item, action }: Pick<ItemFormProps, 'item' | 'action'>): Option<string>[] {
  const { launch, board } = useLaunch();
  const { data: plan } = usePlan(launch, board.revision);
  return (action.choices ?? []).map((choice) => ({
    value: choice,
    label: item.criteria.find(({ id }) => id === choice)?.title ?? choice,
    about: aboutCriterion(criterionIn(plan, item.id, choice)),
  }));
}
