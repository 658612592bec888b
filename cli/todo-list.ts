import { isAskedOf } from '../domain/asked';
import type { Board, BoardItem } from '../domain/board';
import type { ItemCommand } from '../domain/commands';
import { refuseItem } from '../domain/item-commands';
import { criteriaOf, type ItemState } from '../domain/item-state';

/** One thing that a person can do now. */
export interface Todo {
  ref: string;
  action: string;
  /** The line to type; null where this person has to change something in the world. */
  command: string | null;
  /** Whether the launch cannot be GO without it, or something like it. */
  needed: boolean;
}

const ACTIVE: ReadonlySet<string> = new Set(['open', 'acknowledged']);

/** Items that could take a word of somebody now. */
export function activeItems(board: Board): BoardItem[] {
  return board.items.filter(({ status }) => ACTIVE.has(status));
}

function sameAs(who: string, text: string): boolean {
  return text.toLowerCase() === who.toLowerCase();
}

/** What the board itself asks of this person. */
function asked(board: Board, who: string): Todo[] {
  const theirs = board.verdict.needs.filter((need) => isAskedOf(need, who));
  return theirs.map(({ action, ref, command }) => {
    const line = command?.replace(/--as \S+$/, `--as ${who}`) ?? null;
    return { ref, action, command: line, needed: true };
  });
}

/** What an item would accept from this person now: the rules are asked, nothing is guessed. */
function possible(state: ItemState, who: string, now: number): Todo[] {
  const { launch, item } = state.plan;
  const accepts = (command: ItemCommand) => refuseItem(state, command, now) === undefined;
  const line = (words: string) => `launch ${words} --as ${who}`;
  const at = `${launch} ${item.id}`;
  const todos: Todo[] = [];
  const add = (action: string, command: string) => todos.push({ ref: item.id, action, command, needed: false });
  if (accepts({ type: 'acknowledge', by: who })) add(`say that you are on '${item.title}'`, line(`ack ${at}`));
  for (const { id, title, attest } of criteriaOf(item, state)) {
    const said = state.progress[id]?.words.some((word) => sameAs(who, word.by) && !word.stale);
    if (!attest || said || !accepts({ type: 'attest', by: who, criterion: id })) continue;
    add(`${attest.as === 'acknowledge' ? 'acknowledge' : 'attest'} '${title}'`, line(`attest ${at} ${id}`));
  }
  const options = item.decision?.options ?? [];
  const open = options.filter(({ id }) => accepts({ type: 'decide', by: who, option: id }));
  for (const { id, title } of open) add(`decide '${item.title}': ${title}`, line(`decide ${at} ${id}`));
  return todos;
}

/** All that a person can do now, what the launch waits for first. */
export function todosFor(
  who: string,
  board: Board,
  { items, now }: { items: readonly ItemState[]; now: number }
): Todo[] {
  const needed = asked(board, who);
  const known = new Set(needed.map(({ command }) => command?.toLowerCase()));
  const others = items.flatMap((state) => possible(state, who, now));
  return [...needed, ...others.filter(({ command }) => !known.has(command?.toLowerCase()))];
}
