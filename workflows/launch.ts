import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities';
import { launchAnswer } from '../domain/accepted';
import { boardOf } from '../domain/board';
import type { LaunchCommand } from '../domain/commands';
import { LAUNCH_COMMANDS } from '../domain/commands';
import { digestOf } from '../domain/digest';
import type { DueAction } from '../domain/go-actions';
import { acceptResult } from '../domain/go-actions';
import { indexOf } from '../domain/item-view';
import type { LaunchFact } from '../domain/launch';
import { evolveLaunch } from '../domain/launch';
import { acceptLaunch, acceptReport, MOST_ITEMS, refuseLaunch } from '../domain/launch-commands';
import type { LaunchStep } from '../domain/launch-next';
import { nextLaunchStep } from '../domain/launch-next';
import type { LaunchState } from '../domain/launch-state';
import { initialLaunchState, phaseOf } from '../domain/launch-state';
import { readHead } from '../domain/ledger';
import type { Calendar, Follows, Json } from '../domain/plan';
import { planProblem } from '../domain/plan-shape';
import { possibleOnLaunch } from '../domain/possible';
import { planDirectory, routesOf } from '../domain/routing';
import { composeStandup, readAsked } from '../domain/standup';
import { isInstant } from '../domain/text';
import { readReport } from '../domain/told-shape';
import { carryOut } from './actions';
import { Alarm } from './alarm';
import { allTakenIn } from './taken-in';
import { launchDetails } from './board';
import { handleCommands } from './commands';
import { ItemLinks } from './item-links';
import { Journal, newRun } from './journal';
import type { Accepted, LaunchInput, LaunchResult } from './messages';
import {
  boardQuery,
  detailsQuery,
  launchSignals,
  launchUpdates,
  reportSignal,
  planQuery,
  ledgerQuery,
  possibleQuery,
  standupQuery,
} from './messages';
import type { RunState } from './run-state';
import { launchAttributes } from './search-attributes';
import { StandupLink } from './standup-link';

const { extendCalendar } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  summary: 'Look further ahead in the calendar',
});

/** The verdict does not wait for a channel: what is not accepted by then is tried again, and counts as not announced. */
const { notify: announce } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '15 seconds',
  summary: 'Announce the launch date',
});

const EXTEND_AGAIN = '1 hour';

/** Runs a plan: starts its items, keeps the board, announces, polls, decides at the instant, and delays until it can go. */
export async function launchWorkflow(input: LaunchInput): Promise<LaunchResult> {
  const problem = planProblem(input?.plan);
  if (problem) throw ApplicationFailure.nonRetryable(`the launch has no plan to run: ${problem}`, 'BAD_INPUT');
  if (input.plan.items.length > MOST_ITEMS) {
    const message = `a launch has at most ${MOST_ITEMS} items for now; this plan has ${input.plan.items.length}`;
    throw ApplicationFailure.nonRetryable(message, 'TOO_MANY_ITEMS');
  }
  const run = new LaunchRun(input);
  CancellationScope.current().cancelRequested.catch((error: unknown) => {
    if (isCancellation(error)) run.cancelled();
  });
  // The ending must run to its end, also when the workflow is cancelled from outside.
  return await CancellationScope.nonCancellable(() => run.run());
}

/** What the launch may have under way beside its loop. */
type Work = 'starting' | 'telling' | 'standups' | 'announcing' | 'extending' | `acting: ${Follows}`;

class LaunchRun {
  private state: LaunchState;
  private readonly carried: RunState;
  private readonly journal: Journal;
  private readonly alarm = new Alarm(() => this.changes++);
  private changes = 0;
  private readonly works = new Set<Work>();
  private readonly links: ItemLinks;
  private readonly standups: StandupLink;
  private attributes = '';
  private wroteRevision: number | undefined;

  constructor(private readonly input: LaunchInput) {
    this.state = input.carried
      ? { ...input.carried.state, plan: input.plan }
      : initialLaunchState(input.plan, Date.now());
    this.carried = input.carried?.run ?? newRun();
    const row = () => ({ row: this.row(), rowSeq: this.state.seq });
    this.journal = new Journal({
      launch: input.plan.id,
      trial: input.plan.trial ?? false,
      directory: () => planDirectory(this.state.plan),
      run: this.carried,
      row,
      moved: () => this.changes++,
    });
    this.links = new ItemLinks(() => this.state, this.carried);
    this.standups = new StandupLink(() => this.state, this.carried);
    this.listen();
    if (!input.carried) this.record([{ type: 'started', at: Date.now(), by: input.by }]);
  }

  /** The loop: do what is due, tell what has changed, wait for the next instant or the next word. */
  async run(): Promise<LaunchResult> {
    for (;;) {
      const step = this.settle();
      const seen = this.changes;
      this.begin(step);
      this.tell();
      if (step.do === 'finish' && this.isQuiet()) {
        await condition(allHandlersFinished);
        return this.result();
      }
      this.alarm.set(wakeAt(step), `The next clock of ${this.state.plan.id}`);
      if (this.changes !== seen) continue;
      await condition(() => this.changes !== seen || (step.do === 'finish' && this.isQuiet()) || this.mustCarryOn());
      await allTakenIn();
      if (this.mustCarryOn()) await this.carryOn();
    }
  }

  /** Cancelled in Temporal itself: an ending like any other. */
  cancelled(): void {
    if (this.state.ended) return;
    this.record([
      { type: 'ended', at: Date.now(), how: 'cancelled', reason: 'the workflow was cancelled in Temporal' },
    ]);
  }

  /** An action may take long, and what is due meanwhile does not wait: the next run begins after it. */
  private mustCarryOn(): boolean {
    return workflowInfo().continueAsNewSuggested && ![...this.works].some((work) => work.startsWith('acting'));
  }

  private isQuiet(): boolean {
    return this.journal.isDrained && this.works.size === 0;
  }

  private listen(): void {
    handleCommands<LaunchCommand>(
      LAUNCH_COMMANDS,
      { updates: launchUpdates, signals: launchSignals },
      {
        run: this.carried,
        refuse: (command) => refuseLaunch(this.state, command, Date.now()),
        accept: (command) => this.accept(command),
        refused: (command, by, { code, message }) =>
          this.record([{ type: 'refused', at: Date.now(), command, by, code, message }]),
      }
    );
    setHandler(reportSignal, (message) => this.reported(message));
    setHandler(boardQuery, (at) => boardOf(this.state, Date.now(), isInstant(at) ? at : undefined));
    setHandler(ledgerQuery, () => this.carried.head ?? null);
    setHandler(possibleQuery, (asking) =>
      typeof asking?.by === 'string' ? possibleOnLaunch(this.state, asking, Date.now()) : []
    );
    setHandler(planQuery, () => this.state.plan);
    setHandler(standupQuery, (asked) => composeStandup(this.state, readAsked(asked, Date.now())));
    setHandler(detailsQuery, () => launchDetails(boardOf(this.state, Date.now())));
  }

  private record(facts: readonly LaunchFact[]): void {
    for (const fact of facts) {
      this.state = evolveLaunch(this.state, fact);
      this.journal.add(fact);
    }
    this.changes++;
  }

  /** Carries out all that is due now; gives the step that must wait for the world or the clock. */
  private settle(): LaunchStep {
    for (;;) {
      const step = nextLaunchStep(this.state, Date.now());
      if (step.do !== 'record') return step;
      this.record(step.facts);
    }
  }

  private accept(command: LaunchCommand): Accepted {
    this.record(acceptLaunch(this.state, command, Date.now()));
    this.settle();
    return { text: launchAnswer(this.state, command), status: phaseOf(this.state) };
  }

  private reported(message: unknown): void {
    const told = readReport(message);
    this.journal.keepHead(readHead(told?.ledger));
    if (!told || !indexOf(this.state.plan).items.has(told.item)) return;
    this.record(acceptReport(this.state, told.item, { report: told.report, at: Date.now() }));
  }

  /** Starts what takes the world's time beside the loop, one of each kind at once: words are heard meanwhile. */
  private begin(step: LaunchStep): void {
    if (step.do === 'announce') this.work('announcing', () => this.announce(step));
    if (step.do === 'extendCalendar') this.work('extending', () => this.extendCalendar(step));
    if (step.do === 'act') for (const due of step.actions) this.work(`acting: ${due.follows}`, () => this.act(due));
    if (this.links.hasNew()) this.work('starting', () => this.links.startNew());
    if (this.links.hasNews()) this.work('telling', () => this.links.tellNews());
    if (this.standups.hasNews()) this.work('standups', () => this.standups.tellNews());
  }

  private work(what: Work, does: () => Promise<void>): void {
    if (this.works.has(what)) return;
    this.works.add(what);
    void does().then(() => {
      this.works.delete(what);
      this.changes++;
    });
  }

  private async announce(step: LaunchStep & { do: 'announce' }): Promise<void> {
    const { plan } = this.state;
    const { for: date, nominal, to, notice } = step;
    const routes = routesOf(planDirectory(plan), to, Date.now());
    const sending = { launch: plan.id, notice, to, routes, confirm: true, trial: plan.trial ?? false };
    const delivered = await announce(sending).catch((error: unknown) => {
      log.warn('The announcement was not accepted', { error: String(error) });
      return { accepted: [], failed: to };
    });
    const accepted = readAccepted(delivered, to);
    const failed = to.filter((each) => !accepted.includes(each));
    this.record([{ type: 'announced', at: Date.now(), for: date, nominal, accepted, failed }]);
  }

  private async act(due: DueAction): Promise<void> {
    const { follows, verdictAt, n, attempt } = due;
    this.record([{ type: 'actionBegun', at: Date.now(), follows, verdictAt, n, attempt }]);
    const result = await carryOut(this.state, due);
    this.record(acceptResult(this.state, due, { ...result, at: Date.now() }));
  }

  private async extendCalendar({ calendar, until }: LaunchStep & { do: 'extendCalendar' }): Promise<void> {
    const longer: unknown = await extendCalendar({ calendar, until });
    if (!isCalendar(longer) || longer.until <= calendar.until) {
      log.error('The calendar could not be made longer; tried again later', { until });
      await sleep(EXTEND_AGAIN, { summary: 'Look further ahead in the calendar again' });
      return;
    }
    this.record([{ type: 'calendarExtended', at: Date.now(), calendar: longer }]);
  }

  private tell(): void {
    this.journal.flush();
    const now = Date.now();
    setCurrentDetails(launchDetails(boardOf(this.state, now)));
    const attributes = launchAttributes(this.state, now);
    const digest = digestOf(attributes.map(({ value }) => (value instanceof Date ? value.getTime() : value)));
    if (digest !== this.attributes) upsertSearchAttributes(attributes);
    this.attributes = digest;
  }

  /** With the plan when it is new to the ledger. */
  private row() {
    const { plan, launchAt, verdict } = this.state;
    const isNew = this.wroteRevision !== plan.revision;
    this.wroteRevision = plan.revision;
    return {
      kind: 'launch' as const,
      title: plan.title,
      revision: plan.revision,
      phase: phaseOf(this.state),
      launchAt,
      verdict: verdict && { value: verdict.value, at: verdict.at },
      plan: isNew ? (plan as unknown as Json) : undefined,
    };
  }

  private result(): LaunchResult {
    const { plan, ended, verdict } = this.state;
    const { head } = this.carried;
    const ending = { launch: plan.id, how: ended!.how, verdict: verdict?.value ?? null };
    return { ...ending, at: ended!.at, reason: ended!.reason, ...(head && { ledger: head }) };
  }

  private async carryOn(): Promise<void> {
    // While the journal comes to rest somebody may have begun to say something.
    do {
      // Looking further ahead can wait for an hour, and is begun again by the next run.
      await condition(() => allHandlersFinished() && [...this.works].every((work) => work === 'extending'));
      await this.journal.pause();
    } while (!allHandlersFinished());
    const { plan, ...state } = this.state;
    await continueAsNew<typeof launchWorkflow>({ plan, by: this.input.by, carried: { state, run: this.carried } });
  }
}

function wakeAt(step: LaunchStep): number | undefined {
  if (step.do === 'extendCalendar' || step.do === 'act') return step.wake;
  return step.do === 'wait' ? step.until : undefined;
}

function isCalendar(value: unknown): value is Calendar {
  const { until, transitions } = (value ?? {}) as Partial<Calendar>;
  return typeof until === 'number' && Array.isArray(transitions);
}

/** Who accepted it, of those it went to; an answer that cannot be read is nobody. */
function readAccepted(delivered: { accepted: string[] } | undefined, to: readonly string[]): string[] {
  const accepted: unknown = delivered?.accepted;
  return Array.isArray(accepted) ? to.filter((each) => accepted.includes(each)) : [];
}
