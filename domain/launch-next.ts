import { announcementOf, everybodyTold, listed, slipText } from './announcement';
import { assess, dateToTake, mustsAreMet } from './assess';
import { criterionClocks } from './criterion';
import type { DueAction } from './go-actions';
import { dueActions, isActing } from './go-actions';
import { criteriaOf } from './item-state';
import { indexOf, reportOn } from './item-view';
import type { LaunchFact } from './launch';
import { voided } from './launch-commands';
import type { LaunchState, RecordedVerdict } from './launch-state';
import { finalPollOf, givesUpAt, isGone } from './launch-state';
import { signOffNeeds } from './needs';
import type { Notice } from './notice';
import { eligible } from './people';
import type { Calendar } from './plan';
import { afterGo, watchClocks } from './post-launch';
import { reviewClocks, reviewing } from './reviews';
import { missingSignOffs } from './sign-off';
import { instantText } from './text';
import { DAY, MINUTE } from './units';

/** What a launch does next. Instants are epoch ms; `until` absent: nothing is due by the clock. */
export type LaunchStep =
  | { do: 'record'; facts: LaunchFact[] }
  | { do: 'announce'; for: number; nominal: number; to: string[]; notice: Notice }
  /** The calendar runs out; beyond it everything is closed. Other clocks run on meanwhile, until `wake`. */
  | { do: 'extendCalendar'; calendar: Calendar; until: number; wake?: number }
  /** What follows a verdict, each attempted once. Clocks run on meanwhile, until `wake`. */
  | { do: 'act'; actions: DueAction[]; wake?: number }
  | { do: 'wait'; until?: number }
  | { do: 'finish' };

/** A verdict this late after its instant rests on a poll that is too old: it is polled again first. */
const LATEST_VERDICT = 5 * MINUTE;
const ANNOUNCE_AGAIN = MINUTE;
const NAG_EVERY = DAY;
/** The calendar is made longer when less than this is left of it, by this much. */
const CALENDAR_LEFT = 60 * DAY;
const CALENDAR_MORE = 400 * DAY;
/** How long a finished launch waits for its items to say that they have ended. */
const ENDING_GRACE = MINUTE;

function isBefore(state: LaunchState): boolean {
  return state.phase === 'preparing' || state.phase === 'polling';
}

function voids(state: LaunchState, now: number): LaunchFact[] {
  const grace = state.plan.launch.signOffGrace;
  return state.signOffs.flatMap((signOff) => {
    const late = signOff.void ? undefined : signOff.fallen.find(({ at }) => now >= at + grace);
    return late ? [voided(state, signOff, { at: now, reason: `${late.item} fell and was not met again in time` })] : [];
  });
}

function notice(state: LaunchState, fields: Omit<Notice, 'about' | 'urgent'> & { urgent?: boolean }): Notice {
  return { about: state.plan.id, urgent: true, ...fields };
}

function announcing(state: LaunchState, now: number): LaunchStep | undefined {
  const { announce } = state.plan.launch;
  const nominal = state.launchAt - announce.lead;
  if (!isBefore(state) || announce.to.length === 0 || now < nominal) return undefined;
  const sent = state.announcement?.for === state.launchAt ? state.announcement : undefined;
  const to = announce.to.filter((each) => !sent?.accepted.includes(each));
  if (to.length === 0 || (sent && now < sent.at + ANNOUNCE_AGAIN)) return undefined;
  const key = `${state.plan.id}:announcement:${state.launchAt}`;
  const said = announcementOf(state, assess(state, now));
  return { do: 'announce', for: state.launchAt, nominal, to, notice: notice(state, { key, to, ...said }) };
}

/** The last instant that the calendar must know, seen from now. */
function calendarNeeded(state: LaunchState, now: number): number {
  return Math.max(now, state.launchAt) + CALENDAR_LEFT;
}

function extending(state: LaunchState, now: number): LaunchStep | undefined {
  const { calendar } = state.plan;
  const needed = calendarNeeded(state, now);
  if (needed <= calendar.until) return undefined;
  return { do: 'extendCalendar', calendar, until: needed + CALENDAR_MORE, wake: nextInstant(state, now) };
}

/** When the verdict is due: at the date, or at the end of a poll that began too late for it. Never before the date. */
export function verdictAt(state: LaunchState): number {
  return Math.max(state.launchAt, state.poll?.until ?? state.launchAt);
}

function polling(state: LaunchState, now: number): LaunchFact[] {
  const finalPoll = finalPollOf(state);
  const late = now > verdictAt(state) + LATEST_VERDICT;
  if (!isBefore(state) || (state.phase === 'polling' && !late)) return [];
  if (now < state.launchAt - finalPoll) return [];
  return [{ type: 'pollStarted', at: now, from: now, until: late ? now + finalPoll : state.launchAt }];
}

const VERDICT_TEXT = {
  GO: 'GO',
  DELAY: 'delayed until what stands in the way is resolved',
  NO_GO: 'NO GO: the launch is off',
} as const;

function decision(state: LaunchState, now: number): LaunchFact[] {
  const { verdict: value, reasons, conditions } = assess(state, now);
  const verdict: RecordedVerdict = { value, at: now, launchAt: state.launchAt, reasons, conditions };
  const { plan } = state;
  const lines = value === 'GO' ? conditions.map(({ text }) => text) : reasons.map(({ text }) => text);
  const said = notice(state, {
    key: `${plan.id}:verdict:${state.launchAt}:${now}`,
    to: everybodyTold(state, now),
    subject: `${plan.title}: ${VERDICT_TEXT[value]}`,
    text: listed(lines),
  });
  const decided: LaunchFact = { type: 'decided', at: now, verdict, notice: said };
  if (value !== 'NO_GO') return [decided];
  return [decided, { type: 'ended', at: now, how: 'stopped', reason: reasons.map(({ text }) => text).join('; ') }];
}

function deciding(state: LaunchState, now: number): LaunchFact[] {
  if (state.phase === 'polling' && now >= verdictAt(state)) return decision(state, now);
  if (state.phase === 'delayed' && now >= givesUpAt(state)) return decision(state, now);
  return [];
}

function moving(state: LaunchState, now: number): LaunchFact[] {
  const launchAt = dateToTake(state, now);
  if (launchAt === undefined) return [];
  const { plan } = state;
  const when = instantText(plan.calendar, launchAt);
  const said = notice(state, {
    key: `${plan.id}:date:${launchAt}`,
    to: everybodyTold(state, now),
    subject: `${plan.title}: the new launch date is ${when}`,
    text: `${slipText(state)}\nNothing but time stands in the way now. What hangs on the date has moved with it.`,
  });
  return [{ type: 'dateTaken', at: now, launchAt, reason: 'nothing but time stood in the way', notice: said }];
}

function asking(state: LaunchState, now: number): LaunchFact[] {
  if (state.askedFor === state.launchAt) return [];
  const missing = missingSignOffs(state);
  if (missing.length === 0 || !mustsAreMet(state, now)) return [];
  const { id, title } = state.plan;
  const asked = notice(state, {
    key: `${id}:sign:${state.launchAt}`,
    to: missing,
    subject: `${title}: every must is met, your sign-off is wanted`,
    text: `Launch ${instantText(state.plan.calendar, state.launchAt)}. Missing: ${missing.join(', ')}.`,
    command: signOffNeeds(state, missing, now)[0]?.command ?? undefined,
    keepsHead: true,
  });
  return [{ type: 'asked', at: now, notice: asked }];
}

/** The line for one of the authority who may type it now. */
function byAuthority({ plan }: LaunchState, now: number, line: string): string | undefined {
  const [by] = eligible(plan.people, plan.launch.authority.by, now);
  return by && `${line} --as ${by}`;
}

function nagging(state: LaunchState, now: number): LaunchFact[] {
  if (state.holds.length === 0 || now < (state.naggedAt ?? now) + NAG_EVERY) return [];
  const { id, title, launch } = state.plan;
  const nag = notice(state, {
    key: `${id}:hold:${now}`,
    to: launch.authority.by,
    subject: `${title} is still held`,
    text: listed(state.holds.map(({ by, reason }) => `${by}: ${reason}`)),
    command: byAuthority(state, now, `launch release ${id}`),
  });
  return [{ type: 'nagged', at: now, notice: nag }];
}

/** Instants at which evidence of a must, or its waiver, runs out: what was asked for may be needed again. */
function evidenceClocks(state: LaunchState, now: number): number[] {
  const { items } = indexOf(state.plan);
  return state.plan.gates.must.flatMap(({ item: id }) => {
    const item = items.get(id);
    const report = reportOn(state, id);
    if (!item || !report) return [];
    return criteriaOf(item, report).flatMap((criterion) =>
      criterionClocks(criterion, report.progress[criterion.id] ?? { changes: [], words: [] }, now)
    );
  });
}

function nextInstant(state: LaunchState, now: number): number | undefined {
  const { announce, signOffGrace } = state.plan.launch;
  const sent = state.announcement?.for === state.launchAt ? state.announcement : undefined;
  const announced = announce.to.every((to) => sent?.accepted.includes(to));
  const before = isBefore(state);
  const instants = [
    before ? verdictAt(state) : Infinity,
    state.phase === 'preparing' ? state.launchAt - finalPollOf(state) : Infinity,
    before && !announced ? Math.max(state.launchAt - announce.lead, sent ? sent.at + ANNOUNCE_AGAIN : 0) : Infinity,
    state.phase === 'delayed' ? givesUpAt(state) : Infinity,
    ...state.signOffs.flatMap(({ fallen, void: gone }) => (gone ? [] : fallen.map(({ at }) => at + signOffGrace))),
    state.holds.length > 0 ? (state.naggedAt ?? now) + NAG_EVERY : Infinity,
    ...reviewClocks(state),
    ...evidenceClocks(state, now),
    state.plan.calendar.until - CALENDAR_LEFT + 1,
  ].filter((at) => at > now && Number.isFinite(at));
  return instants.length > 0 ? Math.min(...instants) : undefined;
}

function acting(state: LaunchState, wake: number | undefined): LaunchStep | undefined {
  const actions = dueActions(state);
  return actions.length > 0 ? { do: 'act', actions, wake } : undefined;
}

function ending(state: LaunchState, now: number): LaunchStep {
  const deadline = state.ended!.at + ENDING_GRACE;
  const open = now < deadline && Object.values(state.reports).some(({ ended }) => !ended);
  const until = open ? deadline : undefined;
  return acting(state, until) ?? (open || isActing(state) ? { do: 'wait', until } : { do: 'finish' });
}

/** After GO nothing is weighed any more: its actions run, and what the plan says is watched. */
function going(state: LaunchState, now: number): LaunchStep {
  const facts = afterGo(state, now);
  if (facts.length > 0) return { do: 'record', facts };
  const clocks = watchClocks(state, now);
  const until = clocks.length > 0 ? Math.min(...clocks) : undefined;
  return acting(state, until) ?? { do: 'wait', until };
}

/** The one place that decides what a launch does next. Carry the step out, apply its facts, ask again. */
export function nextLaunchStep(state: LaunchState, now: number): LaunchStep {
  if (state.ended) return ending(state, now);
  if (isGone(state)) return going(state, now);
  const due = [voids, polling].reduce<LaunchFact[]>((facts, rule) => (facts.length > 0 ? facts : rule(state, now)), []);
  if (due.length > 0) return { do: 'record', facts: due };
  const announcement = announcing(state, now);
  if (announcement) return announcement;
  for (const rule of [deciding, moving, asking, nagging, reviewing]) {
    const facts = rule(state, now);
    if (facts.length > 0) return { do: 'record', facts };
  }
  const wake = nextInstant(state, now);
  return acting(state, wake) ?? extending(state, now) ?? { do: 'wait', until: wake };
}
