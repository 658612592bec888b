import type { Board, BoardCriterion, BoardItem } from '../domain/board';
import type { CriterionProgress, Measurement, MetBy, Word } from '../domain/criterion';
import { NO_PROGRESS } from '../domain/criterion';
import { tookOf } from '../domain/evidence';
import { lookings } from '../domain/item-next';
import type { ItemState } from '../domain/item-state';
import { criteriaOf } from '../domain/item-state';
import type { Need } from '../domain/launch-state';
import type { Criterion } from '../domain/plan';
import { isoText } from '../domain/text';
import type { LiveWatch } from '../domain/watching';
import { isWatched } from '../domain/watching';

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

export function runOf<Of extends Omit<Measurement, 'outcome'>>(run: Of): Run<Of> {
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
function itemCriteria(
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

/** One item of a launch with all that was said about it: what `launch status LAUNCH ITEM --json` prints. */
export interface ItemPage extends Omit<BoardItem, 'criteria'> {
  criteria: ItemCriterion[];
  launch: string;
  impact: string | null;
  notes: string | null;
  reportedBy: string[];
  verifies: string[];
  /** What the launch awaits here. */
  needs: Need[];
  /** The last ones; `at` is ISO 8601 in UTC. */
  comments: Array<{ by: string; at: string; text: string }>;
  refused: Array<{ command: string; by: string; at: string; code: string; message: string }>;
}

/** @returns undefined where the board does not know the item yet */
export function itemPage(
  board: Board,
  state: ItemState,
  looking: { watches: readonly LiveWatch[]; now: number }
): ItemPage | undefined {
  const { item } = state.plan;
  const known = board.items.find(({ id }) => id === item.id);
  const dated = <T extends { at: number }>(each: T) => ({ ...each, at: new Date(each.at).toISOString() });
  return (
    known && {
      ...known,
      criteria: itemCriteria(known.criteria, state, looking),
      launch: board.id,
      impact: item.impact ?? null,
      notes: item.notes ?? null,
      reportedBy: item.reportedBy,
      verifies: item.verifies,
      needs: board.verdict.needs.filter(({ ref }) => ref === item.id),
      comments: state.comments.map(dated),
      refused: state.refused.map(dated),
    }
  );
}
