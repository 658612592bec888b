import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import type { ItemCommandName, LaunchCommandName, Read } from '../domain/commands';
import { describeCommand, readCommand } from '../domain/commands';
import { digestOf } from '../domain/digest';
import type { Refusal } from '../domain/refusal';
import { refusal } from '../domain/refusal';
import type { Accepted } from './messages';
import type { RunState } from './run-state';

/** Answers kept for repeated keys; the server forgets update ids at a continue-as-new. */
const KEPT_ANSWERS = 500;

type Name = ItemCommandName | LaunchCommandName;

export interface Handling<Command> {
  run: RunState;
  refuse(command: Command): Refusal | undefined;
  /** Carries an accepted command out; may wait. Throws an ApplicationFailure with a refusal's code. */
  accept(command: Command): Accepted | Promise<Accepted>;
  /** A signal cannot be answered: its refusal is kept for the board. */
  refused(command: string, by: string, why: Refusal): void;
}

/** Commands with a key that are being carried out: said again meanwhile, they share the answer that is to come. */
type Underway = Map<string, { digest: string; answer: Promise<Accepted> }>;

interface Door<Command> extends Handling<Command> {
  underway: Underway;
}

export function failed({ code, message }: Refusal): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}

interface Said {
  by: string;
  key?: string;
}

/** A repeated key with the same content has its answer, which may still be to come; with another it is refused. */
function remembered<Command extends Said>(
  { run, underway }: Door<Command>,
  command: Command
): Accepted | Promise<Accepted> | Refusal | undefined {
  if (command.key === undefined) return undefined;
  const known = run.answers.find(({ key }) => key === command.key) ?? underway.get(command.key);
  if (!known) return undefined;
  if (known.digest !== digestOf(command))
    return refusal('KEY_REUSED', `the key '${command.key}' was used for another command; take a new one`);
  return 'answer' in known ? known.answer : { text: known.text, status: known.status };
}

function remember(run: RunState, command: Said, answer: Accepted): Accepted {
  if (command.key === undefined) return answer;
  const { text, status } = answer;
  run.answers.push({ key: command.key, digest: digestOf(command), text, status });
  if (run.answers.length > KEPT_ANSWERS) run.answers.shift();
  return answer;
}

function read<Command extends Said>(name: Name, input: unknown): Command {
  const found = readCommand(name, input) as Read<unknown> as Read<Command>;
  if ('problem' in found) throw failed(refusal('BAD_INPUT', found.problem));
  return found.command;
}

async function carryOut<Command extends Said>(door: Door<Command>, command: Command): Promise<Accepted> {
  const answering = door.accept(command);
  // Remembered at once where nothing has to be awaited: the same command may be in the same activation.
  if (!(answering instanceof Promise)) return remember(door.run, command, answering);
  if (command.key === undefined) return answering;
  const { key } = command;
  const answer = answering.then((given) => remember(door.run, command, given)).finally(() => door.underway.delete(key));
  door.underway.set(key, { digest: digestOf(command), answer });
  return answer;
}

async function answer<Command extends Said>(door: Door<Command>, command: Command): Promise<Accepted> {
  const known = remembered(door, command);
  if (known && 'code' in known) throw failed(known);
  if (known) return known;
  const why = door.refuse(command);
  if (why) throw failed(why);
  return carryOut(door, command);
}

/** An update that refuses in its validator, so that a refusal leaves no event. Validators are not awaited: synchronous. */
function handleUpdate<Command extends Said>(
  name: Name,
  update: UpdateDefinition<Accepted, never[]>,
  handling: Door<Command>
) {
  const definition = update as unknown as UpdateDefinition<Accepted, [unknown]>;
  setHandler(definition, (input: unknown) => answer(handling, read<Command>(name, input)), {
    description: describeCommand(name),
    validator: (input: unknown) => {
      const command = read<Command>(name, input);
      const known = remembered(handling, command);
      const why = known ? ('code' in known ? known : undefined) : handling.refuse(command);
      if (why) throw failed(why);
    },
  });
}

function speaker(input: unknown): string {
  const by = typeof input === 'object' && input !== null && 'by' in input ? input.by : undefined;
  return typeof by === 'string' ? by.slice(0, 100) : 'somebody';
}

function handleSignal<Command extends Said>(name: Name, signal: SignalDefinition<[unknown]>, handling: Door<Command>) {
  const handler = async (input: unknown): Promise<void> => {
    try {
      await answer(handling, read<Command>(name, input));
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      handling.refused(name, speaker(input), { code: error.type as Refusal['code'], message: error.message });
    }
  };
  setHandler(signal, handler, { description: describeCommand(name) });
}

/** Both ways of saying the same, for each of these commands. */
export function handleCommands<Command extends Said>(
  names: readonly Name[],
  messages: { updates: { [name: string]: unknown }; signals: { [name: string]: SignalDefinition<[unknown]> } },
  handling: Handling<Command>
): void {
  const door = { ...handling, underway: new Map() };
  for (const name of names) {
    handleUpdate(name, messages.updates[name] as UpdateDefinition<Accepted, never[]>, door);
    handleSignal(name, messages.signals[name]!, door);
  }
}
