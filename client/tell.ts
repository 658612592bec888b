import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { ItemCommand, LaunchCommand } from '../domain/commands';
import { readCommand } from '../domain/commands';
import { digestOf } from '../domain/digest';
import type { LookedAt } from '../domain/looked';
import { planProblem } from '../domain/plan-shape';
import type { Accepted } from '../workflows/messages';
import type { Connected } from './connection';
import { withDeadline } from './connection';
import { isLate, isNobodyPolling, isNotFound, LaunchError, reasonOf, refusalIn } from './errors';
import { refuseLargePlan } from './plan-size';

/** How long one attempt waits for a worker to accept or refuse, and how often the same id is tried. */
const ACCEPTED_WITHIN_MS = 5_000;
const ATTEMPTS = 3;
/** `resolve` and `verifyNow` measure before they answer; a check may take its whole timeout, several one another's. */
const DONE_WITHIN_MS = 120_000;
/** A workflow between two of its runs is not found for an instant. */
const BETWEEN_RUNS_MS = 200;
/** Temporal allows 1,000 characters for an update's id. */
const LONGEST_KEY = 200;

export type { Accepted, LookedAt };

export type AnyCommand = ItemCommand | LaunchCommand;

/** The command with a key, which makes repeating it safe: a random one unless its giver chose one. */
export function withKey<Command extends AnyCommand>(command: Command): Command & { key: string } {
  return { ...command, key: command.key ?? randomUUID() };
}

/** The same key with the same content is the same update; with other content it is another, which is refused. */
export function updateIdOf(command: AnyCommand & { key: string }): string {
  const key = command.key.length > LONGEST_KEY ? digestOf(command.key) : command.key;
  return `${key}:${digestOf(command)}`;
}

interface Telling {
  handle: WorkflowHandle;
  /** For messages: `demo`, or `demo's item A`. */
  whom: string;
}

/** The command, if it can be read as that. @throws LaunchError BAD_INPUT */
export function checked<Command extends AnyCommand>(command: Command): Command {
  const found = readCommand(command.type, command);
  if ('problem' in found) throw new LaunchError('BAD_INPUT', found.problem);
  // What is no plan is refused by the launch.
  if (command.type === 'amend' && !planProblem(command.plan)) refuseLargePlan(command.plan);
  return command;
}

function noWorker(whom: string, command: { key: string }): LaunchError {
  const message = `No worker has answered for ${whom} within ${(ATTEMPTS * ACCEPTED_WITHIN_MS) / 1_000} s. It may still be taken when one comes back; repeat it with --key ${command.key} and it is not done twice. 'launch doctor' says what is missing.`;
  return new LaunchError('NO_WORKER', message, { key: command.key });
}

/** Its worker is there and cannot go on with it: it has failed at what came last, and tries again. */
function cannotGoOn(whom: string, { key }: { key: string }, error: unknown): LaunchError {
  const message = `No worker can take this for ${whom} now (${reasonOf(error)}). Repeat it with --key ${key} and it is not done twice. 'launch doctor' says what is missing.`;
  return new LaunchError('NO_WORKER', message, { key });
}

/** The workflow is not there, or it is over and takes no more answers. */
async function whyNotFound(connected: Connected, { handle, whom }: Telling): Promise<LaunchError | 'running'> {
  try {
    const { status } = await withDeadline(connected, () => handle.describe());
    if (status.name === 'RUNNING') return 'running';
    return new LaunchError('ENDED', `${whom} is over; it takes no more answers`);
  } catch (error) {
    if (isNotFound(error)) return new LaunchError('NOT_FOUND', `there is no ${whom}`);
    throw error;
  }
}

/** One attempt; undefined: try the same id again. */
async function attempt(
  connected: Connected,
  telling: Telling,
  command: AnyCommand & { key: string }
): Promise<(() => Promise<Accepted>) | undefined> {
  const { handle } = telling;
  const options = { args: [command] as [AnyCommand], updateId: updateIdOf(command), waitForStage: 'ACCEPTED' as const };
  try {
    // An update is called as its command is.
    const update = () => handle.startUpdate<Accepted, [AnyCommand]>(command.type, options);
    const accepted = await withDeadline(connected, update, ACCEPTED_WITHIN_MS);
    return () => withDeadline(connected, () => accepted.result(), DONE_WITHIN_MS);
  } catch (error) {
    if (isLate(error)) return undefined;
    if (isNobodyPolling(error)) throw cannotGoOn(telling.whom, command, error);
    if (!isNotFound(error)) throw refusalIn(error) ?? error;
    const why = await whyNotFound(connected, telling);
    if (why !== 'running') throw why;
    await delay(BETWEEN_RUNS_MS);
    return undefined;
  }
}

/**
 * Says something to a workflow by update and returns its answer. Every call has a deadline; after one the same update
 * id is tried again, so that nothing is done twice.
 * @throws LaunchError a refusal's code, BAD_INPUT, NOT_FOUND, ENDED, NO_WORKER, UNFINISHED, UNREACHABLE, FAILED
 */
export async function tellWorkflow(connected: Connected, telling: Telling, said: AnyCommand): Promise<Accepted> {
  const command = withKey(checked(said));
  let finish: (() => Promise<Accepted>) | undefined;
  for (let tried = 0; tried < ATTEMPTS && !finish; tried++) finish = await attempt(connected, telling, command);
  if (!finish) throw noWorker(telling.whom, command);
  try {
    return await finish();
  } catch (error) {
    if (!isLate(error)) throw refusalIn(error) ?? error;
    const message = `${telling.whom} has accepted this and is still at it after ${DONE_WITHIN_MS / 1_000} s; look again with 'launch status'`;
    throw new LaunchError('UNFINISHED', message, { key: command.key });
  }
}
