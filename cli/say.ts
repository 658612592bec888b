import type { Speaker, ToItem, ToLaunch } from '../client/speaker';
import { printAccepted, type CommonOptions, type Context } from './command';
import { withNearest, withSession } from './target';
import { wayOf } from './way';
import type { WhenFrame } from './when';

/** Says something to an item as whoever acts, and prints its answer. */
export async function sayToItem(
  context: Context<object>,
  [launch, item]: [launch: string, item: string],
  command: ToItem
): Promise<void> {
  const said = { ...command, ...keyOf(context.options) };
  printAccepted(context, await acting(context.options, (speaker) => speaker.tellItem(launch, item, said)));
}

/** Says something to a launch as whoever acts, and prints its answer. */
export async function sayToLaunch(context: Context<object>, launch: string, command: ToLaunch): Promise<void> {
  const said = { ...command, ...keyOf(context.options) };
  printAccepted(context, await acting(context.options, (speaker) => speaker.tell(launch, said)));
}

/** What a person's WHEN is counted from, in this launch. */
export async function whenFrame(speaker: Speaker, launch: string): Promise<WhenFrame> {
  const { timezone: zone, launchAt } = await speaker.board(launch);
  return { zone, now: Date.now(), launchAt: Date.parse(launchAt) };
}

export function keyOf({ key }: CommonOptions): { key?: string } {
  return key ? { key } : {};
}

/** Works as whoever acts: by the gateway, or past it with `--direct`. */
export async function acting<T>(options: CommonOptions, work: (speaker: Speaker) => Promise<T>): Promise<T> {
  const way = await wayOf(options);
  if (way.direct) {
    const { directSpeaker } = await import('../client/speaker.js');
    return await withSession(options.data, ({ launches }) => work(directSpeaker(launches, way.by)));
  }
  const { gatewaySpeaker } = await import('../client/by-gateway.js');
  const speaker = await gatewaySpeaker(way);
  try {
    return await work(speaker);
  } catch (error) {
    throw await withNearest(error, () => speaker.running());
  }
}
