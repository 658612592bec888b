import type { CriterionView } from './item-view';
import type { Evidence, Measurement, MetBy, Word } from './criterion';
import { isoText, tookText } from './text';

/** Evidence in words, for boards and pages. */

/** Of a digest, as much as tells two apart at a glance. */
const SHORT_DIGEST = 12;

/** "120 ms" of a measurement, by its worker's clock. */
export function tookOf({ begunAt, at }: Pick<Measurement, 'begunAt' | 'at'>): number {
  return Math.max(0, at - begunAt);
}

/** What made an automatic criterion met: when, how often in a row, by which check, and what was seen. */
export function metByText(metBy: MetBy): string {
  const { check, at, inRow, seen } = metBy;
  const times = inRow > 1 ? `${inRow} in a row, ` : '';
  const by = `check '${check.type}' ${check.digest.slice(0, SHORT_DIGEST)} of revision ${check.revision}`;
  return `${isoText(at)}, ${times}${by}, took ${tookText(tookOf(metBy))}: ${seen}`;
}

function besides({ note, link, file }: Evidence): string[] {
  return [note, link, file && `${file.name} (SHA-256 ${file.sha256})`].filter((each) => each !== undefined);
}

/** A person's word, and what they put beside it. */
export function wordText({ by, at, evidence }: Word): string {
  return [`${by} at ${isoText(at)}`, ...besides(evidence ?? {})].join(', ');
}

/** What a criterion rests on, or what speaks against it, in one line; null where nothing is known. */
export function evidenceOf({ progress, count, state }: CriterionView): string | null {
  if (state === 'waived' && progress.waiver)
    return `waived by ${progress.waiver.by} until ${isoText(progress.waiver.until)}: ${progress.waiver.reason}`;
  if (count) return count.seen;
  if (progress.measured) return `${progress.measured.seen} (${isoText(progress.measured.at)})`;
  const words = progress.words.filter((word) => !word.stale);
  if (words.length === 0) return null;
  return words.map(wordText).join('; ');
}
