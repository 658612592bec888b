import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { Notice } from '../domain/notice';
import type { Standup } from '../domain/standup';
import { isStandup, metricValues } from '../domain/standup';
import type { DueStandup, StandupSituation } from '../domain/standup-times';
import { dueStandup, nextStandup } from '../domain/standup-times';
import { instantText } from '../domain/text';
import { readStandupSituation } from '../domain/told-shape';
import { Alarm } from './alarm';
import { standupDetails } from './board';
import { Journal, newRun } from './journal';
import type { StandupInput } from './messages';
import { lastStandupQuery, standupSituationSignal } from './messages';
import type { RunState } from './run-state';
import { allTakenIn } from './taken-in';

const { takeStandup } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  // What was true an hour ago is no digest of now: the next one is held in its place, and says so.
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  summary: 'Ask the launch for its standup',
});

/** What it knows of the past. */
export interface StandupState {
  /** Everything that was due until then is done. */
  after: number;
  /** How many of those, since the last one held, were not. */
  missed: number;
  last?: Standup;
}

/** Holds a launch's standups and reviews at their instants, sends and stores each, and ends with the launch. */
export async function standupWorkflow(input: StandupInput): Promise<{ launch: string; last: string | null }> {
  if (!readStandupSituation(input?.situation)) {
    throw ApplicationFailure.nonRetryable('standups are started by their launch, with its situation', 'BAD_INPUT');
  }
  const run = new StandupRun(input);
  CancellationScope.current().cancelRequested.catch((error: unknown) => {
    if (isCancellation(error)) run.end();
  });
  return await CancellationScope.nonCancellable(() => run.run());
}

function mustCarryOn(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

class StandupRun {
  private situation: StandupSituation;
  private state: StandupState;
  private readonly carried: RunState;
  private readonly journal: Journal;
  private readonly alarm = new Alarm(() => this.changes++);
  private changes = 0;
  private taking = false;

  constructor({ situation, carried }: StandupInput) {
    this.situation = situation;
    this.state = carried?.state ?? { after: workflowInfo().startTime.getTime(), missed: 0 };
    this.carried = carried?.run ?? newRun();
    this.journal = new Journal({
      launch: situation.launch,
      trial: situation.trial,
      directory: () => this.situation.directory,
      run: this.carried,
      row: () => ({ rowSeq: 0 }),
      moved: () => this.changes++,
    });
    setHandler(standupSituationSignal, (told) => this.situate(told));
    setHandler(lastStandupQuery, () => this.state.last ?? null);
  }

  /** The loop: hold what is due, wait for the next instant or for news of the launch. */
  async run(): Promise<{ launch: string; last: string | null }> {
    for (;;) {
      const seen = this.changes;
      const { launch, times, ended } = this.situation;
      const due = ended ? undefined : dueStandup(times, { after: this.state.after, now: Date.now() });
      if (due && !this.taking) void this.take(due);
      this.journal.flush();
      setCurrentDetails(standupDetails(this.state.last, this.nextText()));
      if (ended && this.isQuiet()) return { launch, last: this.state.last?.at ?? null };
      const next = ended || this.taking ? undefined : nextStandup(times, this.state.after);
      this.alarm.set(next?.at, `The next standup, ${this.nextText()}`);
      if (this.changes !== seen) continue;
      await condition(() => this.changes !== seen || (this.isEnded() && this.isQuiet()) || mustCarryOn());
      await allTakenIn();
      if (mustCarryOn()) await this.carryOn();
    }
  }

  /** There is no launch any more to hold standups of. */
  end(): void {
    if (this.isEnded()) return;
    this.situation = { ...this.situation, ended: true };
    this.changes++;
  }

  private isEnded(): boolean {
    return this.situation.ended;
  }

  private isQuiet(): boolean {
    return this.journal.isDrained && !this.taking;
  }

  private nextText(): string {
    const { times, ended } = this.situation;
    const next = ended ? undefined : nextStandup(times, this.state.after);
    return next ? instantText(times.calendar, next.at) : 'none';
  }

  /** What ended stays ended. Whatever else comes in is told by the launch, whole. */
  private situate(told: unknown): void {
    const situation = readStandupSituation(told);
    if (situation?.launch !== this.situation.launch) return;
    this.situation = { ...situation, ended: this.isEnded() || situation.ended };
    this.changes++;
  }

  private async take(due: DueStandup): Promise<void> {
    this.taking = true;
    const { last, missed } = this.state;
    const asked = {
      now: Date.now(),
      since: last && Date.parse(last.at),
      due: { ...due, missed: due.missed + missed },
      metrics: last && metricValues(last),
    };
    const answer = await takeStandup({ launch: this.situation.launch, asked }).catch((error: unknown) => {
      if (!(error instanceof ActivityFailure)) throw error;
      log.error('The standup could not be held; the next one stands for it', { error: String(error.cause) });
      return undefined;
    });
    this.taking = false;
    this.changes++;
    this.taken(due, answer);
  }

  private taken({ at, missed }: DueStandup, answer: { over: boolean; standup?: Standup } | undefined): void {
    if (answer?.over === true) return this.end();
    if (this.isEnded()) return;
    const { standup } = answer ?? {};
    if (!isStandup(standup)) {
      this.state = { ...this.state, after: at, missed: this.state.missed + missed + 1 };
      return;
    }
    this.state = { after: at, missed: 0, last: standup };
    const fact = { type: 'standup', at: Date.parse(standup.at), standup, notice: this.notice(standup) };
    this.journal.add(fact);
  }

  private notice(standup: Standup): Notice {
    const { launch, times } = this.situation;
    const [subject = '', ...lines] = standup.text.split('\n');
    return {
      key: `${launch}:standup:${standup.due ?? standup.at}`,
      to: times.standup?.to ?? [],
      about: launch,
      subject: `${standup.title}: ${subject}`,
      text: lines.join('\n'),
      command: `launch standup ${launch}`,
      urgent: false,
    };
  }

  private async carryOn(): Promise<void> {
    await condition(() => !this.taking);
    await this.journal.pause();
    const carried = { state: this.state, run: this.carried };
    await continueAsNew<typeof standupWorkflow>({ situation: this.situation, carried });
  }
}
