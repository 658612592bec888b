import type { ActionRef, ActionResult } from './go-actions';
import { actionBegun, actionEnded, actionsRetried, isCarriedOut, withFollowUp } from './go-actions';
import { isSettled } from './item-judge';
import type { ItemReport, LaunchEnd } from './item-state';
import { suspends } from './item-state';
import { indexOf, reportOn } from './item-view';
import type { LaunchState, RecordedVerdict, ReportedBlocker, SignOff } from './launch-state';
import { isGone } from './launch-state';
import type { Notice } from './notice';
import type { Calendar, Plan } from './plan';
import { postLaunchFell, postLaunchRose, waiverRanOut, watchFrom } from './post-launch';
import { releasedReports, reviewLate } from './reviews';

/** What has happened to a launch. Never refused; instants are epoch ms. */
export type LaunchFact = { at: number; via?: 'operator' } & (
  | { type: 'started'; by: string }
  | { type: 'reported'; item: string; report: ItemReport }
  | {
      type: 'signedOff';
      by: string;
      answer: 'yes' | 'no' | 'withdraw';
      digest: string;
      accepts: string[];
      why?: string;
    }
  | { type: 'signOffVoided'; by: string; reason: string; notice: Notice }
  /** That it is suspended follows from the report; this says that its giver is told. */
  | { type: 'signOffSuspended'; by: string; item: string; notice: Notice }
  | { type: 'held'; by: string; reason: string }
  | { type: 'released'; by: string; reason?: string }
  | { type: 'rescheduled'; by: string; launchAt: number; reason: string; notice?: Notice }
  | { type: 'dateTaken'; launchAt: number; reason: string; notice: Notice }
  | { type: 'announced'; for: number; nominal: number; accepted: string[]; failed: string[] }
  | { type: 'pollStarted'; from: number; until: number }
  | { type: 'decided'; verdict: RecordedVerdict; notice: Notice }
  | ({ type: 'actionBegun' } & ActionRef)
  | ({ type: 'actionEnded'; notice?: Notice } & ActionRef & ActionResult)
  | { type: 'actionsRetried'; by: string; skip?: number; reason?: string }
  | { type: 'launched' }
  | { type: 'postLaunchFell'; criterion: string; notice: Notice }
  | { type: 'postLaunchRose'; criterion: string; notice: Notice }
  /** `waiver` is `ITEM/CRITERION`. */
  | { type: 'waiverRanOut'; waiver: string; notice: Notice }
  | { type: 'postLaunchOver'; notice: Notice }
  | { type: 'ended'; how: LaunchEnd; reason: string; notice?: Notice }
  | { type: 'blockerReported'; report: ReportedBlocker; notice: Notice }
  | { type: 'blockerReviewed'; by: string; report: string; accept: boolean; reason?: string; notice?: Notice }
  | { type: 'amended'; by: string; plan: Plan; reason: string }
  | { type: 'calendarExtended'; calendar: Calendar }
  | { type: 'asked'; notice: Notice }
  | { type: 'nagged'; notice: Notice }
  | { type: 'reviewLate'; report: string; step: number; notice: Notice }
  | { type: 'refused'; command: string; by: string; code: string; message: string }
);

const KEPT_REFUSALS = 20;

function isYes({ answer, void: voided }: SignOff): boolean {
  return answer === 'yes' && !voided;
}

/**
 * A must that fell suspends the sign-offs that were given before the launch knew of it, whatever their instants: who
 * signed did not know either. Met again within the grace it lifts that; later the sign-off is left to be void.
 */
function suspend(state: LaunchState, { item, report }: LaunchFact & { type: 'reported' }): SignOff[] {
  if (indexOf(state.plan).gates.get(item) !== 'must') return state.signOffs;
  const { fell, status } = report;
  const before = reportOn(state, item)?.fell;
  const isNews = fell !== undefined && suspends(fell.kind) && !(before?.at === fell.at && before.kind === fell.kind);
  const metAt = isSettled(status) ? (report.settledAt ?? Infinity) : Infinity;
  return state.signOffs.map((signOff) => {
    if (!isYes(signOff)) return signOff;
    const known = signOff.fallen.some((fallen) => fallen.item === item);
    if (known) {
      const grace = state.plan.launch.signOffGrace;
      const left = signOff.fallen.filter((fallen) => fallen.item !== item || metAt > fallen.at + grace);
      return left.length === signOff.fallen.length ? signOff : { ...signOff, fallen: left };
    }
    return isNews && metAt === Infinity ? { ...signOff, fallen: [...signOff.fallen, { item, at: fell.at }] } : signOff;
  });
}

function reported(state: LaunchState, fact: LaunchFact & { type: 'reported' }): LaunchState {
  const known = reportOn(state, fact.item);
  if (known && known.seq >= fact.report.seq) return state;
  return { ...state, signOffs: suspend(state, fact), reports: { ...state.reports, [fact.item]: fact.report } };
}

function signedOff(state: LaunchState, fact: LaunchFact & { type: 'signedOff' }): LaunchState {
  const { by, at, answer, digest, accepts, why } = fact;
  const others = state.signOffs.filter((signOff) => signOff.by !== by);
  if (answer === 'withdraw') return { ...state, signOffs: others };
  return { ...state, signOffs: [...others, { by, at, answer, digest, accepts, why, fallen: [] }] };
}

function slip(state: LaunchState, fact: { at: number; launchAt: number; by?: string; reason: string }): LaunchState {
  const { at, launchAt, by, reason } = fact;
  const slips = [...state.slips, { at, from: state.launchAt, to: launchAt, by, reason }];
  return { ...state, launchAt, slips, phase: 'preparing', poll: undefined, askedFor: undefined };
}

function announced(state: LaunchState, fact: LaunchFact & { type: 'announced' }): LaunchState {
  const { at, nominal, accepted } = fact;
  const before = state.announcement?.for === fact.for ? state.announcement.accepted : [];
  const all = [...new Set([...before, ...accepted])];
  const told = [...new Set([...state.told, ...accepted])];
  return { ...state, told, announcement: { for: fact.for, nominal, at, accepted: all } };
}

/** An item that is taken out is forgotten: put in again it begins anew. */
function reportsIn(plan: Plan, reports: LaunchState['reports']): LaunchState['reports'] {
  const { items } = indexOf(plan);
  return Object.fromEntries(Object.entries(reports).filter(([id]) => items.has(id)));
}

const PHASE_AFTER = { GO: 'launching', DELAY: 'delayed', NO_GO: 'stopped' } as const;

/** Only what was held after the first date counts for giving up: that clock did not run before. */
function released(state: LaunchState, at: number): LaunchState {
  const since = Math.max(state.firstAt, Math.min(at, ...state.holds.map((hold) => hold.at)));
  const heldFor = state.heldFor + Math.max(0, at - since);
  return { ...state, holds: [], naggedAt: undefined, heldFor, reported: releasedReports(state, at) };
}

function reviewed(state: LaunchState, fact: LaunchFact & { type: 'blockerReviewed' }): LaunchState {
  const { by, at, accept, reason } = fact;
  const reports = state.reported.map((each) =>
    each.id === fact.report ? { ...each, review: { by, at, accept, reason } } : each
  );
  return { ...state, reported: reports };
}

function toldLate(state: LaunchState, { report: id, step, at }: LaunchFact & { type: 'reviewLate' }): LaunchState {
  const late = (report: ReportedBlocker) => (report.id === id ? reviewLate(state, report, { at, step }) : report);
  return { ...state, reported: state.reported.map(late) };
}

function decided(state: LaunchState, { verdict }: LaunchFact & { type: 'decided' }): LaunchState {
  return {
    ...state,
    phase: PHASE_AFTER[verdict.value],
    verdict,
    poll: undefined,
    followUps: withFollowUp(state, verdict),
    postLaunch: watchFrom(state, verdict),
  };
}

/** What was given as GO stays that, also where its actions failed or its watch was cut short. */
function ended(state: LaunchState, { how, at, reason }: LaunchFact & { type: 'ended' }): LaunchState {
  const phase = how === 'launched' || isGone(state) ? state.phase : 'stopped';
  return { ...state, phase, ended: { how, at, reason } };
}

function change(state: LaunchState, fact: LaunchFact): LaunchState {
  switch (fact.type) {
    case 'started':
      return { ...state, startedAt: fact.at };
    case 'reported':
      return reported(state, fact);
    case 'signedOff':
      return signedOff(state, fact);
    case 'signOffSuspended':
      return state;
    case 'signOffVoided': {
      const { by, at, reason } = fact;
      const voided = (signOff: SignOff) =>
        signOff.by === by && isYes(signOff) ? { ...signOff, void: { at, reason } } : signOff;
      return { ...state, signOffs: state.signOffs.map(voided) };
    }
    case 'held':
      return {
        ...state,
        holds: [...state.holds, { by: fact.by, at: fact.at, reason: fact.reason }],
        naggedAt: state.naggedAt ?? fact.at,
        wasHeld: true,
      };
    case 'released':
      return released(state, fact.at);
    case 'rescheduled':
      return { ...slip(state, fact), firstAt: fact.launchAt, heldFor: 0 };
    case 'dateTaken':
      return slip(state, fact);
    case 'announced':
      return announced(state, fact);
    case 'pollStarted':
      return { ...state, phase: 'polling', poll: { from: fact.from, until: fact.until } };
    case 'decided':
      return decided(state, fact);
    case 'actionBegun':
      return actionBegun(state, fact);
    case 'actionEnded':
      return actionEnded(state, fact);
    case 'actionsRetried':
      return actionsRetried(state, fact);
    case 'launched':
      return isGone(state) && isCarriedOut(state) ? { ...state, phase: 'launched' } : state;
    case 'postLaunchFell':
      return { ...state, postLaunch: postLaunchFell(state, fact.criterion) };
    case 'postLaunchRose':
      return { ...state, postLaunch: postLaunchRose(state, fact.criterion) };
    case 'waiverRanOut':
      return { ...state, postLaunch: waiverRanOut(state, fact.waiver) };
    case 'postLaunchOver':
      return state.postLaunch ? { ...state, postLaunch: { ...state.postLaunch, over: fact.at } } : state;
    case 'ended':
      return ended(state, fact);
    case 'blockerReported':
      return { ...state, reported: [...state.reported, fact.report] };
    case 'blockerReviewed':
      return reviewed(state, fact);
    case 'amended':
      return { ...state, plan: fact.plan, reports: reportsIn(fact.plan, state.reports) };
    case 'calendarExtended': {
      const { calendar } = fact;
      const longer = calendar.until > state.plan.calendar.until;
      return longer ? { ...state, plan: { ...state.plan, calendar: { ...calendar, extended: true } } } : state;
    }
    case 'asked':
      return { ...state, askedFor: state.launchAt };
    case 'nagged':
      return { ...state, naggedAt: fact.at };
    case 'reviewLate':
      return toldLate(state, fact);
    case 'refused': {
      const { at, command, by, code, message } = fact;
      return { ...state, refused: [...state.refused, { at, command, by, code, message }].slice(-KEPT_REFUSALS) };
    }
  }
}

const AFTER_END: ReadonlyArray<LaunchFact['type']> = ['reported', 'refused', 'announced', 'actionBegun', 'actionEnded'];
/** What would take back a verdict that is final. */
const BEFORE_VERDICT: ReadonlyArray<LaunchFact['type']> = ['rescheduled', 'dateTaken', 'pollStarted', 'decided'];

/** The launch after a fact. Total: any fact in any state gives a state; nothing changes a verdict of GO or NO_GO. */
export function evolveLaunch(state: LaunchState, fact: LaunchFact): LaunchState {
  if (state.ended && !AFTER_END.includes(fact.type)) return state;
  const isFinal = state.verdict !== undefined && state.verdict.value !== 'DELAY';
  if (isFinal && BEFORE_VERDICT.includes(fact.type)) return state;
  const next = change(state, fact);
  return next === state ? state : { ...next, seq: state.seq + 1 };
}
