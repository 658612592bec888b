import { digestOf } from './digest';
import type { Answer } from './people';
import { answersFor, quorumState } from './people';
import type { Answerers, Criterion, Item, Json, Person, ProbeCheck, Watch } from './plan';
import { HOUR } from './units';

/** What one run of a check came to. */
export const OUTCOMES = ['passed', 'failed', 'inconclusive', 'errored'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const CRITERION_STATES = ['unknown', 'unmet', 'met', 'inconclusive', 'errored', 'stale', 'waived'] as const;
export type CriterionState = (typeof CRITERION_STATES)[number];

export interface Measurement {
  outcome: Outcome;
  /** When the attempt that gave it began and ended, by the worker's clock. */
  begunAt: number;
  at: number;
  /** What was seen, in words: at most 2 kB, without secrets. */
  seen: string;
  /** Runs in a row with this outcome, this one included. */
  inRow: number;
}

/** What a person can put beside their word. */
export interface Evidence {
  note?: string;
  link?: string;
  file?: { name: string; sha256: string };
}

/** A person's word that a criterion is met. */
export interface Word extends Answer {
  evidence?: Evidence;
  /** No longer counts since then, and why. */
  stale?: { at: number; reason: string };
}

export interface Waiver {
  by: string;
  at: number;
  reason: string;
  risk: string;
  until: number;
}

/** Everything that is known about one criterion; what assess reads. */
export interface CriterionProgress {
  measured?: Measurement;
  /** Of the final poll that began at `from`; only this poll's measurements count at its verdict. */
  polled?: { from: number; measurement: Measurement };
  /** When the outcome changed, within the last hour before the last change. */
  changes: number[];
  words: Word[];
  waiver?: Waiver;
  /** Somebody took their word back: it is known not to be met. */
  retracted?: { at: number };
}

export const NO_PROGRESS: CriterionProgress = { changes: [], words: [] };

/** Changes of outcome within an hour that are followed at once; from the next on each needs twice as many runs. */
const UNDAMPED_CHANGES = 2;
const MOST_DAMPING = 64;

const STATE_OF_OUTCOME: { [outcome in Outcome]: CriterionState } = {
  passed: 'met',
  failed: 'unmet',
  inconclusive: 'inconclusive',
  errored: 'errored',
};

export function isAutomatic(criterion: Criterion): boolean {
  return criterion.check !== undefined;
}

/** A criterion that an activity measures (an `items` check is computed instead). */
export function probeOf(criterion: Criterion): ProbeCheck | undefined {
  return criterion.check && criterion.check.type !== 'items' ? (criterion.check as ProbeCheck) : undefined;
}

/** When this word stops to count by age; Infinity if never. */
export function wordExpiry(criterion: Criterion, word: Word): number {
  return criterion.freshFor === undefined ? Infinity : word.at + criterion.freshFor;
}

export interface CriterionContext {
  people: readonly Person[];
  item: Item;
  /** The owners of today: an item can have been assigned to others. */
  owners: readonly string[];
  now: number;
  /** Set while the final poll or its verdict is on: earlier measurements do not count. */
  pollFrom?: number;
  /** Result of an `items` check, which only the launch can compute. */
  computed?: Outcome;
}

/** Who may give their word on a criterion: where the plan says the owners, the owners of today. */
export function answerersOf(criterion: Criterion, item: Item, owners: readonly string[]): Answerers {
  const { by, quorum } = criterion.attest ?? { by: [], quorum: 'any' as const };
  const isOwners = by.length === item.owners.length && by.every((role) => item.owners.includes(role));
  return { by: isOwners && owners.length > 0 ? [...owners] : by, quorum };
}

/** Whether this answer is of an owner (or an owner's delegate). */
export function isOwner(people: readonly Person[], owners: readonly string[], answer: Answer): boolean {
  return owners.some((owner) => answersFor(people, answer, owner));
}

function humanState(criterion: Criterion, progress: CriterionProgress, context: CriterionContext): CriterionState {
  if (!criterion.attest) return 'unknown';
  if (progress.words.length === 0) return progress.retracted ? 'unmet' : 'unknown';
  const { people, item, owners, now } = context;
  const wanted = answerersOf(criterion, item, owners);
  const allowed = progress.words.filter((word) => !criterion.independent || !isOwner(people, owners, word));
  const fresh = allowed.filter((word) => !word.stale && now < wordExpiry(criterion, word));
  if (quorumState(people, wanted, fresh).met) return 'met';
  if (quorumState(people, wanted, allowed).met) return 'stale';
  return allowed.length > 0 || progress.retracted ? 'unmet' : 'unknown';
}

/**
 * The measurement that counts. In the final poll it is the poll's own, begun since it began; the watch goes on beside
 * it, and what that sees later counts against, never in favour.
 */
function countingMeasurement({ measured, polled }: CriterionProgress, pollFrom?: number): Measurement | undefined {
  if (pollFrom === undefined) return measured;
  const own = polled?.from === pollFrom && polled.measurement.begunAt >= pollFrom ? polled.measurement : undefined;
  const against = measured !== undefined && measured.outcome !== 'passed';
  return against && measured.begunAt >= (own?.begunAt ?? pollFrom) ? measured : own;
}

function automaticState(progress: CriterionProgress, { pollFrom }: CriterionContext): CriterionState {
  const found = countingMeasurement(progress, pollFrom);
  return found ? STATE_OF_OUTCOME[found.outcome] : 'unknown';
}

/** The state that evidence alone gives, as if there were no waiver. */
export function evidencedState(
  criterion: Criterion,
  progress: CriterionProgress,
  context: CriterionContext
): CriterionState {
  if (!criterion.check) return humanState(criterion, progress, context);
  if (criterion.check.type === 'items') return context.computed ? STATE_OF_OUTCOME[context.computed] : 'unknown';
  return automaticState(progress, context);
}

export function isWaived(progress: CriterionProgress, now: number): boolean {
  return progress.waiver !== undefined && now < progress.waiver.until;
}

/** The state of a criterion. A live waiver covers whatever is not met; evidence that is there needs no waiver. */
export function criterionState(
  criterion: Criterion,
  progress: CriterionProgress,
  context: CriterionContext
): CriterionState {
  const state = evidencedState(criterion, progress, context);
  return state !== 'met' && isWaived(progress, context.now) ? 'waived' : state;
}

/** How many outcomes in a row the next change needs, by the changes of the last hour: 1, 1, 2, 4 … 64. */
export function damping(changes: readonly number[]): number {
  return Math.min(MOST_DAMPING, 2 ** Math.max(0, changes.length + 1 - UNDAMPED_CHANGES));
}

/**
 * The progress after a measurement. Fails closed: leaving `met` is never damped, reaching it is. A measurement that
 * began earlier never overwrites one that began later.
 */
export function measure(progress: CriterionProgress, measurement: Measurement): CriterionProgress {
  const last = progress.measured;
  if (last && measurement.begunAt < last.begunAt) return progress;
  if (last?.outcome === measurement.outcome) return { ...progress, measured: measurement };
  const recent = progress.changes.filter((at) => at > measurement.at - HOUR);
  return { ...progress, measured: measurement, changes: last ? [...recent, measurement.at] : recent };
}

/**
 * The progress after a measurement of the final poll that began at `from`. One of an earlier poll, begun before this
 * one, or begun before the one that is known, changes nothing.
 */
export function measurePoll(progress: CriterionProgress, from: number, measurement: Measurement): CriterionProgress {
  const known = progress.polled;
  if (measurement.begunAt < from || (known && from < known.from)) return progress;
  if (known?.from === from && measurement.begunAt < known.measurement.begunAt) return progress;
  return { ...progress, polled: { from, measurement } };
}

/** What the waiting activity is asked: it completes when the outcome is no longer the known one, for long enough. */
export interface WatchSpec {
  check: ProbeCheck;
  every: number;
  timeout: number;
  known: Outcome | null;
  /** Runs in a row that each other outcome needs before it is a change. */
  need: { [outcome in Outcome]: number };
  /** Errors in a row after which the owner is told, while `errored` is already known; 0: was told. */
  tellAfterErrors: number;
}

/** The watch that a criterion needs now. */
export function watchSpec(check: ProbeCheck, watch: Watch, progress: CriterionProgress): WatchSpec {
  const known = progress.measured?.outcome ?? null;
  const damp = damping(progress.changes);
  const leaving = known === 'passed' || known === null ? 1 : damp;
  const broken = known === 'errored' && (progress.measured?.inRow ?? 0) >= watch.errorLimit;
  return {
    check,
    every: watch.every,
    timeout: watch.timeout,
    known,
    need: {
      passed: watch.consecutive * damp,
      failed: known === null ? 1 : watch.failureLimit * leaving,
      inconclusive: leaving,
      errored: leaving,
    },
    tellAfterErrors: broken ? 0 : watch.errorLimit,
  };
}

/** The same watch for the final poll: any outcome other than passed counts at once. */
export function pollSpec(check: ProbeCheck, watch: Watch, known: Outcome | null): WatchSpec {
  return {
    check,
    every: watch.every,
    timeout: watch.timeout,
    known,
    need: { passed: watch.consecutive, failed: 1, inconclusive: 1, errored: 1 },
    tellAfterErrors: 0,
  };
}

/** Whether a run that makes `inRow` of one outcome ends the wait. */
export function endsWait(spec: WatchSpec, outcome: Outcome, inRow: number): boolean {
  if (outcome !== spec.known) return inRow >= spec.need[outcome];
  return outcome === 'errored' && spec.tellAfterErrors > 0 && inRow >= spec.tellAfterErrors;
}

/**
 * What made a criterion met, for the signature: the check's configuration or the people whose word it rests on. No
 * times and no values, so that a repeated measurement does not change what was signed.
 */
export function basisOf(criterion: Criterion, progress: CriterionProgress): Json {
  if (criterion.check) return { check: digestOf(criterion.check) };
  return {
    words: progress.words.filter((word) => !word.stale).map(({ by, evidence }) => [by, digestOf(evidence ?? {})]),
  };
}

/** The instants after `now` at which this criterion changes by the clock alone. */
export function criterionClocks(criterion: Criterion, progress: CriterionProgress, now: number): number[] {
  const expiries = progress.words.filter((word) => !word.stale).map((word) => wordExpiry(criterion, word));
  const waiver = progress.waiver ? [progress.waiver.until] : [];
  return [...expiries, ...waiver].filter((at) => at > now && Number.isFinite(at));
}
