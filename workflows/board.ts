import type { Board, BoardItem } from '../domain/board';
import type { CriterionProgress } from '../domain/criterion';
import { metByText, tookOf, wordText } from '../domain/evidence';
import { progressOf, stateOf } from '../domain/item';
import { deadlineOf } from '../domain/item-next';
import type { ItemState } from '../domain/item-state';
import { criteriaOf } from '../domain/item-state';
import { reasonsInShort } from '../domain/sentence';
import { someHolder } from '../domain/people';
import type { Standup } from '../domain/standup';
import { instantText, isoText, tookText } from '../domain/text';

/** Temporal shows at most this much as current details. */
const LONGEST_DETAILS = 20_000;
const MOST_ROWS = 60;

const MARKS: { [state: string]: string } = {
  met: '●',
  unmet: '■',
  unknown: '○',
  inconclusive: '◇',
  errored: '△',
  stale: '◌',
  waived: '▽',
  dropped: '✕',
};

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\|/g, '\\|');
}

function cut(text: string): string {
  if (text.length <= LONGEST_DETAILS) return text;
  return `${text.slice(0, LONGEST_DETAILS - 40).replace(/\n[^\n]*$/, '')}\n\n… and more: launch status`;
}

function rows<Row>(all: readonly Row[], line: (row: Row) => string): string[] {
  const lines = all.slice(0, MOST_ROWS).map(line);
  return all.length > MOST_ROWS ? [...lines, `… and ${all.length - MOST_ROWS} more`] : lines;
}

function sentence({ verdict, now, launchAt, phase }: Board): string {
  const why = reasonsInShort(now.reasons);
  const recorded = verdict.at ? `Verdict ${verdict.value} at ${verdict.at}. ` : '';
  if (phase === 'launched') return `${recorded}Launched.`;
  if (phase === 'launch-failed')
    return `${recorded}**What follows it failed**: signal \`retryActions\` with \`{"by": "WHO"}\`.`;
  if (phase === 'launching') return `${recorded}What follows it is carried out.`;
  return `${recorded}**${now.verdict}** as things stand${why ? `: ${cell(why)}` : ''}. Launch ${launchAt}.`;
}

function gateTable(board: Board): string[] {
  return (['must', 'should', 'nice'] as const).flatMap((gate) => {
    const entries = board.gates[gate];
    if (entries.length === 0) return [];
    const lines = rows(
      entries,
      ({ ref, title, state, reason }) =>
        `| ${MARKS[state] ?? ''} ${state} | ${cell(title)} | ${ref} | ${cell(reason ?? '')} |`
    );
    return ['', `### ${gate}`, '', '| state | what | item | why |', '|---|---|---|---|', ...lines];
  });
}

function itemLine({ id, status, owners, title }: BoardItem): string {
  return `| ${id} | ${status} | ${owners.join(', ')} | ${cell(title)} |`;
}

/** What follows the verdicts, what is watched after GO, and how the launch is taken back. */
function afterLines({ actions, postLaunch, rollback }: Board): string[] {
  const acted = rows(actions, ({ follows, number, title, state, seen }) => {
    return `| ${follows} ${number} | ${state} | ${cell(title)} | ${cell(seen ?? '')} |`;
  });
  const watched = rows(postLaunch?.criteria ?? [], ({ item, title, state, evidence }) => {
    return `| ${MARKS[state] ?? ''} ${state} | ${cell(title)} | ${item} | ${cell(evidence ?? '')} |`;
  });
  const until = postLaunch?.until ? ` until ${postLaunch.until}` : '';
  return [
    ...(acted.length > 0
      ? ['', '### What follows', '', '| verdict | state | what | seen |', '|---|---|---|---|', ...acted]
      : []),
    ...(watched.length > 0
      ? ['', `### Watched after GO${until}`, '', '| state | what | item | why |', '|---|---|---|---|', ...watched]
      : []),
    ...(rollback.length > 0 ? ['', '### To roll back', '', ...rollback.map((step) => `1. ${cell(step)}`)] : []),
  ];
}

function refusedLines(board: Pick<Board, 'refused'>): string[] {
  if (board.refused.length === 0) return [];
  const lines = board.refused.map(
    ({ by, command, code, message }) => `- ${by}: ${command} — ${code}: ${cell(message)}`
  );
  return ['', '### Refused messages', '', ...lines];
}

/** The launch as the Temporal UI shows it: Markdown, at most 20 kB. */
export function launchDetails(board: Board): string {
  const needs = rows(
    board.now.needs,
    ({ who, action, command }) => `- **${who}**: ${cell(action)}${command ? ` — \`${command}\`` : ''}`
  );
  return cut(
    [
      `## ${cell(board.title)} (revision ${board.revision}, ${board.phase})`,
      '',
      sentence(board),
      '',
      board.verdict.value === 'GO' && board.verdict.at ? '### Wanted' : '### What would make it GO',
      '',
      ...(needs.length > 0 ? needs : ['Nothing.']),
      ...afterLines(board),
      ...gateTable(board),
      ...refusedLines(board),
      '',
      '### Items',
      '',
      '| item | status | owners | what |',
      '|---|---|---|---|',
      ...rows(board.items, itemLine),
      '',
      'Sign off from here: signal `signOff` with `{"by": "WHO", "answer": "yes"}`.',
    ].join('\n')
  );
}

/** JSON for the signal that would answer the first thing an item waits for. */
function pasteable(state: ItemState): string[] {
  const { decision } = state.plan.item;
  const who = (roles: readonly string[]) => someHolder(state.plan.people, roles);
  const by = who(state.owners) ?? who(state.plan.authority.by) ?? 'WHO';
  const option = decision?.options[0]?.id;
  const open = criteriaOf(state.plan.item, state).find(({ attest }) => attest);
  const lines = [`- signal \`acknowledge\`: \`${JSON.stringify({ by })}\``];
  if (open)
    lines.push(
      `- signal \`attest\`: \`${JSON.stringify({ by: who(open.attest?.by ?? []) ?? by, criterion: open.id })}\``
    );
  if (option) lines.push(`- signal \`decide\`: \`${JSON.stringify({ by: who(decision?.by ?? []) ?? by, option })}\``);
  return lines;
}

/** What a criterion's state rests on: what made it met, people's words, a waiver. */
function groundsOf({ metBy, words, waiver }: CriterionProgress): string {
  const waived = waiver && `waived by ${waiver.by} until ${isoText(waiver.until)}: ${waiver.reason}`;
  const grounds = [metBy && metByText(metBy), ...words.filter(({ stale }) => !stale).map(wordText), waived];
  return grounds.filter(Boolean).join('; ');
}

function lastSeen({ measured }: CriterionProgress): string {
  return measured
    ? `${measured.outcome} at ${isoText(measured.at)} in ${tookText(tookOf(measured))}: ${measured.seen}`
    : '';
}

/** One item as the Temporal UI shows it. */
export function itemDetails(state: ItemState, now: number): string {
  const { item, calendar } = state.plan;
  const deadline = deadlineOf(state);
  const criteria = criteriaOf(item, state).map((criterion) => {
    const found = stateOf(state, criterion, now);
    const progress = progressOf(state, criterion);
    const cells = [`${cell(criterion.title)} (${criterion.id})`, cell(groundsOf(progress)), cell(lastSeen(progress))];
    return `| ${MARKS[found] ?? ''} ${found} | ${cells.join(' | ')} |`;
  });
  const waits = state.status === 'waiting' ? [`Waits for ${state.situation.waitingOn.join(', ')}.`] : [];
  return cut(
    [
      `## ${item.id}: ${cell(item.title)}`,
      '',
      `**${state.status}**${item.priority ? `, ${item.priority}` : ''}, owned by ${state.owners.join(', ') || 'nobody'}${deadline === undefined ? '' : `, due ${instantText(calendar, deadline)}`}.`,
      ...waits,
      ...(state.fell ? [`Reopened ${state.reopened} times, last: ${cell(state.fell.text)}.`] : []),
      '',
      '| state | criterion | rests on | last measured |',
      '|---|---|---|---|',
      ...criteria,
      '',
      '### Answer from here',
      '',
      ...pasteable(state),
      ...refusedLines(state),
    ].join('\n')
  );
}

/** The standup that was held last as the Temporal UI shows it. */
export function standupDetails(last: Standup | undefined, next: string): string {
  const lines = last ? ['', '```', last.text.replaceAll('```', "'''"), '```'] : ['', 'None has been held yet.'];
  return cut([`Next standup: ${next}.`, ...lines].join('\n'));
}
