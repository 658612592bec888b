/** The beginning of a person's word as `wordText` writes it, and how an automatic criterion's evidence ends. */
const WORD = /^\S+ at (\d{4}-\d{2}-\d{2}T[\d:.]+Z)(?=[,;]|$)/;
const MEASURED = /\((\d{4}-\d{2}-\d{2}T[\d:.]+Z)\)$/;

/** When the evidence that a board shows in words was given, epoch ms; undefined where it does not say so. */
export function evidenceAt({
  evidence,
  automatic,
}: {
  evidence: string | null;
  automatic: boolean;
}): number | undefined {
  const found = (automatic ? MEASURED : WORD).exec(evidence ?? '')?.[1];
  const at = found === undefined ? NaN : Date.parse(found);
  return Number.isNaN(at) ? undefined : at;
}
