import type { Board } from '../domain/board';
import type { ItemCommand, LaunchCommand } from '../domain/commands';
import type { ItemState } from '../domain/item-state';
import type { Plan } from '../domain/plan';
import type { Accepted } from '../workflows/messages';
import type { Launches } from './launches';
import type { Started } from './start';

type Unspoken<Command> = Command extends unknown ? Omit<Command, 'by' | 'kind' | 'via'> : never;

/** What is said, by whom left out: a speaker knows that. */
export type ToItem = Unspoken<ItemCommand>;
export type ToLaunch = Unspoken<LaunchCommand>;

/** What to start: the document, for whoever reads it elsewhere, and the plan that it is as of an instant (epoch ms). */
export interface ToStart {
  document: string;
  compile(now: number): Plan;
  launchAt?: string;
  speed?: number;
  trial?: boolean;
  id?: string;
  key?: string;
}

/** `launchAt` is ISO 8601 in UTC: a date like `+2d` is counted from when it was started. */
export type StartedAt = Started & { launchAt: string };

/**
 * Somebody who says something to launches, and reads what they need for it, by one way: over a connection to Temporal
 * of their own, or by a gateway. All throw `LaunchError`, with the same codes by both ways.
 */
export interface Speaker {
  /** As it is said to the launch. */
  by: string;
  start(wanted: ToStart): Promise<StartedAt>;
  tell(launch: string, command: ToLaunch): Promise<Accepted>;
  tellItem(launch: string, item: string, command: ToItem): Promise<Accepted>;
  board(launch: string): Promise<Board>;
  plan(launch: string): Promise<Plan>;
  itemState(launch: string, item: string): Promise<ItemState>;
  /** Ids of the launches that run, the newest first. */
  running(): Promise<string[]>;
}

/** Whoever reaches Temporal is believed. */
export function directSpeaker(launches: Launches, by: string): Speaker {
  return {
    by,
    start: async ({ compile, key }) => {
      const plan = compile(Date.now());
      const started = await launches.start({ plan, by, ...(key === undefined ? {} : { key }) });
      return { ...started, launchAt: new Date(plan.launch.at).toISOString() };
    },
    tell: (launch, command) => launches.tell(launch, { ...command, by } as LaunchCommand),
    tellItem: (launch, item, command) => launches.tellItem(launch, item, { ...command, by } as ItemCommand),
    board: (launch) => launches.board(launch),
    plan: (launch) => launches.plan(launch),
    itemState: (launch, item) => launches.itemState(launch, item),
    running: async () => (await launches.list()).map(({ id }) => id),
  };
}
