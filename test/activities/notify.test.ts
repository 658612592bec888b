import pino from 'pino';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createNotifyActivities } from '../../activities/notify';
import type { Delivery } from '../../activities/types';

const delivery: Delivery = {
  launch: 'storefront',
  notice: {
    key: 'STAGING/opened',
    to: ['devops', 'everyone', 'chat'],
    about: 'STAGING',
    subject: 'Staging answers 502',
    text: 'It is yours.',
    command: 'launch ack STAGING --as devops',
    urgent: false,
  },
  to: ['devops', 'chat', 'devops'],
  trial: false,
};

async function notify(
  given: Delivery,
  refuses?: string
): Promise<{ delivered: unknown; lines: Array<{ to: string }> }> {
  const lines: Array<{ to: string }> = [];
  const log = pino(
    {},
    {
      write: (text) => {
        const line = JSON.parse(text) as { to: string; level: number };
        if (line.to === refuses && line.level === 30) throw new Error('disk full');
        lines.push(line);
      },
    }
  );
  const delivered = await new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(
    createNotifyActivities({ log }).notify,
    given
  );
  return { delivered, lines };
}

test('a notice is written once for each of those it is for, keyed by launch, notice and recipient', async () => {
  const { delivered, lines } = await notify(delivery);
  expect(delivered).toEqual({ accepted: ['devops', 'chat'], failed: [] });
  expect(lines).toMatchObject([
    {
      key: 'storefront/STAGING/opened/devops',
      to: 'devops',
      msg: 'Notice',
      subject: 'Staging answers 502',
      command: 'launch ack STAGING --as devops',
    },
    { key: 'storefront/STAGING/opened/chat', to: 'chat' },
  ]);
});

test('who cannot be reached is told apart from the others, who are', async () => {
  const { delivered, lines } = await notify(delivery, 'devops');
  expect(delivered).toEqual({ accepted: ['chat'], failed: ['devops'] });
  expect(lines).toMatchObject([
    { to: 'devops', msg: 'Notice was not accepted' },
    { to: 'chat', msg: 'Notice' },
  ]);
});

test('a trial only says what it would send', async () => {
  const { lines } = await notify({ ...delivery, trial: true });
  expect(lines).toMatchObject([{ msg: 'Would send notice' }, { msg: 'Would send notice' }]);
});

test('what cannot be read is refused, not retried', async () => {
  const refused = notify({ undecodable: 'x' } as unknown as Delivery);
  await expect(refused).rejects.toMatchObject({ type: 'BAD_INPUT', nonRetryable: true });
});
