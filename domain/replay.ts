/** A launch as its ledger says it was: the facts that were written, taken through the rules once more. */

import type { ItemFact } from './item-facts';
import { evolveItem } from './item';
import type { ItemReport, ItemState, ItemStatus } from './item-state';
import { initialItemState, reportOf } from './item-state';
import { indexOf, itemPlanOf } from './item-view';
import type { LaunchFact } from './launch';
import { evolveLaunch } from './launch';
import type { LaunchState } from './launch-state';
import { initialLaunchState, runningItems } from './launch-state';
import type { Json, Plan } from './plan';

/** A fact as the ledger has it; `at` in epoch ms. */
export interface WrittenFact {
  workflow: string;
  /** The item it is about; absent: the launch itself. */
  item?: string;
  /** Of the workflow. */
  seq: number;
  type: string;
  at: number;
  body: Json;
}

/** How long an item was in one status; without `to`: until now. Epoch ms. */
export interface StatusSpan {
  status: ItemStatus;
  from: number;
  to?: number;
}

export interface Replayed {
  launch: LaunchState;
  items: Map<string, ItemState>;
  /** Of each item, in order. */
  spans: Map<string, StatusSpan[]>;
}

/** What changes the situation of items, besides what their own facts say of it. */
const TOLD: ReadonlySet<string> = new Set<LaunchFact['type']>([
  'amended',
  'calendarExtended',
  'held',
  'released',
  'pollStarted',
  'rescheduled',
  'dateTaken',
  'decided',
]);
/** What an item's launch may suspend or lift a sign-off for. */
const MOVES: ReadonlySet<string> = new Set<ItemFact['type']>(['moved', 'acknowledged', 'retracted', 'reopened']);

/**
 * In the order in which it happened: the ledger's is that of writing, and each workflow writes when it can. Of one
 * workflow its own count has the last word.
 */
export function inOrder<Fact extends WrittenFact>(facts: readonly Fact[]): Fact[] {
  const last = new Map<string, number>();
  const dated = facts.map((fact, index) => {
    const at = Math.max(fact.at, last.get(fact.workflow) ?? -Infinity);
    last.set(fact.workflow, at);
    return { fact, at, index };
  });
  return dated.sort((a, b) => a.at - b.at || a.index - b.index).map(({ fact }) => fact);
}

/** Times that an item was told something, over all items: so that no ledger holds up who reads it for minutes. */
const MOST_TOLD = 2_000_000;

/** One launch on its way through its facts. */
class Replay {
  private readonly items = new Map<string, ItemState>();
  private readonly reports = new Map<string, ItemReport>();
  private readonly spans = new Map<string, StatusSpan[]>();
  private version = 1;
  private times = 0;

  constructor(private launch: LaunchState) {}

  take({ item, type, at, body }: WrittenFact): void {
    const fact = { ...(body as object), type, at };
    if (item === undefined) this.ofLaunch(fact as LaunchFact);
    else this.ofItem(item, fact as ItemFact);
  }

  end(): Replayed {
    for (const { id } of runningItems(this.launch)) {
      const state = this.items.get(id) ?? this.begun(id);
      if (state) this.items.set(id, state);
    }
    const reports = Object.fromEntries([...this.items].map(([id, state]) => [id, reportOf(state)]));
    return { launch: { ...this.launch, reports }, items: this.items, spans: this.spans };
  }

  private ofLaunch(fact: LaunchFact): void {
    this.launch = evolveLaunch(this.launch, fact);
    if (fact.type === 'signOffSuspended') this.suspended(fact);
    if (TOLD.has(fact.type)) this.tell(fact.at, fact.type === 'amended');
  }

  private ofItem(id: string, fact: ItemFact): void {
    const before = this.items.get(id) ?? this.begun(id);
    if (!before) return;
    const state = evolveItem(before, fact);
    this.items.set(id, state);
    this.note(id, state, fact.at);
    const isMust = indexOf(this.launch.plan).gates.get(id) === 'must';
    if (isMust && MOVES.has(fact.type)) this.report(id, state, fact.at);
  }

  private note(id: string, { status, ended }: ItemState, at: number): void {
    const spans = this.spans.get(id) ?? [];
    this.spans.set(id, spans);
    const last = spans.at(-1);
    if (last && last.to === undefined && (last.status !== status || ended)) last.to = at;
    if (last?.status !== status && !ended) spans.push({ status, from: at });
  }

  /** As it was when it began; nothing of an item that the plan does not have. */
  private begun(id: string): ItemState | undefined {
    const { plan, launchAt } = this.launch;
    const item = indexOf(plan).items.get(id);
    const situation = { version: 0, launchAt, held: this.launch.holds.length > 0, waitingOn: [], computed: {} };
    return item && initialItemState(itemPlanOf(plan, item), situation);
  }

  /** The launch can hear of a fall after a signature that was given after it. */
  private suspended({ by, item, at }: LaunchFact & { type: 'signOffSuspended' }): void {
    const signOffs = this.launch.signOffs.map((signOff) => {
      const isKnown = signOff.by !== by || signOff.fallen.some((fallen) => fallen.item === item);
      return isKnown ? signOff : { ...signOff, fallen: [...signOff.fallen, { item, at }] };
    });
    this.launch = { ...this.launch, signOffs };
  }

  /** Of all reports the launch is given the one that changes: a thousand would be copied for each. */
  private report(item: string, state: ItemState, at: number): void {
    const before = this.reports.get(item);
    const report = reportOf(state);
    const told = { ...this.launch, reports: before ? { [item]: before } : {} };
    this.launch = { ...evolveLaunch(told, { type: 'reported', at, item, report }), reports: {} };
    this.reports.set(item, report);
  }

  private tell(at: number, isAmended: boolean): void {
    const { plan, launchAt, phase, poll, holds } = this.launch;
    const { items, gates } = indexOf(plan);
    this.times += this.items.size;
    if (this.times > MOST_TOLD) throw new Error('the launch changed more often than can be followed');
    const held = holds.length > 0;
    const version = this.version++;
    for (const [id, state] of this.items) {
      const item = items.get(id);
      if (!item) {
        // Taken out of the plan: put in again it begins anew.
        this.items.delete(id);
        this.reports.delete(id);
        continue;
      }
      const isPolled = phase === 'polling' && (gates.get(id) === 'must' || id.startsWith('NO-GO.'));
      const situation = { ...state.situation, version, launchAt, held, pollFrom: isPolled ? poll?.from : undefined };
      const told = isAmended ? { ...situation, plan: itemPlanOf(plan, item) } : situation;
      this.items.set(id, evolveItem(state, { type: 'situated', at, situation: told }));
    }
  }
}

/**
 * The launch and its items after `facts`, each workflow's in its own order. `plan` is the one that it was started with.
 * What launch and items tell each other is no fact: it follows from the rest, but for the moments that it took.
 *
 * @throws Error where the facts are not such as the rules write, or are too many
 */
export function replayed(plan: Plan, facts: readonly WrittenFact[]): Replayed {
  const replay = new Replay(initialLaunchState(plan, facts[0]?.at ?? plan.start));
  for (const fact of inOrder(facts)) replay.take(fact);
  return replay.end();
}
