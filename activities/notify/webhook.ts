import { Webhook } from 'standardwebhooks';
import type { Json } from '../../domain/plan';
import type { SecretRef } from '../../domain/routing';
import { NotAccepted, type Channel, type ChannelDeps, type Message, type Told } from './channel';
import { addressOf, postJson, secretOf } from './http-post';

const WEBHOOK_KEY = /^(whsec_)?[A-Za-z0-9+/]{16,}={0,2}$/;

/** The key as a header can carry it; the standard keeps the full stop for itself. */
export function webhookId(key: string): string {
  const bytes = (letter: string): string =>
    [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return key.replace(/[^A-Za-z0-9_:/@,+-]/gu, bytes);
}

function noticeData({ launch, notice, people }: Told): { [key: string]: Json } {
  const { key, about, subject, text, command, urgent } = notice;
  return { key, launch, about, subject, text, ...(command === undefined ? {} : { command }), urgent, to: people };
}

/** The body: `launch.notice` with one, or `launch.notices` with several. */
export function webhookPayload({ told }: Message, now: number): Json {
  const [first, ...others] = told;
  const timestamp = new Date(now).toISOString();
  return others.length === 0
    ? { type: 'launch.notice', timestamp, data: noticeData(first) }
    : { type: 'launch.notices', timestamp, data: { notices: told.map(noticeData) } };
}

/** @throws NotAccepted also of a key that is none: it would sign with something else than whoever verifies has */
function keyOf(secret: SecretRef, context: Pick<ChannelDeps, 'access' | 'env'>): string {
  const key = secretOf(secret, context);
  if (WEBHOOK_KEY.test(key)) return key;
  throw new NotAccepted('the secret is not a key of Standard Webhooks (whsec_ and base64)', false);
}

/** An HTTP POST by Standard Webhooks (https://www.standardwebhooks.com): `webhook-id` is the message's key. */
export const webhook: Channel<'webhook'> = {
  prepare({ url, secret }, context) {
    addressOf(url, context);
    if (secret !== undefined) keyOf(secret, context);
  },
  async send(message, { url, secret }, context) {
    const at = new Date(context.now());
    const id = webhookId(message.key);
    const body = JSON.stringify(webhookPayload(message, at.getTime()));
    const headers: { [name: string]: string } = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    };
    if (secret !== undefined) headers['webhook-signature'] = new Webhook(keyOf(secret, context)).sign(id, at, body);
    await postJson(url, { body, headers }, context);
  },
};
