import { isAskedOf } from '../../../../domain/asked';
import type { BoardRow } from '../../../../domain/board-rows';
import type { Board, BoardCriterion, BoardItem, Need } from '../../api/types';

/** What a row says besides its state: why, and what happens next. Words alone; all of it is in the board. */

const SHORT = 44;

function short(text: string): string {
  return text.length <= SHORT ? text : `${text.slice(0, SHORT - 1).trimEnd()}…`;
}

function times(number: number): string {
  return number === 1 ? 'once' : number === 2 ? 'twice' : `${number} times`;
}

/** The line below the state. */
export function whyOf({ state, item, entry }: BoardRow): string | undefined {
  if (!item) return entry.reason ?? undefined;
  if (state === 'waiting')
    return item.waitingOn.length > 0 ? `On ${short(item.waitingOn.join(', '))}` : 'Not begun yet';
  if (state === 'waived') return short(item.criteria.find((each) => each.state === 'waived')?.evidence ?? '');
  if (state === 'met') return item.chosen === null ? undefined : `Chosen: ${item.chosen}`;
  if (item.reopened > 0) return `Reopened ${times(item.reopened)}`;
  if (item.overdue && state !== 'late') return 'Late';
  const [only, ...others] = item.criteria;
  const counted = others.length === 0 && only?.automatic && /needs/.test(only.evidence ?? '');
  if (counted) return short(only.evidence ?? '');
  return state === 'in-hand' && item.status === 'acknowledged' ? 'Acknowledged' : undefined;
}

export interface Next {
  /** Who is to do it; nobody where it comes by itself. */
  who?: string;
  does: string;
}

const isOpen = ({ state }: BoardCriterion) => state !== 'met' && state !== 'waived';

function ofCriterion(item: BoardItem, criterion: BoardCriterion, needs: readonly Need[]): Next {
  const need = needs.find(({ ref, action }) => ref === item.id && action.includes(`'${criterion.title}'`));
  if (criterion.automatic) {
    const does = { unknown: 'is looked at', errored: 'has a check that runs' }[criterion.state] ?? 'passes';
    return { does: `“${criterion.title}” ${does}` };
  }
  const verb = need?.action.startsWith('acknowledge') ? 'acknowledges' : 'attests';
  return need ? { who: need.who, does: `${verb} “${criterion.title}”` } : { does: `“${criterion.title}” is attested` };
}

/** The next thing that changes it. */
export function nextOf({ item, state }: BoardRow, { verdict, ended }: Board): Next | undefined {
  if (!item || ended) return undefined;
  if (state === 'dropped') return { does: 'Dropped by a decision' };
  const isAutomatic = item.criteria.some(({ automatic }) => automatic);
  if (state === 'met' || state === 'waived')
    return { does: isAutomatic ? 'It is watched on' : 'Nothing is left to do' };
  if (state === 'waiting' && item.waitingOn.length > 0) return { does: `Opens with ${item.waitingOn.join(', ')}` };
  const owners = item.owners.length > 0 ? item.owners.join(', ') : undefined;
  if (item.kind === 'decision' && item.chosen === null)
    return { who: owners, does: owners ? 'decides' : 'To be decided' };
  if (item.status === 'open' && owners) return { who: owners, does: 'acknowledges' };
  const first = item.criteria.find(isOpen);
  return first && ofCriterion(item, first, verdict.needs);
}

/** Whether the launch waits for something of this row from the reader. */
export function isYours({ item }: BoardRow, { verdict, ended }: Board, person: string | null): boolean {
  if (!item || person === null || ended) return false;
  return verdict.needs.some((need) => need.ref === item.id && isAskedOf(need, person));
}

export type Pip = 'y' | 'n' | 'h' | 'q' | 'w' | '';

/** Full: met; struck: failed; half: said, not by enough; dotted: unclear; barred: waived; empty: nothing is known. */
export function pipOf({ state, automatic }: BoardCriterion): Pip {
  switch (state) {
    case 'met':
      return 'y';
    case 'waived':
      return 'w';
    case 'unmet':
      return automatic ? 'n' : 'h';
    case 'inconclusive':
    case 'errored':
    case 'stale':
      return 'q';
    default:
      return '';
  }
}
