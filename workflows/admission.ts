import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { CheckRefusal } from '../domain/probes';
import type { AdmissionInput } from './messages';

const ANSWER_WITHIN = '15 seconds';

/**
 * Asks a worker, before a plan is started, which of its checks and actions it would not run, and which of its channels it
 * could not send by: what they may reach is the worker's decision, and nobody else knows it. A workflow, since that is how one asks any worker of a queue.
 */
export async function admissionWorkflow(input: AdmissionInput): Promise<CheckRefusal[]> {
  const probes: unknown = input?.probes;
  if (!Array.isArray(probes)) throw ApplicationFailure.nonRetryable('expected { probes: […] }', 'BAD_INPUT');
  const { admitChecks } = proxyActivities<Activities>({
    scheduleToCloseTimeout: ANSWER_WITHIN,
    summary: `Ask whether ${probes.length} checks and ${input.actions?.length ?? 0} actions may be run`,
  });
  return await admitChecks(input);
}
