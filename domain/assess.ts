import { isAutomatic, isWaived } from './criterion';
import { isOpen, nextOpen } from './intervals';
import type { ItemView } from './item-view';
import { indexOf, viewItem } from './item-view';
import { TIME_ONLY } from './launch-state';
import type { Assessment, Condition, LaunchState, Reason, ReasonCode, Verdict } from './launch-state';
import { finalPollOf, givesUpAt, noGoItems } from './launch-state';
import { needsOf } from './needs';
import type { GateEntry } from './plan';
import { missingSignOffs } from './sign-off';
import { instantText } from './text';
import { MINUTE } from './units';

/** An announcement sent this much after it was due still has the age that was planned. */
const ANNOUNCEMENT_TOLERANCE = 5 * MINUTE;

const VERDICT_OF: { [code in ReasonCode]: Verdict } = {
  NO_MUST: 'DELAY',
  MUST_UNMET: 'DELAY',
  REPORT_UNREVIEWED: 'DELAY',
  NO_GO_TRIGGER: 'DELAY',
  SAID_NO: 'DELAY',
  GAVE_UP: 'NO_GO',
  SIGN_OFF_MISSING: 'DELAY',
  HOLD: 'DELAY',
  WINDOW: 'DELAY',
  ANNOUNCEMENT: 'DELAY',
  SHOULD_MIN: 'DELAY',
};

type Judged = Reason & { verdict?: Verdict };

const WORST: readonly Verdict[] = ['GO', 'DELAY', 'NO_GO'];

function pollFromOf(state: LaunchState): number | undefined {
  return state.phase === 'polling' ? state.poll?.from : undefined;
}

/** The items of a gate as they are at `now`; during the final poll only its measurements count, for musts. */
export function viewGate(
  state: LaunchState,
  entries: readonly GateEntry[],
  { now, polled = false }: { now: number; polled?: boolean }
): ItemView[] {
  const { items } = indexOf(state.plan);
  const at = { now, pollFrom: polled ? pollFromOf(state) : undefined };
  return entries.flatMap(({ item }) => {
    const found = items.get(item);
    return found ? [viewItem(state, found, at)] : [];
  });
}

const WORDS: { [state: string]: string } = {
  unknown: 'nothing is known yet',
  unmet: 'not met',
  inconclusive: 'cannot tell',
  errored: 'the check could not run',
  stale: 'out of date',
};

/** Why an item is not what a gate wants, in a sentence; undefined where it is. */
export function whyNot({ item, status, criteria, ok, report, waitsFor }: ItemView): string | undefined {
  if (ok) return undefined;
  if (status === 'dropped') return `${item.id} was dropped`;
  const open = criteria.filter(({ state }) => state !== 'met' && state !== 'waived');
  const parts = open.map(({ criterion, state, measured, count }) => {
    const seen = count?.seen ?? measured?.seen;
    return `'${criterion.title}': ${WORDS[state] ?? state}${seen ? ` (${seen})` : ''}`;
  });
  if (item.decision && !report?.chosen) parts.unshift('not decided');
  if (status === 'waiting') parts.unshift(waitsFor.length > 0 ? `waits for ${waitsFor.join(', ')}` : 'not begun yet');
  return `${item.id} is ${status}${parts.length > 0 ? `; ${parts.join('; ')}` : ''}`;
}

/** An entry that names no item cannot be met. */
function mustReasons({ plan }: LaunchState, views: readonly ItemView[]): Judged[] {
  const { items } = indexOf(plan);
  const nowhere = plan.gates.must.flatMap(({ item }): Judged[] =>
    items.has(item) ? [] : [{ code: 'MUST_UNMET', ref: item, text: `${item} is not in the plan` }]
  );
  const evidenced = views.some(({ ok, criteria }) => ok && criteria.every(({ state }) => state === 'met'));
  const text = views.length === 0 ? 'the plan has no must' : 'no must is met by evidence';
  const none: Judged[] = evidenced ? [] : [{ code: 'NO_MUST', ref: 'must', text }];
  const unmet = views.flatMap((view): Judged[] => {
    const why = whyNot(view);
    return why ? [{ code: 'MUST_UNMET', ref: view.item.id, text: why }] : [];
  });
  return [...none, ...nowhere, ...unmet];
}

function reportReasons({ reported }: LaunchState): Judged[] {
  return reported
    .filter(({ review }) => !review)
    .map(({ id, by, title }) => ({
      code: 'REPORT_UNREVIEWED',
      ref: id,
      text: `${by} reports '${title}'; nobody has reviewed it`,
    }));
}

/** A person's no-go that nobody has ever said is not triggered; a check's must have failed to be none. */
function noGoReasons(state: LaunchState, now: number): Judged[] {
  return noGoItems(state.plan).flatMap((item): Judged[] => {
    const [found] = viewItem(state, item, { now, pollFrom: pollFromOf(state) }).criteria;
    if (!found || found.state === 'unmet') return [];
    const { criterion } = found;
    if (found.state === 'met') {
      return [{ code: 'NO_GO_TRIGGER', ref: criterion.id, text: `'${criterion.title}' holds`, verdict: 'NO_GO' }];
    }
    if (!isAutomatic(criterion) && found.state === 'unknown') return [];
    return [
      {
        code: 'NO_GO_TRIGGER',
        ref: criterion.id,
        text: `whether '${criterion.title}' holds: ${WORDS[found.state] ?? found.state}`,
      },
    ];
  });
}

function peopleReasons(state: LaunchState, now: number): Judged[] {
  const { authority } = state.plan.launch;
  const noes = state.signOffs
    .filter(({ answer }) => answer === 'no')
    .map(({ by, why }): Judged => {
      const text = `${by} says no${why ? `: ${why}` : ''}`;
      return { code: 'SAID_NO', ref: by, text, verdict: authority.no === 'stop' ? 'NO_GO' : 'DELAY' };
    });
  const gaveUp: Judged[] =
    now >= givesUpAt(state) ? [{ code: 'GAVE_UP', ref: state.plan.id, text: 'the time to launch has run out' }] : [];
  const missing = missingSignOffs(state).map((role): Judged => ({
    code: 'SIGN_OFF_MISSING',
    ref: role,
    text: `${role} has not signed off`,
  }));
  return [...noes, ...gaveUp, ...missing];
}

/** What of the announcement is missing for this date at `at`; it is no reason before it is due. */
function announcementReason(state: LaunchState, now: number): Judged[] {
  const { announce } = state.plan.launch;
  if (announce.to.length === 0) return [];
  const due = state.launchAt - announce.lead;
  if (now < due) return [];
  const sent = state.announcement?.for === state.launchAt ? state.announcement : undefined;
  const missing = announce.to.filter((to) => !sent?.accepted.includes(to));
  if (missing.length > 0)
    return [{ code: 'ANNOUNCEMENT', ref: missing.join(', '), text: `not announced yet to ${missing.join(', ')}` }];
  const from = sent!.at <= sent!.nominal + ANNOUNCEMENT_TOLERANCE ? sent!.nominal : sent!.at;
  const at = Math.max(now, state.launchAt);
  if (at - from >= announce.lead) return [];
  return [{ code: 'ANNOUNCEMENT', ref: state.plan.id, text: 'the announcement is younger than its lead' }];
}

/** When the next window opens, as far as the calendar is known. */
function opensText({ plan }: LaunchState, at: number): string {
  const opens = nextOpen(plan.calendar, at);
  return opens === undefined ? '' : `; the next opens ${instantText(plan.calendar, opens)}`;
}

function timeReasons(state: LaunchState, now: number): Judged[] {
  const holds = state.holds.map(({ by, reason }): Judged => ({
    code: 'HOLD',
    ref: by,
    text: `held by ${by}: ${reason}`,
  }));
  const at = Math.max(now, state.launchAt);
  const closed: Judged[] = isOpen(state.plan.calendar, at)
    ? []
    : [{ code: 'WINDOW', ref: state.plan.id, text: `outside every launch window${opensText(state, at)}` }];
  return [...holds, ...closed, ...announcementReason(state, now)];
}

function shouldReasons(state: LaunchState, views: readonly ItemView[]): Judged[] {
  const least = state.plan.launch.shouldMin;
  if (!least) return [];
  const met = views.filter(({ ok }) => ok).length;
  const enough = 'count' in least ? met >= least.count : met >= least.share * views.length;
  if (enough) return [];
  const needed = 'count' in least ? `${least.count}` : `${Math.round(least.share * 100)} %`;
  return [{ code: 'SHOULD_MIN', ref: 'should', text: `${met} of ${views.length} shoulds are met, needs ${needed}` }];
}

function waivedConditions(views: readonly ItemView[], now: number): Condition[] {
  return views.flatMap(({ item, criteria }) =>
    criteria
      .filter(({ state, progress }) => state === 'waived' && isWaived(progress, now))
      .map(({ criterion, progress }): Condition => {
        const { by, reason, risk } = progress.waiver!;
        return { code: 'WAIVER', ref: item.id, text: `'${criterion.title}' waived by ${by}: ${reason}; risk: ${risk}` };
      })
  );
}

function conditionsOf(musts: readonly ItemView[], shoulds: readonly ItemView[], now: number): Condition[] {
  const unmet = shoulds.flatMap((view): Condition[] => {
    const why = whyNot(view);
    return why ? [{ code: 'SHOULD_UNMET', ref: view.item.id, text: why }] : [];
  });
  return [...waivedConditions([...musts, ...shoulds], now), ...unmet];
}

/** The next instant at which the launch could be: announced, polled, inside a window; undefined where none is known. */
export function nextDate(state: LaunchState, now: number): number | undefined {
  const { announce } = state.plan.launch;
  const finalPoll = finalPollOf(state);
  const lead = announce.to.length > 0 ? announce.lead : 0;
  return nextOpen(state.plan.calendar, now + Math.max(lead, finalPoll));
}

/** Musts whose evidence or waiver will have run out by then. */
function expiredBy(state: LaunchState, at: number): Judged[] {
  return viewGate(state, state.plan.gates.must, { now: at }).flatMap((view): Judged[] =>
    view.ok ? [] : [{ code: 'MUST_UNMET', ref: view.item.id, text: `by the next possible date: ${whyNot(view)}` }]
  );
}

/** A date at which it will have given up is none. */
function tooLate(state: LaunchState, at: number): Judged[] {
  const end = givesUpAt(state);
  if (at < end) return [];
  const { calendar, id } = state.plan;
  const text = `the next possible date, ${instantText(calendar, at)}, is not before ${instantText(calendar, end)}, when the launch gives up`;
  return [{ code: 'GAVE_UP', ref: id, text, verdict: 'DELAY' }];
}

function judge(state: LaunchState, now: number, views: { musts: ItemView[]; shoulds: ItemView[] }) {
  const reasons: Judged[] = [
    ...mustReasons(state, views.musts),
    ...reportReasons(state),
    ...noGoReasons(state, now),
    ...peopleReasons(state, now),
    ...timeReasons(state, now),
    ...shouldReasons(state, views.shoulds),
  ];
  const late = state.phase === 'delayed' || reasons.some(({ code }) => TIME_ONLY.includes(code));
  if (!late || !reasons.every(({ code }) => TIME_ONLY.includes(code))) return { reasons };
  const earliest = nextDate(state, now);
  if (earliest === undefined) return { reasons };
  const against = [...tooLate(state, earliest), ...expiredBy(state, earliest)];
  return against.length > 0 ? { reasons: [...reasons, ...against] } : { reasons, earliest };
}

/**
 * The verdict as it would be if it were given now (before the launch date: if all stays as it is until then), with
 * every reason, who can do what about them, and the conditions of a GO. Pure; `now` is epoch ms.
 */
export function assess(state: LaunchState, now: number): Assessment {
  const musts = viewGate(state, state.plan.gates.must, { now, polled: true });
  const shoulds = viewGate(state, state.plan.gates.should, { now });
  const { reasons, earliest } = judge(state, now, { musts, shoulds });
  const verdicts = reasons.map(({ code, verdict }) => verdict ?? VERDICT_OF[code]);
  const verdict = WORST[Math.max(0, ...verdicts.map((each) => WORST.indexOf(each)))]!;
  const plain = reasons.map(({ code, ref, text }): Reason => ({ code, ref, text }));
  const needs = needsOf(state, plain, { now, horizon: nextDate(state, now) ?? now });
  return { verdict, reasons: plain, needs, conditions: conditionsOf(musts, shoulds, now), earliest };
}

/** Whether nothing but time stands between a delayed launch and GO, and then the date to take. */
export function dateToTake(state: LaunchState, now: number): number | undefined {
  return state.phase === 'delayed' ? assess(state, now).earliest : undefined;
}

export function mustsAreMet(state: LaunchState, now: number): boolean {
  const views = viewGate(state, state.plan.gates.must, { now });
  return views.length > 0 && views.length === state.plan.gates.must.length && views.every(({ ok }) => ok);
}
