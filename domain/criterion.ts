import { digestOf } from './digest';
import type { Answer } from './people';
import { answersFor, findPerson, holdsRole, quorumState } from './people';
import type { Answerers, Criterion, Item, Json, Person, ProbeCheck, Watch } from './plan';
import { neededFrom, neededInPoll, STATE_OF_OUTCOME } from './truth-table';
import { HOUR, SECOND } from './units';

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

/** A check as a measurement was made by it: another configuration, or revision, is another check. */
export interface CheckRef {
  type: string;
  /** Of its whole configuration. */
  digest: string;
  /** Of the plan. */
  revision: number;
}

/** What made an automatic criterion met, and is kept as long as it is: the check and the measurement. */
export interface MetBy extends Omit<Measurement, 'outcome'> {
  check: CheckRef;
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
  /** Present while `measured` is a pass: the one that made it met, not those that came after it. */
  metBy?: MetBy;
  /** Of the final poll that began at `from`; only this poll's measurements count at its verdict. */
  polled?: { from: number; measurement: Measurement };
  /** A look by hand was no pass then: passes are counted in a row only since. */
  brokenOff?: number;
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

export function isAutomatic(criterion: Criterion): boolean {
  return criterion.check !== undefined;
}

/** A criterion that an activity measures (an `items` check is computed instead). */
export function probeOf(criterion: Criterion): ProbeCheck | undefined {
  return criterion.check && criterion.check.type !== 'items' ? (criterion.check as ProbeCheck) : undefined;
}

/** What a measurement of this check is evidence of. */
export function checkRef(check: ProbeCheck, revision: number): CheckRef {
  return { type: check.type, digest: digestOf(check), revision };
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

/** Where the plan says the owners, the owners of today. */
function ofToday({ by, quorum }: Answerers, item: Item, owners: readonly string[]): Answerers {
  const isOwners = by.length === item.owners.length && by.every((role) => item.owners.includes(role));
  return { by: isOwners && owners.length > 0 ? [...owners] : by, quorum };
}

/** Who may give their word on a criterion. */
export function answerersOf(criterion: Criterion, item: Item, owners: readonly string[]): Answerers {
  return ofToday(criterion.attest ?? { by: [], quorum: 'any' }, item, owners);
}

/** Who decides; nobody of an item that is no decision. */
export function decidersOf(item: Item, owners: readonly string[]): Answerers {
  return ofToday(item.decision ?? { by: [], quorum: 'any' }, item, owners);
}

/** Whether this answer is of an owner (or an owner's delegate). */
export function isOwner(people: readonly Person[], owners: readonly string[], answer: Answer): boolean {
  return owners.some((owner) => answersFor(people, answer, owner));
}

/**
 * Whether this person's word could not be independent of the owners: an owner's own, also while a delegate answers for
 * them, or a delegate's of one.
 */
export function isTiedToOwners(people: readonly Person[], owners: readonly string[], answer: Answer): boolean {
  const person = findPerson(people, answer.by);
  return isOwner(people, owners, answer) || (person !== undefined && owners.some((owner) => holdsRole(person, owner)));
}

function humanState(criterion: Criterion, progress: CriterionProgress, context: CriterionContext): CriterionState {
  if (!criterion.attest) return 'unknown';
  if (progress.words.length === 0) return progress.retracted ? 'unmet' : 'unknown';
  const { people, item, owners, now } = context;
  const wanted = answerersOf(criterion, item, owners);
  const allowed = progress.words.filter((word) => !criterion.independent || !isTiedToOwners(people, owners, word));
  const fresh = allowed.filter((word) => !word.stale && now < wordExpiry(criterion, word));
  if (quorumState(people, wanted, fresh).met) return 'met';
  if (quorumState(people, wanted, allowed).met) return 'stale';
  return allowed.length > 0 || progress.retracted ? 'unmet' : 'unknown';
}

/**
 * The measurement that counts. In the final poll it is the poll's own, begun since it began; the watch goes on beside
 * it, and what that sees later counts against, never in favour.
 */
export function countingMeasurement(
  { measured, polled }: CriterionProgress,
  pollFrom?: number
): Measurement | undefined {
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
 * The progress after a measurement. A measurement that began earlier never overwrites one that began later. One with the
 * known outcome is newer news of it; what made the criterion met stays what it was.
 */
export function measure(progress: CriterionProgress, measurement: Measurement, check?: CheckRef): CriterionProgress {
  const last = progress.measured;
  if (last && measurement.begunAt < last.begunAt) return progress;
  if (last?.outcome === measurement.outcome) {
    // A single run beside the watch does not begin its count anew.
    return { ...progress, measured: { ...measurement, inRow: Math.max(last.inRow, measurement.inRow) } };
  }
  const recent = progress.changes.filter((at) => at > measurement.at - HOUR);
  const { outcome, ...run } = measurement;
  return {
    ...progress,
    measured: measurement,
    metBy: outcome === 'passed' && check ? { check, ...run } : undefined,
    changes: last ? [...recent, measurement.at] : recent,
  };
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
  /** Errors in a row at which a wait that knows of errors ends, so that the owner is told; 0: was told. */
  tellAfterErrors: number;
  /** Errors in a row that are known already: the first run counts on from there. Absent: none. */
  errorsBefore?: number;
}

/** Whether the owner has been told that the check itself is broken; it must have run in between to be told again. */
export function isBroken(measured: Measurement | undefined, errorLimit: number): boolean {
  return measured?.outcome === 'errored' && measured.inRow >= errorLimit;
}

/** Shorter ones would fill histories, or give up what has hardly begun; plans come without the document's checks too. */
export const LEAST_WATCH = { every: SECOND, timeout: 100 };

function paceOf({ every, timeout }: Watch): Pick<WatchSpec, 'every' | 'timeout'> {
  return { every: Math.max(every, LEAST_WATCH.every), timeout: Math.max(timeout, LEAST_WATCH.timeout) };
}

/** The watch that a criterion needs now. */
export function watchSpec(check: ProbeCheck, watch: Watch, { measured, changes }: CriterionProgress): WatchSpec {
  const { errorLimit } = watch;
  const known = measured?.outcome ?? null;
  const told = isBroken(measured, errorLimit);
  return {
    check,
    ...paceOf(watch),
    known,
    need: neededFrom(known, watch, damping(changes)),
    tellAfterErrors: told ? 0 : errorLimit,
    errorsBefore: measured?.outcome === 'errored' ? measured.inRow : undefined,
  };
}

/** The same watch for the final poll. */
export function pollSpec(check: ProbeCheck, watch: Watch, known: Outcome | null): WatchSpec {
  return { check, ...paceOf(watch), known, need: neededInPoll(watch), tellAfterErrors: 0 };
}

/** Runs in a row with this outcome, it included; `former` is what the run before it left, if one did. */
export function countInRow(
  { known, errorsBefore = 0 }: WatchSpec,
  former: (Pick<Measurement, 'outcome'> & { n: number }) | undefined,
  outcome: Outcome
): number {
  const before = former ?? { outcome: known, n: errorsBefore };
  return before.outcome === outcome ? before.n + 1 : 1;
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
