import type { ChainReport, KeptHead } from '../domain/ledger-chain';
import { headText } from '../domain/ledger';
import type { Style } from './style';
import { clean, count } from './text';

export const isSound = ({ broken }: ChainReport): boolean => broken === 0;

/** Whether the chain holds, where it does not, and how far somebody outside of the database says the same. */
export function ledgerLines(report: ChainReport, style: Style): string[] {
  const { launch, entries, head, findings, broken } = report;
  const name = clean(launch);
  if (broken > 0) {
    const more = broken > findings.length ? [`  and ${broken - findings.length} more`] : [];
    const found = findings.map(({ text }) => `  ${clean(text)}`);
    return [`${style.red('✗')} ${name}: the ledger is not as it was written`, ...found, ...more, fittingLine(report)];
  }
  const last = entries === 0 ? '' : `; head ${headText(head)}`;
  return [
    `${style.green('✓')} ${name}: ${count(entries, 'entry', 'entries')}, each as it was written${last}`,
    vouchedLine(report),
  ];
}

const whoHolds = ({ kept }: ChainReport): string =>
  [...new Set(kept.flatMap(({ from, holds }) => (holds ? [from] : [])))].join(', ');

/** Where something is broken a head vouches for its own entry, and not for all before it. */
function fittingLine(report: ChainReport): string {
  if (report.kept.length === 0) return '  nothing outside of the database vouches for any of it';
  if (report.vouchedTo === 0) return '  no head that was kept outside of the database fits it';
  return `  entry ${report.vouchedTo} itself is the one that ${whoHolds(report)} vouches for`;
}

function vouchedLine(report: ChainReport): string {
  const { head, vouchedTo } = report;
  const who = whoHolds(report);
  if (vouchedTo === 0) return '  nothing outside of the database vouches for any of it';
  if (vouchedTo >= head.number) return `  all of it is vouched for by ${who}`;
  return `  up to entry ${vouchedTo} it is vouched for by ${who}; for what comes after, by nothing outside of the database`;
}

export function ledgerAnswer(report: ChainReport) {
  const { launch, entries, head, vouchedTo, kept, findings, broken } = report;
  const heads = kept.map((each: KeptHead & { holds: boolean }) => ({ ...each, number: each.number ?? null }));
  return { launch, ok: isSound(report), entries, head, vouchedTo, kept: heads, broken, findings };
}
