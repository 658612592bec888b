import type { ItemCommand, LaunchCommand } from './commands';
import type { Measurement, Outcome } from './criterion';
import { checkRef, measure, measurePoll, NO_PROGRESS } from './criterion';
import { canonicalJson } from './digest';
import type { ActionOutcome, DueAction } from './go-actions';
import { acceptResult } from './go-actions';
import type { ItemFact } from './item';
import { evolveItem } from './item';
import { acceptItem, acceptMeasurement, refuseItem } from './item-commands';
import type { Looking } from './item-next';
import { lookings, nextItemStep } from './item-next';
import type { ItemState, Situation } from './item-state';
import { initialItemState, reportOf } from './item-state';
import { itemPlanOf, situationOf } from './item-view';
import type { LaunchFact } from './launch';
import { evolveLaunch } from './launch';
import { acceptLaunch, acceptReport, refuseLaunch } from './launch-commands';
import { nextLaunchStep } from './launch-next';
import type { LaunchState } from './launch-state';
import { initialLaunchState, runningItems } from './launch-state';
import type { Notice } from './notice';
import type { Calendar, Item, Plan } from './plan';
import type { Refusal } from './refusal';

/** The real world of a rehearsal: what a check would find at an instant; undefined: it hangs. */
export type Probe = (item: string, criterion: string, now: number) => Outcome | undefined;

/** A launch with its items in one value, with no server and no clock but `now`. */
export interface World {
  now: number;
  launch: LaunchState;
  items: { [id: string]: ItemState };
  notices: Notice[];
  facts: Array<{ of: string; fact: ItemFact | LaunchFact }>;
}

/** Rules that answer each other for ever are a defect; a rehearsal says so instead of hanging. */
const MOST_STEPS = 100_000;

function withoutVersion(situation: Situation): string {
  return canonicalJson({ ...situation, version: 0, plan: null });
}

/** Whether a measurement is newer than what is known, so that it is not made again and again. */
function isNews(state: ItemState, { criterion, measurement, pollFrom }: Omit<ItemFact & { type: 'measured' }, 'type'>) {
  const before = state.progress[criterion] ?? NO_PROGRESS;
  const after = pollFrom === undefined ? measure(before, measurement) : measurePoll(before, pollFrom, measurement);
  return after !== before;
}

/** The rehearsal of one plan: the same rules the workflows carry out, at any speed. */
export class Rehearsal {
  readonly world: World;
  private steps = 0;
  /** What the items were told of last. */
  private toldOf?: LaunchState;

  /** What a worker computes of zones and windows; without it, what the calendar does not know is closed. */
  extend: (calendar: Calendar, until: number) => Calendar = (calendar, until) => ({ ...calendar, until });

  /** What carrying out an action comes to. */
  outcomeOf: (due: DueAction) => ActionOutcome = () => 'done';

  constructor(
    plan: Plan,
    now: number,
    private readonly probe: Probe = () => undefined
  ) {
    // No prototype: an id can be any word.
    const items = Object.create(null) as World['items'];
    this.world = { now, launch: initialLaunchState(plan, now), items, notices: [], facts: [] };
    this.settle();
  }

  /** Everything that happens at this instant, until nothing does. */
  settle(): void {
    for (let changed = true; changed;) {
      if (++this.steps > MOST_STEPS) throw new Error(`the rules do not come to rest at ${this.world.now}`);
      changed =
        this.launchItems() ||
        this.stepItems() ||
        this.lookItems() ||
        this.reportItems() ||
        this.stepLaunch() ||
        this.tellItems();
    }
  }

  /** Moves the clock to `to`, stopping at every instant at which something is due. */
  advance(to: number): void {
    for (let next = this.nextInstant(); next !== undefined && next <= to; next = this.nextInstant()) {
      this.world.now = next;
      this.settle();
    }
    this.world.now = Math.max(to, this.world.now);
    this.settle();
  }

  actOnItem(id: string, command: ItemCommand): Refusal | undefined {
    const state = this.world.items[id];
    if (!state) return { code: 'UNKNOWN_ITEM', message: `no item '${id}'` };
    const refused = refuseItem(state, command, this.world.now);
    if (refused) return refused;
    this.applyItem(id, acceptItem(state, command, this.world.now));
    this.settle();
    return undefined;
  }

  act(command: LaunchCommand): Refusal | undefined {
    const refused = refuseLaunch(this.world.launch, command, this.world.now);
    if (refused) return refused;
    this.applyLaunch(acceptLaunch(this.world.launch, command, this.world.now));
    this.settle();
    return undefined;
  }

  /** The next instant at which the clock, or the world that the checks see, may change something. */
  private nextInstant(): number | undefined {
    const { launch, items, now } = this.world;
    const steps = [nextLaunchStep(launch, now), ...Object.values(items).map((state) => nextItemStep(state, now))];
    const instants = steps.flatMap((step) => (step.do === 'wait' && step.until !== undefined ? [step.until] : []));
    return instants.length > 0 ? Math.min(...instants) : undefined;
  }

  private applyItem(id: string, facts: ItemFact[]): void {
    for (const fact of facts) {
      this.world.items[id] = evolveItem(this.world.items[id]!, fact);
      this.world.facts.push({ of: id, fact });
      if ('notice' in fact && fact.notice) this.world.notices.push(fact.notice);
    }
  }

  private applyLaunch(facts: LaunchFact[]): void {
    for (const fact of facts) {
      this.world.launch = evolveLaunch(this.world.launch, fact);
      this.world.facts.push({ of: this.world.launch.plan.id, fact });
      if ('notice' in fact && fact.notice) this.world.notices.push(fact.notice);
    }
  }

  private launchItems(): boolean {
    const { launch, items } = this.world;
    if (launch.ended) return false;
    const missing = runningItems(launch).filter(({ id }) => !items[id]);
    for (const item of missing)
      items[item.id] = initialItemState(itemPlanOf(launch.plan, item), situationOf(launch, item));
    return missing.length > 0;
  }

  private stepItems(): boolean {
    let changed = false;
    for (const [id, state] of Object.entries(this.world.items)) {
      const step = nextItemStep(state, this.world.now);
      if (step.do !== 'record') continue;
      this.applyItem(id, step.facts);
      changed = true;
    }
    return changed;
  }

  private look(state: ItemState, looking: Looking): boolean {
    const { now } = this.world;
    const outcome = this.probe(state.plan.item.id, looking.criterion, now);
    if (outcome === undefined || outcome === looking.spec.known) return false;
    const measurement: Measurement = {
      outcome,
      begunAt: now,
      at: now,
      seen: outcome,
      inRow: looking.spec.need[outcome],
    };
    const check = checkRef(looking.spec.check, state.plan.revision);
    const fact = { at: now, criterion: looking.criterion, measurement, check, pollFrom: looking.poll };
    if (!isNews(state, fact)) return false;
    this.applyItem(state.plan.item.id, acceptMeasurement(state, fact));
    return true;
  }

  private lookItems(): boolean {
    let changed = false;
    for (const state of Object.values(this.world.items)) {
      for (const looking of lookings(state, this.world.now)) {
        changed = this.look(this.world.items[state.plan.item.id]!, looking) || changed;
      }
    }
    return changed;
  }

  private reportItems(): boolean {
    let changed = false;
    for (const [id, state] of Object.entries(this.world.items)) {
      const known = this.world.launch.reports[id];
      if (known && known.seq >= state.seq) continue;
      const facts = acceptReport(this.world.launch, id, { report: reportOf(state), at: this.world.now });
      this.applyLaunch(facts);
      changed = changed || facts.length > 0;
    }
    return changed;
  }

  private stepLaunch(): boolean {
    const { launch, now } = this.world;
    const step = nextLaunchStep(launch, now);
    if (step.do === 'record') this.applyLaunch(step.facts);
    if (step.do === 'announce') {
      const { for: date, nominal, to } = step;
      this.world.notices.push(step.notice);
      this.applyLaunch([{ type: 'announced', at: now, for: date, nominal, accepted: to, failed: [] }]);
    }
    if (step.do === 'extendCalendar') {
      const calendar = this.extend(step.calendar, step.until);
      this.applyLaunch([{ type: 'calendarExtended', at: now, calendar }]);
    }
    if (step.do === 'act') for (const due of step.actions) this.carryOut(due);
    return step.do !== 'wait' && step.do !== 'finish';
  }

  private carryOut(due: DueAction): void {
    const { now } = this.world;
    const { follows, verdictAt, n, attempt } = due;
    this.applyLaunch([{ type: 'actionBegun', at: now, follows, verdictAt, n, attempt }]);
    const outcome = this.outcomeOf(due);
    this.applyLaunch(acceptResult(this.world.launch, due, { outcome, seen: outcome, at: now }));
  }

  private situationFor(item: Item, state: ItemState): Situation {
    const { launch } = this.world;
    const situation = situationOf(launch, item);
    return launch.plan.revision > state.plan.revision
      ? { ...situation, plan: itemPlanOf(launch.plan, item) }
      : situation;
  }

  private tellItems(): boolean {
    const { launch, now } = this.world;
    if (launch === this.toldOf) return false;
    this.toldOf = launch;
    let changed = false;
    for (const item of runningItems(launch)) {
      const state = this.world.items[item.id];
      if (!state || state.ended) continue;
      const situation = this.situationFor(item, state);
      if (situation.version <= state.situation.version) continue;
      if (!situation.plan && withoutVersion(situation) === withoutVersion(state.situation)) continue;
      this.applyItem(item.id, [{ type: 'situated', at: now, situation }]);
      changed = true;
    }
    return changed;
  }
}
