import { randomUUID } from 'node:crypto';
import { isGrpcServiceError, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { MOST_ITEMS } from '../domain/launch-commands';
import type { Plan } from '../domain/plan';
import { planProblem } from '../domain/plan-shape';
import { instantText } from '../domain/text';
import { LAUNCH_WORKFLOW, launchWorkflowId, type LaunchInput } from '../workflows/messages';
import { admit } from './admission';
import type { Connected } from './connection';
import { withDeadline } from './connection';
import { isLate, isNotFound, LaunchError, reasonOf } from './errors';
import { refuseLargePlan } from './plan-size';

/** More runs of one plan than this are a loop in somebody's script. */
const MOST_RUNS = 1_000;
const INVALID_ARGUMENT = 3;

const LAUNCH_ID = defineSearchAttributeKey('LaunchId', SearchAttributeType.KEYWORD);
const LAUNCH_PHASE = defineSearchAttributeKey('LaunchPhase', SearchAttributeType.KEYWORD);
const LAUNCH_AT = defineSearchAttributeKey('LaunchAt', SearchAttributeType.DATETIME);
const MUST_OPEN = defineSearchAttributeKey('MustOpen', SearchAttributeType.INT);

export interface Started {
  /** The launch's id: the plan's, or with `-2`, `-3` where earlier runs of it are over. */
  launch: string;
  workflowId: string;
  runId: string;
}

export interface StartInput {
  plan: Plan;
  /** Who starts it. */
  by: string;
  /** The same key again does not start it twice. */
  key?: string;
}

function checkPlan(plan: Plan): void {
  const problem = planProblem(plan);
  if (problem) throw new LaunchError('BAD_INPUT', `this is no compiled plan: ${problem}`);
  if (plan.items.length > MOST_ITEMS) {
    const message = `a launch has at most ${MOST_ITEMS} items for now; this plan has ${plan.items.length}. Split it into several launches`;
    throw new LaunchError('TOO_MANY_ITEMS', message, { items: plan.items.length, most: MOST_ITEMS });
  }
  refuseLargePlan(plan);
}

function searchAttributes(plan: Plan): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: LAUNCH_ID, value: plan.id },
    { key: LAUNCH_PHASE, value: 'preparing' },
    { key: LAUNCH_AT, value: new Date(plan.launch.at) },
    { key: MUST_OPEN, value: plan.gates.must.length },
  ]);
}

/** What the Temporal UI shows in its list and at the top of the launch's page, before anything has happened. */
function staticTexts(plan: Plan, by: string): { staticSummary: string; staticDetails: string } {
  const when = instantText(plan.calendar, plan.launch.at);
  const { must, should, nice } = plan.gates;
  const rows = [
    `# ${plan.title}`,
    `Launch ${when}. To be signed off by ${plan.launch.authority.by.join(', ')}.`,
    `${plan.items.length} items; ${must.length} musts, ${should.length} shoulds, ${nice.length} nice to have.`,
    `Started by ${by}. The board is under current details; type \`launch status ${plan.id}\` for it.`,
  ];
  return { staticSummary: `${plan.title}: ${when}`.slice(0, 200), staticDetails: rows.join('\n\n').slice(0, 10_000) };
}

/** A run with a higher number than one that Temporal does not know (any more: it forgets closed ones before running ones). */
async function laterRun(
  connected: Connected,
  id: string,
  unknown: number
): Promise<{ running: string } | { free: string } | undefined> {
  const query = `WorkflowType = '${LAUNCH_WORKFLOW}' AND WorkflowId STARTS_WITH '${launchWorkflowId(`${id}-`)}'`;
  let last = unknown;
  for await (const { workflowId, status } of connected.client.workflow.list({ query })) {
    const suffix = workflowId.slice(launchWorkflowId(`${id}-`).length);
    const run = /^[1-9]\d{0,3}$/.test(suffix) ? Number(suffix) : 0;
    if (run <= unknown) continue;
    if (status.name === 'RUNNING') return { running: `${id}-${run}` };
    last = Math.max(last, run + 1);
  }
  return last === unknown ? undefined : { free: `${id}-${last}` };
}

/** Of the runs `plan`, `plan-2`, …: the one that is running, else the first id that no run has had. */
async function lastRun(connected: Connected, id: string): Promise<{ running: string } | { free: string }> {
  for (let run = 1; run <= MOST_RUNS; run++) {
    const launch = run === 1 ? id : `${id}-${run}`;
    const handle = connected.client.workflow.getHandle(launchWorkflowId(launch));
    try {
      const { status } = await withDeadline(connected, () => handle.describe());
      if (status.name === 'RUNNING') return { running: launch };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return (await laterRun(connected, id, run)) ?? { free: launch };
    }
  }
  throw new LaunchError('ALREADY_RUNNING', `'${id}' has had ${MOST_RUNS} runs; give this one another id with --id`);
}

/** The launch that runs of a plan's runs, if one does. @throws LaunchError UNREACHABLE */
export async function runningRun(connected: Connected, plan: string): Promise<string | undefined> {
  const found = await lastRun(connected, plan);
  return 'running' in found ? found.running : undefined;
}

function alreadyRunning(launch: string): LaunchError {
  const message = `'${launch}' is running already. See it with 'launch status ${launch}', end it with 'launch cancel ${launch} --reason "…" --as PERSON', or give this one another id with --id`;
  return new LaunchError('ALREADY_RUNNING', message, { launch });
}

function explained(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  const isMissing =
    isGrpcServiceError(cause) && cause.code === INVALID_ARGUMENT && /search attribute/i.test(cause.details);
  if (!isMissing) return error;
  const message = `Temporal does not know our search attributes (${reasonOf(error)}). Start a worker: it registers them, or prints the commands that do.`;
  return new LaunchError('SEARCH_ATTRIBUTES_MISSING', message);
}

/** The launch of this id where an earlier, unanswered call with the same token has started it; else it is somebody else's. */
async function oursOf(connected: Connected, launch: string, token: string): Promise<Started> {
  const workflowId = launchWorkflowId(launch);
  const handle = connected.client.workflow.getHandle(workflowId);
  const { memo, runId } = await withDeadline(connected, () => handle.describe());
  if (memo?.startToken === token) return { launch, workflowId, runId };
  throw alreadyRunning(launch);
}

/**
 * Starts a launch of a compiled plan. Its id is the plan's, or the next free `-2`, `-3`.
 * @throws LaunchError BAD_INPUT, TOO_MANY_ITEMS, ALREADY_RUNNING, CHECKS_REFUSED, NO_WORKER, SEARCH_ATTRIBUTES_MISSING, UNREACHABLE
 */
export async function startLaunch(
  connected: Connected,
  { plan, by, key: token = randomUUID() }: StartInput
): Promise<Started> {
  checkPlan(plan);
  const found = await lastRun(connected, plan.id);
  if ('running' in found) return await oursOf(connected, found.running, token);
  await admit(connected, plan);
  const launch = found.free;
  const named: Plan = { ...plan, id: launch };
  const workflowId = launchWorkflowId(launch);
  const input: LaunchInput = { plan: named, by };
  const options = {
    workflowId,
    taskQueue: connected.taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'FAIL' as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    typedSearchAttributes: searchAttributes(named),
    memo: { startToken: token },
    ...staticTexts(named, by),
  };
  const start = () => withDeadline(connected, () => connected.client.workflow.start(LAUNCH_WORKFLOW, options));
  try {
    const handle = await start().catch((error: unknown) => (isLate(error) ? start() : Promise.reject(error)));
    return { launch, workflowId, runId: handle.firstExecutionRunId };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw explained(error);
    return await oursOf(connected, launch, token);
  }
}
