import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  log,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities';
import { canonicalJson } from '../domain/digest';
import type { FactBatch, FactRecord, LedgerHead } from '../domain/ledger';
import { headText, newerHead, readHead } from '../domain/ledger';
import type { Notice } from '../domain/notice';
import type { Json } from '../domain/plan';
import { routesOf, type Directory } from '../domain/routing';
import type { RunState } from './run-state';

const { recordFacts } = proxyActivities<Activities>({
  startToCloseTimeout: '20 seconds',
  // The database may be away for hours; the facts wait.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  summary: 'Write what happened to the ledger',
});

const { notify } = proxyActivities<Activities>({
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 20 },
  summary: 'Tell people',
});

const BIGGEST_BATCH = 200;
/** Characters of facts in one batch, where there is more than one: a payload of 2 MB ends the workflow. */
const LONGEST_BATCH = 400_000;
const PAUSE_WITHIN = '10 seconds';
/** What an item and its launch tell each other is in the other's facts already. */
const NOT_WRITTEN: readonly string[] = ['reported', 'situated'];

export interface JournalOptions {
  launch: string;
  item?: string;
  trial: boolean;
  /** How people are reached now. */
  directory: () => Directory;
  run: RunState;
  /** The row of lists and pages as it is now, and a number that grows with it. */
  row: () => Pick<FactBatch, 'row' | 'rowSeq'>;
  /** Something has been written or sent: there may be more. */
  moved: () => void;
}

export function newRun(): RunState {
  const firstRunId = workflowInfo().firstExecutionRunId;
  return { firstRunId, nextSeq: 0, unwritten: [], unsent: [], answers: [], told: {}, started: [] };
}

/**
 * Takes the facts of one workflow to the ledger and its notices to the people, one batch and one notice at a time, which
 * never holds up a decision. What is not yet written or sent is in `run`, so it survives a continue-as-new.
 */
export class Journal {
  private writing = false;
  private sending = false;
  private paused = false;

  constructor(private readonly options: JournalOptions) {}

  get isDrained(): boolean {
    const { unwritten, unsent } = this.options.run;
    return unwritten.length === 0 && unsent.length === 0;
  }

  /** The newest stands, whoever was told it. */
  keepHead(head: LedgerHead | undefined): void {
    const { run } = this.options;
    run.head = newerHead(run.head, head);
  }

  /** Before a continue-as-new: what is in flight is let arrive, so that no notice goes out twice for it. */
  async pause(): Promise<void> {
    this.paused = true;
    await condition(() => !this.writing && !this.sending, PAUSE_WITHIN);
  }

  add(fact: { type: string; at: number; notice?: Notice }): void {
    const { run } = this.options;
    if (fact.notice) run.unsent.push(fact.notice);
    if (NOT_WRITTEN.includes(fact.type)) return;
    const body = JSON.parse(canonicalJson({ ...fact, at: undefined, type: undefined })) as Json;
    run.unwritten.push({ seq: run.nextSeq++, at: fact.at, type: fact.type, body });
  }

  /** Writes the next batch and sends the next notice where there is one and none is under way. */
  flush(): void {
    const { run } = this.options;
    while (run.unsent[0]?.to.length === 0 && !this.sending) run.unsent.shift();
    if (this.paused) return;
    if (!this.writing && run.unwritten.length > 0) void this.write();
    if (!this.sending && run.unsent[0]) void this.send(run.unsent[0]);
  }

  private async write(): Promise<void> {
    const { launch, item, run, row, moved } = this.options;
    this.writing = true;
    const { facts, isLong } = nextBatch(run.unwritten);
    const workflow = { id: workflowInfo().workflowId, firstRunId: run.firstRunId };
    const to = { launch, workflow, item };
    // An amendment is long and comes with a row that is: both hold a plan.
    const whole = row();
    const rows = isLong ? [{ rowSeq: whole.rowSeq }, whole] : [whole];
    for (const [index, each] of rows.entries()) {
      const batch = { ...to, facts: index === 0 ? facts : [], ...each };
      const recorded = await survive('facts', () => recordFacts(batch));
      this.keepHead(readHead(recorded?.head));
    }
    run.unwritten.splice(0, facts.length);
    this.writing = false;
    moved();
  }

  private async send(notice: Notice): Promise<void> {
    const { launch, trial, directory, run, moved } = this.options;
    this.sending = true;
    const routes = routesOf(directory(), notice.to, Date.now());
    const sent = withHead(notice, run.head);
    await survive('a notice', () => notify({ launch, notice: sent, to: notice.to, routes, trial }));
    run.unsent.shift();
    this.sending = false;
    moved();
  }
}

/** Whoever signs has the ledger's head among their messages, where nobody who changes the database reaches it. */
function withHead(notice: Notice, head: LedgerHead | undefined): Notice {
  return notice.keepsHead && head ? { ...notice, text: `${notice.text}\nLedger: ${headText(head)}` } : notice;
}

/** As many facts as one write can carry, the first in any case. */
function nextBatch(unwritten: readonly FactRecord[]): { facts: FactRecord[]; isLong: boolean } {
  let length = 0;
  const end = unwritten.slice(0, BIGGEST_BATCH).findIndex((fact, index) => {
    length += JSON.stringify(fact).length;
    return index > 0 && length > LONGEST_BATCH;
  });
  const facts = unwritten.slice(0, end === -1 ? BIGGEST_BATCH : end);
  return { facts, isLong: end === 1 || (end === -1 && length > LONGEST_BATCH) };
}

/** Nothing fails because the ledger or a channel refuses something for good: it is logged and the launch goes on. */
async function survive<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (!(cause instanceof ApplicationFailure)) throw error;
    log.error(`Could not deliver ${what}`, { type: cause.type, message: cause.message });
    return undefined;
  }
}
