import { decidersOf } from './criterion';
import { ackBy, clockDue } from './item-clocks';
import type { ItemFact } from './item-facts';
import type { ClockName, ItemState } from './item-state';
import { CLOCKS } from './item-state';
import { eligible } from './people';
import { durationText, instantText } from './text';

/** One reminder of a clock: `before` ms ahead of its limit, which is at `due`. */
interface Reminder {
  at: number;
  before: number;
  due: number;
}

/** Nobody is reminded of what began when its reminder was due already: that it is theirs was told just then. */
function isAhead(state: ItemState, clock: ClockName, { before, at }: { before: number; at: number }): boolean {
  if (clock === 'deadline') return at > (state.openedAt ?? Infinity);
  return before < (state.plan.item.sla[clock] ?? 0);
}

/** The reminders of a clock that are still to come or due, nearest to its limit last; none where it stands. */
function remindersOf(state: ItemState, clock: ClockName): Reminder[] {
  const due = clockDue(state, clock);
  if (due === Infinity || state.owners.length === 0) return [];
  const told = state.reminded?.[clock];
  // A deadline that has moved is another one; an SLA's limit moves whenever its clock stands still.
  const isTold = told !== undefined && (clock !== 'deadline' || told.due === due);
  return [...state.plan.item.remind]
    .sort((a, b) => b - a)
    .filter((before) => !isTold || before < told.before)
    .map((before) => ({ before, due, at: clockDue(state, clock, -before) }))
    .filter((reminder) => reminder.at < due && isAhead(state, clock, reminder));
}

/** The instants at which owners are to be reminded. */
export function reminderClocks(state: ItemState): number[] {
  return CLOCKS.flatMap((clock) => remindersOf(state, clock).map(({ at }) => at));
}

const WANTED: { [clock in ClockName]: string } = {
  respond: 'is to be acknowledged',
  resolve: 'is to be resolved',
  deadline: 'is due',
};

function answerOf(state: ItemState, clock: ClockName, by: string | undefined): string | undefined {
  const { item, launch } = state.plan;
  if (clock === 'respond' || by === undefined) return ackBy(state, by);
  const verb = item.decision && !state.chosen ? 'decide' : 'resolve';
  return `launch ${verb} ${launch} ${item.id}${verb === 'decide' ? ' OPTION' : ''} --as ${by}`;
}

/** What silence brings, where it brings more than an escalation. */
function silence({ plan, chosen }: ItemState, clock: ClockName): string {
  const { decision } = plan.item;
  if (clock !== 'deadline' || !decision || chosen || decision.ifSilent === 'escalate') return '';
  return ` Without an answer by then '${decision.ifSilent.option}' is taken.`;
}

/** Who decides need not be who owns it. */
function reminded(state: ItemState, clock: ClockName): string[] {
  const { item } = state.plan;
  const decides = item.decision && !state.chosen && clock !== 'respond';
  return decides ? [...new Set([...decidersOf(item, state.owners).by, ...state.owners])] : state.owners;
}

function reminding(state: ItemState, clock: ClockName, now: number): ItemFact[] {
  // Of several that are due, after a hold say, the one nearest to the limit says it all.
  const reminder = remindersOf(state, clock).findLast(({ at }) => at <= now);
  if (!reminder || now >= reminder.due) return [];
  const { item, launch, calendar, people } = state.plan;
  const { before, due } = reminder;
  const to = reminded(state, clock);
  const notice = {
    key: `${launch}:${item.id}:${clock}:${state.reopened}:remind:${before}:${due}`,
    to,
    about: item.id,
    subject: `${item.id} ${WANTED[clock]} by ${instantText(calendar, due)}`,
    text: `${item.title}. In ${durationText(due - now)}; ${state.status}.${silence(state, clock)}`,
    command: answerOf(state, clock, eligible(people, to, now)[0]),
    urgent: false,
  };
  return [{ type: 'reminded', at: now, clock, before, due, notice }];
}

/** What owners are reminded of now, once for each reminder of each clock that runs. */
export function reminders(state: ItemState, now: number): ItemFact[] {
  return CLOCKS.flatMap((clock) => reminding(state, clock, now));
}
