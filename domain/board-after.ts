import { evidenceOf } from './evidence';
import type { ActionOutcome, ActionState } from './go-actions';
import { actionTitle, failedAction, retryLine } from './go-actions';
import { anyOf } from './speakers';
import type { Assessment, LaunchState, Need } from './launch-state';
import { isGone } from './launch-state';
import { needsOf } from './needs';
import { eligible } from './people';
import type { Follows } from './plan';
import { FOLLOWS } from './plan';
import { watchedViews } from './post-launch';
import { isoText } from './text';

/** What follows a verdict, one action each, as the board shows it. Instants are ISO 8601 in UTC. */
export interface BoardAction {
  follows: Follows;
  /** From 1, in the order of the plan. */
  number: number;
  title: string;
  kind: 'webhook' | 'command' | 'notify';
  /** `planned`: its verdict was not given yet. */
  state: ActionOutcome | 'planned' | 'waiting' | 'under-way' | 'skipped';
  attempts: number;
  at: string | null;
  seen: string | null;
}

export interface BoardPostLaunch {
  /** Null before GO. */
  from: string | null;
  until: string | null;
  over: boolean;
  criteria: Array<{
    id: string;
    /** The item that it runs as. */
    item: string;
    title: string;
    state: string;
    automatic: boolean;
    evidence: string | null;
    /** The authority was told that it does not hold, and it has not held since. */
    alarmed: boolean;
  }>;
}

function stateOf({ result, begunAt, skipped }: ActionState, given: boolean): BoardAction['state'] {
  if (!given) return 'planned';
  if (skipped) return 'skipped';
  return result?.outcome ?? (begunAt === undefined ? 'waiting' : 'under-way');
}

/** What came of it, and of one that was skipped who did that, and why. */
function seenOf({ result, skipped }: ActionState): string | null {
  if (!skipped) return result?.seen ?? null;
  return `skipped by ${skipped.by}: ${skipped.reason}${result ? ` (${result.outcome}: ${result.seen})` : ''}`;
}

/** Of each verdict those that follow it, or would. */
export function boardActions({ plan, followUps }: LaunchState): BoardAction[] {
  return FOLLOWS.flatMap((follows) => {
    const given = followUps?.[follows]?.actions;
    const all = given ?? plan.onVerdict[follows].map((action): ActionState => ({ action, attempts: 0 }));
    return all.map((each, index): BoardAction => {
      const { action, attempts, result, begunAt, skipped } = each;
      const at = skipped?.at ?? result?.at ?? begunAt;
      return {
        follows,
        number: index + 1,
        title: actionTitle(action),
        kind: action.webhook ? 'webhook' : action.command ? 'command' : 'notify',
        state: stateOf(each, given !== undefined),
        attempts,
        at: at === undefined ? null : isoText(at),
        seen: seenOf(each),
      };
    });
  });
}

export function boardPostLaunch(state: LaunchState, now: number): BoardPostLaunch | null {
  const { plan, postLaunch } = state;
  if (!plan.launch.postLaunch) return null;
  return {
    from: postLaunch ? isoText(postLaunch.from) : null,
    until: postLaunch ? isoText(postLaunch.until) : null,
    over: postLaunch?.over !== undefined,
    criteria: watchedViews(state, now).map((view) => ({
      id: view.criterion.id,
      item: view.item.id,
      title: view.criterion.title,
      state: view.state,
      automatic: view.criterion.check !== undefined,
      evidence: evidenceOf(view),
      alarmed: postLaunch?.alarmed.includes(view.criterion.id) ?? false,
    })),
  };
}

function retryNeed(state: LaunchState, now: number): Need[] {
  const failed = failedAction(state);
  if (state.phase !== 'launch-failed' || !failed) return [];
  const people = eligible(state.plan.people, state.plan.launch.authority.by, now);
  const how = failed.result?.outcome === 'unknown' ? 'may have been done or not' : 'failed';
  const action = `try again what follows GO: ${actionTitle(failed.action)} ${how} (${failed.result?.seen}); or skip it (--skip ${failed.n + 1} --reason TEXT), or cancel the launch`;
  return [{ who: anyOf(people), action, ref: state.plan.id, command: retryLine(state, people[0]) ?? null }];
}

function watchNeeds(state: LaunchState, now: number): Need[] {
  if (!state.postLaunch || state.postLaunch.over !== undefined) return [];
  const { alarmed } = state.postLaunch;
  const who = anyOf(eligible(state.plan.people, state.plan.launch.authority.by, now));
  return watchedViews(state, now).flatMap((view): Need[] => {
    const { criterion, item } = view;
    if (view.state === 'met' || view.state === 'waived') return [];
    if (criterion.attest) {
      const reason = { code: 'MUST_UNMET' as const, ref: item.id, text: '' };
      return needsOf(state, [reason], { now, horizon: now });
    }
    if (!alarmed.includes(criterion.id)) return [];
    const action = `${view.wrong ?? `'${criterion.title}' does not hold`}; decide whether to roll back`;
    return [{ who, action, ref: item.id, command: null }];
  });
}

/** What is wanted of people once GO was given; nothing of it changes the verdict. */
export function needsAfterGo(state: LaunchState, now: number): Need[] {
  return state.ended ? [] : [...retryNeed(state, now), ...watchNeeds(state, now)];
}

/** After GO nothing is weighed any more: the verdict is what it was, and what is wanted is what follows it. */
export function assessmentAfterGo(state: LaunchState, now: number): Assessment | undefined {
  const { verdict } = state;
  if (!isGone(state) || !verdict) return undefined;
  return {
    verdict: verdict.value,
    reasons: verdict.reasons,
    needs: needsAfterGo(state, now),
    conditions: verdict.conditions,
  };
}
