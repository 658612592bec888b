import type { CriterionContext, CriterionProgress, CriterionState, Measurement, Outcome } from './criterion';
import { countingMeasurement, criterionState, NO_PROGRESS } from './criterion';
import { digestOf } from './digest';
import { isSettled } from './item-judge';
import { holdsRole } from './people';
import type { ItemPlan, ItemReport, ItemStatus, Situation } from './item-state';
import { criteriaOf } from './item-state';
import type { LaunchState } from './launch-state';
import { allItems, endOf } from './launch-state';
import type { Criterion, GateName, Item, ItemsCheck, Plan, Threshold } from './plan';
import { GATES } from './plan';
import { directoryOf } from './routing';
import { spreadOf } from './spread';

/** Lookups that every assessment needs, made once per plan. */
interface PlanIndex {
  items: Map<string, Item>;
  gates: Map<string, GateName>;
  /** Decisions whose options open an item. */
  openers: Map<string, Item[]>;
  /** Digests of items' criteria, made when first asked for. */
  bases: Map<string, string>;
}

const indices = new WeakMap<Plan, PlanIndex>();

export function indexOf(plan: Plan): PlanIndex {
  const known = indices.get(plan);
  if (known) return known;
  const openers = new Map<string, Item[]>();
  for (const item of plan.items) {
    const opened = new Set(item.decision?.options.flatMap(({ opens }) => opens));
    for (const id of opened) openers.set(id, [...(openers.get(id) ?? []), item]);
  }
  const gates = new Map<string, GateName>();
  for (const gate of GATES) for (const { item } of plan.gates[gate]) if (!gates.has(item)) gates.set(item, gate);
  const index = {
    items: new Map(allItems(plan).map((item) => [item.id, item])),
    gates,
    openers,
    bases: new Map<string, string>(),
  };
  indices.set(plan, index);
  return index;
}

/** The plan's item with this id, whatever the case it is written in. */
export function findItem(plan: Plan, id: string): Item | undefined {
  const { items } = indexOf(plan);
  const wanted = id.toLowerCase();
  return items.get(id) ?? [...items.values()].find((item) => item.id.toLowerCase() === wanted);
}

/** Whether a report is about the criteria that the item has now: an amendment reaches the item a little later. */
function isCurrent(plan: Plan, item: Item, { basis }: ItemReport): boolean {
  if (basis === undefined) return true;
  const { bases } = indexOf(plan);
  const known = bases.get(item.id) ?? digestOf(item.criteria);
  bases.set(item.id, known);
  return known === basis;
}

/** What an item last told of itself. An id can be any word, `constructor` too. */
export function reportOn(state: LaunchState, id: string): ItemReport | undefined {
  return Object.hasOwn(state.reports, id) ? state.reports[id] : undefined;
}

export function statusOf(state: LaunchState, id: string): ItemStatus {
  return reportOn(state, id)?.status ?? 'waiting';
}

export function ownersOf(state: LaunchState, item: Item): string[] {
  return reportOn(state, item.id)?.owners ?? item.owners;
}

/** Groups and roles are their people, on both sides: who counts a person's items means those of their roles too. */
function isOwnedBy({ people, groups }: Plan, name: string, owners: readonly string[]): boolean {
  const names = Object.hasOwn(groups, name) ? groups[name]! : [name];
  return (
    names.some((each) => owners.includes(each)) ||
    people.some((person) => [names, owners].every((roles) => roles.some((role) => holdsRole(person, role))))
  );
}

/** Whether an item of a plan is one of those that a count is about. */
export function isCounted(plan: Plan, where: ItemsCheck['where'], item: Item): boolean {
  if (where.kind !== undefined && item.kind !== where.kind) return false;
  if (where.priority !== undefined && item.priority !== where.priority) return false;
  if (where.severity !== undefined && item.severity !== where.severity) return false;
  if (where.owner !== undefined && !isOwnedBy(plan, where.owner, item.owners)) return false;
  return where.ids === undefined || where.ids.includes(item.id);
}

/** The same of an item as it is now: owners change. */
export function matches(state: LaunchState, where: ItemsCheck['where'], item: Item): boolean {
  return isCounted(state.plan, where, { ...item, owners: ownersOf(state, item) });
}

export interface ItemsCount {
  outcome: Outcome;
  counted: number;
  of: number;
  seen: string;
  /** Items of the count's base that are not as wanted. */
  others: string[];
}

function reaches({ counted, of }: { counted: number; of: number }, threshold: Threshold): number {
  return 'count' in threshold ? counted - threshold.count : counted / of - threshold.share;
}

function wording(threshold: Threshold): string {
  return 'count' in threshold ? `${threshold.count}` : `${Math.round(threshold.share * 1000) / 10} %`;
}

/** Counts the items in a state. Itself and dropped ones are left out; a waived item is not resolved; of none, only `atMost` passes. */
export function countItems(state: LaunchState, check: ItemsCheck, self: string): ItemsCount {
  const base = state.plan.items.filter(
    (item) => item.id !== self && statusOf(state, item.id) !== 'dropped' && matches(state, check.where, item)
  );
  const isOpen = (item: Item) => !isSettled(statusOf(state, item.id));
  const wanted = (item: Item) => (check.is === 'open' ? isOpen(item) : statusOf(state, item.id) === 'resolved');
  const counted = base.filter(wanted).length;
  const of = base.length;
  const share = of === 0 ? '' : ` (${Math.round((counted / of) * 1000) / 10} %)`;
  const limits = [
    check.atLeast && `at least ${wording(check.atLeast)}`,
    check.atMost && `at most ${wording(check.atMost)}`,
  ].filter((limit) => limit !== undefined);
  const seen = `${counted} of ${of}${share} ${check.is}, needs ${limits.join(' and ')}`;
  const others = base.filter((item) => (check.is === 'open' ? wanted(item) : !wanted(item))).map(({ id }) => id);
  if (of === 0) return { outcome: check.atLeast ? 'inconclusive' : 'passed', counted, of, seen, others };
  const passed =
    (!check.atLeast || reaches({ counted, of }, check.atLeast) >= 0) &&
    (!check.atMost || reaches({ counted, of }, check.atMost) <= 0);
  return { outcome: passed ? 'passed' : 'failed', counted, of, seen, others };
}

export interface CriterionView {
  criterion: Criterion;
  progress: CriterionProgress;
  state: CriterionState;
  /** The measurement that the state rests on: in the final poll the poll's. */
  measured?: Measurement;
  /** Of an `items` check. */
  count?: ItemsCount;
}

/** Everything the launch knows of an item, judged at one instant. */
export interface ItemView {
  item: Item;
  report?: ItemReport;
  status: ItemStatus;
  owners: string[];
  criteria: CriterionView[];
  /** What it waits for, by id; empty too before its first report, when it has not begun yet. */
  waitsFor: string[];
  /** Settled, and each criterion met or waived: what a gate wants. */
  ok: boolean;
}

/** Judges an item at `now`; with `pollFrom` only measurements of that final poll count. */
export function viewItem(
  state: LaunchState,
  item: Item,
  { now, pollFrom }: { now: number; pollFrom?: number }
): ItemView {
  const report = reportOn(state, item.id);
  const status = report?.status ?? 'waiting';
  const owners = report?.owners ?? item.owners;
  // Nobody can waive that the launch must not go.
  const guarded = isNoGo(state.plan, item.id);
  const current = report && isCurrent(state.plan, item, report) ? report : undefined;
  const criteria = criteriaOf(item, report ?? { added: [] }).map((criterion): CriterionView => {
    const progress = guarded ? withoutWaiver(progressIn(current, criterion)) : progressIn(current, criterion);
    const count =
      criterion.check?.type === 'items' ? countItems(state, criterion.check as ItemsCheck, item.id) : undefined;
    const { people } = state.plan;
    const context: CriterionContext = { people, item, owners, now, pollFrom, computed: count?.outcome };
    const measured = countingMeasurement(progress, pollFrom);
    return { criterion, progress, measured, count, state: criterionState(criterion, progress, context) };
  });
  const met = criteria.every((each) => each.state === 'met' || each.state === 'waived');
  const ok = isSettled(status) && isGrounded(item, report, criteria) && met;
  const waitsFor = status === 'waiting' ? waitingOn(state, item) : [];
  return { item, report, status, owners, criteria, waitsFor, ok };
}

function progressIn(report: ItemReport | undefined, { id }: Criterion): CriterionProgress {
  return (report && Object.hasOwn(report.progress, id) && report.progress[id]) || NO_PROGRESS;
}

function withoutWaiver(progress: CriterionProgress): CriterionProgress {
  return progress.waiver ? { ...progress, waiver: undefined } : progress;
}

/** An item without a criterion proves nothing, nor does a decision without a choice. */
function isGrounded({ decision }: Item, report: ItemReport | undefined, criteria: readonly CriterionView[]): boolean {
  if (!decision) return criteria.length > 0;
  return decision.options.some(({ id }) => id === report?.chosen?.option);
}

function isSatisfied(state: LaunchState, id: string): boolean {
  const status = statusOf(state, id);
  return isSettled(status) || status === 'dropped';
}

/** What must be settled before this item opens: its edges, and the decisions that open it. */
export function waitingOn(state: LaunchState, item: Item): string[] {
  const decisions = (indexOf(state.plan).openers.get(item.id) ?? []).map(({ id }) => id);
  return [...new Set([...item.after, ...decisions])].filter((id) => !isSatisfied(state, id));
}

/** Why a decision dropped this item, if one did: taken, and none that is taken opens it. */
export function droppedBy(state: LaunchState, item: Item): string | undefined {
  const openers = indexOf(state.plan).openers.get(item.id) ?? [];
  const taken = openers.flatMap((decision) => {
    const chosen = isSettled(statusOf(state, decision.id)) ? reportOn(state, decision.id)?.chosen : undefined;
    const option = chosen && decision.decision?.options.find(({ id }) => id === chosen.option);
    return option ? [{ decision, option }] : [];
  });
  if (taken.length === 0 || taken.some(({ option }) => option.opens.includes(item.id))) return undefined;
  return `${taken[0]!.decision.id} was decided for '${taken[0]!.option.title}'`;
}

function computedFor(state: LaunchState, item: Item): Situation['computed'] {
  const found = item.criteria.flatMap(({ id, check }) =>
    check?.type === 'items' ? [[id, countItems(state, check as ItemsCheck, item.id).outcome] as const] : []
  );
  return Object.fromEntries(found);
}

/** What an item must know of its launch now. Without `plan`: that is added where an amendment changed it. */
export function situationOf(state: LaunchState, item: Item): Situation {
  return {
    version: state.seq,
    launchAt: state.launchAt,
    held: state.holds.length > 0,
    pollFrom: state.phase === 'polling' && isPolled(state, item) ? state.poll?.from : undefined,
    waitingOn: waitingOn(state, item),
    dropped: droppedBy(state, item),
    computed: computedFor(state, item),
    ended: endOf(state, item),
  };
}

function isNoGo({ launch }: Plan, id: string): boolean {
  return launch.noGo.length > 0 && launch.noGo.some((criterion) => `NO-GO.${criterion.id}` === id);
}

/** What an item is told that an amendment took out of the plan: its work here is over. */
export function removedSituation(state: LaunchState): Situation {
  const { seq: version, launchAt } = state;
  return { version, launchAt, held: false, waitingOn: [], computed: {}, ended: 'stopped' };
}

function isPolled({ plan }: LaunchState, item: Item): boolean {
  return indexOf(plan).gates.get(item.id) === 'must' || isNoGo(plan, item.id);
}

/** The slice of the plan that an item gets. */
export function itemPlanOf(plan: Plan, item: Item): ItemPlan {
  const business = item.sla.clock === 'business';
  return {
    launch: plan.id,
    revision: plan.revision,
    item,
    gate: indexOf(plan).gates.get(item.id),
    people: plan.people,
    authority: plan.launch.authority,
    signOffGrace: plan.launch.signOffGrace,
    calendar: { ...plan.calendar, open: undefined, business: business ? plan.calendar.business : undefined },
    spread: spreadOf(plan, item),
    trial: plan.trial,
    directory: directoryOf(plan),
  };
}
