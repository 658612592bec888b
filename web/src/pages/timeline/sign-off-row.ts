import { finalPollOf } from '../../../../domain/launch-state';
import type { Board, Plan } from '../../api/types';
import type { Chain } from './critical';
import type { Row, RowMark } from './rows';

export const SIGN_OFFS = 'Sign-offs';

interface Known {
  board: Board;
  plan: Plan;
  /** What they wait for. */
  chain?: Chain;
}

/** The authority's answers as a row: they are given when every must is met, and counted in the final poll. */
export function signOffRow({ board, plan, chain }: Known): Row {
  const to = Date.parse(board.launchAt) - finalPollOf({ plan });
  const given = board.signOffs.filter(({ state }) => state === 'counts');
  const missing = board.now.reasons.some(({ code }) => code === 'SIGN_OFF_MISSING' || code === 'SAID_NO');
  const isDone = board.verdict.at !== null ? board.verdict.value === 'GO' : !missing && given.length > 0;
  const isAwaited = !isDone && board.ended === null;
  return {
    id: SIGN_OFFS,
    title: 'The sign-offs of the authority',
    owners: plan.launch.authority.by,
    status: isDone ? 'resolved' : 'open',
    state: isDone ? 'met' : given.length > 0 ? 'in-hand' : board.ended ? 'dropped' : 'open',
    isCritical: isAwaited,
    planned: { from: Math.min(chain?.end ?? plan.start, to), to },
    worked: [],
    past: [],
    isAwaited,
    marks: given.map(({ at }): RowMark => ({ at: Date.parse(at), kind: 'met' })),
    after: chain?.ids.slice(-1) ?? [],
  };
}
