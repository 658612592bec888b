import { after, elapsed } from './intervals';
import type { LaunchFact } from './launch';
import type { LaunchState, ReportedBlocker } from './launch-state';
import { eligible } from './people';
import type { EscalationStep } from './plan';
import { HOUR } from './units';

/** How long the authority has to review what was reported, where the plan gives nobody a time to respond. */
const REVIEW_WITHIN = 4 * HOUR;

function chainOf({ plan }: LaunchState): EscalationStep[] {
  const { escalation } = plan.defaults;
  return escalation.length > 0 ? escalation : [{ after: 0, to: plan.launch.authority.by }];
}

/** When each step was told last; of a report that was late before that was kept, the first was. */
function toldOf({ told, late, at }: ReportedBlocker): { [step: number]: number } {
  return told ?? (late ? { 0: at } : {});
}

interface Due {
  at: number;
  step: number;
}

/** The instant at which so much of the time to review it has passed, holds left out. */
function instantOf({ plan }: LaunchState, { at: from, held = 0 }: ReportedBlocker, ms: number): number {
  return after(plan.calendar, plan.defaults.sla.clock, { from, ms: ms + held });
}

/** How much of the time to review it passed between two instants. */
function passed({ plan }: LaunchState, span: { from: number; to: number }): number {
  return elapsed(plan.calendar, plan.defaults.sla.clock, span);
}

/** What is told next of a report that nobody has reviewed: like an item's escalation, until it is reviewed. */
function nextDue(state: LaunchState, report: ReportedBlocker): Due {
  const never = { at: Infinity, step: 0 };
  if (report.review || state.holds.length > 0) return never;
  const { respond = REVIEW_WITHIN } = state.plan.defaults.sla;
  const chain = chainOf(state);
  const told = toldOf(report);
  const next = Object.keys(told).length;
  const due = chain.flatMap((step, index): Due[] => {
    const last = told[index];
    const counted = report.last?.[index];
    if (last !== undefined) {
      if (!step.repeat || !report.told) return [];
      // Of a report that was told before its time was counted.
      const at = counted === undefined ? last + step.repeat : instantOf(state, report, counted + step.repeat);
      return [{ at, step: index }];
    }
    return index === next ? [{ at: instantOf(state, report, respond + step.after), step: index }] : [];
  });
  return due.reduce((a, b) => (b.at < a.at ? b : a), never);
}

/** The report after a step of the chain was told. */
export function reviewLate(state: LaunchState, report: ReportedBlocker, told: Due): ReportedBlocker {
  const { at, step } = told;
  const counted = passed(state, { from: report.at, to: at }) - (report.held ?? 0);
  return { ...report, late: true, told: { ...report.told, [step]: at }, last: { ...report.last, [step]: counted } };
}

/** The reports after a hold is over, as every clock with the time left that they had. */
export function releasedReports(state: LaunchState, to: number): ReportedBlocker[] {
  const since = Math.min(to, ...state.holds.map((hold) => hold.at));
  return state.reported.map((report) => {
    if (report.review) return report;
    const held = (report.held ?? 0) + passed(state, { from: Math.max(since, report.at), to });
    return held === 0 ? report : { ...report, held };
  });
}

/** The instants at which somebody is told that a review is late. */
export function reviewClocks(state: LaunchState): number[] {
  return state.reported.map((report) => nextDue(state, report).at);
}

/** Whom the chain tells now of reports that wait for their review. */
export function reviewing(state: LaunchState, now: number): LaunchFact[] {
  const { id: launch, people } = state.plan;
  return state.reported.flatMap((report) => {
    const { at, step } = nextDue(state, report);
    if (now < at) return [];
    const { id, title } = report;
    const [by] = eligible(people, state.plan.launch.authority.by, now);
    const notice = {
      key: `${launch}:${id}:late:${step}:${at}`,
      to: chainOf(state)[step]!.to,
      about: id,
      subject: `${id} waits for its review: ${title}`,
      text: 'The time to review it has passed. Until it is reviewed the launch cannot be GO.',
      command: by && `launch review-blocker ${launch} ${id} --accept --as ${by}`,
      urgent: true,
    };
    return [{ type: 'reviewLate', at: now, report: id, step, notice }];
  });
}
