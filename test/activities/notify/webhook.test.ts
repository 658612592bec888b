import { Webhook } from 'standardwebhooks';
import { sendBy } from '../../../activities/notify/registry';
import { webhookId } from '../../../activities/notify/webhook';
import type { SecretRef } from '../../../domain/routing';
import { channelDeps, hook, noticeOf, type Hook } from './peers';

const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let target: Hook;
beforeEach(async () => {
  target = await hook();
});
afterEach(() => target.close());

const send = (secret?: SecretRef, key = 'storefront/opened/hook') =>
  sendBy(
    { channel: 'hook', type: 'webhook', url: target.url, secret },
    { key, told: [{ launch: 'storefront', notice: noticeOf('opened'), people: ['ana'] }] },
    { ...channelDeps({ KEY }), signal: AbortSignal.timeout(5_000) }
  );

test('whoever has the key verifies the message with the library of the standard', async () => {
  await send({ env: 'KEY' });
  const [{ headers, body }] = target.received as [Hook['received'][0]];
  expect(new Webhook(KEY).verify(body, headers as { [name: string]: string })).toMatchObject({
    type: 'launch.notice',
    data: {
      key: 'opened',
      launch: 'storefront',
      about: 'STAGING',
      subject: 'Staging answers 502 (opened)',
      command: 'launch ack STAGING --as ana',
      urgent: false,
      to: ['ana'],
    },
  });
  expect(headers['webhook-id']).toBe('storefront/opened/hook');
  const forged = body.replace('STAGING', 'OTHER');
  expect(() => new Webhook(KEY).verify(forged, headers as { [name: string]: string })).toThrow('No matching signature');
});

test('without a secret it is not signed', async () => {
  await send();
  expect(target.received[0]!.headers).not.toHaveProperty('webhook-signature');
});

test('a secret that is no key of the standard signs nothing, and is not told', async () => {
  await expect(send('hunter2, my password')).rejects.toThrow('not a key of Standard Webhooks');
  await expect(send('hunter2, my password')).rejects.not.toThrow('hunter2');
  expect(target.received).toEqual([]);
});

test('a key is one header and has no full stop, whatever it is made of', async () => {
  const keys = ['a.b', 'a%2Eb', 'ä\r\nx: y', 'l/k/mail:a@example.com'].map(webhookId);
  expect(keys).toEqual(['a%2Eb', 'a%252Eb', '%C3%A4%0D%0Ax:%20y', 'l/k/mail:a@example%2Ecom']);
  expect(keys.every((key) => /^[\x21-\x7e]+$/.test(key) && !key.includes('.'))).toBe(true);
});
