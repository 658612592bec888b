import { assess } from './assess';
import type { ItemView } from './item-view';
import { viewItem } from './item-view';
import type { LaunchState, Phase, Verdict } from './launch-state';
import { phaseOf } from './launch-state';
import type { MetricValue } from './metrics';
import { idlePeople, metricsOf } from './metrics';
import { PRIORITIES } from './plan';
import { reasonsInShort } from './sentence';
import { isRecord } from './shape';
import type { ItemMoment } from './standup-items';
import {
  dangersOf,
  isBlocking,
  isOpenView,
  isOverdue,
  isWork,
  lacksOf,
  plansOf,
  progressOn,
  short,
} from './standup-items';
import { standupText } from './standup-text';
import type { StandupInstant } from './standup-times';
import { nextStandup, standupsAreOver, standupTimes } from './standup-times';
import { instantText, isInstant, isoText } from './text';

export interface StandupLine {
  item: string;
  title: string;
  priority: string | null;
  /** What is to be said of it, each a few words. */
  says: string[];
}

/** What the same people own together; of nobody's items `who` is empty. */
export interface StandupOwners {
  who: string[];
  blockers: StandupLine[];
  progress: StandupLine[];
  plans: StandupLine[];
}

export interface StandupMetric extends MetricValue {
  /** Since the standup before; null where one of the two is not known. */
  change: number | null;
}

/** The digest Blockers → Progress → Plans. Instants are ISO 8601 in UTC. */
export interface Standup {
  launch: string;
  title: string;
  /** `now` is one that somebody asked for. */
  kind: StandupInstant['kind'] | 'now';
  /** What the board said at this instant is in it. */
  at: string;
  /** The instant that it was held for; null for one that somebody asked for. */
  due: string | null;
  /** Sent later than that. */
  late: boolean;
  /** Standups before it that were due and not held. */
  missed: number;
  /** Progress and changes are counted from here: the standup before, else the start. */
  since: string;
  phase: Phase;
  launchAt: string;
  timezone: string;
  verdict: Verdict;
  /** Why it is that, in the fewest words. */
  summary: string;
  counts: { items: number; resolved: number; open: number; overdue: number; atRisk: number };
  /** What happened to the launch itself. */
  news: string[];
  owners: StandupOwners[];
  /** People without an open item, and open items that nobody has said to be on. */
  idle: { people: string[]; tasks: StandupLine[] };
  metrics: StandupMetric[];
  next: string | null;
  /** All of it for a person to read. */
  text: string;
}

/** What a standup is asked for with. Instants are epoch ms. */
export interface StandupAsked {
  now: number;
  /** When the standup before was; absent: there was none. */
  since?: number;
  due?: { at: number; kind: StandupInstant['kind']; missed: number };
  /** The values of the standup before, by metric. */
  metrics?: { [id: string]: number | null };
}

/** What happened just before a standup may have reached the launch just after it: rather told twice than never. */
const OVERLAP = 5_000;
/** One held later than this says so. */
const LATE_AFTER = 60_000;
const MOST_TASKS = 5;

/** What came in a question; without a time in it, it is asked at `now`. */
export function readAsked(value: unknown, now: number): StandupAsked {
  if (!isRecord(value)) return { now };
  const { now: at, since, due, metrics } = value as Partial<StandupAsked>;
  return {
    now: isInstant(at) ? at : now,
    since: isInstant(since) ? since : undefined,
    due: isRecord(due) && isInstant(due.at) ? due : undefined,
    metrics: isRecord(metrics) ? metrics : undefined,
  };
}

/** Whether an activity's answer is a standup: what was written by another version is not. */
export function isStandup(value: unknown): value is Standup {
  return (
    isRecord(value) && typeof value.at === 'string' && typeof value.text === 'string' && Array.isArray(value.metrics)
  );
}

function lineOf({ item }: ItemView, says: string[]): StandupLine {
  return { item: item.id, title: short(item.title), priority: item.priority ?? null, says };
}

/** P0 first; what has no priority last. */
function rank({ item }: ItemView): number {
  return item.priority ? PRIORITIES.indexOf(item.priority) : PRIORITIES.length;
}

function ownersOfAll(state: LaunchState, views: readonly ItemView[], moment: ItemMoment): StandupOwners[] {
  const { now } = moment;
  const groups = new Map<string, { group: StandupOwners; weight: number }>();
  const groupOf = ({ owners }: ItemView) => {
    const key = JSON.stringify(owners);
    const found = groups.get(key) ?? { group: { who: owners, blockers: [], progress: [], plans: [] }, weight: 0 };
    groups.set(key, found);
    return found;
  };
  for (const view of [...views].sort((a, b) => rank(a) - rank(b))) {
    const dangers = dangersOf(state, view, now);
    if (!isBlocking(state, view, now)) continue;
    const found = groupOf(view);
    found.group.blockers.push(lineOf(view, [...dangers, ...lacksOf(state, view, now)]));
    found.weight += 1 + (isOverdue(state, view, now) ? 1_000 : 0);
  }
  for (const view of views) {
    const progress = progressOn(view, moment);
    if (progress.length > 0) groupOf(view).group.progress.push(lineOf(view, progress));
  }
  const planned = views.filter((view) => isOpenView(view) && isWork(view) && !isBlocking(state, view, now));
  const plans = planned.map((view) => ({ view, plan: plansOf(state, view) }));
  for (const { view, plan } of plans.sort((a, b) => Number(a.plan.at > b.plan.at) - Number(a.plan.at < b.plan.at))) {
    groupOf(view).group.plans.push(lineOf(view, [...plan.parts, ...lacksOf(state, view, now)]));
  }
  return [...groups.values()].sort((a, b) => b.weight - a.weight).map(({ group }) => group);
}

/** Open items that nobody has said to be on, those without an owner first. What is somebody else's is not for taking. */
function tasksToTake(views: readonly ItemView[]): StandupLine[] {
  const free = views.filter((view) => {
    const { status, item } = view;
    return status === 'open' && !item.external && !item.decision && isWork(view);
  });
  const order = (view: ItemView) => (view.owners.length === 0 ? 0 : PRIORITIES.length + 1) + rank(view);
  return free
    .sort((a, b) => order(a) - order(b))
    .slice(0, MOST_TASKS)
    .map((view) => lineOf(view, [view.owners.length === 0 ? 'nobody owns it' : `of ${short(view.owners.join(', '))}`]));
}

function newsOf({ slips, reported, holds, plan }: LaunchState, { since }: ItemMoment): string[] {
  const when = (at: number) => instantText(plan.calendar, at);
  return [
    ...slips
      .filter((slip) => slip.at >= since)
      .map(
        ({ from, to, by, reason }) =>
          `The date moved from ${when(from)} to ${when(to)}${by ? `, by ${by}` : ''}: ${short(reason)}`
      ),
    ...holds.map(({ by, reason }) => `Held by ${by}: ${short(reason)}`),
    ...reported
      .filter(({ review }) => !review)
      .map(({ id, title, by }) => `${id}, reported by ${by}, awaits its review: ${short(title)}`),
  ];
}

function metricsSince(
  state: LaunchState,
  overdue: ReadonlySet<string>,
  before: StandupAsked['metrics']
): StandupMetric[] {
  return metricsOf(state, overdue).map((metric) => {
    const last = before && Object.hasOwn(before, metric.id) ? before[metric.id] : undefined;
    const known = typeof last === 'number' && metric.value !== null;
    return { ...metric, change: known ? Math.round((metric.value! - last) * 10) / 10 : null };
  });
}

function headOf(
  state: LaunchState,
  { now, since, due }: StandupAsked
): Pick<Standup, 'kind' | 'at' | 'due' | 'late' | 'missed' | 'since' | 'next'> {
  const next = standupsAreOver(state) ? undefined : nextStandup(standupTimes(state), Math.max(now, due?.at ?? 0));
  return {
    kind: due?.kind ?? 'now',
    at: isoText(now),
    due: due ? isoText(due.at) : null,
    late: due !== undefined && now - due.at > LATE_AFTER,
    missed: due?.missed ?? 0,
    since: isoText(since ?? state.startedAt),
    next: next ? isoText(next.at) : null,
  };
}

/** The digest of a launch at one instant, from what its board knows and what has changed since the one before. */
export function composeStandup(state: LaunchState, asked: StandupAsked): Standup {
  const { plan, launchAt } = state;
  const from = asked.since === undefined ? state.startedAt : asked.since - OVERLAP / (plan.speed?.factor ?? 1);
  const moment = { now: asked.now, since: from };
  const views = plan.items.map((item) => viewItem(state, item, moment));
  const open = views.filter(isOpenView);
  const overdue = open.filter((view) => isOverdue(state, view, asked.now));
  const inDanger = open.filter((view) => dangersOf(state, view, asked.now).length > 0);
  const { verdict, reasons } = assess(state, asked.now);
  const standup = {
    launch: plan.id,
    title: plan.title,
    ...headOf(state, asked),
    phase: phaseOf(state),
    launchAt: isoText(launchAt),
    timezone: plan.timezone,
    verdict: standupsAreOver(state) ? (state.verdict?.value ?? verdict) : verdict,
    summary: reasonsInShort(reasons),
    counts: {
      items: views.filter(({ status }) => status !== 'dropped').length,
      resolved: views.filter(({ status }) => status === 'resolved').length,
      open: open.length,
      overdue: overdue.length,
      atRisk: inDanger.length - overdue.length,
    },
    news: newsOf(state, moment),
    owners: ownersOfAll(state, views, moment),
    idle: { people: idlePeople(state), tasks: tasksToTake(views) },
    metrics: metricsSince(state, new Set(overdue.map(({ item }) => item.id)), asked.metrics),
  };
  return { ...standup, text: standupText(standup, plan.calendar) };
}

/** What the next standup compares its figures with. */
export function metricValues({ metrics }: Standup): { [id: string]: number | null } {
  return Object.fromEntries(metrics.map(({ id, value }) => [id, value]));
}
