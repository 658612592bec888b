import { after } from './intervals';
import type { ItemFact } from './item-facts';
import { ackBy, clockDue, isRunning, spentOn } from './item-clocks';
import type { ClockName, ItemState } from './item-state';
import { CLOCKS } from './item-state';
import { answersFor, eligible, someHolder } from './people';
import type { EscalationStep } from './plan';

/** Who is told when a clock has passed; where nobody is named, the authority. */
export function chainOf(state: ItemState): EscalationStep[] {
  const { item, authority } = state.plan;
  return item.escalation.length > 0 ? item.escalation : [{ after: 0, to: authority.by }];
}

interface Due {
  at: number;
  step: number;
}

const NEVER: Due = { at: Infinity, step: 0 };

function earlier(a: Due, b: Due): Due {
  return b.at < a.at ? b : a;
}

/** A repeat counts on the item's own clock: it stands still with it, over nights too where that is business time. */
function repeatDue(state: ItemState, clock: ClockName, step: number): number {
  const repeat = chainOf(state)[step]?.repeat;
  const { at, last, steps } = state.escalated[clock];
  if (!repeat || at === undefined || !isRunning(state, clock)) return Infinity;
  const told = last?.[step];
  // Of an item that began before each step's last telling was kept.
  if (told === undefined) return step === steps - 1 ? at + repeat : Infinity;
  const { spent, since } = spentOn(state, clock);
  if (since === undefined) return Infinity;
  const ms = Math.max(0, told + repeat - spent);
  return after(state.plan.calendar, state.plan.item.sla.clock, { from: since, ms });
}

/** When somebody is told next that a clock has passed, and which step of the chain; Infinity: nobody. */
export function nextDue(state: ItemState, clock: ClockName): Due {
  const { steps, answeredTo = 0 } = state.escalated[clock];
  const next = chainOf(state)[steps];
  const first = next ? { at: clockDue(state, clock, next.after), step: steps } : NEVER;
  const told = Array.from({ length: Math.max(0, steps - answeredTo) }, (_, index) => answeredTo + index);
  return told.map((step) => ({ at: repeatDue(state, clock, step), step })).reduce(earlier, first);
}

/** The instants at which somebody is told that an item is late. */
export function escalationClocks(state: ItemState): number[] {
  return CLOCKS.map((clock) => nextDue(state, clock).at);
}

const LATE: { [clock in ClockName]: string } = {
  respond: 'nobody has acknowledged it in time',
  resolve: 'it is not resolved in time',
  deadline: 'its deadline has passed',
};

function telling(state: ItemState, clock: ClockName, now: number): ItemFact[] {
  const { at, step } = nextDue(state, clock);
  if (now < at) return [];
  const { item, launch, people } = state.plan;
  const to = chainOf(state)[step]!.to;
  const owners = state.owners.join(', ') || 'nobody';
  const notice = {
    key: `${launch}:${item.id}:${clock}:${state.reopened}:${step}:${at}`,
    to,
    about: item.id,
    subject: `${item.id} is late: ${LATE[clock]}`,
    text: `${item.title}. Owned by ${owners}; ${state.status}.`,
    command: ackBy(state, eligible(people, to, now)[0] ?? someHolder(people, to)),
    urgent: item.priority === 'P0' || item.severity === 'critical',
  };
  return [{ type: 'told', at: now, clock, step, notice }];
}

/** Whom the chain tells now, for each clock that has passed. */
export function escalations(state: ItemState, now: number): ItemFact[] {
  return CLOCKS.flatMap((clock) => telling(state, clock, now));
}

/** Clocks of whose passing this person was told, or whoever they answer for, and which nobody has answered yet. */
export function unansweredBy(state: ItemState, { by, at }: { by: string; at: number }): ClockName[] {
  const { people } = state.plan;
  return CLOCKS.filter((clock) => {
    const { told, steps, answeredTo = 0 } = state.escalated[clock];
    return answeredTo < steps && told.some((id) => id === by || answersFor(people, { by, at }, id));
  });
}
