import { setTimeout as delay } from 'node:timers/promises';
import type { QueryDefinition } from '@temporalio/common';
import { QueryNotRegisteredError, type WorkflowExecutionInfo } from '@temporalio/client';
import type { Board } from '../domain/board';
import type { ItemCommand, LaunchCommand } from '../domain/commands';
import type { ItemState } from '../domain/item-state';
import type { Plan } from '../domain/plan';
import type { Standup, StandupAsked } from '../domain/standup';
import { metricValues } from '../domain/standup';
import { planProblem } from '../domain/plan-shape';
import type { Asking, PossibleAction } from '../domain/possible';
import {
  boardQuery,
  planQuery,
  possibleQuery,
  detailsQuery,
  itemQuery,
  itemWorkflowId,
  lastStandupQuery,
  ledgerQuery,
  LAUNCH_WORKFLOW,
  launchWorkflowId,
  standupQuery,
  standupWorkflowId,
  type Accepted,
} from '../workflows/messages';
import { admit } from './admission';
import type { LiveWatch } from '../domain/watching';
import type { Connected } from './connection';
import { withDeadline } from './connection';
import { isLate, isNobodyPolling, isNotFound, LaunchError, reasonOf } from './errors';
import { headInTemporal, headsInTemporal, type HeadInTemporal, type HeadsInTemporal } from './ledger-heads';
import { liveWatches } from './live-watches';
import { unknownItem } from './missing';
import { runningRun, startLaunch, type Started, type StartInput } from './start';
import { checked, tellWorkflow } from './tell';

/** A worker that was killed holds its launches' cache for some seconds; a query waits for another worker. */
const QUERY_ATTEMPTS = 2;
/** How the SDK's core calls a history that the workflow's code does not lead to. */
const NONDETERMINISM = /TMPRL1100|nondeterminism/i;
/** How often a followed launch is looked at; a look reads one row and wakes no worker. */
const LOOK_EVERY_MS = 1_000;

/** One line of the list of launches. Instants are ISO 8601 in UTC; null where Temporal does not know it yet. */
export interface LaunchSummary {
  id: string;
  running: boolean;
  startedAt: string;
  closedAt: string | null;
  phase: string | null;
  verdict: string | null;
  launchAt: string | null;
  mustOpen: number | null;
}

export interface Launches {
  /** See `startLaunch`. */
  start(input: StartInput): Promise<Started>;
  /** The launch that runs of a plan's runs (`demo`, `demo-2`, …), if one does. */
  running(plan: string): Promise<string | undefined>;
  /** @throws LaunchError NOT_FOUND, NO_WORKER, UNREACHABLE, as all below */
  board(launch: string): Promise<Board>;
  /** The plan that it runs, as it was amended last. */
  plan(launch: string): Promise<Plan>;
  /** The Markdown page that the Temporal UI shows. */
  details(launch: string): Promise<string>;
  /** What this person could do to the launch now. */
  possible(launch: string, asking: Asking): Promise<PossibleAction[]>;
  itemState(launch: string, item: string): Promise<ItemState>;
  /** The launch's standup as it stands, compared with the one that was held last. */
  standup(launch: string): Promise<Standup>;
  /** The one that was held last; nothing where none was. */
  lastStandup(launch: string): Promise<Standup | undefined>;
  /** The heads of the ledger that Temporal keeps; see `headsInTemporal`. */
  ledgerHeads(launch: string): Promise<HeadsInTemporal>;
  /** The launch's own alone: one question, however many items it has. */
  ledgerHead(launch: string): Promise<HeadInTemporal | undefined>;
  /** The watches of an item that are under way, as the server knows them; `item` as the launch writes it. */
  watches(launch: string, item: string): Promise<LiveWatch[]>;
  /** The newest first; only running ones unless `all`. */
  list(options?: { all?: boolean; limit?: number }): Promise<LaunchSummary[]>;
  /** See `tellWorkflow`; an amended plan is admitted first, see `admit`. */
  tell(launch: string, command: LaunchCommand): Promise<Accepted>;
  /** Ignores the case of the item's id. @throws LaunchError also UNKNOWN_ITEM, naming the nearest */
  tellItem(launch: string, item: string, command: ItemCommand): Promise<Accepted>;
  /** The board now and again after every change, until `signal` is aborted or the launch has closed. */
  follow(launch: string, signal: AbortSignal): AsyncGenerator<Board>;
}

async function query<T, Args extends unknown[] = []>(
  connected: Connected,
  workflowId: string,
  { what, of, args }: { what: QueryDefinition<T, Args>; of: string; args?: Args }
) {
  const handle = connected.client.workflow.getHandle(workflowId);
  for (let tried = 1; ; tried++) {
    try {
      return await withDeadline(connected, () => handle.query(what, ...((args ?? []) as unknown as Args)));
    } catch (error) {
      if (isNotFound(error)) throw new LaunchError('NOT_FOUND', `there is no ${of}`);
      const again = isLate(error) || error instanceof QueryNotRegisteredError;
      if (!again && !isNobodyPolling(error)) throw error;
      if (again && tried < QUERY_ATTEMPTS) continue;
      const reason = reasonOf(error);
      const message = NONDETERMINISM.test(reason)
        ? `${of} was begun by another version of this program, and this one cannot go on with it (${reason}). Start that version again, or terminate the launch in the Temporal UI and start it anew.`
        : `No worker answers for ${of} (${reason}). 'launch doctor' says what is missing.`;
      throw new LaunchError('NO_WORKER', message);
    }
  }
}

const launchCalled = (launch: string): string => `launch '${launch}'`;
const itemCalled = (launch: string, item: string): string => `item '${item}' of launch '${launch}'`;

function attribute<T>(info: WorkflowExecutionInfo, name: string, isType: (value: unknown) => value is T): T | null {
  const pair = info.typedSearchAttributes.getAll().find(({ key }) => key.name === name);
  const value: unknown = pair?.value;
  return isType(value) ? value : null;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => typeof value === 'number';
const isDate = (value: unknown): value is Date => value instanceof Date;

function summary(info: WorkflowExecutionInfo): LaunchSummary {
  return {
    id: info.workflowId.slice(launchWorkflowId('').length),
    running: info.status.name === 'RUNNING',
    startedAt: info.startTime.toISOString(),
    closedAt: info.closeTime?.toISOString() ?? null,
    phase: attribute(info, 'LaunchPhase', isText),
    verdict: attribute(info, 'LaunchVerdict', isText),
    launchAt: attribute(info, 'LaunchAt', isDate)?.toISOString() ?? null,
    mustOpen: attribute(info, 'MustOpen', isCount),
  };
}

async function list(connected: Connected, { all = false, limit = 50 } = {}): Promise<LaunchSummary[]> {
  // A run that went on as a new one is not another launch.
  const status = all ? "ExecutionStatus != 'ContinuedAsNew'" : "ExecutionStatus = 'Running'";
  const found = connected.client.workflow.list({ query: `WorkflowType = '${LAUNCH_WORKFLOW}' AND ${status}` });
  return await withDeadline(connected, async () => {
    const launches: LaunchSummary[] = [];
    for await (const info of found) {
      launches.push(summary(info));
      if (launches.length >= limit) break;
    }
    return launches;
  });
}

/** Where a launch has no standups, or they have not begun, there is no last one. */
async function lastStandup(connected: Connected, launch: string): Promise<Standup | undefined> {
  const asked = { what: lastStandupQuery, of: `standup of launch '${launch}'` };
  try {
    return (await query(connected, standupWorkflowId(launch), asked)) ?? undefined;
  } catch (error) {
    if (error instanceof LaunchError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

async function standupNow(connected: Connected, launch: string): Promise<Standup> {
  const last = await lastStandup(connected, launch);
  const since = last && { since: Date.parse(last.at), metrics: metricValues(last) };
  const args: [StandupAsked] = [{ now: Date.now(), ...since }];
  return query(connected, launchWorkflowId(launch), { what: standupQuery, of: launchCalled(launch), args });
}

/** The item's id as the launch writes it. @throws LaunchError UNKNOWN_ITEM, or NOT_FOUND for the launch */
async function knownItem(connected: Connected, launch: string, item: string): Promise<string> {
  const board = await query(connected, launchWorkflowId(launch), { what: boardQuery, of: launchCalled(launch) });
  const ids = board.items.map(({ id }) => id);
  const found = ids.find((id) => id === item) ?? ids.find((id) => id.toLowerCase() === item.toLowerCase());
  if (found !== undefined) return found;
  throw unknownItem(launch, item, board.items);
}

async function onItem<T>(
  connected: Connected,
  launch: string,
  { item, work }: { item: string; work: (id: string) => Promise<T> }
) {
  try {
    return await work(item);
  } catch (error) {
    if (!(error instanceof LaunchError) || error.code !== 'NOT_FOUND') throw error;
    const known = await knownItem(connected, launch, item);
    if (known !== item) return await work(known);
    throw new LaunchError('NOT_FOUND', `${itemCalled(launch, item)} has not begun yet; try again in a moment`);
  }
}

/** Grows with everything that happens to the launch, and is read without waking a worker. */
async function marker(connected: Connected, launch: string): Promise<{ mark: string; running: boolean }> {
  const handle = connected.client.workflow.getHandle(launchWorkflowId(launch));
  try {
    const { runId, historyLength, status } = await withDeadline(connected, () => handle.describe());
    return { mark: `${runId}:${historyLength}`, running: status.name === 'RUNNING' };
  } catch (error) {
    if (isNotFound(error)) throw new LaunchError('NOT_FOUND', `there is no ${launchCalled(launch)}`);
    throw error;
  }
}

async function* follow(connected: Connected, launch: string, signal: AbortSignal): AsyncGenerator<Board> {
  let seen = '';
  while (!signal.aborted) {
    const { mark, running } = await marker(connected, launch);
    if (mark !== seen) {
      seen = mark;
      const args: [number] = [Date.now()];
      yield await query(connected, launchWorkflowId(launch), { what: boardQuery, of: launchCalled(launch), args });
    }
    if (!running) return;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** All that can be asked of launches and said to them, over one connection. */
export function createLaunches(connected: Connected): Launches {
  const { workflow } = connected.client;
  const ofLaunch = <T, Args extends unknown[]>(launch: string, what: QueryDefinition<T, Args>, ...args: Args) =>
    query(connected, launchWorkflowId(launch), { what, of: launchCalled(launch), args });
  const askHead = (id: string) => query(connected, id, { what: ledgerQuery, of: `workflow '${id}'` });
  return {
    start: (input) => startLaunch(connected, input),
    running: (plan) => runningRun(connected, plan),
    board: (launch) => ofLaunch(launch, boardQuery, Date.now()),
    standup: (launch) => standupNow(connected, launch),
    lastStandup: (launch) => lastStandup(connected, launch),
    plan: (launch) => ofLaunch(launch, planQuery),
    possible: (launch, asking) => ofLaunch(launch, possibleQuery, asking),
    details: (launch) => ofLaunch(launch, detailsQuery),
    itemState: (launch, item) => {
      const work = (id: string) =>
        query(connected, itemWorkflowId(launch, id), { what: itemQuery, of: itemCalled(launch, id) });
      return onItem(connected, launch, { item, work });
    },
    ledgerHeads: (launch) => headsInTemporal(connected, launch, askHead),
    ledgerHead: (launch) => headInTemporal(connected, launch, askHead),
    watches: (launch, item) => liveWatches(connected, launch, item),
    list: (options) => list(connected, options),
    tell: async (launch, command) => {
      // What is no plan is refused by the launch.
      if (command.type === 'amend' && !planProblem(command.plan)) {
        checked(command);
        const running = await ofLaunch(launch, planQuery).catch(() => undefined);
        await admit(connected, command.plan, running);
      }
      const handle = workflow.getHandle(launchWorkflowId(launch));
      return tellWorkflow(connected, { handle, whom: launchCalled(launch) }, command);
    },
    tellItem: (launch, item, command) => {
      const work = (id: string) => {
        const handle = workflow.getHandle(itemWorkflowId(launch, id));
        return tellWorkflow(connected, { handle, whom: itemCalled(launch, id) }, command);
      };
      return onItem(connected, launch, { item, work });
    },
    follow: (launch, signal) => follow(connected, launch, signal),
  };
}
