/** What somebody could do now, and why not: the rules asked ahead, with examples of what they might say. */
import type { ItemCommand, ItemCommandName, LaunchCommand, LaunchCommandName, Said, SpeakerKind } from './commands';
import { ITEM_COMMANDS, LAUNCH_COMMANDS } from './commands';
import { refuseItem } from './item-commands';
import type { ItemState } from './item-state';
import { criteriaOf } from './item-state';
import { refuseLaunch } from './launch-commands';
import type { LaunchState } from './launch-state';
import type { Refusal, RefusalCode } from './refusal';
import { DAY } from './units';

export interface PossibleAction {
  type: ItemCommandName | LaunchCommandName;
  allowed: boolean;
  code?: RefusalCode;
  reason?: string;
  /** Of which criteria, options, answers or reports it may be said, where it is said of one of them. */
  choices?: string[];
}

export interface Asking {
  by: string;
  kind?: SpeakerKind;
}

/** One way of saying it, and the choice that it stands for. */
interface Way<Command> {
  choice?: string;
  command: Command;
}

const SOMETHING = '…';
/** Of what may be said of several things, and of each of them not: more would say less. */
const MOST_REASONS = 3;

function judged<Command extends { type: PossibleAction['type'] }>(
  ways: Array<Way<Command>>,
  refuse: (command: Command) => Refusal | undefined
): Omit<PossibleAction, 'type'> {
  const answers = ways.map(({ choice, command }) => ({ choice, refused: refuse(command) }));
  const open = answers.filter(({ refused }) => refused === undefined);
  const choices = open.flatMap(({ choice }) => choice ?? []);
  if (open.length > 0) return { allowed: true, ...(choices.length > 0 && { choices }) };
  // Where it may be said of the whole that is asked, and its answer speaks for all.
  const whole = answers.filter(({ choice }) => choice === undefined);
  const refusals = (whole.length > 0 ? whole : answers).flatMap(({ refused }) => refused ?? []);
  const code = refusals[0]?.code;
  const reasons = new Set(refusals.filter((each) => each.code === code).map(({ message }) => message));
  return {
    allowed: false,
    code,
    reason: reasons.size > 0 ? [...reasons].slice(0, MOST_REASONS).join('; ') : undefined,
  };
}

function itemWays(state: ItemState, type: ItemCommandName, said: Said): Array<Way<ItemCommand>> {
  const criteria = criteriaOf(state.plan.item, state);
  const ofEach = <Way>(make: (criterion: string) => Way, of = criteria) =>
    of.map(({ id }) => ({ choice: id, command: make(id) }));
  const orWhole = (ways: Array<Way<ItemCommand>>, whole: ItemCommand) =>
    ways.length > 0 ? ways : [{ command: whole }];
  switch (type) {
    case 'acknowledge':
    case 'resolve':
      return [{ command: { type, ...said } }];
    case 'attest': {
      // Of a check nobody's word is taken: that is no answer to who may attest.
      const human = criteria.filter(({ attest }) => attest);
      const ways = ofEach((criterion) => ({ type, ...said, criterion }), human);
      return orWhole(ways, { type, ...said });
    }
    case 'retract':
      return [{ command: { type, ...said } }, ...ofEach((criterion) => ({ type, ...said, criterion }))];
    case 'verifyNow':
      return ofEach((criterion) => ({ type, ...said, criterion }));
    case 'waive': {
      const until = state.situation.launchAt + 365 * DAY;
      const waiver = { type, ...said, reason: SOMETHING, risk: SOMETHING, until };
      return orWhole(
        ofEach((criterion) => ({ ...waiver, criterion })),
        waiver
      );
    }
    case 'decide': {
      const options = state.plan.item.decision?.options.map(({ id }) => id) ?? [];
      const ways = options.map((option) => ({ choice: option, command: { type, ...said, option } }));
      return orWhole(ways, { type, ...said, option: SOMETHING });
    }
    case 'reopen':
      return [{ command: { type, ...said, reason: SOMETHING } }];
    case 'assign':
      return [{ command: { type, ...said, owners: [said.by] } }];
    case 'comment':
      return [{ command: { type, ...said, text: SOMETHING } }];
  }
}

/** Every command of an item, as `refuseItem` would take it from them now. */
export function possibleOnItem(state: ItemState, asking: Asking, now: number): PossibleAction[] {
  return ITEM_COMMANDS.map((type) => {
    const found = judged(itemWays(state, type, asking), (command) => refuseItem(state, command, now));
    if (type !== 'verifyNow' || found.allowed || found.code) return { type, ...found };
    return { type, allowed: false, code: 'UNKNOWN_CRITERION', reason: `${state.plan.item.id} has no check to run` };
  });
}

const ANSWERS = ['yes', 'no', 'withdraw'] as const;

function launchWays(
  state: LaunchState,
  { type, said }: { type: LaunchCommandName; said: Said },
  now: number
): Array<Way<LaunchCommand>> {
  switch (type) {
    case 'signOff':
      return ANSWERS.map((answer) => ({ choice: answer, command: { type, ...said, answer } }));
    case 'hold':
    case 'cancel':
      return [{ command: { type, ...said, reason: SOMETHING } }];
    case 'release':
    case 'retryActions':
      return [{ command: { type, ...said } }];
    case 'reschedule':
      return [{ command: { type, ...said, at: Math.max(now, state.launchAt) + DAY, reason: SOMETHING } }];
    case 'reportBlocker':
      return [{ command: { type, ...said, title: SOMETHING } }];
    case 'reviewBlocker': {
      const open = state.reported.filter(({ review }) => !review).map(({ id }) => id);
      const review = (report: string): LaunchCommand => ({ type, ...said, report, accept: true });
      if (open.length === 0) return [{ command: review(SOMETHING) }];
      return open.map((report) => ({ choice: report, command: review(report) }));
    }
    case 'amend':
      return [{ command: { type, ...said, plan: state.plan, reason: SOMETHING } }];
  }
}

/** Every command of a launch, as `refuseLaunch` would take it from them now. */
export function possibleOnLaunch(state: LaunchState, asking: Asking, now: number): PossibleAction[] {
  return LAUNCH_COMMANDS.map((type) => {
    const ways = launchWays(state, { type, said: asking }, now);
    return { type, ...judged(ways, (command) => refuseLaunch(state, command, now)) };
  });
}
