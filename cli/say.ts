import type { ItemCommand, LaunchCommand } from '../domain/commands';
import { printAccepted, type Context } from './command';

type Unsaid<Command> = Command extends unknown ? Omit<Command, 'by' | 'key' | 'kind'> : never;

function said({ options, who }: Context<object>): { by: string; key?: string } {
  return { by: who(), ...(options.key ? { key: options.key } : {}) };
}

/** Says something to an item as whoever acts, and prints its answer. */
export async function sayToItem(
  context: Context<object>,
  [launch, item]: [launch: string, item: string],
  command: Unsaid<ItemCommand>
): Promise<void> {
  const whole = { ...command, ...said(context) } as ItemCommand;
  printAccepted(context, await context.session(({ launches }) => launches.tellItem(launch, item, whole)));
}

/** Says something to a launch as whoever acts, and prints its answer. */
export async function sayToLaunch(
  context: Context<object>,
  launch: string,
  command: Unsaid<LaunchCommand>
): Promise<void> {
  const whole = { ...command, ...said(context) } as LaunchCommand;
  printAccepted(context, await context.session(({ launches }) => launches.tell(launch, whole)));
}
