import type { CriterionProgress, Measurement } from '../domain/criterion';
import { NO_PROGRESS, probeOf, watchSpec } from '../domain/criterion';
import { metByText, wordText } from '../domain/evidence';
import type { ItemState } from '../domain/item-state';
import { criteriaOf } from '../domain/item-state';
import type { Answerers, Criterion } from '../domain/plan';
import { durationText, isoText, tookText } from '../domain/text';
import { SECOND } from '../domain/units';
import { runOf, type ItemCriterion, type ItemWatch } from '../client/item-page';
import { fromNow } from '../report/board-words';
import type { Page } from './page';
import { clean } from './text';

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
