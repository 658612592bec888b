import { instantAt } from './intervals';
import type { ItemReport } from './item-state';
import { matches, ownersOf, reportOn, statusOf } from './item-view';
import type { LaunchState } from './launch-state';
import type { Item, Metric } from './plan';
import { isoText } from './text';

export interface MetricValue {
  id: string;
  title: string;
  /** In percent where the measure is a share; null where there is nothing to measure. */
  value: number | null;
  target: string | null;
  met: boolean | null;
  baseline?: number;
  /** Of a share: how many count, out of how many. */
  counted?: number;
  of?: number;
  /** When the target should be reached; ISO 8601 in UTC. */
  by?: string;
}

/** A number, or a share in exact parts: a target is held against what is, not against what is shown. */
type Measured = number | { counted: number; of: number };

/** To a tenth of a percent. */
function shown(measured: Measured): number | null {
  if (typeof measured === 'number') return measured;
  return measured.of === 0 ? null : Math.round((measured.counted / measured.of) * 1000) / 10;
}

function wanted(state: LaunchState, metric: Metric): Item[] {
  return state.plan.items.filter(
    (item) => statusOf(state, item.id) !== 'dropped' && matches(state, metric.where ?? {}, item)
  );
}

/** People without an open item of their own, by id. */
export function idlePeople(state: LaunchState): string[] {
  const open = state.plan.items.filter(({ id }) => ['waiting', 'open', 'acknowledged'].includes(statusOf(state, id)));
  const busy = new Set(open.flatMap((item) => ownersOf(state, item)));
  return state.plan.people
    .filter(({ id, roles }) => ![id, ...roles].some((role) => busy.has(role)))
    .map(({ id }) => id);
}

function hasSla({ sla }: Item): boolean {
  return sla.respond !== undefined || sla.resolve !== undefined;
}

/** A deadline is not an SLA: what misses it is overdue. */
function keptSla(report: ItemReport | undefined): boolean {
  return !report?.slaMissed.some((clock) => clock !== 'deadline');
}

function measure(state: LaunchState, metric: Metric, overdue: ReadonlySet<string>): Measured {
  const items = wanted(state, metric);
  switch (metric.measure) {
    case 'resolved-share':
      // As in an `items` check, what is waived is not resolved.
      return { counted: items.filter(({ id }) => statusOf(state, id) === 'resolved').length, of: items.length };
    case 'idle-owners':
      return { counted: idlePeople(state).length, of: state.plan.people.length };
    case 'overdue':
      return items.filter(({ id }) => overdue.has(id)).length;
    case 'sla-kept': {
      const begun = items.filter((item) => hasSla(item) && reportOn(state, item.id)?.openedAt !== undefined);
      return { counted: begun.filter(({ id }) => keptSla(reportOn(state, id))).length, of: begun.length };
    }
  }
}

function meets(measured: Measured, { op, value: wanted }: NonNullable<Metric['target']>): boolean {
  // Both sides times `of`, so that nothing is rounded: 94.96 % is not 95 %.
  const [value, limit] =
    typeof measured === 'number' ? [measured, wanted] : [measured.counted * 100, wanted * measured.of];
  switch (op) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return value === limit;
  }
}

/** The plan's metrics as they are now; `overdue` names the items past their deadline. */
export function metricsOf(state: LaunchState, overdue: ReadonlySet<string>): MetricValue[] {
  return state.plan.metrics.map((metric) => {
    const { id, title, target, baseline, by } = metric;
    const measured = measure(state, metric, overdue);
    const value = shown(measured);
    const text = target ? `${target.op} ${target.value}${target.unit ? ` ${target.unit}` : ''}` : null;
    return {
      id,
      title,
      value,
      target: text,
      met: value === null || !target ? null : meets(measured, target),
      baseline,
      ...(typeof measured === 'number' ? {} : measured),
      ...(by ? { by: isoText(instantAt(state.plan.calendar, by, state.launchAt)) } : {}),
    };
  });
}
