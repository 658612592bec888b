import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { itemAnswer } from '../domain/accepted';
import type { ItemCommand } from '../domain/commands';
import { ITEM_COMMANDS } from '../domain/commands';
import type { Measurement } from '../domain/criterion';
import { checkRef, probeOf, watchSpec } from '../domain/criterion';
import { digestOf } from '../domain/digest';
import type { ItemFact } from '../domain/item';
import { evolveItem, progressOf } from '../domain/item';
import { acceptItem, acceptMeasurement, refuseItem, toMeasure } from '../domain/item-commands';
import { deadlineOf, lookings, nextItemStep } from '../domain/item-next';
import type { Looking } from '../domain/item-next';
import type { ItemState } from '../domain/item-state';
import { initialItemState, reportOf } from '../domain/item-state';
import type { LookedAt } from '../domain/looked';
import { lookedAt, lookedText, refuseLooked } from '../domain/looked';
import type { Criterion } from '../domain/plan';
import { isInstant } from '../domain/text';
import { readSituation } from '../domain/told-shape';
import { Alarm } from './alarm';
import { allTakenIn } from './taken-in';
import { itemDetails } from './board';
import { failed, handleCommands } from './commands';
import { Looks } from './looks';
import { Journal, newRun } from './journal';
import type { Accepted, ItemInput, ItemResult } from './messages';
import {
  detailsQuery,
  itemQuery,
  itemSignals,
  itemUpdates,
  launchWorkflowId,
  ledgerQuery,
  reportSignal,
  situationSignal,
} from './messages';
import { itemAttributes } from './search-attributes';
import { Watches } from './watches';

/** One item of a launch: waits for people, watches clocks and checks, and tells its launch what has changed. */
export async function itemWorkflow(input: ItemInput): Promise<ItemResult> {
  if (!input?.plan?.item?.id || !input.situation) {
    throw ApplicationFailure.nonRetryable('an item is started by its launch, with its plan and situation', 'BAD_INPUT');
  }
  const runs = new ItemRun(input);
  return await CancellationScope.nonCancellable(() => runs.run());
}

function mustCarryOn(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

class ItemRun {
  private state: ItemState;
  private readonly carried: NonNullable<ItemInput['carried']>['run'];
  private readonly journal: Journal;
  private readonly watches: Watches;
  private readonly looks: Looks;
  private readonly alarm = new Alarm(() => this.changes++);
  private changes = 0;
  private reporting = false;
  private attributes = '';
  private readonly launch: string;
  private readonly id: string;

  constructor(input: ItemInput) {
    this.state = input.carried?.state ?? initialItemState(input.plan, input.situation);
    this.carried = input.carried?.run ?? newRun();
    this.launch = input.plan.launch;
    this.id = input.plan.item.id;
    const row = () => ({ row: this.row(), rowSeq: this.state.seq });
    this.journal = new Journal({
      launch: this.launch,
      item: this.id,
      trial: input.plan.trial ?? false,
      directory: () => ({ ...this.state.plan.directory, people: this.state.plan.people }),
      run: this.carried,
      row,
      moved: () => this.changes++,
    });
    const looker = { launch: this.launch, item: this.id, moved: () => this.changes++ };
    this.looks = new Looks(looker);
    this.watches = new Watches({
      ...looker,
      measured: (looking, measurement) => this.watched(looking, measurement),
    });
    this.listen();
  }

  /** The loop: do what is due, tell what has changed, wait for the next instant or the next word. */
  async run(): Promise<ItemResult> {
    for (;;) {
      const seen = this.changes;
      this.settle();
      const step = nextItemStep(this.state, Date.now());
      this.tell();
      this.looks.begin();
      // The watches of an item that has ended go with its workflow: to cancel each would be two events.
      if (!this.state.ended) this.watches.reconcile(lookings(this.state, Date.now()));
      if (step.do === 'end' && this.isQuiet()) return this.result();
      const until = step.do === 'wait' ? step.until : undefined;
      this.alarm.set(until === undefined ? undefined : until + this.state.plan.spread, 'The next clock of this item');
      if (this.changes !== seen) continue;
      await condition(() => this.changes !== seen || (step.do === 'end' && this.isQuiet()) || mustCarryOn());
      await allTakenIn();
      if (mustCarryOn()) await this.carryOn();
    }
  }

  private result(): ItemResult {
    return { item: this.id, status: this.state.status, ledger: this.carried.head };
  }

  private isQuiet(): boolean {
    // Whoever is being answered may leave a fact, which is to be written too.
    return this.journal.isDrained && !this.reporting && allHandlersFinished();
  }

  private listen(): void {
    handleCommands<ItemCommand>(
      ITEM_COMMANDS,
      { updates: itemUpdates, signals: itemSignals },
      {
        run: this.carried,
        refuse: (command) => refuseItem(this.state, command, Date.now()),
        accept: (command) => this.accept(command),
        refused: (command, by, { code, message }) =>
          this.record([{ type: 'refused', at: Date.now(), command, by, code, message }]),
      }
    );
    setHandler(situationSignal, (situation) => this.situate(situation));
    setHandler(itemQuery, () => this.state);
    setHandler(ledgerQuery, () => this.carried.head ?? null);
    setHandler(detailsQuery, () => itemDetails(this.state, Date.now()));
  }

  private record(facts: readonly ItemFact[]): void {
    for (const fact of facts) {
      this.state = evolveItem(this.state, fact);
      this.journal.add(fact);
    }
    this.changes++;
  }

  /** An answer that comes together with what ends its watch comes too late. */
  private watched(looking: Looking, measurement: Measurement): void {
    const wanted = lookings(this.state, Date.now());
    if (wanted.some(({ key }) => key === looking.key)) this.measured(looking, measurement);
  }

  private measured(
    { criterion, spec, poll }: Pick<Looking, 'criterion' | 'spec' | 'poll'>,
    measurement: Measurement,
    single?: true
  ): void {
    if (this.state.ended) return;
    const check = checkRef(spec.check, this.state.plan.revision);
    const fact = { at: Date.now(), criterion, measurement, check, pollFrom: poll, single };
    this.record(acceptMeasurement(this.state, fact));
  }

  private settle(): void {
    for (
      let step = nextItemStep(this.state, Date.now());
      step.do === 'record';
      step = nextItemStep(this.state, Date.now())
    ) {
      this.record(step.facts);
    }
  }

  private situate(message: unknown): void {
    const situation = readSituation(message);
    if (situation) this.record([{ type: 'situated', at: Date.now(), situation }]);
  }

  private accept(command: ItemCommand): Accepted | Promise<Accepted> {
    if (command.type === 'resolve' || command.type === 'verifyNow') return this.acceptMeasuring(command);
    this.record(acceptItem(this.state, command, Date.now()));
    return this.answer(command);
  }

  private answer(command: ItemCommand, { text, looked }: Partial<Accepted> = {}): Accepted {
    this.settle();
    const given = { text: text ?? itemAnswer(this.state, command), status: this.state.status };
    return looked ? { ...given, looked } : given;
  }

  private async lookAt(criterion: Criterion): Promise<LookedAt> {
    const spec = watchSpec(probeOf(criterion)!, criterion.watch!, progressOf(this.state, criterion));
    const measurement = await this.looks.once(criterion, spec);
    this.measured({ criterion: criterion.id, spec }, measurement, true);
    return lookedAt(this.state, criterion, { measurement, now: Date.now() });
  }

  /** Measures first; a `resolve` counts only when all that can be measured has passed. */
  private async acceptMeasuring(command: ItemCommand & { type: 'resolve' | 'verifyNow' }): Promise<Accepted> {
    const wanted = toMeasure(this.state, command.type === 'verifyNow' ? command.criterion : undefined);
    const looked = await Promise.all(wanted.map((criterion) => this.lookAt(criterion)));
    if (command.type === 'verifyNow') {
      return this.answer(command, { text: lookedText(looked) || `${this.id} has no check to run`, looked });
    }
    const unmet = refuseLooked(this.state, looked, Date.now());
    if (unmet) throw failed(unmet);
    // While it was measured a word may have been taken back, or the launch have ended.
    const why = refuseItem(this.state, command, Date.now());
    if (why && why.code !== 'ALREADY') throw failed(why);
    this.record(acceptItem(this.state, command, Date.now()));
    return this.answer(command, { looked });
  }

  /** To the ledger, the people, the launch, and whoever looks in the Temporal UI. */
  private tell(): void {
    this.journal.flush();
    if (!this.reporting && this.reportDigest() !== this.carried.told.launch) void this.report();
    setCurrentDetails(itemDetails(this.state, Date.now()));
    const attributes = itemAttributes(this.state);
    const digest = digestOf(attributes.map(({ value }) => value));
    if (digest !== this.attributes) upsertSearchAttributes(attributes);
    this.attributes = digest;
  }

  /** One report at a time: what changes meanwhile goes with the next. */
  private async report(): Promise<void> {
    this.reporting = true;
    this.carried.told.launch = this.reportDigest();
    try {
      const launch = getExternalWorkflowHandle(launchWorkflowId(this.launch));
      await launch.signal(reportSignal, { item: this.id, report: reportOf(this.state), ledger: this.carried.head });
    } catch {
      this.orphaned();
    }
    this.reporting = false;
    this.changes++;
  }

  private reportDigest(): string {
    return digestOf({ ...reportOf(this.state), seq: 0 });
  }

  /** No launch is there to report to: the item has nothing to wait for. */
  private orphaned(): void {
    const { situation } = this.state;
    if (situation.ended) return;
    this.record([
      {
        type: 'situated',
        at: Date.now(),
        situation: { ...situation, version: situation.version + 1, ended: 'stopped' },
      },
    ]);
  }

  private row() {
    const { item } = this.state.plan;
    const { status, owners } = this.state;
    const deadline = deadlineOf(this.state);
    return {
      kind: 'item' as const,
      id: item.id,
      itemKind: item.kind,
      title: item.title,
      status,
      owners,
      priority: item.priority,
      // One beyond every calendar would keep the item's facts out of the ledger.
      deadline: isInstant(deadline) ? deadline : undefined,
    };
  }

  /** Everybody who has said something has an answer; what they wait for is begun here too. */
  private async answered(): Promise<void> {
    const isDone = () => allHandlersFinished() && !this.reporting;
    while (!isDone()) {
      await condition(() => this.looks.areAsked || isDone());
      await allTakenIn();
      this.looks.begin();
    }
  }

  private async carryOn(): Promise<void> {
    // While the journal comes to rest somebody may have begun to say something.
    do {
      await this.answered();
      await this.journal.pause();
    } while (!allHandlersFinished());
    await continueAsNew<typeof itemWorkflow>({
      plan: this.state.plan,
      situation: this.state.situation,
      carried: { state: this.state, run: this.carried },
    });
  }
}
