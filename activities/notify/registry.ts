/** The ways by which a notice reaches somebody. */
import type { Outgoing } from '../../domain/notice';
import type { Way } from '../../domain/routing';
import type { ChannelContext, Message, Told } from './channel';
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
