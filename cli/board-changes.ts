import type { Board, BoardItem } from '../domain/board';
import { verdictSentence } from '../report/board-words';
import { clean, instantIn } from './text';

function itemChanges(before: BoardItem | undefined, after: BoardItem): string[] {
  const name = clean(after.id);
  const lines: string[] = [];
  if (!before) lines.push(`${name} is new: ${clean(after.title)}`);
  else if (before.status !== after.status) lines.push(`${name} is ${after.status}, was ${before.status}`);
  for (const { id, state, title, evidence } of after.criteria) {
    const was = before?.criteria.find((criterion) => criterion.id === id)?.state;
    if (was === undefined || was === state) continue;
    lines.push(`${name}: '${clean(title)}' is ${state}, was ${was}${evidence ? ` (${clean(evidence)})` : ''}`);
  }
  if (before && !before.overdue && after.overdue) lines.push(`${name} is overdue`);
  return lines;
}

function launchChanges(before: Board, after: Board): string[] {
  const lines: string[] = [];
  const { timezone } = after;
  if (before.phase !== after.phase) lines.push(`The launch is ${after.phase}, was ${before.phase}`);
  if (before.launchAt !== after.launchAt) lines.push(`The launch date is ${instantIn(timezone, after.launchAt)} now`);
  if (before.revision !== after.revision) lines.push(`The plan is at revision ${after.revision}`);
  for (const { by, answer, state } of after.signOffs) {
    const was = before.signOffs.find((signOff) => signOff.by === by);
    if (was?.state !== state || was.answer !== answer)
      lines.push(`${clean(by)} has signed ${answer}: it ${says(state)}`);
  }
  if (after.announcement && before.announcement?.for !== after.announcement.for) {
    lines.push(`Announced: the launch ${instantIn(timezone, after.announcement.for)}`);
  }
  for (const { by, command, message } of after.refused.slice(before.refused.length)) {
    lines.push(`Refused ${clean(command)} by ${clean(by)}: ${clean(message)}`);
  }
  if (before.verdict.at !== after.verdict.at || (!before.ended && after.ended)) {
    const { head, rest } = verdictSentence(after);
    lines.push(`${head}: ${rest}`);
  }
  return lines;
}

/** Actions that have ended since, and what fell or rose of what is watched. */
function afterChanges(before: Board, after: Board): string[] {
  const ended = after.actions.filter(({ seen, follows, number, at }) => {
    const was = before.actions.find((each) => each.follows === follows && each.number === number);
    return seen !== null && was?.at !== at;
  });
  const alarmed = (board: Board) => board.postLaunch?.criteria.filter((each) => each.alarmed).map(({ id }) => id) ?? [];
  const fallen = after.postLaunch?.criteria.filter((each) => each.alarmed && !alarmed(before).includes(each.id)) ?? [];
  return [
    ...ended.map(({ title, state, seen }) => `'${clean(title)}' is ${state} (${clean(seen ?? '')})`),
    ...fallen.map(({ title }) => `After GO '${clean(title)}' does not hold: the authority was told`),
  ];
}

function says(state: string): string {
  return state === 'no' ? 'holds the launch' : state === 'counts' ? 'counts' : `is ${state}`;
}

/** What has changed from one board to the next, a line each; for whoever reads lines instead of a screen. */
export function boardChanges(before: Board, after: Board): string[] {
  const known = new Map(before.items.map((item) => [item.id, item]));
  return [
    ...after.items.flatMap((item) => itemChanges(known.get(item.id), item)),
    ...afterChanges(before, after),
    ...launchChanges(before, after),
  ];
}
