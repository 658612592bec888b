import type { CriterionProgress, WatchSpec } from './criterion';
import { criterionClocks, pollSpec, probeOf, watchSpec } from './criterion';
import { escalationClocks, escalations } from './escalation';
import { instantAt } from './intervals';
import type { ItemFact } from './item';
import { ackBy, deadlineOf } from './item-clocks';
import { agreedOption, fallOf, isSettled, notBefore, progressOf, stateOf, worseFall } from './item-judge';
import type { ItemState } from './item-state';
import { criteriaOf } from './item-state';
import { eligible } from './people';
import type { Criterion } from './plan';
import { reminderClocks, reminders } from './reminders';
import { HOUR, MINUTE } from './units';

export { deadlineOf } from './item-clocks';

const UNDAMPED_FALLS = 2;

/** What an item does next. `until` is a nominal instant, epoch ms; absent: nothing is due by the clock. */
export type ItemStep = { do: 'record'; facts: ItemFact[] } | { do: 'wait'; until?: number } | { do: 'end' };

function moved(at: number, to: ItemState['status'], text: string): ItemFact {
  return { type: 'moved', at, to, text };
}

/** Where an item goes when everything that is wanted of it is there: nothing, or how it settles. */
function settles(state: ItemState, now: number): 'resolved' | 'waived' | undefined {
  const { decision } = state.plan.item;
  const criteria = criteriaOf(state.plan.item, state);
  if (decision ? !state.chosen : criteria.length === 0) return undefined;
  const states = criteria.map((criterion) => stateOf(state, criterion, now));
  if (!states.every((each) => each === 'met' || each === 'waived')) return undefined;
  return states.includes('waived') ? 'waived' : 'resolved';
}

/**
 * Counts of items can answer each other: two items that each want the other open would fall and settle for ever. From
 * the third fall on such an item stays open for a minute, then two, then four, up to an hour.
 */
function settleFrom({ plan, fell, reopened }: ItemState): number {
  const counts = plan.item.criteria.some(({ check }) => check?.type === 'items');
  if (!counts || fell?.kind !== 'regressed' || reopened <= UNDAMPED_FALLS) return -Infinity;
  return fell.at + Math.min(HOUR, MINUTE * 2 ** (reopened - UNDAMPED_FALLS - 1));
}

function ownerNow({ plan, owners }: ItemState, at: number): string | undefined {
  return eligible(plan.people, owners, at)[0];
}

/** The owners learn that what was done is to be done again. */
export function fallTold(state: ItemState, { at, text }: { at: number; text: string }): ItemFact[] {
  const { item, launch } = state.plan;
  if (state.owners.length === 0) return [];
  const notice = {
    key: `${launch}:${item.id}:fell:${state.reopened + 1}:${at}`,
    to: state.owners,
    about: item.id,
    subject: `${item.id} is open again: ${item.title}`,
    text,
    command: ackBy(state, ownerNow(state, at)),
    urgent: item.priority === 'P0' || item.severity === 'critical',
  };
  return [{ type: 'noticed', at, notice }];
}

function opening(state: ItemState, at: number): ItemFact[] {
  const { item, launch } = state.plan;
  const first = item.startAs ? 'acknowledged' : 'open';
  const opened = moved(at, state.before ?? first, state.openedAt ? 'nothing stands before it any more' : 'opened');
  if (state.openedAt !== undefined || state.owners.length === 0 || item.external) return [opened];
  const notice = {
    key: `${launch}:${item.id}:opened`,
    to: state.owners,
    about: item.id,
    subject: `${item.id} is yours: ${item.title}`,
    text: item.criteria.map(({ id, title }) => `- ${title} (${id})`).join('\n'),
    command: ackBy(state, ownerNow(state, at)),
    urgent: false,
  };
  return [opened, { type: 'noticed', at, notice }];
}

function undroppedTransition(state: ItemState, now: number): ItemFact[] {
  const { status, situation } = state;
  const worse = worseFall(state, now);
  if (worse) return [{ type: 'moved', at: now, to: status, text: worse.text, fall: worse.kind }];
  const waits = situation.waitingOn.length > 0;
  if (status === 'waiting') return waits ? [] : opening(state, now);
  if (status === 'open' || status === 'acknowledged') {
    if (waits) return [moved(now, 'waiting', `waits for ${situation.waitingOn.join(', ')}`)];
    const to = now < settleFrom(state) ? undefined : settles(state, now);
    return to ? [moved(now, to, to === 'resolved' ? 'everything wanted is met' : 'what is not met is waived')] : [];
  }
  if (!isSettled(status)) return [];
  const to = settles(state, now);
  if (to) return to === status ? [] : [moved(now, to, to === 'waived' ? 'a waiver covers it' : 'met by evidence')];
  const fall = fallOf(state, now);
  if (!fall) return [];
  const fallen: ItemFact = { type: 'moved', at: now, to: 'open', text: fall.text, fall: fall.kind };
  return [fallen, ...fallTold(state, { at: now, text: fall.text })];
}

function transition(state: ItemState, now: number): ItemFact[] {
  const { dropped } = state.situation;
  if (dropped !== undefined) return state.status === 'dropped' ? [] : [moved(now, 'dropped', dropped)];
  if (state.status === 'dropped') return [moved(now, 'waiting', 'restored')];
  return undroppedTransition(state, now);
}

/**
 * When silence decides: at the deadline of a decision that names an option for it; Infinity where nothing does. Only who
 * could have answered was silent: not of an item that waited or was held at its deadline, or was reopened after it.
 */
export function silentAt(state: ItemState): number {
  const { decision } = state.plan.item;
  const waits = state.status === 'waiting' || state.status === 'dropped';
  if (!decision || decision.ifSilent === 'escalate' || state.chosen || waits || state.situation.held) return Infinity;
  const deadline = deadlineOf(state) ?? Infinity;
  const { since } = state.clocks.resolve;
  return since !== undefined && since < deadline ? deadline : Infinity;
}

function choice(state: ItemState, now: number): ItemFact[] {
  const { decision } = state.plan.item;
  if (!decision || state.chosen || state.status === 'waiting' || state.status === 'dropped') return [];
  const agreed = agreedOption(state);
  if (agreed !== undefined) return [{ type: 'decided', at: now, option: agreed, how: 'quorum' }];
  return decision.ifSilent !== 'escalate' && now >= silentAt(state)
    ? [{ type: 'decided', at: now, option: decision.ifSilent.option, how: 'silent' }]
    : [];
}

/** After the grace, what people said of something whose ground has gone counts no more. */
function staleGround(state: ItemState): number {
  const settledOnWords = isSettled(state.status) && state.situation.waitingOn.length > 0;
  const words = Object.values(state.progress).some((each) => each.words.some((word) => !word.stale));
  return settledOnWords && words ? (state.waitingSince ?? Infinity) + state.plan.signOffGrace : Infinity;
}

function dueFacts(state: ItemState, now: number): ItemFact[] {
  const { ended } = state.situation;
  if (ended) {
    const open = !isSettled(state.status) && state.status !== 'dropped';
    const carried = open
      ? [moved(now, 'carried-over', `the launch is over (${ended}); this is left for the next plan`)]
      : [];
    return [...carried, { type: 'ended', at: now, how: ended }];
  }
  if (now >= staleGround(state)) {
    return [{ type: 'staled', at: now, reason: `what it rests on fell: ${state.situation.waitingOn.join(', ')}` }];
  }
  const decided = choice(state, now);
  if (decided.length > 0) return decided;
  const transitions = transition(state, now);
  if (transitions.length > 0) return transitions;
  return [...escalations(state, now), ...reminders(state, now)];
}

/** The next instant at which the clock alone changes something. */
function nextInstant(state: ItemState, now: number): number | undefined {
  const criteria = criteriaOf(state.plan.item, state);
  const instants = [
    ...criteria.flatMap((criterion) => criterionClocks(criterion, progressOf(state, criterion), now)),
    ...escalationClocks(state),
    ...reminderClocks(state),
    staleGround(state),
    silentAt(state),
    settleFrom(state),
    ...criteria.map(({ from }) => (from ? instantAt(state.plan.calendar, from, state.situation.launchAt) : Infinity)),
  ].filter((at) => at > now && Number.isFinite(at));
  return instants.length > 0 ? Math.min(...instants) : undefined;
}

/** The one place that decides what an item does next. Apply the facts, ask again, until it says wait or end. */
export function nextItemStep(state: ItemState, now: number): ItemStep {
  if (state.ended) return { do: 'end' };
  const facts = dueFacts(state, now);
  return facts.length > 0 ? { do: 'record', facts } : { do: 'wait', until: nextInstant(state, now) };
}

/** A measurement that should be under way: `poll` is set for the final poll's. */
export interface Looking {
  /** Equal keys are the same watch: it goes on. */
  key: string;
  criterion: string;
  title: string;
  spec: WatchSpec;
  poll?: number;
}

/** A watch that counts passes in a row begins anew when somebody has seen otherwise by hand. */
function keyOf({ id }: Criterion, { brokenOff = 0 }: CriterionProgress, spec: WatchSpec): string {
  const counts = spec.known !== 'passed' && spec.need.passed > 1;
  return `${id} ${counts ? `${brokenOff} ` : ''}${JSON.stringify(spec)}`;
}

/** Which measurements should be under way now: a watch for each check until the launch ends, and the poll's. */
export function lookings(state: ItemState, now: number): Looking[] {
  if (state.ended || state.situation.ended || state.status === 'dropped') return [];
  const { pollFrom } = state.situation;
  return criteriaOf(state.plan.item, state).flatMap((criterion) => {
    const probe = probeOf(criterion);
    if (!probe || !criterion.watch) return [];
    if (notBefore(state, criterion, now) !== undefined) return [];
    const progress = progressOf(state, criterion);
    const watch = watchSpec(probe, criterion.watch, progress);
    const base = { criterion: criterion.id, title: criterion.title };
    const found: Looking[] = [{ ...base, key: keyOf(criterion, progress, watch), spec: watch }];
    // It goes on after its passes: the ordinary watch says nothing of what it knew already, nor of a single failure.
    if (pollFrom !== undefined) {
      const known = progress.polled?.from === pollFrom ? progress.polled.measurement.outcome : null;
      const spec = pollSpec(probe, criterion.watch, known);
      found.push({ ...base, key: `poll ${pollFrom} ${keyOf(criterion, progress, spec)}`, spec, poll: pollFrom });
    }
    return found;
  });
}
