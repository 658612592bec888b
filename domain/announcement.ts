import type { Assessment, LaunchState } from './launch-state';
import { instantText, isoText } from './text';

/** Lines as a list. */
export function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** What the announcement says: the date, and what still stands in the way. */
export function announcementOf(
  { plan, launchAt }: LaunchState,
  assessment: Pick<Assessment, 'reasons'>
): { subject: string; text: string } {
  const when = instantText(plan.calendar, launchAt);
  const subject = `${plan.title}: launch ${when}`;
  const open = assessment.reasons.filter(({ code }) => code === 'MUST_UNMET').map(({ text }) => text);
  if (open.length === 0) return { subject, text: `${plan.title} launches on ${when}. Every must is met.` };
  return { subject, text: `${plan.title} is planned for ${when}. Still open:\n${listed(open)}` };
}

/** Why the old date is none any more: what the verdict then said. */
export function slipText({ plan, launchAt, verdict }: LaunchState): string {
  const old = `It was to be ${instantText(plan.calendar, launchAt)}`;
  if (verdict?.launchAt !== launchAt || verdict.reasons.length === 0) return `${old}.`;
  return `${old}, and was delayed:\n${listed(verdict.reasons.map(({ text }) => text))}`;
}

/**
 * To the authority, and to everybody who was told a date; as soon as the announcement of the present one is due, to all
 * whom it is for: what no channel has accepted yet may still come, and would be the last that they hear.
 */
export function everybodyTold({ plan, launchAt, told }: LaunchState, now: number): string[] {
  const { authority, announce } = plan.launch;
  const announced = now >= launchAt - announce.lead ? announce.to : [];
  return [...new Set([...authority.by, ...told, ...announced])];
}

/** What is announced, or will be, of the present date. Instants are ISO 8601 in UTC. */
export interface AnnouncementPreview {
  for: string;
  /** When it goes out, or was due to. */
  at: string;
  to: string[];
  /** Who has it already. */
  accepted: string[];
  subject: string;
  text: string;
}

/** As it would read now; null where the plan announces nothing or nothing is to be announced any more. */
export function announcementPreview(
  state: LaunchState,
  assessment: Pick<Assessment, 'reasons'>
): AnnouncementPreview | null {
  const { announce } = state.plan.launch;
  const isOver = state.ended !== undefined || (state.verdict !== undefined && state.verdict.value !== 'DELAY');
  if (isOver || announce.to.length === 0) return null;
  const sent = state.announcement?.for === state.launchAt ? state.announcement : undefined;
  return {
    for: isoText(state.launchAt),
    at: isoText(sent?.nominal ?? state.launchAt - announce.lead),
    to: announce.to,
    accepted: sent?.accepted ?? [],
    ...announcementOf(state, assessment),
  };
}
