import { criterionClocks, isAutomatic, isWaived } from './criterion';
import { isCarriedOut, rollbackText } from './go-actions';
import { instantAt } from './intervals';
import type { CriterionView } from './item-view';
import { indexOf, viewItem } from './item-view';
import type { LaunchFact } from './launch';
import type { LaunchState, RecordedVerdict } from './launch-state';
import { isGone, postLaunchItems } from './launch-state';
import type { Notice } from './notice';
import type { Criterion, Item } from './plan';
import { instantText } from './text';

/** The time after GO for which the plan's criteria are watched. */
export interface PostLaunch {
  from: number;
  until: number;
  /** Criteria of which the authority was told that they do not hold, and that have not held since. */
  alarmed: string[];
  /** `ITEM/CRITERION` of waivers of which the authority was told that they have run out. */
  expired: string[];
  over?: number;
}

/** Where GO begins a watch: what it begins with. */
export function watchFrom({ plan, postLaunch }: LaunchState, { value, at }: RecordedVerdict): PostLaunch | undefined {
  const watched = plan.launch.postLaunch;
  if (value !== 'GO' || !watched) return postLaunch;
  return { from: at, until: at + watched.watch, alarmed: [], expired: [] };
}

/** A criterion that is watched, as it is at `now`. */
export interface WatchedView extends CriterionView {
  item: Item;
  /** Why it does not hold, or that it cannot be told for too long; absent: nothing is known against it. */
  wrong?: string;
}

/** Until when a check that cannot tell is waited for, so that one slow answer is no alarm. */
function patience(state: LaunchState, { criterion, progress, state: found }: CriterionView): number {
  const { every, timeout, errorLimit } = criterion.watch ?? { every: 0, timeout: 0, errorLimit: 0 };
  const { measured } = progress;
  if (found !== 'unknown' && measured) return measured.at + Math.max(0, errorLimit - measured.inRow) * every;
  const from = criterion.from ? instantAt(state.plan.calendar, criterion.from, state.launchAt) : 0;
  return Math.max(from, state.postLaunch?.from ?? 0) + errorLimit * (every + timeout);
}

function wrongWith(state: LaunchState, view: CriterionView, now: number): string | undefined {
  const { criterion, progress, count, state: found } = view;
  if (found === 'met' || found === 'waived') return undefined;
  const seen = count?.seen ?? progress.measured?.seen;
  const because = (why: string) => `'${criterion.title}' ${why}${seen ? `: ${seen}` : ''}`;
  if (found === 'unmet') return because('does not hold');
  if (found === 'stale') return because('was said too long ago, or of something that has changed since');
  // A person may say it until the watch is over.
  if (!isAutomatic(criterion)) return undefined;
  return now >= patience(state, view) ? because('cannot be told') : undefined;
}

/** What is watched after GO, criterion by criterion. */
export function watchedViews(state: LaunchState, now: number): WatchedView[] {
  return postLaunchItems(state.plan).flatMap((item) => {
    const [view] = viewItem(state, item, { now }).criteria;
    return view ? [{ ...view, item, wrong: wrongWith(state, view, now) }] : [];
  });
}

function toAuthority(
  { plan }: LaunchState,
  said: Pick<Notice, 'key' | 'subject' | 'text'> & Partial<Pick<Notice, 'urgent'>>
): Notice {
  const { key, subject, text, urgent = true } = said;
  return {
    key: `${plan.id}:${key}`,
    to: plan.launch.authority.by,
    about: plan.id,
    subject: `${plan.title}: ${subject}`,
    text,
    urgent,
  };
}

function falling(state: LaunchState, views: readonly WatchedView[], at: number): LaunchFact[] {
  const { alarmed } = state.postLaunch!;
  return views.flatMap(({ criterion: { id, title }, wrong, state: found }): LaunchFact[] => {
    const known = alarmed.includes(id);
    if (wrong !== undefined && !known) {
      const text = `${wrong}${rollbackText(state.plan)}`;
      const notice = toAuthority(state, { key: `after:${id}:${at}`, subject: `'${title}' fails after GO`, text });
      return [{ type: 'postLaunchFell', at, criterion: id, notice }];
    }
    if (!known || (found !== 'met' && found !== 'waived')) return [];
    const said = { key: `after:${id}:back:${at}`, subject: `'${title}' holds again`, text: '', urgent: false };
    return [{ type: 'postLaunchRose', at, criterion: id, notice: toAuthority(state, said) }];
  });
}

interface GivenWaiver {
  ref: string;
  item: Item;
  criterion: Criterion;
  until: number;
  text: string;
}

/** Waivers that the GO rested on: those of musts and shoulds that covered something when it was given. */
function waiversOf(state: LaunchState): GivenWaiver[] {
  const { plan, postLaunch } = state;
  const { items, gates } = indexOf(plan);
  return [...gates].flatMap(([id, gate]) => {
    const item = items.get(id);
    if (!item || gate === 'nice' || !postLaunch) return [];
    return viewItem(state, item, { now: postLaunch.from }).criteria.flatMap((view): GivenWaiver[] => {
      const { waiver } = view.progress;
      if (view.state !== 'waived' || !waiver || !isWaived(view.progress, postLaunch.from)) return [];
      const text = `${waiver.by} had waived it: ${waiver.reason}; risk: ${waiver.risk}`;
      return [{ ref: `${id}/${view.criterion.id}`, item, criterion: view.criterion, until: waiver.until, text }];
    });
  });
}

function expiring(state: LaunchState, at: number): LaunchFact[] {
  const { expired } = state.postLaunch!;
  return waiversOf(state)
    .filter(({ ref, until }) => at >= until && !expired.includes(ref))
    .map(({ ref, item, criterion, text }) => {
      const said = `${item.id}: '${criterion.title}' is not met, and is waived no longer. ${text}`;
      const subject = `the waiver of ${item.id} has run out after GO`;
      const notice = toAuthority(state, { key: `after:waiver:${ref}`, subject, text: said + rollbackText(state.plan) });
      return { type: 'waiverRanOut', at, waiver: ref, notice };
    });
}

function ending(state: LaunchState, views: readonly WatchedView[], at: number): LaunchFact[] {
  const open = views.filter(({ state: found }) => found !== 'met' && found !== 'waived');
  const lines = open.map((view) => {
    return `- ${view.wrong ?? `'${view.criterion.title}': nobody has said that it holds`}`;
  });
  const isWell = open.length === 0;
  const notice = toAuthority(state, {
    key: 'after:over',
    subject: isWell ? 'the watch after GO is over, and everything holds' : 'the watch after GO is over; not all holds',
    text: isWell ? '' : `${lines.join('\n')}${rollbackText(state.plan)}`,
    urgent: !isWell,
  });
  return [{ type: 'postLaunchOver', at, notice }];
}

/** What is due of the watch after GO. */
export function watching(state: LaunchState, now: number): LaunchFact[] {
  const { postLaunch } = state;
  if (!postLaunch || postLaunch.over !== undefined) return [];
  // At its end only what was seen until then counts.
  const at = Math.min(now, postLaunch.until);
  const views = watchedViews(state, at);
  const due = [...falling(state, views, now), ...expiring(state, at)];
  if (due.length > 0) return due;
  return now >= postLaunch.until ? ending(state, views, now) : [];
}

/** When the watch after GO has something to do by the clock alone. */
export function watchClocks(state: LaunchState, now: number): number[] {
  const { postLaunch } = state;
  if (!postLaunch || postLaunch.over !== undefined) return [];
  const views = watchedViews(state, now);
  const patient = views.map((view) => patience(state, view));
  const evidence = views.flatMap(({ criterion, progress }) => criterionClocks(criterion, progress, now));
  const waivers = waiversOf(state).map(({ until }) => until);
  return [...patient, ...evidence, ...waivers, postLaunch.until].filter((at) => at > now && at <= postLaunch.until);
}

/** What follows GO by itself: launched when its actions are done, ended when the watch is over too. */
export function afterGo(state: LaunchState, now: number): LaunchFact[] {
  if (!isGone(state)) return [];
  const watched = watching(state, now);
  if (watched.length > 0) return watched;
  if (state.phase === 'launching' && isCarriedOut(state)) return [{ type: 'launched', at: now }];
  const isOver = !state.postLaunch || state.postLaunch.over !== undefined;
  return state.phase === 'launched' && isOver ? [{ type: 'ended', at: now, how: 'launched', reason: 'GO' }] : [];
}

/** Until when the watch goes on, in the plan's zone. */
export function watchedUntil({ plan, postLaunch }: LaunchState): string | undefined {
  return postLaunch && instantText(plan.calendar, postLaunch.until);
}

export function postLaunchFell({ postLaunch }: LaunchState, criterion: string): PostLaunch | undefined {
  if (!postLaunch || postLaunch.alarmed.includes(criterion)) return postLaunch;
  return { ...postLaunch, alarmed: [...postLaunch.alarmed, criterion] };
}

export function postLaunchRose({ postLaunch }: LaunchState, criterion: string): PostLaunch | undefined {
  return postLaunch && { ...postLaunch, alarmed: postLaunch.alarmed.filter((id) => id !== criterion) };
}

export function waiverRanOut({ postLaunch }: LaunchState, waiver: string): PostLaunch | undefined {
  if (!postLaunch || postLaunch.expired.includes(waiver)) return postLaunch;
  return { ...postLaunch, expired: [...postLaunch.expired, waiver] };
}
