import type { CriterionProgress, Measurement } from './criterion';
import { checkRef, endsWait, measure, measurePoll, NO_PROGRESS, probeOf, watchSpec } from './criterion';
import { digestOf } from './digest';
import { unansweredBy } from './escalation';
import { elapsed } from './intervals';
import { deadlineOf, spentOn } from './item-clocks';
import type { ItemFact, Measured } from './item-facts';
import { isOwnerOf, isSettled, progressOf } from './item-judge';
import type { Clock, ClockName, ItemState, Situation } from './item-state';
import { criteriaOf } from './item-state';
import type { Criterion } from './plan';

export { deadlineOf } from './item-clocks';
export type { ItemFact, Measured } from './item-facts';
export { agreedOption, contextOf, fallOf, isOwnerOf, isSettled, notBefore, progressOf, stateOf } from './item-judge';

/** How many comments and refusals the state keeps for the board; the ledger keeps all. */
const KEPT = 20;

/** A fact about a criterion that the item does not have changes nothing. */
function withProgress(state: ItemState, id: string, change: (progress: CriterionProgress) => CriterionProgress) {
  if (!Object.hasOwn(state.progress, id)) return state;
  return { ...state, progress: { ...state.progress, [id]: change(state.progress[id] ?? NO_PROGRESS) } };
}

function touched(state: ItemState, by: string): string[] {
  return state.touchedBy.includes(by) ? state.touchedBy : [...state.touchedBy, by];
}

function stale(progress: CriterionProgress, at: number, reason: string): CriterionProgress {
  if (progress.words.length === 0) return progress;
  return { ...progress, words: progress.words.map((word) => (word.stale ? word : { ...word, stale: { at, reason } })) };
}

function staleAll(state: ItemState, at: number, reason: string): ItemState['progress'] {
  return Object.fromEntries(Object.entries(state.progress).map(([id, each]) => [id, stale(each, at, reason)]));
}

/** A single run (not the watch's) changes the outcome only where one run is enough for that. */
function counts(state: ItemState, criterion: Criterion, measurement: Measurement): boolean {
  const probe = probeOf(criterion);
  if (!probe || !criterion.watch) return false;
  const spec = watchSpec(probe, criterion.watch, progressOf(state, criterion));
  return measurement.outcome === spec.known || endsWait(spec, measurement.outcome, 1);
}

function measured(state: ItemState, { criterion: id, measurement, check, pollFrom, single }: Measured): ItemState {
  const criterion = criteriaOf(state.plan.item, state).find((each) => each.id === id);
  const probe = criterion && probeOf(criterion);
  if (!probe) return state;
  const present = checkRef(probe, state.plan.revision);
  if (check && check.digest !== present.digest) return state;
  return withProgress(state, id, (progress) => {
    if (pollFrom !== undefined) return measurePoll(progress, pollFrom, measurement);
    const isIdle = single && !counts(state, criterion, measurement);
    const next = isIdle ? progress : measure(progress, measurement, check ?? present);
    if (!single || measurement.outcome === 'passed') return next;
    // What is seen by hand counts in the final poll too, unless it is in favour.
    const polling = state.situation.pollFrom;
    return { ...(polling === undefined ? next : measurePoll(next, polling, measurement)), brokenOff: measurement.at };
  });
}

function retracted(state: ItemState, { by, at, criterion, what }: ItemFact & { type: 'retracted' }): ItemState {
  return withProgress(state, criterion, (progress) =>
    what === 'waiver'
      ? { ...progress, waiver: undefined }
      : { ...progress, words: progress.words.filter((word) => word.by !== by), retracted: { at } }
  );
}

/** A person's reopening: their word that it is done is wanted from now on. */
function reopened(state: ItemState, { by, reason, at }: ItemFact & { type: 'reopened' }): ItemState {
  const taken = new Set(criteriaOf(state.plan.item, state).map((criterion) => criterion.id));
  let number = state.added.length + 1;
  while (taken.has(`reopened-${number}`)) number++;
  const id = `reopened-${number}`;
  const criterion: Criterion = {
    id,
    title: `${by} says that it is done (reopened: ${reason})`,
    attest: { as: 'attest', by: [by], quorum: 'any' },
    independent: false,
  };
  return {
    ...state,
    added: [...state.added, criterion],
    progress: { ...staleAll(state, at, `reopened by ${by}`), [id]: NO_PROGRESS },
    chosen: undefined,
    choices: [],
  };
}

/** An amended item keeps the evidence of the criteria that did not change. */
function replanned(state: ItemState, situation: Situation): ItemState {
  const plan = situation.plan;
  if (!plan) return { ...state, situation };
  const before = new Map(state.plan.item.criteria.map((criterion) => [criterion.id, digestOf(criterion)]));
  const kept = (criterion: Criterion) => before.get(criterion.id) === digestOf(criterion);
  const progress = Object.fromEntries(
    [...plan.item.criteria, ...state.added].map((criterion) => [
      criterion.id,
      kept(criterion) || state.added.includes(criterion) ? progressOf(state, criterion) : NO_PROGRESS,
    ])
  );
  // What was chosen stands only while it can be chosen.
  const options = plan.item.decision?.options.map(({ id }) => id) ?? [];
  const chosen = state.chosen && options.includes(state.chosen.option) ? state.chosen : undefined;
  const sameOwners = digestOf(plan.item.owners) === digestOf(state.plan.item.owners);
  return {
    ...state,
    plan,
    progress,
    chosen,
    choices: state.choices.filter(({ option }) => options.includes(option)),
    owners: sameOwners ? state.owners : plan.item.owners,
    situation: { ...situation, plan: undefined },
  };
}

/** A deadline that has moved into the future has not passed: it is escalated anew if it does. */
function forgetDeadline(before: ItemState, next: ItemState, now: number): ItemState {
  const deadline = deadlineOf(next) ?? Infinity;
  if (deadline <= now || deadline === deadlineOf(before)) return next;
  return { ...next, escalated: { ...next.escalated, deadline: { steps: 0, told: [] } } };
}

function situated(state: ItemState, { situation, at }: ItemFact & { type: 'situated' }): ItemState {
  if (situation.version <= state.situation.version) return state;
  const waits = situation.waitingOn.length > 0;
  const replaced = replanned(state, situation);
  return { ...forgetDeadline(state, replaced, at), waitingSince: waits ? (state.waitingSince ?? at) : undefined };
}

function zeros(last: { [step: number]: number } = {}): { [step: number]: number } {
  return Object.fromEntries(Object.keys(last).map((step) => [step, 0]));
}

function moved(state: ItemState, { to, fall, at, text }: ItemFact & { type: 'moved' }): ItemState {
  const leaves = state.status === 'open' || state.status === 'acknowledged' ? state.status : state.before;
  const next: ItemState = { ...state, status: to, before: to === 'waiting' ? leaves : undefined };
  if (to === 'open' || to === 'acknowledged') next.openedAt = state.openedAt ?? at;
  if (isSettled(to)) return { ...next, settledAt: at, fell: undefined };
  if (!fall) return next;
  const fell = { kind: fall, at, text };
  // It had fallen before: only the reason is graver now.
  if (state.fell && state.status === to) return { ...state, fell };
  return {
    ...next,
    settledAt: undefined,
    fell,
    reopened: state.reopened + 1,
    chosen: fall === 'undecided' || fall === 'reopened' ? undefined : state.chosen,
    clocks: { respond: { spent: 0 }, resolve: { spent: 0 } },
    escalated: {
      respond: { steps: 0, told: [] },
      resolve: { steps: 0, told: [] },
      // Its repeats are counted on a clock that begins anew.
      deadline: { ...state.escalated.deadline, last: zeros(state.escalated.deadline.last) },
    },
    reminded: { deadline: state.reminded?.deadline },
    acknowledgedAt: undefined,
    acknowledgedBy: undefined,
  };
}

function acknowledged(state: ItemState, { by, at }: ItemFact & { type: 'acknowledged' }): ItemState {
  const owner = isOwnerOf(state, by, at);
  const unanswered = unansweredBy(state, { by, at });
  const answered = (clock: ClockName) => {
    const escalated = state.escalated[clock];
    return unanswered.includes(clock) ? { ...escalated, answeredTo: escalated.steps } : escalated;
  };
  const next = {
    ...state,
    escalated: { respond: answered('respond'), resolve: answered('resolve'), deadline: answered('deadline') },
  };
  if (!owner || state.status !== 'open') return next;
  return { ...next, status: 'acknowledged', acknowledgedAt: at, acknowledgedBy: by };
}

function told(state: ItemState, { clock, step, notice, at }: ItemFact & { type: 'told' }): ItemState {
  const before = state.escalated[clock];
  const people = notice.to.flatMap((role) => state.plan.people.filter((p) => p.id === role || p.roles.includes(role)));
  const names = [...before.told, ...people.map(({ id }) => id)];
  const steps = Math.max(before.steps, step + 1);
  const { spent, since = at } = spentOn(state, clock);
  const counted = spent + elapsed(state.plan.calendar, state.plan.item.sla.clock, { from: since, to: at });
  const last = { ...before.last, [step]: counted };
  const escalated = { ...before, steps, at, last, told: [...new Set(names)] };
  const slaMissed = state.slaMissed.includes(clock) ? state.slaMissed : [...state.slaMissed, clock];
  return { ...state, slaMissed, escalated: { ...state.escalated, [clock]: escalated } };
}

function change(state: ItemState, fact: ItemFact): ItemState {
  switch (fact.type) {
    case 'situated':
      return situated(state, fact);
    case 'moved':
      return moved(state, fact);
    case 'acknowledged':
      return acknowledged(state, fact);
    case 'attested': {
      const word = { by: fact.by, at: fact.at, evidence: fact.evidence };
      const next = withProgress(state, fact.criterion, (progress) => ({
        ...progress,
        words: [...progress.words.filter(({ by }) => by !== fact.by), word],
        retracted: undefined,
      }));
      return { ...next, touchedBy: touched(state, fact.by) };
    }
    case 'resolveClaimed':
      return { ...state, touchedBy: touched(state, fact.by) };
    case 'retracted':
      return retracted(state, fact);
    case 'measured':
      return measured(state, fact);
    case 'waiverGiven': {
      const { by, at, reason, risk, until } = fact;
      const next = withProgress(state, fact.criterion, (progress) => ({
        ...progress,
        waiver: { by, at, reason, risk, until },
      }));
      return { ...next, touchedBy: touched(state, by) };
    }
    case 'reopened':
      return reopened(state, fact);
    case 'chose': {
      const { by, option, at, why } = fact;
      const choices = [...state.choices.filter((choice) => choice.by !== by), { by, option, at, why }];
      return { ...state, choices, touchedBy: touched(state, by) };
    }
    case 'decided':
      return { ...state, chosen: { option: fact.option, at: fact.at, how: fact.how } };
    case 'assigned':
      return { ...state, owners: fact.owners };
    case 'commented':
      return { ...state, comments: [...state.comments, { by: fact.by, at: fact.at, text: fact.text }].slice(-KEPT) };
    case 'told':
      return told(state, fact);
    case 'reminded': {
      const { clock, before, due } = fact;
      return { ...state, reminded: { ...state.reminded, [clock]: { before, due } } };
    }
    case 'noticed':
      return state;
    case 'staled':
      return { ...state, progress: staleAll(state, fact.at, fact.reason) };
    case 'refused': {
      const { at, command, by, code, message } = fact;
      return { ...state, refused: [...state.refused, { at, command, by, code, message }].slice(-KEPT) };
    }
    case 'ended':
      return { ...state, ended: true };
  }
}

function tick(state: ItemState, clock: Clock, { runs, at }: { runs: boolean; at: number }): Clock {
  if (runs === (clock.since !== undefined)) return clock;
  if (runs) return { ...clock, since: at };
  const span = { from: clock.since!, to: at };
  return { spent: clock.spent + elapsed(state.plan.calendar, state.plan.item.sla.clock, span) };
}

function isWorkedOn({ status }: ItemState): boolean {
  return status === 'open' || status === 'acknowledged';
}

/** The SLA clocks run while somebody could act: not while the item waits, is settled, or the launch is held. */
function runClocks(state: ItemState, at: number): ItemState {
  const active = !state.situation.held && !state.ended;
  const respond = tick(state, state.clocks.respond, { runs: active && state.status === 'open', at });
  const resolve = tick(state, state.clocks.resolve, { runs: active && isWorkedOn(state), at });
  if (respond === state.clocks.respond && resolve === state.clocks.resolve) return state;
  return { ...state, clocks: { respond, resolve } };
}

/**
 * Clocks that had passed their limit when they stopped: an answer after the nominal instant is late, also where the
 * item had not been woken yet. One at that very instant is in time.
 */
function missedClocks(before: ItemState, next: ItemState, at: number): ClockName[] {
  const { sla } = before.plan.item;
  const over = (clock: 'respond' | 'resolve') => {
    const stopped = before.clocks[clock].since !== undefined && next.clocks[clock].since === undefined;
    const limit = sla[clock];
    return stopped && limit !== undefined && next.clocks[clock].spent > limit;
  };
  const done = isWorkedOn(before) && isSettled(next.status);
  const missed: ClockName[] = [
    ...(over('respond') ? ['respond' as const] : []),
    ...(over('resolve') ? ['resolve' as const] : []),
  ];
  return done && at > (deadlineOf(before) ?? Infinity) ? [...missed, 'deadline'] : missed;
}

function withMissed(before: ItemState, next: ItemState, at: number): ItemState {
  if (next.ended) return next;
  const missed = missedClocks(before, next, at).filter((clock) => !next.slaMissed.includes(clock));
  return missed.length === 0 ? next : { ...next, slaMissed: [...next.slaMissed, ...missed] };
}

/** The item after a fact. Total: any fact in any state gives a state. */
export function evolveItem(state: ItemState, fact: ItemFact): ItemState {
  const next = runClocks(change(state, fact), fact.at);
  return next === state ? state : { ...withMissed(state, next, fact.at), seq: state.seq + 1 };
}
