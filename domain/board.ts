import type { AnnouncementPreview } from './announcement';
import { announcementPreview } from './announcement';
import { assess, viewGate, whyNot } from './assess';
import type { BoardAction, BoardPostLaunch } from './board-after';
import { assessmentAfterGo, boardActions, boardPostLaunch } from './board-after';
import { evidenceOf } from './evidence';
import type { ItemView } from './item-view';
import { viewItem, waitingOn } from './item-view';
import { instantAt } from './intervals';
import { isSettled } from './item-judge';
import type { Refused } from './item-state';
import type {
  Assessment,
  Condition,
  Hold,
  LaunchState,
  Need,
  Phase,
  Reason,
  ReportedBlocker,
  Verdict,
} from './launch-state';
import { phaseOf, runningItems } from './launch-state';
import type { MetricValue } from './metrics';
import { metricsOf } from './metrics';
import type { GateEntry, ItemKind, Milestone } from './plan';
import { signedNow, signOffState } from './sign-off';
import type { StandupInstant } from './standup-times';
import { nextStandup, standupsAreOver, standupTimes } from './standup-times';
import { isoText } from './text';

/** What `launch status --json` prints and the board shows. Instants are ISO 8601 in UTC. */
export interface Board {
  id: string;
  title: string;
  revision: number;
  phase: Phase;
  launchAt: string;
  timezone: string;
  verdict: { value: Verdict; at: string | null; reasons: Reason[]; needs: Need[]; conditions: Condition[] };
  now: Assessment;
  /** What a signature would stand for now. */
  digest: string;
  items: BoardItem[];
  gates: { must: BoardGate[]; should: BoardGate[]; nice: BoardGate[] };
  signOffs: Array<{ by: string; answer: 'yes' | 'no'; state: string; at: string; reason?: string }>;
  holds: Array<Omit<Hold, 'at'> & { at: string }>;
  reported: Array<Omit<ReportedBlocker, 'at' | 'deadline'> & { at: string; deadline: string | null }>;
  metrics: MetricValue[];
  /** The next standup or review; null where there is none. */
  standup: { next: string; kind: StandupInstant['kind'] } | null;
  milestones: Array<{ title: string; at: string | null; items: string[] }>;
  announcement: { for: string; at: string; accepted: string[] } | null;
  /** What is announced of the present date, or will be; null where nothing is. */
  announce: AnnouncementPreview | null;
  slips: Array<{ at: string; from: string; to: string; by?: string; reason: string }>;
  /** What follows the verdicts, or would. */
  actions: BoardAction[];
  /** What is watched after GO; null where the plan has nothing of it. */
  postLaunch: BoardPostLaunch | null;
  /** The plan's steps that take the launch back. */
  rollback: string[];
  refused: Refused[];
  speed?: { factor: number; floors: string[] };
  trial?: boolean;
  ended: { how: string; at: string; reason: string } | null;
}

export interface BoardItem {
  id: string;
  kind: ItemKind;
  title: string;
  status: string;
  owners: string[];
  priority: string | null;
  deadline: string | null;
  overdue: boolean;
  reopened: number;
  waitingOn: string[];
  chosen: string | null;
  criteria: BoardCriterion[];
}

export interface BoardCriterion {
  id: string;
  title: string;
  state: string;
  automatic: boolean;
  evidence: string | null;
}

export interface BoardGate {
  ref: string;
  title: string;
  state: 'met' | 'waived' | 'unmet' | 'dropped';
  reason: string | null;
}

function boardItem(state: LaunchState, view: ItemView, now: number): BoardItem {
  const { item, status, owners, report, criteria } = view;
  const deadline = item.deadline ? instantAt(state.plan.calendar, item.deadline, state.launchAt) : undefined;
  const open = !isSettled(status) && status !== 'dropped' && status !== 'carried-over';
  return {
    id: item.id,
    kind: item.kind,
    title: item.title,
    status,
    owners,
    priority: item.priority ?? null,
    deadline: deadline === undefined ? null : isoText(deadline),
    overdue: open && deadline !== undefined && now > deadline,
    reopened: report?.reopened ?? 0,
    waitingOn: status === 'waiting' ? waitingOn(state, item) : [],
    chosen: report?.chosen?.option ?? null,
    criteria: criteria.map((each) => ({
      id: each.criterion.id,
      title: each.criterion.title,
      state: each.state,
      automatic: each.criterion.check !== undefined,
      evidence: evidenceOf(each),
    })),
  };
}

/** After GO a must can be otherwise than it counted: also the poll of a check that its watch has not seen recover. */
function sinceGo(why: string | undefined): string | undefined {
  return why && `met in the final poll, which is what GO counted; now ${why}`;
}

function boardGate(view: ItemView, entry: GateEntry, hasGone: boolean): BoardGate {
  const { status, ok, criteria } = view;
  const waived = ok && criteria.some(({ state }) => state === 'waived');
  const state = status === 'dropped' ? 'dropped' : ok ? (waived ? 'waived' : 'met') : 'unmet';
  return {
    ref: entry.item,
    title: entry.title,
    state,
    reason: (hasGone ? sinceGo(whyNot(view)) : whyNot(view)) ?? null,
  };
}

function boardGates(state: LaunchState, now: number): Board['gates'] {
  const gate = (entries: readonly GateEntry[], polled: boolean) => {
    const views = new Map(viewGate(state, entries, { now, polled }).map((view) => [view.item.id, view]));
    return entries.flatMap((entry) => {
      const view = views.get(entry.item);
      return view ? [boardGate(view, entry, polled && state.verdict?.value === 'GO')] : [];
    });
  };
  const { must, should, nice } = state.plan.gates;
  return { must: gate(must, true), should: gate(should, false), nice: gate(nice, false) };
}

function milestone(state: LaunchState, { title, at, items }: Milestone): Board['milestones'][number] {
  return { title, at: at ? isoText(instantAt(state.plan.calendar, at, state.launchAt)) : null, items };
}

function standupAfter(state: LaunchState, at: number): Board['standup'] {
  const next = standupsAreOver(state) ? undefined : nextStandup(standupTimes(state), at);
  return next ? { next: isoText(next.at), kind: next.kind } : null;
}

/**
 * The whole launch as people see it at `now` (epoch ms): one object for status, board and page. Somebody may look at it
 * later than that, since a launch is not woken by its standups.
 */
export function boardOf(state: LaunchState, now: number, lookedAt = now): Board {
  const { plan, verdict } = state;
  const assessed = assessmentAfterGo(state, now) ?? assess(state, now);
  const live = state.ended ? { ...assessed, needs: [] } : assessed;
  const items = runningItems(state).map((item) => boardItem(state, viewItem(state, item, { now }), now));
  const overdue = new Set(items.filter((item) => item.overdue).map(({ id }) => id));
  return {
    id: plan.id,
    title: plan.title,
    revision: plan.revision,
    phase: phaseOf(state),
    launchAt: isoText(state.launchAt),
    timezone: plan.timezone,
    verdict: verdict
      ? {
          value: verdict.value,
          at: isoText(verdict.at),
          reasons: verdict.reasons,
          needs: live.needs,
          conditions: verdict.conditions,
        }
      : { value: live.verdict, at: null, reasons: live.reasons, needs: live.needs, conditions: live.conditions },
    now: live,
    digest: signedNow(state, now).digest,
    items,
    gates: boardGates(state, now),
    signOffs: state.signOffs.map((signOff) => {
      const { by, answer, at, why, void: gone } = signOff;
      return { by, answer, state: signOffState(signOff), at: isoText(at), reason: gone?.reason ?? why };
    }),
    holds: state.holds.map((hold) => ({ ...hold, at: isoText(hold.at) })),
    reported: state.reported.map((report) => {
      const { at, deadline } = report;
      return {
        ...report,
        told: undefined,
        at: isoText(at),
        deadline: deadline === undefined ? null : isoText(deadline),
      };
    }),
    metrics: metricsOf(state, overdue),
    standup: standupAfter(state, lookedAt),
    milestones: plan.launch.milestones.map((each) => milestone(state, each)),
    announcement: state.announcement
      ? {
          for: isoText(state.announcement.for),
          at: isoText(state.announcement.at),
          accepted: state.announcement.accepted,
        }
      : null,
    announce: announcementPreview(state, live),
    slips: state.slips.map((slip) => ({
      ...slip,
      at: isoText(slip.at),
      from: isoText(slip.from),
      to: isoText(slip.to),
    })),
    actions: boardActions(state),
    postLaunch: boardPostLaunch(state, now),
    rollback: plan.launch.rollback,
    refused: state.refused,
    speed: plan.speed,
    trial: plan.trial,
    ended: state.ended ? { ...state.ended, at: isoText(state.ended.at) } : null,
  };
}

/** How many musts are not what GO wants. */
export function mustsOpen(state: LaunchState, now: number): number {
  return viewGate(state, state.plan.gates.must, { now, polled: true }).filter(({ ok }) => !ok).length;
}
