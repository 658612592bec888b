import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ActivityFailure, log, ParentClosePolicy, proxyActivities, sleep, startChild } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { digestOf } from '../domain/digest';
import { dependencyOrder } from '../domain/graph';
import type { Situation } from '../domain/item-state';
import { initialItemState } from '../domain/item-state';
import { findItem, itemPlanOf, removedSituation, situationOf } from '../domain/item-view';
import type { LaunchState } from '../domain/launch-state';
import { runningItems } from '../domain/launch-state';
import type { Item, Plan } from '../domain/plan';
import { itemWorkflow } from './item';
import { itemWorkflowId } from './messages';
import type { RunState } from './run-state';
import { itemAttributes } from './search-attributes';

const { tellItems } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '20 seconds',
  summary: 'Tell items what has changed',
});

/** Items are started this many at a time, so that one task does not start hundreds. */
const ITEMS_AT_ONCE = 50;
/** Items are started and told this many characters at a time: a payload of 2 MB, or a task's answer of 4 MB, is more than the server takes. */
const LENGTH_AT_ONCE = 400_000;
const TELL_AGAIN = '10 seconds';

/** A launch's ties to its items: starts those that the plan has, and tells each what it must know of the launch. */
export class ItemLinks {
  /** Digests by item for what they were made of: the launch is woken by every report, and 300 take long. */
  private readonly digests = new Map<string, { of: string; digest: string }>();

  constructor(
    private readonly state: () => LaunchState,
    private readonly run: RunState
  ) {}

  hasNew(): boolean {
    return this.missing().length > 0;
  }

  /** In dependency order, so that what others wait for is there first. */
  async startNew(): Promise<void> {
    const byId = new Map(this.missing().map((item) => [item.id, item]));
    const order = dependencyOrder([...byId.keys()], (id) => byId.get(id)?.after ?? []);
    const items = order.map((id) => byId.get(id)!);
    const slice = (item: Item) => JSON.stringify(itemPlanOf(this.state().plan, item)).length;
    for (const piece of inPieces(items, slice, ITEMS_AT_ONCE)) await Promise.all(piece.map((item) => this.start(item)));
  }

  hasNews(): boolean {
    return this.untold().length > 0 || this.removed().length > 0;
  }

  /** Tells all items whose situation has changed, by one activity. */
  async tellNews(): Promise<void> {
    const { plan } = this.state();
    const untold = this.untold();
    const removed = this.removed();
    const changed = untold.map(({ item }) => ({ item: item.id, situation: this.situation(item) }));
    const gone = removed.map((item) => ({ item, situation: removedSituation(this.state()) }));
    for (const { item, digest } of untold) this.run.told[item.id] = digest;
    try {
      const news = [...changed, ...gone];
      for (const items of inPieces(news, (each) => JSON.stringify(each).length))
        await tellItems({ launch: plan.id, items });
      this.run.started = this.run.started.filter((id) => !removed.includes(id));
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.error('Items could not be told what has changed; they are told again', { error: String(error.cause) });
      for (const { item } of untold) this.run.told[item.id] = '';
      await sleep(TELL_AGAIN, { summary: 'Tell the items again' });
    }
  }

  private missing(): Item[] {
    const state = this.state();
    if (state.ended) return [];
    const started = new Set(this.run.started);
    return runningItems(state).filter(({ id }) => !started.has(id));
  }

  private async start(item: Item): Promise<void> {
    const { plan: whole } = this.state();
    const plan = itemPlanOf(whole, item);
    const situation = situationOf(this.state(), item);
    try {
      await startChild(itemWorkflow, {
        workflowId: itemWorkflowId(whole.id, item.id),
        args: [{ plan, situation }],
        // The other policies end children at a continue-as-new of their launch.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        typedSearchAttributes: new TypedSearchAttributes(itemAttributes(initialItemState(plan, situation))),
        staticSummary: `${item.id}: ${item.title}`.slice(0, 200),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    this.run.told[item.id] = digestOf(toldOf(situation, whole));
    this.run.started.push(item.id);
  }

  private untold(): Array<{ item: Item; digest: string }> {
    const state = this.state();
    const started = new Set(this.run.started);
    return runningItems(state).flatMap((item) => {
      if (!started.has(item.id) || state.reports[item.id]?.ended) return [];
      const digest = this.digestFor(item, toldOf(situationOf(state, item), state.plan));
      return digest === this.run.told[item.id] ? [] : [{ item, digest }];
    });
  }

  private digestFor({ id }: Item, told: object): string {
    const of = JSON.stringify(told);
    const known = this.digests.get(id);
    if (known?.of === of) return known.digest;
    const digest = digestOf(told);
    this.digests.set(id, { of, digest });
    return digest;
  }

  /** Items that run and that an amendment took out of the plan. */
  private removed(): string[] {
    return this.run.started.filter((id) => !findItem(this.state().plan, id));
  }

  /** With the item's slice of the plan where that is no longer the one it was started with. */
  private situation(item: Item): Situation {
    const state = this.state();
    const situation = situationOf(state, item);
    const isNew = state.plan.revision > 1 || state.plan.calendar.extended === true;
    return isNew ? { ...situation, plan: itemPlanOf(state.plan, item) } : situation;
  }
}

/** An item's slice of the plan is long where there are many people. */
function inPieces<Each>(all: readonly Each[], lengthOf: (each: Each) => number, most = Infinity): Each[][] {
  const pieces: Each[][] = [];
  let piece: Each[] = [];
  let left = 0;
  for (const each of all) {
    const length = lengthOf(each);
    if (pieces.length === 0 || length > left || piece.length === most) {
      pieces.push((piece = []));
      left = LENGTH_AT_ONCE;
    }
    piece.push(each);
    left -= length;
  }
  return pieces;
}

/** What an item was told, without the version that grows with everything. */
function toldOf(situation: Situation, { revision, calendar }: Plan): object {
  return { ...situation, version: 0, revision, until: calendar.until };
}
