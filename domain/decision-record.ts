import { decidersOf } from './criterion';
import { deadlineOf } from './item-clocks';
import type { Choice, ItemState } from './item-state';
import type { Quorum } from './plan';
import { isoText } from './text';

/** One option of a decision, and who is for it. */
export interface RecordedOption {
  id: string;
  title: string;
  consequences: string | null;
  /** Items that start with it, and those that are dropped with it. */
  opens: string[];
  drops: string[];
  chosenBy: string[];
}

/** What somebody wanted. Instants are ISO 8601 in UTC. */
export interface RecordedChoice {
  by: string;
  option: string;
  at: string;
  why: string | null;
}

/** A decision as it is kept: what was asked, what was chosen, by whom and why, and who wanted something else. */
export interface DecisionRecord {
  id: string;
  title: string;
  status: string;
  context: { impact: string | null; notes: string | null; remarks: Array<{ by: string; at: string; text: string }> };
  options: RecordedOption[];
  decidedBy: { who: string[]; quorum: Quorum };
  deadline: string | null;
  ifSilent: string;
  /** Null while it is open. */
  choice: { option: string; title: string; how: 'quorum' | 'silent'; choices: RecordedChoice[] } | null;
  /** Before it is final: what was said so far. */
  choices: RecordedChoice[];
  /** Choices for other options than the one that was taken. */
  dissent: RecordedChoice[];
  /** When it became final. */
  final: string | null;
  /** How often it was taken back. */
  reopened: number;
}

function recorded({ by, option, at, why }: Choice): RecordedChoice {
  return { by, option, at: isoText(at), why: why ?? null };
}

/** The record of a decision as it stands; undefined of an item that is none. */
export function decisionRecord(state: ItemState): DecisionRecord | undefined {
  const { item } = state.plan;
  const { decision } = item;
  if (!decision) return undefined;
  const { chosen } = state;
  const wanted = decidersOf(item, state.owners);
  const choices = state.choices.map(recorded);
  const all = [...new Set(decision.options.flatMap(({ opens }) => opens))];
  const options = decision.options.map(({ id, title, consequences, opens }) => ({
    id,
    title,
    consequences: consequences ?? null,
    opens,
    drops: all.filter((each) => !opens.includes(each)),
    chosenBy: choices.filter(({ option }) => option === id).map(({ by }) => by),
  }));
  const taken = chosen && options.find(({ id }) => id === chosen.option);
  const deadline = deadlineOf(state);
  return {
    id: item.id,
    title: item.title,
    status: state.status,
    context: {
      impact: item.impact ?? null,
      notes: item.notes ?? null,
      remarks: state.comments.map(({ by, at, text }) => ({ by, at: isoText(at), text })),
    },
    options,
    decidedBy: { who: wanted.by, quorum: wanted.quorum },
    deadline: deadline === undefined ? null : isoText(deadline),
    ifSilent: decision.ifSilent === 'escalate' ? 'escalate' : decision.ifSilent.option,
    choice: chosen
      ? {
          option: chosen.option,
          title: taken?.title ?? chosen.option,
          how: chosen.how,
          choices: choices.filter(({ option }) => option === chosen.option),
        }
      : null,
    choices: chosen ? [] : choices,
    dissent: chosen ? choices.filter(({ option }) => option !== chosen.option) : [],
    final: chosen ? isoText(chosen.at) : null,
    reopened: state.reopened,
  };
}
