import { isSettled } from './item-judge';
import { matches, ownersOf, reportOn, statusOf } from './item-view';
import type { LaunchState } from './launch-state';
import type { Item, Metric } from './plan';

export interface MetricValue {
  id: string;
  title: string;
  /** In percent where the measure is a share; null where there is nothing to measure. */
  value: number | null;
  target: string | null;
  met: boolean | null;
  baseline?: number;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1000) / 10;
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

function valueOf(state: LaunchState, metric: Metric, overdue: ReadonlySet<string>): number | null {
  const items = wanted(state, metric);
  switch (metric.measure) {
    case 'resolved-share':
      return share(items.filter(({ id }) => isSettled(statusOf(state, id))).length, items.length);
    case 'idle-owners':
      return share(idlePeople(state).length, state.plan.people.length);
    case 'overdue':
      return items.filter(({ id }) => overdue.has(id)).length;
    case 'sla-kept': {
      const begun = items.filter(({ id }) => reportOn(state, id)?.openedAt !== undefined);
      return share(begun.filter(({ id }) => reportOn(state, id)?.slaMissed.length === 0).length, begun.length);
    }
  }
}

function meets(value: number, { op, value: limit }: NonNullable<Metric['target']>): boolean {
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
    const { id, title, target, baseline } = metric;
    const value = valueOf(state, metric, overdue);
    const text = target ? `${target.op} ${target.value}${target.unit ? ` ${target.unit}` : ''}` : null;
    return { id, title, value, target: text, met: value === null || !target ? null : meets(value, target), baseline };
  });
}
