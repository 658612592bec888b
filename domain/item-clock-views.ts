import { chainOf, nextDue } from './escalation';
import { elapsed } from './intervals';
import { clockDue, deadlineOf, isRunning } from './item-clocks';
import type { ClockName, ItemState } from './item-state';
import { isoText } from './text';

/** One clock of an item as people see it. Durations are ms on the clock that the plan names, instants ISO 8601 in UTC. */
export interface ItemClock {
  clock: ClockName;
  /** How long there is; of a deadline from when the item opened, or else from now. */
  limit: number;
  spent: number;
  /** False: the item waits, is settled or answered, or the launch is held. */
  runs: boolean;
  /** When it has passed, or passes if nothing stops it; null while it stands. */
  by: string | null;
  late: boolean;
  /** Who is told next that it has passed. */
  next: { at: string; to: string[] } | null;
  /** Who was told. */
  told: string[];
}

/** No calendar reaches it. */
function known(at: number): string | null {
  return Number.isFinite(at) ? isoText(at) : null;
}

function nextTold(state: ItemState, clock: ClockName): ItemClock['next'] {
  const { at, step } = nextDue(state, clock);
  const to = chainOf(state)[step]?.to;
  return Number.isFinite(at) && to ? { at: isoText(at), to } : null;
}

function counted(state: ItemState, clock: 'respond' | 'resolve', now: number): ItemClock[] {
  const { sla } = state.plan.item;
  const limit = sla[clock];
  if (limit === undefined || state.plan.item.external) return [];
  const runs = isRunning(state, clock);
  const { spent: before, since } = state.clocks[clock];
  const running = runs && since !== undefined ? elapsed(state.plan.calendar, sla.clock, { from: since, to: now }) : 0;
  const spent = before + running;
  const { told } = state.escalated[clock];
  const next = nextTold(state, clock);
  return [{ clock, limit, spent, runs, by: known(clockDue(state, clock)), late: spent > limit, next, told }];
}

function deadline(state: ItemState, now: number): ItemClock[] {
  const at = deadlineOf(state);
  if (at === undefined) return [];
  const runs = isRunning(state, 'deadline');
  const from = Math.min(state.openedAt ?? now, at);
  const until = runs ? now : Math.min(now, state.settledAt ?? now);
  const { told } = state.escalated.deadline;
  const spent = Math.max(0, until - from);
  const next = nextTold(state, 'deadline');
  return [{ clock: 'deadline', limit: at - from, spent, runs, by: isoText(at), late: until > at, next, told }];
}

/** The clocks that an item has, in the order in which they are answered. */
export function itemClocks(state: ItemState, now: number): ItemClock[] {
  return [...counted(state, 'respond', now), ...counted(state, 'resolve', now), ...deadline(state, now)];
}
