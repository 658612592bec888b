import { startOutbox, type Outbox } from '../../../activities/outbox';
import { outgoing, type Route, type Way } from '../../../domain/routing';
import type { Notice } from '../../../domain/notice';
import { openDatabase, type Database } from '../../../prisma/database';
import { createDeliveryStore, type DeliveryStore } from '../../../prisma/deliveries';
import { freshDatabase, type FreshDatabase } from '../../support/database';
import { until } from '../../support/until';
import { channelDeps, hook, noticeOf, routeBy, type Hook } from './peers';

let fresh: FreshDatabase;
let database: Database;
let store: DeliveryStore;
let target: Hook;
let launches = 0;
let launch: string;
const outboxes: Outbox[] = [];

beforeEach(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.url);
  store = createDeliveryStore(database);
  target = await hook();
  launch = `launch-${++launches}`;
});
afterEach(async () => {
  await Promise.all(outboxes.splice(0).map((outbox) => outbox.close()));
  await target.close();
  await database.close();
});

function start(deps = channelDeps(), firstPause = 20): Outbox {
  const outbox = startOutbox({ store, channels: deps, firstPause });
  outboxes.push(outbox);
  return outbox;
}

const hookWay = (channel = 'hook', url = target.url, more: object = {}): Way => ({
  channel,
  type: 'webhook',
  url,
  ...more,
});
const send = (notice: Notice, route: Route) => store.enqueue([outgoing(launch, notice, route)]);
const state = async (key: string) => (await store.list({ launch })).find(({ notice }) => notice.key === key)?.state;
const isSent = (key: string) => async () => (await state(key)) === 'sent';

test('a notice is sent once for its key, however often it is put into the outbox', async () => {
  const outbox = start();
  for (const _ of [1, 2, 3]) await outbox.enqueue([outgoing(launch, noticeOf('opened'), routeBy(hookWay()))]);
  await until('it is sent', isSent('opened'));
  await outbox.enqueue([outgoing(launch, noticeOf('opened'), routeBy(hookWay()))]);
  await outbox.enqueue([outgoing(launch, noticeOf('after'), routeBy(hookWay()))]);
  await until('the next is sent', isSent('after'));
  expect(target.received.map(({ headers }) => headers['webhook-id'])).toEqual([
    `${launch}/opened/hook`,
    `${launch}/after/hook`,
  ]);
  expect(await store.fateOf(launch, 'opened')).toEqual({ told: ['ana'], isOver: true });
});

test('429 with Retry-After, 500, then 200: the same message three times, not before it was asked for', async () => {
  target.answers.push({ status: 429, headers: { 'retry-after': '2' } }, { status: 500 });
  start();
  await send(noticeOf('opened'), routeBy(hookWay()));
  await until('it is sent', isSent('opened'), 30_000);
  const ids = target.received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  expect(target.received[1]!.at - target.received[0]!.at).toBeGreaterThanOrEqual(1_900);
});
