import type { CriterionContext, CriterionProgress, CriterionState, Evidence, Measurement } from './criterion';
import { criterionState, endsWait, isOwner, isWaived, measure, NO_PROGRESS, probeOf, watchSpec } from './criterion';
import { digestOf } from './digest';
import { elapsed } from './intervals';
import type { Clock, ClockName, Fall, ItemState, ItemStatus, LaunchEnd, Situation } from './item-state';
import { criteriaOf } from './item-state';
import type { Notice } from './notice';
import { quorumState } from './people';
import type { Criterion } from './plan';

/** What has happened to an item. Never refused; instants are epoch ms. */
export type ItemFact = { at: number } & (
  | { type: 'situated'; situation: Situation }
  | { type: 'moved'; to: ItemStatus; text: string; fall?: Fall }
  | { type: 'acknowledged'; by: string; note?: string }
  | { type: 'attested'; by: string; criterion: string; evidence?: Evidence }
  | { type: 'retracted'; by: string; criterion: string; what: 'word' | 'waiver' }
  | { type: 'measured'; criterion: string; measurement: Measurement; pollFrom?: number; single?: boolean }
  | { type: 'waiverGiven'; by: string; criterion: string; reason: string; risk: string; until: number }
  | { type: 'reopened'; by: string; reason: string }
  | { type: 'chose'; by: string; option: string; why?: string }
  | { type: 'decided'; option: string; how: 'quorum' | 'silent' }
  | { type: 'assigned'; by: string; owners: string[] }
  | { type: 'commented'; by: string; text: string }
  | { type: 'told'; clock: ClockName; step: number; notice: Notice }
  | { type: 'noticed'; notice: Notice }
  | { type: 'staled'; reason: string }
  | { type: 'refused'; command: string; by: string; code: string; message: string }
  | { type: 'ended'; how: LaunchEnd }
);

/** How many comments and refusals the state keeps for the board; the ledger keeps all. */
const KEPT = 20;

export function contextOf(state: ItemState, now: number, criterion?: Criterion): CriterionContext {
  return {
    people: state.plan.people,
    item: state.plan.item,
    owners: state.owners,
    now,
    computed: criterion && state.situation.computed[criterion.id],
  };
}

export function progressOf(state: Pick<ItemState, 'progress'>, criterion: Criterion): CriterionProgress {
  return state.progress[criterion.id] ?? NO_PROGRESS;
}

export function stateOf(state: ItemState, criterion: Criterion, now: number): CriterionState {
  return criterionState(criterion, progressOf(state, criterion), contextOf(state, now, criterion));
}

export function isOwnerOf(state: ItemState, by: string, at: number): boolean {
  return isOwner(state.plan.people, state.owners, { by, at });
}

/** Whether the item's work is over for now. */
export function isSettled(status: ItemStatus): boolean {
  return status === 'resolved' || status === 'waived';
}

/** The option on which the deciders agree, if they do. */
export function agreedOption(state: ItemState): string | undefined {
  const { decision } = state.plan.item;
  return decision?.options.find(({ id }) => {
    const answers = state.choices.filter(({ option }) => option === id);
    return quorumState(state.plan.people, decision, answers).met;
  })?.id;
}

function withProgress(state: ItemState, id: string, change: (progress: CriterionProgress) => CriterionProgress) {
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

function measured(state: ItemState, fact: ItemFact & { type: 'measured' }): ItemState {
  const criterion = criteriaOf(state.plan.item, state).find(({ id }) => id === fact.criterion);
  if (!criterion) return state;
  const { measurement, pollFrom } = fact;
  return withProgress(state, fact.criterion, (progress) => {
    if (pollFrom !== undefined) return { ...progress, polled: { from: pollFrom, measurement } };
    return fact.single && !counts(state, criterion, measurement) ? progress : measure(progress, measurement);
  });
}

function retracted(state: ItemState, { by, criterion, what }: ItemFact & { type: 'retracted' }): ItemState {
  return withProgress(state, criterion, (progress) =>
    what === 'waiver'
      ? { ...progress, waiver: undefined }
      : { ...progress, words: progress.words.filter((word) => word.by !== by), retracted: true }
  );
}

/** A person's reopening: their word that it is done is wanted from now on. */
function reopened(state: ItemState, { by, reason, at }: ItemFact & { type: 'reopened' }): ItemState {
  const id = `reopened-${state.added.length + 1}`;
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
  const sameOwners = digestOf(plan.item.owners) === digestOf(state.plan.item.owners);
  return {
    ...state,
    plan,
    progress,
    owners: sameOwners ? state.owners : plan.item.owners,
    situation: { ...situation, plan: undefined },
  };
}

function situated(state: ItemState, { situation, at }: ItemFact & { type: 'situated' }): ItemState {
  if (situation.version <= state.situation.version) return state;
  const waits = situation.waitingOn.length > 0;
  const replaced = replanned(state, situation);
  return { ...replaced, waitingSince: waits ? (state.waitingSince ?? at) : undefined };
}

function moved(state: ItemState, { to, fall, at, text }: ItemFact & { type: 'moved' }): ItemState {
  const leaves = state.status === 'open' || state.status === 'acknowledged' ? state.status : state.before;
  const next: ItemState = { ...state, status: to, before: to === 'waiting' ? leaves : undefined };
  if (to === 'open' || to === 'acknowledged') next.openedAt = state.openedAt ?? at;
  if (isSettled(to)) return { ...next, settledAt: at, fell: undefined };
  if (!fall) return next;
  return {
    ...next,
    settledAt: undefined,
    fell: { kind: fall, at, text },
    reopened: state.reopened + 1,
    chosen: fall === 'undecided' || fall === 'reopened' ? undefined : state.chosen,
    clocks: { respond: { spent: 0 }, resolve: { spent: 0 } },
    escalated: { ...state.escalated, respond: { steps: 0, told: [] }, resolve: { steps: 0, told: [] } },
    acknowledgedAt: undefined,
    acknowledgedBy: undefined,
  };
}

function acknowledged(state: ItemState, { by, at }: ItemFact & { type: 'acknowledged' }): ItemState {
  const owner = isOwnerOf(state, by, at);
  const answered = (clock: ClockName) => {
    const escalated = state.escalated[clock];
    return owner || escalated.told.includes(by) ? { ...escalated, answered: true } : escalated;
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
  const escalated = { ...before, steps: Math.max(before.steps, step + 1), at, told: [...new Set(names)] };
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

function tick(state: ItemState, clock: Clock, runs: boolean, at: number): Clock {
  if (runs === (clock.since !== undefined)) return clock;
  if (runs) return { ...clock, since: at };
  const span = { from: clock.since!, to: at };
  return { spent: clock.spent + elapsed(state.plan.calendar, state.plan.item.sla.clock, span) };
}

/** The SLA clocks run while somebody could act: not while the item waits, is settled, or the launch is held. */
function runClocks(state: ItemState, at: number): ItemState {
  const active = !state.situation.held && !state.ended;
  const respond = tick(state, state.clocks.respond, active && state.status === 'open', at);
  const works = state.status === 'open' || state.status === 'acknowledged';
  const resolve = tick(state, state.clocks.resolve, active && works, at);
  if (respond === state.clocks.respond && resolve === state.clocks.resolve) return state;
  return { ...state, clocks: { respond, resolve } };
}

/** The item after a fact. Total: any fact in any state gives a state. */
export function evolveItem(state: ItemState, fact: ItemFact): ItemState {
  const next = runClocks(change(state, fact), fact.at);
  return next === state ? state : { ...next, seq: state.seq + 1 };
}

/** Why a settled item no longer is, judged by the first of its criteria that fell. */
export function fallOf(state: ItemState, now: number): { kind: Fall; text: string } | undefined {
  const { decision } = state.plan.item;
  if (decision && !state.chosen) return { kind: 'undecided', text: 'the choice was taken back' };
  for (const criterion of criteriaOf(state.plan.item, state)) {
    const found = stateOf(state, criterion, now);
    if (found === 'met' || found === 'waived' || found === 'inconclusive' || found === 'errored') continue;
    return { kind: kindOfFall(state, criterion, now), text: `'${criterion.title}' is ${found}` };
  }
  return undefined;
}

function kindOfFall(state: ItemState, criterion: Criterion, now: number): Fall {
  const progress = progressOf(state, criterion);
  if (progress.waiver && !isWaived(progress, now)) return 'waiver-expired';
  if (criterion.check?.type === 'items' || progress.measured?.outcome === 'failed') return 'regressed';
  if (progress.retracted) return 'retracted';
  return state.status === 'waived' && progress.words.length === 0 ? 'waiver-expired' : 'stale';
}
