import type { BoardCriterion } from '../domain/board';
import type { CriterionProgress, Measurement, MetBy, Word } from '../domain/criterion';
import { NO_PROGRESS, probeOf, watchSpec } from '../domain/criterion';
import { metByText, tookOf, wordText } from '../domain/evidence';
import { lookings } from '../domain/item-next';
import type { ItemState } from '../domain/item-state';
import { criteriaOf } from '../domain/item-state';
import type { Answerers, Criterion } from '../domain/plan';
import { durationText, isoText, tookText } from '../domain/text';
import type { LiveWatch } from '../domain/watching';
import { isWatched } from '../domain/watching';
import { SECOND } from '../domain/units';
import { fromNow } from './board-words';
import type { Page } from './page';
import { clean } from './text';

/** A run of a check as it is printed: instants are ISO 8601 in UTC, `tookMs` is from its begin to its end. */
type Run<Of extends Omit<Measurement, 'outcome'>> = Omit<Of, 'begunAt' | 'at'> & {
  begunAt: string;
  at: string;
  tookMs: number;
};

/** One criterion with everything that its state rests on, and who is looking. */
export interface ItemCriterion extends BoardCriterion {
  /** The last change, or a single run since. */
  measured: Run<Measurement> | null;
  /** What made it met, while it is. */
  metBy: Run<MetBy> | null;
  /** Of the last final poll. */
  polled: Run<Measurement> | null;
  words: Array<Omit<Word, 'at' | 'stale'> & { at: string; stale: { at: string; reason: string } | null }>;
  watch: ItemWatch | null;
}

/** The look-out for a check, as Temporal knows it now. */
export interface ItemWatch {
  everyMs: number;
  /** False: nobody has looked for three intervals. */
  watched: boolean;
  looking: boolean;
  nextAt: string | null;
  last: Run<Measurement> | null;
}

function runOf<Of extends Omit<Measurement, 'outcome'>>(run: Of): Run<Of> {
  return { ...run, begunAt: isoText(run.begunAt), at: isoText(run.at), tookMs: tookOf(run) };
}

function orNull<In, Out>(value: In | undefined, make: (value: In) => Out): Out | null {
  return value === undefined ? null : make(value);
}

function watchOf(criterion: Criterion, live: LiveWatch | undefined, watched: boolean): ItemWatch {
  const { isLooking = false, nextAt, last } = live ?? {};
  return {
    everyMs: criterion.watch?.every ?? 0,
    watched,
    looking: isLooking,
    nextAt: orNull(nextAt, isoText),
    last: orNull(last, ({ n, ...found }) => runOf({ ...found, inRow: n })),
  };
}

function criterionOf(known: BoardCriterion, progress: CriterionProgress, watch: ItemWatch | null): ItemCriterion {
  return {
    ...known,
    measured: orNull(progress.measured, runOf),
    metBy: orNull(progress.metBy, runOf),
    polled: orNull(progress.polled, ({ measurement }) => runOf(measurement)),
    words: progress.words.map((word) => ({
      ...word,
      at: isoText(word.at),
      stale: orNull(word.stale, ({ at, reason }) => ({ at: isoText(at), reason })),
    })),
    watch,
  };
}

/** The board's criteria of an item, with what the item itself and the server know of them. */
export function itemCriteria(
  known: readonly BoardCriterion[],
  state: ItemState,
  { watches, now }: { watches: readonly LiveWatch[]; now: number }
): ItemCriterion[] {
  const written = new Map(criteriaOf(state.plan.item, state).map((each) => [each.id, each]));
  const wanted = new Set(lookings(state, now).flatMap(({ criterion, poll }) => (poll === undefined ? criterion : [])));
  return known.map((each) => {
    const criterion = written.get(each.id);
    const progress = state.progress[each.id] ?? NO_PROGRESS;
    const live = watches.find(({ criterion: of, isPoll }) => of === each.id && !isPoll);
    const isWanted = criterion !== undefined && wanted.has(each.id);
    const watched = isWanted && isWatched(criterion, { live, knownAt: progress.measured?.at }, now);
    return criterionOf(each, progress, isWanted ? watchOf(criterion, live, watched) : null);
  });
}

function byWhom({ by, quorum }: Answerers): string {
  if (quorum === 'any' || by.length === 1) return by.join(' or ');
  return quorum === 'all' ? `all of ${by.join(', ')}` : `${quorum} of ${by.join(', ')}`;
}

/** Who or what can make it met; a check that has changed often needs more passes in a row. */
function howMet(criterion: Criterion, progress: CriterionProgress): string {
  const { check, attest, watch, independent } = criterion;
  const probe = probeOf(criterion);
  if (check && !probe) return 'counted from the items';
  if (probe && watch) {
    const passes = watchSpec(probe, watch, progress).need.passed;
    const inRow = passes > 1 ? `, met after ${passes} passes in a row` : '';
    return `check '${probe.type}', every ${durationText(watch.every)}${inRow}`;
  }
  const notOwners = independent ? ', not by its owners' : '';
  return attest ? `the word of ${byWhom(attest)}${notOwners}` : '';
}

/** "looked 12 s ago in 8 ms, failed, 3 in a row: …", or nothing where the item knows of no newer look. */
function lastLook({ last }: ItemWatch, measured: Measurement | undefined, now: number): string {
  const found = last && (!measured || Date.parse(last.at) > measured.at) ? last : undefined;
  const run = found ?? (measured && runOf(measured));
  if (!run) return 'not looked at yet';
  const inRow = found && found.inRow > 1 ? `, ${found.inRow} in a row` : '';
  const ago = now - Date.parse(run.at);
  const when = ago < SECOND ? 'just now' : `${durationText(ago)} ago`;
  return `looked ${when}, took ${tookText(run.tookMs)}: ${run.outcome}${inRow}: ${run.seen}`;
}

function nextLook({ looking, nextAt }: ItemWatch, now: number): string {
  if (looking) return 'looking now';
  return nextAt === null
    ? ''
    : Date.parse(nextAt) - now < SECOND
      ? 'looks again now'
      : `looks again ${fromNow(nextAt, now)}`;
}

function watchLines(page: Page, watch: ItemWatch, measured: Measurement | undefined): void {
  const { now } = page.options;
  const next = watch.watched ? nextLook(watch, now) : '';
  page.text([lastLook(watch, measured, now), next].filter(Boolean).join('; '), 6, page.style.dim);
  if (watch.watched) return;
  const why = `nobody has looked for three intervals of ${durationText(watch.everyMs)}`;
  page.text(`not being watched: ${why}; 'launch doctor' says what is missing`, 6, page.style.red);
}

/** One criterion whole: what it is, who can meet it, what it rests on, and who is looking. */
export function criterionLines(page: Page, criterion: ItemCriterion, state: ItemState): void {
  const { id, title, state: is, evidence, watch } = criterion;
  const { dim } = page.style;
  page.row(is, { name: clean(id), title: '' });
  page.text(title, 6);
  const progress = state.progress[id] ?? NO_PROGRESS;
  const written = criteriaOf(state.plan.item, state).find((each) => each.id === id);
  if (written) page.text(howMet(written, progress), 6, dim);
  const { metBy, words, polled } = progress;
  if (metBy) page.text(`met by: ${metByText(metBy)}`, 6, dim);
  if (polled) {
    const { outcome, at, seen } = polled.measurement;
    page.text(`in the final poll, which is what its verdict counts: ${outcome} at ${isoText(at)}: ${seen}`, 6, dim);
  }
  for (const word of words) {
    page.text(`${wordText(word)}${word.stale ? ` (out of date: ${word.stale.reason})` : ''}`, 6, dim);
  }
  const isSaid = watch !== null || metBy !== undefined || words.length > 0;
  if (evidence && (is === 'waived' || !isSaid)) page.text(evidence, 6, dim);
  if (watch) watchLines(page, watch, progress.measured);
}
