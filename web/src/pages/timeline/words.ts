import { finalPollOf } from '../../../../domain/launch-state';
import { count, durationText } from '../../../../domain/text';
import type { Board, Plan } from '../../api/types';
import type { Chain } from './critical';
import { LEAST_SLIP, type Row, type Rows } from './rows';

/** One sentence for the whole picture: what is set off, and the rest. */
export interface Lede {
  head: string;
  rest: string;
}

const MOST_NAMED = 3;

function named(ids: readonly string[]): string {
  if (ids.length <= MOST_NAMED) return ids.join(', then ');
  return `${ids.slice(0, 2).join(', then ')}, then ${ids.length - 2} more`;
}

function lateOf({ ids }: Chain, rows: readonly Row[], now: number): string {
  const late = ids.flatMap((id) => {
    const row = rows.find((each) => each.id === id);
    const due = row?.deadline ?? row?.planned?.to;
    return due !== undefined && due < now ? [{ id, by: now - due }] : [];
  });
  const [first] = late;
  return first ? ` ${first.id} was due ${durationText(first.by)} ago.` : '';
}

/** What decides the date, and how much room there is. `sentence`: what is said of a launch that is decided or over. */
export function ledeOf({ rows, chain }: Rows, { board, plan, now, sentence }: LedeKnown): Lede {
  if (board.ended || board.verdict.at !== null) return sentence;
  const open = board.gates.must.filter(({ state }) => state === 'unmet').length;
  const poll = Date.parse(board.launchAt) - finalPollOf({ plan });
  if (open === 0) return { head: 'Every must is met.', rest: untilPoll(poll, now) };
  const musts = open === 1 ? '1 must is open' : `${open} musts are open`;
  if (!chain) return { head: `${musts}, and none of them has a date.`, rest: untilPoll(poll, now) };
  const isOne = chain.ids.length === 1;
  const verb = isOne ? 'decides' : 'decide';
  const room = poll - chain.end;
  const met = `Met ${chain.end <= now ? 'now' : isOne ? 'by its date' : 'by their dates'}, ${isOne ? 'it' : 'they'}`;
  const rest =
    room >= 0
      ? `${met} ${isOne ? 'leaves' : 'leave'} ${durationText(room)} before the final poll.`
      : `${met} ${isOne ? 'ends' : 'end'} ${durationText(-room)} after the final poll begins.`;
  return { head: `${named(chain.ids)} ${verb} the date.`, rest: `${rest}${lateOf(chain, rows, now)}` };
}

interface LedeKnown {
  board: Board;
  plan: Plan;
  now: number;
  sentence: Lede;
}

function untilPoll(poll: number, now: number): string {
  return poll > now ? `The final poll begins in ${durationText(poll - now)}.` : 'The final poll has begun.';
}

export interface Say {
  text: string;
  /** Behind its plan. */
  isSlip: boolean;
}

/** What stands beside a row's bars; `time` shows an instant. */
export function sayOf(row: Row, now: number, time: (at: number) => string): Say | undefined {
  const { planned, settled, isAwaited, reopened, worked, status, after } = row;
  if (status === 'dropped') return { text: 'dropped', isSlip: false };
  if (status === 'carried-over') return { text: 'carried over', isSlip: false };
  if (settled !== undefined) {
    const by = planned ? settled - planned.to : 0;
    const how = Math.abs(by) < LEAST_SLIP ? '' : by > 0 ? `, ${durationText(by)} late` : `, ${durationText(-by)} early`;
    return { text: `${time(settled)}${how}`, isSlip: false };
  }
  if (!isAwaited) return undefined;
  if (reopened !== undefined) return { text: `reopened ${time(reopened)}`, isSlip: true };
  if (planned && planned.to < now) return { text: `${durationText(now - planned.to)} late`, isSlip: true };
  if (status === 'waiting' && !planned && after.length > 0)
    return { text: `opens with ${named(after)}`, isSlip: false };
  return planned || worked.length === 0 ? undefined : { text: 'no date', isSlip: false };
}

/** The picture in one sentence, for whoever does not see it. */
export function labelOf(rows: readonly Row[], board: Board, { from, to }: { from: string; to: string }): string {
  const met = rows.filter(({ settled }) => settled !== undefined).length;
  const late = rows.filter(({ isAwaited, past }) => isAwaited && past.length > 0).length;
  const musts = board.gates.must;
  const done = musts.filter(({ state }) => state !== 'unmet' && state !== 'dropped').length;
  return (
    `${count(rows.length, 'item', 'items')} against dates, ${from} to ${to}: ${met} met, ${late} behind the plan, ` +
    `${done} of ${count(musts.length, 'must', 'musts')} met. The same facts are in the tables below.`
  );
}
