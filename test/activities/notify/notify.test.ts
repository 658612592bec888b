import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createNotifyActivities } from '../../../activities/notify';
import { startOutbox, type Outbox } from '../../../activities/outbox';
import type { Delivered, Delivery } from '../../../activities/types';
import { routesOf, type Directory } from '../../../domain/routing';
import { openDatabase, type Database } from '../../../prisma/database';
import { createDeliveryStore } from '../../../prisma/deliveries';
import { freshDatabase, type FreshDatabase } from '../../support/database';
import { until } from '../../support/until';
import { channelDeps, hook, noticeOf, type Hook } from './peers';

const person = (id: string, more: object = {}) => ({ id, name: id, roles: [], ...more });

let fresh: FreshDatabase;
let database: Database;
let target: Hook;
let outbox: Outbox | undefined;
let deps: ReturnType<typeof channelDeps>;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url);
  target = await hook();
  deps = channelDeps();
});
afterEach(async () => {
  await outbox?.close();
  outbox = undefined;
  await target.close();
  await database.close();
});

const directory = (): Directory => ({
  people: [person('ana', { channels: ['chat'] }), person('carl', { channels: ['chat'] }), person('dev')],
  channels: { chat: { type: 'webhook', url: target.url } },
});

function deliveryOf(to: string[], more: Partial<Delivery> = {}): Delivery {
  const notice = noticeOf('opened', { to, urgent: more.confirm ?? false });
  return { launch: 'storefront', notice, to, routes: routesOf(directory(), to, 0), trial: false, ...more };
}

/** One attempt of the activity, at an outbox of the test's own. */
async function notify(given: Delivery, heartbeats?: unknown): Promise<Delivered> {
  outbox ??= startOutbox({ store: createDeliveryStore(database), channels: deps, firstPause: 20 });
  const activities = createNotifyActivities({ outbox, log: deps.log, now: Date.now });
  const env = new MockActivityEnvironment({ heartbeatDetails: heartbeats }, { logger: new DefaultLogger('ERROR') });
  const beats: unknown[] = [];
  env.on('heartbeat', (details: unknown) => beats.push(details));
  try {
    return (await env.run(activities.notify, given)) as Delivered;
  } catch (error) {
    throw Object.assign(error as Error, { beats });
  }
}

const keysReceived = () => target.received.map(({ headers }) => headers['webhook-id']);
const away = () => fresh.admin('REVOKE INSERT ON "Delivery" FROM launch_app');

test('a notice goes to the outbox, and the activity does not wait for the channels', async () => {
  target.answers.push(null);
  const delivered = await notify(deliveryOf(['ana', 'carl', 'dev']));
  expect(delivered).toEqual({ accepted: [], failed: [], queued: ['ana', 'carl', 'dev'] });
  await until('one message for both who share a channel', () => target.received.length === 1);
  expect(JSON.parse(target.received[0]!.body)).toMatchObject({ data: { to: ['ana', 'carl'] } });
  await until('who has none is told by the log', () => deps.lines.some(({ to }) => to === 'dev'));
});

test('an announcement is accepted when a channel took it, for whom it took it', async () => {
  target.answers.push({ status: 400 });
  const first = await notify(deliveryOf(['ana', 'dev'], { confirm: true }));
  expect(first).toEqual({ accepted: ['dev'], failed: ['ana'] });
  // The launch asks again: what had failed for good begins anew, what was accepted is not sent twice.
  const second = await notify(deliveryOf(['ana', 'dev'], { confirm: true }));
  expect(second).toEqual({ accepted: ['ana', 'dev'], failed: [] });
  expect(keysReceived()).toEqual(['storefront/opened/chat', 'storefront/opened/chat']);
  expect(deps.lines.filter(({ message }) => message === 'Notice')).toHaveLength(1);
});

test('without the database it is sent at once with the same keys; what no channel took is tried again, and nothing else', async () => {
  await away();
  target.answers.push({ status: 503 });
  const failed = await notify(deliveryOf(['ana', 'dev'])).catch((error: unknown) => error);
  expect(failed).toMatchObject({ type: 'NOT_DELIVERED', nonRetryable: false, beats: [['storefront/opened/log:dev']] });
  const again = await notify(deliveryOf(['ana', 'dev']), ['storefront/opened/log:dev']);
  expect(again).toEqual({ accepted: ['ana', 'dev'], failed: [] });
  expect(keysReceived()).toEqual(['storefront/opened/chat', 'storefront/opened/chat']);
  expect(deps.lines.filter(({ message }) => message === 'Notice')).toHaveLength(1);
});

test('without the database an announcement that a channel took is accepted', async () => {
  await away();
  target.answers.push({ status: 503 });
  expect(await notify(deliveryOf(['ana', 'dev'], { confirm: true }))).toEqual({ accepted: ['dev'], failed: ['ana'] });
});

test('a trial only says what it would send, and by which channel', async () => {
  await notify(deliveryOf(['ana', 'dev'], { trial: true }));
  expect(deps.lines).toMatchObject([
    { message: 'Would send notice', to: 'ana', channel: 'chat' },
    { message: 'Would send notice', to: 'dev', channel: 'log' },
  ]);
  expect([await fresh.admin('SELECT 1 FROM "Delivery"'), target.received]).toEqual([[], []]);
});

test('a workflow that does not say how people are reached tells them by the log', async () => {
  const delivered = await notify(deliveryOf(['ana'], { routes: undefined }));
  expect(delivered).toEqual({ accepted: ['ana'], failed: [] });
  expect(deps.lines).toMatchObject([{ message: 'Notice', to: 'ana', command: 'launch ack STAGING --as ana' }]);
});

test('what cannot be read is refused, not retried', async () => {
  const refused = notify({ undecodable: 'x' } as unknown as Delivery);
  await expect(refused).rejects.toMatchObject({ type: 'BAD_INPUT', nonRetryable: true });
});
