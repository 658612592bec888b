import type { DecisionRecord, RecordedChoice, RecordedOption } from '../domain/decision-record';
import { quorumText } from './quorum';
import { cleanLines, instantIn, plain } from './text';

/** Several lines stay several lines, each of them a quotation. */
function quoted(text: string): string[] {
  return cleanLines(text)
    .split('\n')
    .map((line) => `> ${plain(line)}`.trimEnd());
}

function choiceLine({ by, at, why }: RecordedChoice, zone: string, option = ''): string {
  return `- ${plain(by)}${option}, ${instantIn(zone, at)}${why ? `: ${plain(why)}` : ''}`;
}

function optionLines({ id, title, consequences, opens, drops, chosenBy }: RecordedOption): string[] {
  return [
    `- **${plain(id)}**: ${plain(title)}`,
    ...(consequences ? [`  - Consequences: ${plain(consequences)}`] : []),
    ...(opens.length > 0 ? [`  - Opens ${opens.map(plain).join(', ')}`] : []),
    ...(drops.length > 0 ? [`  - Drops ${drops.map(plain).join(', ')}`] : []),
    ...(chosenBy.length > 0 ? [`  - For it: ${chosenBy.map(plain).join(', ')}`] : []),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines];
}

function statusLine({ status, choice, final, ifSilent, reopened }: DecisionRecord, zone: string): string {
  const again = reopened > 0 ? `; taken back ${reopened === 1 ? 'once' : `${reopened} times`} before` : '';
  if (!choice || !final) return `open (${status})${again}`;
  const how = choice.how === 'silent' ? `by silence (\`ifSilent: ${ifSilent}\`)` : 'by its quorum';
  return `decided ${how}, final since ${instantIn(zone, final)}${again}`;
}

export function decisionLines(record: DecisionRecord, zone: string): string[] {
  const { id, title, context, decidedBy, choice, choices, dissent, deadline, ifSilent } = record;
  const silent =
    ifSilent === 'escalate'
      ? 'without an answer by then it is escalated'
      : `without an answer by then ${plain(ifSilent)} is taken`;
  const remarks = context.remarks.map(({ by, at, text }) => `- ${plain(by)}, ${instantIn(zone, at)}: ${plain(text)}`);
  const taken = choice && [`**${plain(choice.option)}**: ${plain(choice.title)}`, ''];
  const nobody = choice?.how === 'silent' ? ['Nobody; it was taken because the time had passed.'] : [];
  const by = choice?.choices.map((each) => choiceLine(each, zone)) ?? [];
  return [
    `## ${plain(id)}: ${plain(title)}`,
    '',
    `- Status: ${statusLine(record, zone)}`,
    `- Decided by: ${decidedBy.who.map(plain).join(', ')} (${plain(quorumText(decidedBy.quorum))})`,
    ...(deadline ? [`- Deadline: ${instantIn(zone, deadline)}; ${silent}`] : []),
    ...section('Context', [
      ...(context.impact ? quoted(context.impact) : []),
      ...(context.impact && context.notes ? ['>'] : []),
      ...(context.notes ? quoted(context.notes) : []),
      ...(remarks.length > 0 && (context.impact || context.notes) ? [''] : []),
      ...remarks,
    ]),
    ...section('Options', record.options.flatMap(optionLines)),
    ...section('Choice', taken ? [...taken, ...(by.length > 0 ? by : nobody)] : []),
    ...section(
      'Said so far',
      choices.map((each) => choiceLine(each, zone, ` for ${plain(each.option)}`))
    ),
    ...section(
      'Dissent',
      dissent.map((each) => choiceLine(each, zone, ` for ${plain(each.option)}`))
    ),
  ];
}

/** The decision records of a launch in Markdown; instants in `zone`. */
export function renderDecisions(launch: { title: string; zone: string }, records: readonly DecisionRecord[]): string {
  const none = records.length === 0 ? ['', 'This plan has no decisions.'] : [];
  const lines = records.flatMap((record) => ['', ...decisionLines(record, launch.zone)]);
  return [`# Decisions of ${plain(launch.title)}`, ...none, ...lines].join('\n');
}
