import { ActivityFailure, ApplicationFailure, log, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { ActionResult, DueAction } from '../domain/go-actions';
import { ACTION_OUTCOMES, actionKey, actionMessage, actionName, actionNotice, timeoutOf } from '../domain/go-actions';
import type { LaunchState } from '../domain/launch-state';
import { planDirectory, routesOf } from '../domain/routing';
import { SECOND } from '../domain/units';

/** Beyond an action's own timeout: its way through the worker. */
const SLACK = 5 * SECOND;
/** So long after its worker was killed an action is known to be nobody's. */
const LOST_AFTER = '10 seconds';
const ONCE = { maximumAttempts: 1 };

const LOST: ActionResult = {
  outcome: 'unknown',
  seen: 'whoever carried it out was lost on the way, or gave no answer in time: it may have been done',
};

/** An answer of a worker that cannot be read says nothing of what was done. */
function readResult(value: unknown): ActionResult {
  const { outcome, seen } = (value ?? {}) as Partial<ActionResult>;
  const isKnown = ACTION_OUTCOMES.some((each) => each === outcome) && typeof seen === 'string';
  return isKnown ? { outcome: outcome!, seen } : LOST;
}

function readDelivered(value: unknown, to: readonly string[]): ActionResult {
  const { accepted } = (value ?? {}) as { accepted?: unknown };
  if (!Array.isArray(accepted)) return LOST;
  const missing = to.filter((each) => !accepted.includes(each));
  return missing.length === 0
    ? { outcome: 'done', seen: `told ${to.join(', ')}` }
    : { outcome: 'failed', seen: `no channel accepted it for ${missing.join(', ')}` };
}

/** One that its worker refused to read was not begun; of every other nobody knows. */
function resultOf(error: unknown): ActionResult {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  log.warn('An action gave no answer', { error: String(cause) });
  return cause instanceof ApplicationFailure && cause.type === 'BAD_INPUT'
    ? { outcome: 'failed', seen: `not begun: ${cause.message}` }
    : LOST;
}

/** Carries an action out, once: it is never tried again by itself, whatever becomes of it. Never throws. */
export async function carryOut(state: LaunchState, due: DueAction): Promise<ActionResult> {
  const { plan } = state;
  const timeout = timeoutOf(due.action);
  const { runAction, notify } = proxyActivities<Activities>({
    startToCloseTimeout: timeout + SLACK,
    heartbeatTimeout: LOST_AFTER,
    retry: ONCE,
    summary: actionName(state, due).slice(0, 200),
  });
  const trial = plan.trial ?? false;
  try {
    if (due.action.notify) {
      const notice = actionNotice(state, due);
      const routes = routesOf(planDirectory(plan), notice.to, Date.now());
      const sending = { launch: plan.id, notice, to: notice.to, routes, confirm: true, trial };
      return readDelivered(await notify(sending), notice.to);
    }
    const { action } = due;
    const key = actionKey(plan.id, due);
    const message = actionMessage(state, due);
    return readResult(await runAction({ launch: plan.id, key, action, message, timeout, trial }));
  } catch (error) {
    return resultOf(error);
  }
}
