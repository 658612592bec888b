import type { Board, BoardItem } from '../domain/board';
import type { CriterionProgress, Measurement, Word } from '../domain/criterion';
import { NO_PROGRESS } from '../domain/criterion';
import { tookOf } from '../domain/evidence';
import type { ItemState } from '../domain/item-state';
import type { GateName } from '../domain/plan';
import { GATES } from '../domain/plan';
import type { Replayed } from '../domain/replay';
import { isoText } from '../domain/text';
import type { Report, ReportCriterion, ReportItem, ReportTimeline } from './schema';

function runOf({ begunAt, at, inRow, seen }: Omit<Measurement, 'outcome'>) {
  return { at: isoText(at), tookMs: tookOf({ begunAt, at }), inRow, seen };
}

function wordOf({ by, at, evidence = {}, stale }: Word): ReportCriterion['words'][number] {
  const { note, link, file } = evidence;
  return {
    by,
    at: isoText(at),
    note: note ?? null,
    link: link ?? null,
    file: file ?? null,
    stale: stale ? { at: isoText(stale.at), reason: stale.reason } : null,
  };
}

function evidenceIn({ metBy, measured, polled, words }: CriterionProgress) {
  return {
    metBy: metBy ? { ...runOf(metBy), ...metBy.check } : null,
    measured: measured ? { outcome: measured.outcome, ...runOf(measured) } : null,
    polled: polled ? { outcome: polled.measurement.outcome, ...runOf(polled.measurement) } : null,
    words: words.map(wordOf),
  };
}

/** An id can be any word, `constructor` too. */
function progressOf(state: ItemState | undefined, id: string): CriterionProgress {
  return (state && Object.hasOwn(state.progress, id) && state.progress[id]) || NO_PROGRESS;
}

/** The strongest gate that names each item. */
export function gatesOf(board: Board): Map<string, GateName> {
  const gates = new Map<string, GateName>();
  for (const gate of GATES) for (const { ref } of board.gates[gate]) if (!gates.has(ref)) gates.set(ref, gate);
  return gates;
}

function lateness({ deadline }: BoardItem, settledAt: number | undefined, at: number): number | null {
  if (deadline === null) return null;
  const late = (settledAt ?? at) - Date.parse(deadline);
  // What is not settled and not late yet is neither.
  return settledAt === undefined && late <= 0 ? null : late;
}

const IS_OVER: ReadonlySet<string> = new Set(['dropped', 'carried-over']);

/** The items of a board, with what the ledger says of each. */
export function itemsOf(board: Board, items: Replayed['items'] | undefined, at: number): ReportItem[] {
  const gates = gatesOf(board);
  return board.items.map((each) => {
    const state: ItemState | undefined = items?.get(each.id);
    const { criteria, waitingOn: _waitingOn, ...shown } = each;
    return {
      ...shown,
      gate: gates.get(each.id) ?? null,
      openedAt: state?.openedAt === undefined ? null : isoText(state.openedAt),
      settledAt: state?.settledAt === undefined ? null : isoText(state.settledAt),
      late: IS_OVER.has(each.status) ? null : lateness(each, state?.settledAt, at),
      detailed: state !== undefined,
      criteria: criteria.map((criterion) => ({
        ...criterion,
        ...evidenceIn(progressOf(state, criterion.id)),
      })),
    };
  });
}

const SETTLED: ReadonlySet<string> = new Set(['resolved', 'waived', 'dropped']);

export function milestonesOf({ milestones, items }: Board): NonNullable<Report['milestones']> {
  const status = new Map(items.map((item) => [item.id, item.status]));
  return milestones.map((each) => ({
    ...each,
    settled: each.items.filter((id) => SETTLED.has(status.get(id) ?? '')).length,
  }));
}

const ORDER: { [gate in GateName | 'none']: number } = { must: 0, should: 1, nice: 2, none: 3 };

/** What the picture shows: the musts first, then the plan's order. */
export function timelineOf(
  items: readonly ReportItem[],
  { spans }: Pick<Replayed, 'spans'>,
  around: { marks: ReportTimeline['marks']; falls: NonNullable<Report['falls']>; from: string; to: string }
): ReportTimeline {
  const falls = new Map<string, string[]>();
  for (const { item, at } of around.falls) falls.set(item, [...(falls.get(item) ?? []), at]);
  const rows = items.map(({ id, title, gate, status, deadline }) => ({
    item: id,
    title,
    gate,
    status,
    deadline,
    spans: (spans.get(id) ?? []).map((span) => ({
      status: span.status,
      from: isoText(span.from),
      to: span.to === undefined ? null : isoText(span.to),
    })),
    falls: falls.get(id) ?? [],
  }));
  rows.sort((a, b) => ORDER[a.gate ?? 'none'] - ORDER[b.gate ?? 'none']);
  const marks = [...around.marks].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { from: around.from, to: around.to, rows, marks };
}
