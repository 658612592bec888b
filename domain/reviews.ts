import { after } from './intervals';
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

/** What is told next of a report that nobody has reviewed: like an item's escalation, until it is reviewed. */
function nextDue(state: LaunchState, report: ReportedBlocker): Due {
  const never = { at: Infinity, step: 0 };
  if (report.review || state.holds.length > 0) return never;
  const { sla } = state.plan.defaults;
  const chain = chainOf(state);
  const told = toldOf(report);
  const next = Object.keys(told).length;
  const due = chain.flatMap((step, index): Due[] => {
    const last = told[index];
    if (last !== undefined) return step.repeat && report.told ? [{ at: last + step.repeat, step: index }] : [];
    if (index !== next) return [];
    const ms = (sla.respond ?? REVIEW_WITHIN) + step.after;
    return [{ at: after(state.plan.calendar, sla.clock, { from: report.at, ms }), step: index }];
  });
  return due.reduce((a, b) => (b.at < a.at ? b : a), never);
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
