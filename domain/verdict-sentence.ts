import type { Board } from './board';
import { TIME_ONLY } from './launch-state';
import { reasonsInShort } from './sentence';
import { count } from './text';

/** Shows an instant of the board to people. */
export type InstantText = (at: string | number) => string;

export interface Sentence {
  value: Board['verdict']['value'];
  /** What the verdict is called, to be set off from the rest. */
  head: string;
  rest: string;
}

const VALUES = { GO: 'GO', DELAY: 'DELAY', NO_GO: 'NO GO' } as const;

function conditionsInShort(board: Board['verdict']): string {
  const waivers = board.conditions.filter(({ code }) => code === 'WAIVER').length;
  const shoulds = board.conditions.length - waivers;
  const parts = [
    ...(waivers > 0 ? [count(waivers, 'waiver')] : []),
    ...(shoulds > 0 ? [count(shoulds, 'unmet should')] : []),
  ];
  return parts.length === 0 ? '' : `, with ${parts.join(' and ')}`;
}

function ended({ ended: end, verdict }: Board, at: InstantText): Sentence | undefined {
  if (!end) return undefined;
  const how = { launched: 'launched', stopped: 'stopped', cancelled: 'cancelled' }[end.how] ?? end.how;
  const conditions = how === 'launched' ? conditionsInShort(verdict) : '';
  const why = how === 'launched' ? '' : `: ${end.reason}`;
  const value = how === 'cancelled' ? 'NO_GO' : verdict.value;
  const head = how === 'cancelled' ? 'CANCELLED' : VALUES[verdict.value];
  return { value, head, rest: `${how} ${at(end.at)}${conditions}${why}` };
}

/** Between GO and the end: what follows it, and what is watched. */
function gone({ phase, verdict, actions, postLaunch }: Board, at: InstantText): Sentence | undefined {
  if (verdict.at === null || verdict.value !== 'GO') return undefined;
  const decided = `decided ${at(verdict.at)}${conditionsInShort(verdict)}`;
  const go = actions.filter(({ follows }) => follows === 'go');
  const failed = go.find(({ state }) => state === 'failed' || state === 'unknown');
  const done = go.filter(({ state }) => state === 'done').length;
  const alarmed = postLaunch?.criteria.filter((criterion) => criterion.alarmed).length ?? 0;
  const watched = alarmed > 0 ? `; of what is watched since, ${alarmed} ${alarmed === 1 ? 'fails' : 'fail'}` : '';
  if (failed && phase === 'launch-failed') {
    const how = failed.state === 'failed' ? 'failed' : 'may have been done or not';
    const rest = `${decided}; '${failed.title}' ${how}${failed.seen ? `: ${failed.seen}` : ''}${watched}`;
    return { value: 'NO_GO', head: 'GO, launch failed', rest };
  }
  if (phase === 'launching')
    return { value: 'GO', head: 'GO', rest: `${decided}; ${done} of ${count(go.length, 'action')} done${watched}` };
  const until = postLaunch?.until ? `; watched until ${at(postLaunch.until)}` : '';
  return { value: alarmed > 0 ? 'DELAY' : 'GO', head: 'GO', rest: `launched, ${decided}${until}${watched}` };
}

/** Whether the date that is set can be the one of GO, if all else is done: it is to come, and nothing of time speaks against it. */
export function isDateOpen({ ended: end, verdict, now: { reasons }, launchAt }: Board, now: number): boolean {
  const isUndecided = verdict.at === null && !end;
  const isAgainst = reasons.some(({ code }) => TIME_ONLY.includes(code) || code === 'GAVE_UP');
  return isUndecided && !isAgainst && now < Date.parse(launchAt);
}

/** The one sentence that somebody woken at night reads first, in a terminal as in the page. */
export function verdictSentence(board: Board, at: InstantText): Sentence {
  const over = ended(board, at) ?? gone(board, at);
  if (over) return over;
  const { now, verdict } = board;
  const earliest = now.verdict === 'DELAY' && now.earliest !== undefined ? `; earliest ${at(now.earliest)}` : '';
  const open =
    reasonsInShort(now.reasons) || (now.verdict === 'GO' ? 'nothing stands in the way' : 'no reason is left');
  const conditions = now.verdict === 'GO' ? conditionsInShort({ ...verdict, conditions: now.conditions }) : '';
  if (verdict.at === null) {
    const head = now.verdict === 'GO' ? 'On course for GO' : `${VALUES[now.verdict]} as things stand`;
    return { value: now.verdict, head, rest: `${open}${conditions}${earliest}` };
  }
  const decided = `decided ${at(verdict.at)}`;
  return {
    value: verdict.value,
    head: VALUES[verdict.value],
    rest: `${decided}; now: ${open}${conditions}${earliest}`,
  };
}
