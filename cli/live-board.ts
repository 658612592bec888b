import { setTimeout as delay } from 'node:timers/promises';
import type { Launches } from '../client/launches';
import type { Board } from '../domain/board';
import { boardChanges } from './board-changes';
import { failureOf } from './failure';
import { programName } from './program-name';
import { renderBoard } from './render-board';
import { renderLive } from './render-live';
import { stamped, type Screen } from './screen';
import type { Style } from './style';

/** The countdown moves this often; the launch itself is asked only when something has happened. */
const TICK_MS = 1_000;
/** A worker that is being restarted, a server that hiccups: looked at again after this. */
const AGAIN_MS = 2_000;
/** Needs and items of the board that a log begins with. */
const MOST = 12;

interface Live {
  launches: Launches;
  launch: string;
  screen: Screen;
  style: Style;
}

function show({ screen, style }: Live, board: Board, isFirst: boolean): void {
  const options = { now: Date.now(), width: screen.width, style, program: programName() };
  if (screen.isLive) screen.draw(renderLive(board, { ...options, rows: screen.rows }));
  else if (isFirst) screen.line(renderBoard(board, { ...options, most: MOST }));
}

/** Once through, until it has ended or a call fails. */
async function followOnce(live: Live, seen: { board?: Board }, signal: AbortSignal): Promise<void> {
  for await (const board of live.launches.follow(live.launch, signal)) {
    const before = seen.board;
    seen.board = board;
    if (before && !live.screen.isLive) {
      for (const line of boardChanges(before, board)) live.screen.line(stamped(line, Date.now()));
    }
    show(live, board, before === undefined);
  }
}

/** Shows a launch until `signal` is aborted, or it has ended; what it needs next stays on the screen. */
export async function showLive(live: Live, signal: AbortSignal): Promise<void> {
  const seen: { board?: Board } = {};
  let said: string | undefined;
  const ticking = live.screen.isLive
    ? setInterval(() => (seen.board ? show(live, seen.board, false) : undefined), TICK_MS)
    : undefined;
  try {
    while (!signal.aborted) {
      try {
        await followOnce(live, seen, signal);
        return;
      } catch (error) {
        const { message } = failureOf(error).failure;
        if (message !== said) live.screen.line(stamped(`The board waits: ${message}`, Date.now()));
        said = message;
        await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    clearInterval(ticking);
    live.screen.keep();
  }
}
