/** The ways by which a notice reaches somebody. */
import type { Outgoing } from '../../domain/notice';
import type { Plan } from '../../domain/plan';
import { channelWay, type Way } from '../../domain/routing';
import { NotAccepted, type ChannelContext, type ChannelDeps, type Message, type Told } from './channel';
import { email } from './email';
import { log } from './log';
import { slack } from './slack';
import { webhook } from './webhook';

const toldBy = ({ launch, notice, route }: Outgoing): Told => ({
  launch,
  notice,
  people: route.recipients.map(({ id }) => id),
});

/** The message that a row of the outbox is, with those that go along with it. */
export function messageOf(outgoing: Outgoing, bundled: readonly Outgoing[] = []): Message {
  return { key: outgoing.key, told: [toldBy(outgoing), ...bundled.map(toldBy)] };
}

/** @throws NotAccepted */
export async function sendBy(way: Way, message: Message, context: ChannelContext): Promise<void> {
  switch (way.type) {
    case 'log':
      return await log.send(message, way, context);
    case 'slack':
      return await slack.send(message, way, context);
    case 'webhook':
      return await webhook.send(message, way, context);
    case 'email':
      return await email.send(message, way, context);
  }
}

function prepare(way: Way, context: Pick<ChannelDeps, 'access' | 'env'>): void {
  switch (way.type) {
    case 'log':
      return log.prepare(way, context);
    case 'slack':
      return slack.prepare(way, context);
    case 'webhook':
      return webhook.prepare(way, context);
    case 'email':
      return email.prepare(way, context);
  }
}

/** Why this worker, as it is, could not send by a channel of a plan, before it touches the world; empty: it could. */
export function channelRefusals(
  [id, channels]: [id: string, channels: Plan['channels']],
  context: Pick<ChannelDeps, 'access' | 'env'>
): string[] {
  const way = channelWay(channels, id);
  if (!way) return ['it is no channel that this worker knows: slack, email, webhook or log'];
  try {
    prepare(way, context);
    return [];
  } catch (error) {
    if (error instanceof NotAccepted) return [error.message];
    throw error;
  }
}
