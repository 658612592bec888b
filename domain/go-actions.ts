import { digestOf } from './digest';
import type { LaunchFact } from './launch';
import type { LaunchState, RecordedVerdict, Verdict } from './launch-state';
import type { Notice } from './notice';
import { eligible } from './people';
import type { Action, Follows, Json, Plan } from './plan';
import { FOLLOWS } from './plan';
import { isoText } from './text';
import { MINUTE } from './units';

/** What carrying an action out came to. `unknown`: it was begun, and nobody saw how it ended. */
export const ACTION_OUTCOMES = ['done', 'failed', 'unknown'] as const;
export type ActionOutcome = (typeof ACTION_OUTCOMES)[number];

export interface ActionResult {
  outcome: ActionOutcome;
  /** In words: at most 2 kB, without secrets. */
  seen: string;
}

/** One action of a verdict: what is to be done, and how often that was tried. */
export interface ActionState {
  action: Action;
  attempts: number;
  /** Of the last attempt; absent: it waits for its turn. */
  begunAt?: number;
  /** Of the last attempt; absent while it is under way. */
  result?: ActionResult & { at: number };
  /** A person has taken it on themselves: GO goes on behind it. */
  skipped?: { by: string; at: number; reason: string };
}

/** What follows one verdict; `at` is the verdict's instant. */
export interface FollowUp {
  at: number;
  actions: ActionState[];
}

export type FollowUps = { [follows in Follows]?: FollowUp };

/** Which action: the `n`th (from 0) of those that follow the verdict of an instant. */
export interface ActionRef {
  follows: Follows;
  verdictAt: number;
  n: number;
  attempt: number;
}

/** An action whose turn it is. */
export interface DueAction extends ActionRef {
  action: Action;
  title: string;
}

const FOLLOWS_OF: { [verdict in Verdict]: Follows } = { GO: 'go', DELAY: 'delay', NO_GO: 'noGo' };
const DEFAULT_TIMEOUT = MINUTE;
/** Of what a verdict rests on a receiver is told this much. */
const MOST_LINES = 50;

/** How long an action may take, in ms. */
export function timeoutOf({ timeout = DEFAULT_TIMEOUT }: Action): number {
  return timeout;
}

/** What an action is called where the plan does not say. No more of an address than its host: the rest may be a key. */
export function actionTitle({ title, webhook, command, notify }: Action): string {
  if (title !== undefined) return title;
  if (webhook) {
    const { url } = webhook;
    return `call ${typeof url === 'string' ? (/^https?:\/\/([^/?#]*@)?([^/?#]*)/i.exec(url)?.[2] ?? 'an address') : `$${url.env}`}`;
  }
  return command ? `run ${[command.name, ...(command.args ?? [])].join(' ')}` : `tell ${(notify ?? []).join(', ')}`;
}

/** "GO action 2 of 3 (call ci.example.com)". */
export function actionName(state: LaunchState, { follows, n, title }: DueAction): string {
  const verdict = { go: 'GO', delay: 'DELAY', noGo: 'NO GO' }[follows];
  return `${verdict} action ${n + 1} of ${state.followUps?.[follows]?.actions.length ?? n + 1} (${title})`;
}

/** The actions of a verdict that was just given, none of them tried. */
export function withFollowUp(state: LaunchState, { value, at }: RecordedVerdict): LaunchState['followUps'] {
  const follows = FOLLOWS_OF[value];
  const actions = state.plan.onVerdict[follows].map((action): ActionState => ({ action, attempts: 0 }));
  return actions.length === 0 ? state.followUps : { ...state.followUps, [follows]: { at, actions } };
}

/** Whether GO is through with an action: it was seen to be done, or a person has skipped it. */
function isPast({ result, skipped }: ActionState): boolean {
  return result?.outcome === 'done' || skipped !== undefined;
}

/** Whether nothing of GO is left to do. */
export function isCarriedOut({ followUps }: LaunchState): boolean {
  return followUps?.go?.actions.every(isPast) ?? true;
}

/** The action of GO that nobody has seen done, and that stops the rest. */
export function failedAction({ followUps }: LaunchState): (ActionState & { n: number }) | undefined {
  const actions = followUps?.go?.actions ?? [];
  const n = actions.findIndex((action) => action.result !== undefined && !isPast(action));
  return n === -1 ? undefined : { ...actions[n]!, n };
}

/** The next of one list: in order, one at a time. What stops GO's stops nothing of the others. */
function dueOf({ followUps, ended }: LaunchState, follows: Follows): DueAction[] {
  const followUp = followUps?.[follows];
  // A launch that was ended by a person does nothing more of its GO.
  if (!followUp || (ended && follows !== 'noGo')) return [];
  const n = followUp.actions.findIndex((each) => !each.result || (follows === 'go' && !isPast(each)));
  const next = followUp.actions[n];
  if (!next || next.begunAt !== undefined) return [];
  const { action, attempts } = next;
  return [{ follows, verdictAt: followUp.at, n, attempt: attempts + 1, action, title: actionTitle(action) }];
}

/** The actions whose turn it is now, of each list the first that is left. */
export function dueActions(state: LaunchState): DueAction[] {
  return FOLLOWS.flatMap((follows) => dueOf(state, follows));
}

/** Whether something that follows the verdict has been begun and has not ended. */
export function isActing({ followUps }: LaunchState): boolean {
  return FOLLOWS.some((follows) =>
    followUps?.[follows]?.actions.some(({ begunAt, result }) => begunAt !== undefined && !result)
  );
}

/** Equal for every attempt at the same action, so that a receiver can tell a repeat. */
export function actionKey(launch: string, { follows, verdictAt, n }: ActionRef): string {
  return `act_${digestOf({ launch, follows, verdictAt, n }).slice(0, 32)}`;
}

/** What a webhook without a body of its own is sent; the same for every attempt. */
export function actionMessage(state: LaunchState, { follows, verdictAt, n, title }: DueAction): Json {
  const { plan, launchAt, verdict } = state;
  const lines = (all: ReadonlyArray<{ code: string; ref: string; text: string }> = []) =>
    all.slice(0, MOST_LINES).map(({ code, ref, text }) => ({ code, ref, text }));
  const mine = verdict?.at === verdictAt ? verdict : undefined;
  return {
    type: `launch.${{ go: 'go', delay: 'delay', noGo: 'no-go' }[follows]}`,
    timestamp: isoText(verdictAt),
    data: {
      launch: plan.id,
      title: plan.title,
      revision: plan.revision,
      launchAt: isoText(mine?.launchAt ?? launchAt),
      action: { number: n + 1, title },
      reasons: lines(mine?.reasons),
      conditions: lines(mine?.conditions),
    },
  };
}

/** What an action that tells people sends. */
export function actionNotice(state: LaunchState, due: DueAction): Notice {
  const { plan, verdict } = state;
  const word = { go: 'GO', delay: 'DELAY', noGo: 'NO GO' }[due.follows];
  const mine = verdict?.at === due.verdictAt ? verdict : undefined;
  const lines = due.follows === 'go' ? (mine?.conditions ?? []) : (mine?.reasons ?? []);
  return {
    key: `${plan.id}:${actionKey(plan.id, due)}`,
    to: due.action.notify ?? [],
    about: plan.id,
    subject: due.action.title === undefined ? `${plan.title}: ${word}` : `${plan.title}: ${due.action.title}`,
    text: lines.map(({ text }) => `- ${text}`).join('\n'),
    urgent: true,
  };
}

/** The plan's own steps back, as every alarm after GO shows them; nothing where the plan has none. */
export function rollbackText({ launch }: Plan): string {
  if (launch.rollback.length === 0) return '';
  return `\nTo roll back:\n${launch.rollback.map((step, index) => `${index + 1}. ${step}`).join('\n')}`;
}

const ENDED_HOW: { [outcome in Exclude<ActionOutcome, 'done'>]: string } = {
  failed: 'failed',
  unknown: 'was begun, and nobody knows how it ended',
};

/** To the authority. Only what stops GO is theirs to take up again. */
function alarm(state: LaunchState, due: DueAction, { outcome, seen, at }: ActionResult & { at: number }): Notice {
  const { id, title, people, launch } = state.plan;
  const isGo = due.follows === 'go';
  const left = (state.followUps?.[due.follows]?.actions.length ?? 0) - due.n - 1;
  const after = left === 0 ? 'It was the last one.' : `${left} after it ${left === 1 ? 'waits' : 'wait'}.`;
  const what = isGo
    ? `${after} The launch waits until somebody tries it again, skips it (--skip ${due.n + 1} --reason TEXT), or cancels it.`
    : 'Nothing waits for it.';
  const [boss] = eligible(people, launch.authority.by, at);
  return {
    key: `${id}:${actionKey(id, due)}:${due.attempt}`,
    to: launch.authority.by,
    about: id,
    subject: `${title}: ${actionName(state, due)} ${outcome === 'done' ? 'is done' : ENDED_HOW[outcome]}`,
    text: `${seen}\n${what}${isGo ? rollbackText(state.plan) : ''}`,
    command: isGo ? retryLine(state, boss) : undefined,
    urgent: true,
  };
}

/** The line that takes GO's actions up again. */
export function retryLine({ plan }: LaunchState, by: string | undefined): string | undefined {
  return by && `launch retry-actions ${plan.id} --as ${by}`;
}

/** What an attempt came to, with an alarm where nobody has seen it done. */
export function acceptResult(
  state: LaunchState,
  due: DueAction,
  { outcome, seen, at }: ActionResult & { at: number }
): LaunchFact[] {
  const { follows, verdictAt, n, attempt } = due;
  const fact = { type: 'actionEnded' as const, at, follows, verdictAt, n, attempt, outcome, seen };
  return [outcome === 'done' ? fact : { ...fact, notice: alarm(state, due, { outcome, seen, at }) }];
}

function changed(
  state: LaunchState,
  { follows, verdictAt, n }: ActionRef,
  change: (action: ActionState) => ActionState
): LaunchState {
  const followUp = state.followUps?.[follows];
  const action = followUp?.actions[n];
  if (!followUp || !action || followUp.at !== verdictAt) return state;
  const next = change(action);
  if (next === action) return state;
  const actions = followUp.actions.map((each, index) => (index === n ? next : each));
  return { ...state, followUps: { ...state.followUps, [follows]: { ...followUp, actions } } };
}

export function actionBegun(state: LaunchState, fact: ActionRef & { at: number }): LaunchState {
  return changed(state, fact, (action) =>
    action.begunAt === undefined && fact.attempt === action.attempts + 1
      ? { ...action, attempts: fact.attempt, begunAt: fact.at }
      : action
  );
}

/** An attempt that is over, or of which nothing is known, is not ended again. */
export function actionEnded(state: LaunchState, fact: ActionRef & ActionResult & { at: number }): LaunchState {
  const { outcome, seen, at, attempt, follows } = fact;
  const next = changed(state, fact, (action) =>
    action.begunAt !== undefined && !action.result && action.attempts === attempt
      ? { ...action, result: { outcome, seen, at } }
      : action
  );
  const stops = next !== state && follows === 'go' && outcome !== 'done' && next.phase === 'launching';
  return stops ? { ...next, phase: 'launch-failed' } : next;
}

/** What is kept of a skip: who took the action on themselves, and why. */
export interface Skip {
  by: string;
  at: number;
  /** Its number, from 1. */
  skip?: number;
  reason?: string;
}

/** GO goes on at the action that stopped it, or behind it. Another one than that is neither tried nor skipped. */
export function actionsRetried(state: LaunchState, { by, at, skip, reason = '' }: Skip): LaunchState {
  const failed = failedAction(state);
  const go = state.followUps?.go;
  if (state.phase !== 'launch-failed' || !failed || !go) return state;
  if (skip !== undefined && skip !== failed.n + 1) return state;
  const again = changed(state, { follows: 'go', verdictAt: go.at, n: failed.n, attempt: failed.attempts }, (action) => {
    if (skip !== undefined) return { ...action, skipped: { by, at, reason } };
    const { begunAt: _begunAt, result: _result, ...left } = action;
    return left;
  });
  return { ...again, phase: 'launching' };
}
