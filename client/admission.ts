import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { digestOf } from '../domain/digest';
import type { Plan } from '../domain/plan';
import { actionsOf, channelsOf, probesOf, type CheckRefusal } from '../domain/probes';
import { ADMISSION_WORKFLOW, admissionWorkflowId, launchWorkflowId, type AdmissionInput } from '../workflows/messages';
import { withDeadline, type Connected } from './connection';
import { isLate, LaunchError } from './errors';
import { pinnedVersion } from './versions';

/** A worker that lives answers in a moment; one that was just started, within some seconds. */
const ANSWER_WITHIN_MS = 15_000;
/** So many refusals are told one by one in the message; all of them are in its details. */
const MOST_TOLD = 20;

function sentence({ item, criterion, type, reasons }: CheckRefusal): string {
  return `${item === undefined ? '' : `${item} `}${criterion} (${type}): ${reasons.join('; ')}`;
}

const counted = (count: number, what: string): string[] =>
  count === 0 ? [] : [count === 1 ? `one ${what}` : `${count} ${what}s`];

/** "the worker does not allow what 2 checks and one action of this plan would reach". */
function refusalsText(refusals: CheckRefusal[]): string {
  const channels = refusals.filter(({ channel }) => channel !== undefined).length;
  const checks = refusals.filter(({ item }) => item !== undefined).length;
  const run = [...counted(checks, 'check'), ...counted(refusals.length - checks - channels, 'action')].join(' and ');
  const reach = run && `the worker does not allow what ${run} of this plan would reach`;
  const send = counted(channels, 'channel').map((which) => `the worker could not send by ${which} of this plan`);
  return [reach, ...send].filter(Boolean).join('; ');
}

function refused(refusals: CheckRefusal[]): LaunchError {
  const told = refusals.slice(0, MOST_TOLD).map(sentence);
  const more = refusals.length > told.length ? [`… and ${refusals.length - told.length} more`] : [];
  const head = `${refusalsText(refusals)}; nothing was started:`;
  return new LaunchError('CHECKS_REFUSED', [head, ...told, ...more].join('\n'), { refusals });
}

function noWorker(taskQueue: string): LaunchError {
  const message = `no worker answered on the task queue '${taskQueue}' within ${ANSWER_WITHIN_MS / 1_000} s, and only a worker knows what the checks, actions and channels of this plan may reach; nothing was started. Start one with 'launch up' or 'launch worker'; 'launch doctor' says what is missing`;
  return new LaunchError('NO_WORKER', message);
}

async function answerOf(connected: Connected, handle: WorkflowHandle): Promise<CheckRefusal[]> {
  try {
    return (await withDeadline(connected, () => handle.result(), ANSWER_WITHIN_MS)) as CheckRefusal[];
  } catch (error) {
    if (!isLate(error) && !(error instanceof WorkflowFailedError)) throw error;
    throw noWorker(connected.taskQueue);
  }
}

/** Those that are new or other than they were: of the rest it is late to say that nothing is told by them. */
function asked(plan: Plan, running: Plan | undefined): Plan['channels'] {
  const known = running ? channelsOf(running) : {};
  const isNew = ([id, channel]: [string, Plan['channels'][string]]): boolean =>
    !Object.hasOwn(known, id) || digestOf(known[id]!) !== digestOf(channel);
  return Object.fromEntries(Object.entries(channelsOf(plan)).filter(isNew));
}

/** Those that would run it: the launch's own version answers for what is to be amended. */
async function askedOf(connected: Connected, running: Plan | undefined) {
  const pinnedTo = running && (await pinnedVersion(connected, launchWorkflowId(running.id)));
  return pinnedTo && { versioningOverride: { pinnedTo } };
}

/**
 * Asks a worker whether it would run the checks and actions of a plan, and could send by its channels: of an amendment of
 * `running` by those that it changes. A plan that does nothing of that needs no answer.
 * @throws LaunchError CHECKS_REFUSED with every refusal, NO_WORKER, UNREACHABLE
 */
export async function admit(connected: Connected, plan: Plan, running?: Plan): Promise<void> {
  const input = { probes: probesOf(plan), actions: actionsOf(plan), channels: asked(plan, running) };
  if (input.probes.length + input.actions.length + Object.keys(input.channels).length === 0) return;
  const options = {
    workflowId: admissionWorkflowId(plan.id, randomUUID()),
    taskQueue: connected.taskQueue,
    args: [input satisfies AdmissionInput],
    // It ends by itself where no worker comes.
    workflowExecutionTimeout: ANSWER_WITHIN_MS,
    staticSummary: `Before the start of ${plan.id}: which checks and actions may be run, and channels used`,
    ...(await askedOf(connected, running)),
  };
  const handle = await withDeadline(connected, () => connected.client.workflow.start(ADMISSION_WORKFLOW, options));
  const refusals = await answerOf(connected, handle);
  if (refusals.length > 0) throw refused(refusals);
}
