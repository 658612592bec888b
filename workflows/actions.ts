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

/** What is in the outbox is done with: it goes out from there by itself, and a slow channel must not hold up what follows. */
function readDelivered(value: unknown, to: readonly string[]): ActionResult {
  const { accepted, queued = [] } = (value ?? {}) as { accepted?: unknown; queued?: unknown };
  if (!Array.isArray(accepted) || !Array.isArray(queued)) return LOST;
  const missing = to.filter((each) => !accepted.includes(each) && !queued.includes(each));
  if (missing.length > 0) return { outcome: 'failed', seen: `no channel accepted it for ${missing.join(', ')}` };
  return { outcome: 'done', seen: `${queued.length > 0 ? 'put into the outbox for' : 'told'} ${to.join(', ')}` };
}

/** Where the worker says that it was not begun, or that no channel took it, that is known; of every other nobody knows. */
function resultOf(error: unknown): ActionResult {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  log.warn('An action gave no answer', { error: String(cause) });
  if (!(cause instanceof ApplicationFailure)) return LOST;
  if (cause.type === 'BAD_INPUT') return { outcome: 'failed', seen: `not begun: ${cause.message}` };
  return cause.type === 'NOT_DELIVERED' ? { outcome: 'failed', seen: cause.message } : LOST;
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
      const sending = { launch: plan.id, notice, to: notice.to, routes, trial };
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
