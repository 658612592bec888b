import { after, instantAt } from './intervals';
import type { Clock, ClockName, ItemState } from './item-state';

/** The instant at which an item is due, where the launch is now. */
export function deadlineOf({ plan, situation }: ItemState): number | undefined {
  return plan.item.deadline && instantAt(plan.calendar, plan.item.deadline, situation.launchAt);
}

/** Whether a clock runs: not while its item waits, is settled, or the launch is held. */
export function isRunning(state: ItemState, clock: ClockName): boolean {
  if (state.plan.item.external && clock !== 'deadline') return false;
  if (state.situation.held || state.ended) return false;
  return clock === 'respond' ? state.status === 'open' : state.status === 'open' || state.status === 'acknowledged';
}

/**
 * The nominal instant at which a clock has run `extra` ms beyond its limit, or comes to as much before it where that is
 * negative; Infinity where it has none or stands.
 */
export function clockDue(state: ItemState, clock: ClockName, extra = 0): number {
  if (!isRunning(state, clock)) return Infinity;
  if (clock === 'deadline') return (deadlineOf(state) ?? Infinity) + extra;
  const { sla } = state.plan.item;
  const limit = sla[clock];
  const { spent, since } = state.clocks[clock];
  if (limit === undefined || since === undefined) return Infinity;
  return after(state.plan.calendar, sla.clock, { from: since, ms: Math.max(0, limit + extra - spent) });
}

/** The line that acknowledges, for a person: a role cannot type. */
export function ackBy({ plan }: ItemState, by: string | undefined): string | undefined {
  return by && `launch ack ${plan.launch} ${plan.item.id} --as ${by}`;
}

/** The clock on which a clock's repeats are counted: a deadline is an instant, so the time to resolve stands for it. */
export function spentOn({ clocks }: ItemState, clock: ClockName): Clock {
  return clock === 'respond' ? clocks.respond : clocks.resolve;
}
