/** What a standup says of one item, from the launch's own state and nothing else. */
import { decidersOf } from './criterion';
import type { CriterionView, ItemView } from './item-view';
import { indexOf, reportOn } from './item-view';
import { elapsed, instantAt } from './intervals';
import { isSettled } from './item-judge';
import type { LaunchState } from './launch-state';
import { awaitedFor, whoIsMissing } from './needs';
import { eligible } from './people';
import type { Instant, Item } from './plan';
import { durationText, instantText } from './text';
import { DAY } from './units';

/** Titles and what was seen can be pages long. */
const LONGEST_PART = 120;
/** Parts of one line; the item's page has all of them. */
const MOST_PARTS = 3;
const MOST_NAMES = 4;
/** From this share of an SLA's time on, it is at risk. */
const SPENT_AT_RISK = 0.75;

export interface ItemMoment {
  now: number;
  /** Progress counts from here on. */
  since: number;
}

export function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_PART ? line : `${[...line].slice(0, LONGEST_PART - 1).join('')}…`;
}

function few(parts: readonly string[]): string[] {
  const left = parts.length - MOST_PARTS;
  return left <= 0 ? [...parts] : [...parts.slice(0, MOST_PARTS), `and ${left} more`];
}

/** Of a quorum of everybody the first few. */
function joined(names: readonly string[]): string {
  const left = names.length - MOST_NAMES;
  return left <= 1 ? names.join(' and ') : `${names.slice(0, MOST_NAMES).join(', ')} and ${left} more`;
}

/** Whether somebody can do something about it: what only counts other items follows from them. */
export function isWork({ item }: ItemView): boolean {
  return item.decision !== undefined || item.criteria.some(({ check }) => check?.type !== 'items');
}

export function isOpenView({ status }: ItemView): boolean {
  return status === 'open' || status === 'acknowledged' || status === 'waiting';
}

/** A day, or what `start --speed` makes of it. */
function dayOf({ plan }: LaunchState): number {
  return DAY / (plan.speed?.factor ?? 1);
}

function at(state: LaunchState, instant: Instant | undefined): number | undefined {
  return instant && instantAt(state.plan.calendar, instant, state.launchAt);
}

export function deadlineIn(state: LaunchState, { deadline }: Item): number | undefined {
  return at(state, deadline);
}

export function isOverdue(state: LaunchState, view: ItemView, now: number): boolean {
  return isOpenView(view) && now > (deadlineIn(state, view.item) ?? Infinity);
}

function deadlineRisk(state: LaunchState, view: ItemView, now: number): string[] {
  const deadline = deadlineIn(state, view.item);
  if (deadline === undefined || now > deadline || deadline - now > dayOf(state)) return [];
  return [`at risk: due in ${durationText(deadline - now)}`];
}

/** Whether an item's SLA clocks have run ever since it opened: the launch is not told when they stand still. */
function ranThroughout(state: LaunchState, { item, report }: ItemView): boolean {
  const fellBack = item.after.some((id) => (reportOn(state, id)?.reopened ?? 0) > 0);
  return !state.wasHeld && state.heldFor === 0 && report?.reopened === 0 && !fellBack;
}

function slaRisk(state: LaunchState, view: ItemView, now: number): string[] {
  const { item, report, status } = view;
  if (!report || (status !== 'open' && status !== 'acknowledged')) return [];
  const clocks = (['respond', 'resolve'] as const).filter((clock) => clock === 'resolve' || status === 'open');
  return clocks.flatMap((clock) => {
    const limit = item.sla[clock];
    const what = clock === 'respond' ? 'acknowledge' : 'resolve';
    if (report.slaMissed.includes(clock)) return [`SLA to ${what} missed`];
    if (limit === undefined || report.openedAt === undefined || !ranThroughout(state, view)) return [];
    const spent = elapsed(state.plan.calendar, item.sla.clock, { from: report.openedAt, to: now }) / limit;
    return spent < SPENT_AT_RISK ? [] : [`at risk: ${Math.floor(spent * 100)} % of the SLA to ${what} is spent`];
  });
}

/** Why an open item is in danger: at risk or worse. */
export function dangersOf(state: LaunchState, view: ItemView, now: number): string[] {
  if (!isOpenView(view)) return [];
  const late = isOverdue(state, view, now)
    ? [`overdue by ${durationText(now - deadlineIn(state, view.item)!)}`]
    : deadlineRisk(state, view, now);
  const { fell } = view.report ?? {};
  return [...late, ...slaRisk(state, view, now), ...(fell ? [`open again: ${short(fell.text)}`] : [])];
}

function unmetText(state: LaunchState, { view, each }: { view: ItemView; each: CriterionView }, now: number): string {
  const { criterion, progress, count } = each;
  const title = `'${short(criterion.title)}'`;
  if (criterion.attest) {
    const awaited = awaitedFor(state, { view, criterion: each }, { now, at: now });
    return `${title} awaits ${joined(awaited) || 'somebody who may say it'}`;
  }
  const seen = count?.seen ?? progress.measured?.seen;
  return seen === undefined ? `${title} is ${each.state}` : `${title} is ${each.state}: ${short(seen)}`;
}

/** Who has yet to choose, for the option that has most of the choices so far. */
function undecidedText(state: LaunchState, { item, report, owners }: ItemView, now: number): string[] {
  const { decision } = item;
  if (!decision || report?.chosen) return [];
  const { people } = state.plan;
  const wanted = decidersOf(item, owners);
  const votes = decision.options.map(({ id }) => (report?.choices ?? []).filter(({ option }) => option === id));
  const answers = votes.reduce((most, these) => (these.length > most.length ? these : most), []);
  const missing = whoIsMissing(people, wanted, { answers, may: () => true, now });
  return [`to be decided by ${joined(missing) || eligible(people, wanted.by, now).join(' or ') || 'nobody'}`];
}

/** What an open item lacks, and whose turn it is. */
export function lacksOf(state: LaunchState, view: ItemView, now: number): string[] {
  if (view.status === 'waiting') return view.waitsFor.length > 0 ? [`waits for ${few(view.waitsFor).join(', ')}`] : [];
  const unmet = view.criteria.filter((each) => each.state !== 'met' && each.state !== 'waived');
  return few([...undecidedText(state, view, now), ...unmet.map((each) => unmetText(state, { view, each }, now))]);
}

function choicesSince({ item, report }: ItemView, since: number): string[] {
  const title = (id: string) => item.decision?.options.find((option) => option.id === id)?.title ?? id;
  const { chosen, choices = [] } = report ?? {};
  if (chosen && chosen.at >= since)
    return [`decided: ${short(title(chosen.option))}${chosen.how === 'silent' ? ', nobody having chosen' : ''}`];
  return choices.filter((choice) => choice.at >= since).map(({ by, option }) => `${by} chose ${short(title(option))}`);
}

function criterionSince({ criterion, progress, state }: CriterionView, since: number): string[] {
  const title = `'${short(criterion.title)}'`;
  const said = progress.words.filter((word) => word.at >= since && !word.stale).map(({ by }) => by);
  const { waiver, metBy } = progress;
  return [
    ...(said.length > 0 ? [`${title} attested by ${[...new Set(said)].join(', ')}`] : []),
    ...(metBy && metBy.at >= since && state === 'met' ? [`${title} passes`] : []),
    ...(waiver && waiver.at >= since && state === 'waived' ? [`${title} waived by ${waiver.by}`] : []),
  ];
}

/** What was done on an item since the standup before. */
export function progressOn(view: ItemView, { since }: ItemMoment): string[] {
  const { status, report } = view;
  if (!report) return [];
  const settled = isSettled(status) && report.settledAt !== undefined && report.settledAt >= since ? [status] : [];
  const acknowledged =
    !isSettled(status) && report.acknowledgedAt !== undefined && report.acknowledgedAt >= since
      ? [`acknowledged by ${report.acknowledgedBy ?? 'its owner'}`]
      : [];
  const criteria = view.criteria.flatMap((each) => criterionSince(each, since));
  return few([...settled, ...choicesSince(view, since), ...acknowledged, ...criteria]);
}

/** What comes next on an open item, and when: its deadline, what is planned. */
export function plansOf(state: LaunchState, { item }: ItemView): { at: number; parts: string[] } {
  const { calendar } = state.plan;
  const deadline = deadlineIn(state, item);
  const [from, to] = [at(state, item.planned?.from), at(state, item.planned?.to)];
  const parts = [
    ...(deadline === undefined ? [] : [`due ${instantText(calendar, deadline)}`]),
    ...(from === undefined ? [] : [`planned from ${instantText(calendar, from)}`]),
    ...(to === undefined ? [] : [`planned until ${instantText(calendar, to)}`]),
  ];
  return { at: Math.min(deadline ?? Infinity, from ?? Infinity, to ?? Infinity), parts };
}

/** Whether an open item stands in the way now: a blocker, a must that is not waiting, or one in danger. */
export function isBlocking(state: LaunchState, view: ItemView, now: number): boolean {
  if (!isOpenView(view)) return false;
  const isMust = indexOf(state.plan).gates.get(view.item.id) === 'must' && view.status !== 'waiting';
  return view.item.kind === 'blocker' || isMust || dangersOf(state, view, now).length > 0;
}
