import { lines, table, text, unknown, type Block, type Cell, type Section } from './document';
import { quorumText } from './quorum';
import type { Report } from './schema';
import { when } from './words';

type Decision = NonNullable<Report['decisions']>[number];

function stateOf(report: Report, { status, choice, final, ifSilent, reopened }: Decision): string {
  const again = reopened > 0 ? `; taken back ${reopened === 1 ? 'once' : `${reopened} times`} before` : '';
  if (!choice || !final) return `open (${status})${again}`;
  const how = choice.how === 'silent' ? `by silence (ifSilent: ${ifSilent})` : 'by its quorum';
  return `decided ${how}, final since ${when(report, final)}${again}`;
}

function termsOf(report: Report, decision: Decision): Block {
  const { decidedBy, deadline, ifSilent, choice, context } = decision;
  const silent =
    ifSilent === 'escalate' ? 'without an answer it is escalated' : `without an answer ${ifSilent} is taken`;
  const remarks = context.remarks.map(({ by, at, text: said }) => `${by}, ${when(report, at)}: ${said}`);
  const terms: Array<[string, Cell]> = [
    ['Status', stateOf(report, decision)],
    ...(choice ? [['Choice', lines({ code: choice.option }, choice.title)] as [string, Cell]] : []),
    ['Decided by', `${decidedBy.who.join(', ')} (${quorumText(decidedBy.quorum)})`],
    ...(deadline ? [['Deadline', `${when(report, deadline)}; ${silent}`] as [string, Cell]] : []),
    ...(context.impact ? [['Impact', context.impact] as [string, Cell]] : []),
    ...(context.notes ? [['Notes', context.notes] as [string, Cell]] : []),
    ...(remarks.length > 0 ? [['Said of it', lines(...remarks)] as [string, Cell]] : []),
  ];
  return { kind: 'terms', terms };
}

function optionsOf({ options, choice }: Decision): Block {
  const rows = options.map(({ id, title, consequences, opens, drops, chosenBy }): Cell[] => [
    choice?.option === id ? lines({ code: id }, 'taken') : { code: id },
    lines(title, consequences && `Consequences: ${consequences}`),
    lines(opens.length > 0 && `Opens ${opens.join(', ')}`, drops.length > 0 && `Drops ${drops.join(', ')}`),
    chosenBy.join(', '),
  ]);
  return table('Options', ['Option', 'What it is', 'What it does', 'For it'], rows);
}

function choicesOf(report: Report, { choice, choices, dissent }: Decision): Block[] {
  const said = [
    ...(choice?.choices.map((each) => ({ ...each, how: 'for it' })) ?? []),
    ...choices.map((each) => ({ ...each, how: 'so far' })),
    ...dissent.map((each) => ({ ...each, how: 'dissent' })),
  ];
  if (said.length === 0) {
    return choice?.how === 'silent' ? [text('Nobody chose it; it was taken because the time had passed.')] : [];
  }
  const rows = said.map(({ by, option, at, why, how }): Cell[] => [
    by,
    { code: option },
    how,
    when(report, at),
    why ?? '',
  ]);
  return [table('Who said what', ['Who', 'Option', 'How', 'When', 'Why'], rows)];
}

/** Each decision with its options, who was for which, and why. */
export function decisionSection(report: Report): Section {
  const { decisions } = report;
  const title = 'Decisions';
  if (!decisions) return { id: 'decisions', title, blocks: [unknown()] };
  const blocks = decisions.flatMap((each): Block[] => [
    { kind: 'heading', text: `${each.id}: ${each.title}` },
    termsOf(report, each),
    optionsOf(each),
    ...choicesOf(report, each),
  ]);
  const taken = decisions.filter(({ final }) => final !== null).length;
  const none = [text('The plan has no decisions.')];
  return {
    id: 'decisions',
    title,
    count: `${taken} of ${decisions.length} taken`,
    blocks: decisions.length === 0 ? none : blocks,
  };
}
