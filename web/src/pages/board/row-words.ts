import { isAskedOf } from '../../../../domain/asked';
import { evidenceAt } from '../../../../domain/evidence-at';
import type { BoardRow } from '../../../../domain/board-rows';
import type { Answerers } from '../../../../domain/plan';
import type { Board, BoardCriterion, BoardItem, Need } from '../../api/types';
import { readable } from '../../parts/times';

/** What a row says besides its state: why, and what happens next. Words alone; all of it is in the board. */

const SHORT = 44;

function short(text: string): string {
  return text.length <= SHORT ? text : `${text.slice(0, SHORT - 1).trimEnd()}…`;
}

function times(number: number): string {
  return number === 1 ? 'once' : number === 2 ? 'twice' : `${number} times`;
}

/** The line below the state; instants in it as the plan's zone has them. */
export function whyOf({ state, item, entry }: BoardRow, zone: string): string | undefined {
  const seen = (text: string | null | undefined) => short(readable(text ?? '', zone));
  if (!item) return entry.reason === null ? undefined : readable(entry.reason, zone);
  if (state === 'waiting')
    return item.waitingOn.length > 0 ? `On ${short(item.waitingOn.join(', '))}` : 'Not begun yet';
  if (state === 'waived') {
    const waiver = item.criteria.find((each) => each.state === 'waived')?.evidence;
    return seen(waiver?.replace(/^waived by/, 'By'));
  }
  if (state === 'met') return item.chosen === null ? undefined : `Chosen: ${item.chosen}`;
  if (item.reopened > 0) return `Reopened ${times(item.reopened)}`;
  if (item.overdue && state !== 'late') return 'Late';
  const [only, ...others] = item.criteria;
  if (only && others.length === 0 && isCount(only)) return seen(only.evidence);
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
  return need
    ? { who: namesOf(need.who.split(', ')), does: `${verb} “${criterion.title}”` }
    : { does: `“${criterion.title}” is attested` };
}

const MOST_NAMED = 2;

/** Those who decide need not be its owners: the launch asks them where it waits for it, and else the plan names them. */
function decision({ id }: BoardItem, needs: readonly Need[], deciders: Answerers | undefined): Next {
  const asked = needs.filter(({ ref, action }) => ref === id && action.startsWith('decide ')).map(({ who }) => who);
  const isOne = deciders?.quorum === 'any' || deciders?.by.length === 1;
  if (asked.length === 0 && deciders && isOne) return { who: namesOf(deciders.by), does: 'decides' };
  const all = asked.length === 0 && deciders?.quorum === 'all' ? deciders.by : asked;
  if (all.length === 0) return { does: 'To be decided' };
  return { who: all.join(' and '), does: all.length === 1 ? 'decides' : 'decide' };
}

/** "data, qa or 3 others": any one of them, in few words. */
export function namesOf(names: readonly string[]): string {
  const isShort = names.length <= MOST_NAMED + 1;
  const shown = isShort ? names.slice(0, -1) : names.slice(0, MOST_NAMED);
  const last = isShort ? names.at(-1) : `${names.length - MOST_NAMED} others`;
  return [shown.join(', '), last].filter(Boolean).join(' or ');
}

/** Computed from other items, of which the board says how many. */
export function isCount(criterion: BoardCriterion): boolean {
  const { automatic, evidence, state } = criterion;
  return automatic && evidence !== null && state !== 'waived' && evidenceAt(criterion) === undefined;
}

/** The next thing that changes it. */
export function nextOf({ item, state }: BoardRow, { verdict, ended }: Board, deciders?: Answerers): Next | undefined {
  if (!item || ended) return undefined;
  if (state === 'dropped') return { does: 'Dropped by a decision' };
  if (item.criteria.length > 0 && item.criteria.every(isCount)) return { does: 'Counted at each change' };
  const isAutomatic = item.criteria.some(({ automatic }) => automatic);
  if (state === 'met' || state === 'waived')
    return { does: isAutomatic ? 'It is watched on' : 'Nothing is left to do' };
  if (state === 'waiting' && item.waitingOn.length > 0) return { does: `Opens with ${item.waitingOn.join(', ')}` };
  const owners = item.owners.length > 0 ? namesOf(item.owners) : undefined;
  if (item.kind === 'decision' && item.chosen === null) return decision(item, verdict.needs, deciders);
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

export interface Step {
  does: string;
  /** What was seen last, by a check. */
  seen?: string;
}

/** As `needs` words what a check wants: its title, what was seen, that nobody has to say it. */
const OF_CHECK = /^(make .*? pass)(?: \(last seen: (.*)\))?; it is noticed by itself$/s;

/** What somebody is to do, and what was seen of it, apart; any other words are left whole. */
export function stepOf({ action }: Need): Step {
  const [, does, seen] = OF_CHECK.exec(action) ?? [];
  return does === undefined ? { does: action } : { does, seen };
}
