import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { Plan } from '../domain/plan';
import { actionsOf, probesOf, type CheckRefusal } from '../domain/probes';
import { ADMISSION_WORKFLOW, admissionWorkflowId, type AdmissionInput } from '../workflows/messages';
import { withDeadline, type Connected } from './connection';
import { isLate, LaunchError } from './errors';

/** A worker that lives answers in a moment; one that was just started, within some seconds. */
const ANSWER_WITHIN_MS = 15_000;
/** So many refusals are told one by one in the message; all of them are in its details. */
const MOST_TOLD = 20;

function sentence({ item, criterion, type, reasons }: CheckRefusal): string {
  return `${item === undefined ? '' : `${item} `}${criterion} (${type}): ${reasons.join('; ')}`;
}

/** "2 checks and one action". */
function countOf(refusals: CheckRefusal[]): string {
  const actions = refusals.filter(({ item }) => item === undefined).length;
  const counted = (count: number, what: string) =>
    count === 0 ? [] : [count === 1 ? `one ${what}` : `${count} ${what}s`];
  return [...counted(refusals.length - actions, 'check'), ...counted(actions, 'action')].join(' and ');
}

function refused(refusals: CheckRefusal[]): LaunchError {
  const told = refusals.slice(0, MOST_TOLD).map(sentence);
  const more = refusals.length > told.length ? [`… and ${refusals.length - told.length} more`] : [];
  const head = `the worker does not allow what ${countOf(refusals)} of this plan would reach; nothing was started:`;
  return new LaunchError('CHECKS_REFUSED', [head, ...told, ...more].join('\n'), { refusals });
}

function noWorker(taskQueue: string): LaunchError {
  const message = `no worker answered on the task queue '${taskQueue}' within ${ANSWER_WITHIN_MS / 1_000} s, and only a worker knows what the checks and actions of this plan may reach; nothing was started. Start one with 'launch up' or 'launch worker'; 'launch doctor' says what is missing`;
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

/**
 * Asks a worker whether it would run the checks and actions of a plan. A plan without a check that looks at the world,
 * and without an action that reaches it, needs no answer.
 * @throws LaunchError CHECKS_REFUSED with every refusal, NO_WORKER, UNREACHABLE
 */
export async function admit(connected: Connected, plan: Plan): Promise<void> {
  const probes = probesOf(plan);
  const actions = actionsOf(plan);
  if (probes.length + actions.length === 0) return;
  const input: AdmissionInput = { probes, actions };
  const options = {
    workflowId: admissionWorkflowId(plan.id, randomUUID()),
    taskQueue: connected.taskQueue,
    args: [input],
    // It ends by itself where no worker comes.
    workflowExecutionTimeout: ANSWER_WITHIN_MS,
    staticSummary: `Before the start of ${plan.id}: which checks and actions may be run`,
  };
  const handle = await withDeadline(connected, () => connected.client.workflow.start(ADMISSION_WORKFLOW, options));
  const refusals = await answerOf(connected, handle);
  if (refusals.length > 0) throw refused(refusals);
}
