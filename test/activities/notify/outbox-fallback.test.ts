import { startOutbox, type Outbox } from '../../../activities/outbox';
import type { Notice } from '../../../domain/notice';
import { outgoing, type Route, type Way } from '../../../domain/routing';
import { openDatabase, type Database } from '../../../prisma/database';
import { createDeliveryStore, type DeliveryStore } from '../../../prisma/deliveries';
import { freshDatabase } from '../../support/database';
import { until } from '../../support/until';
import { channelDeps, hook, noticeOf, type Hook } from './peers';

const LAUNCH = 'storefront';

let database: Database;
let store: DeliveryStore;
let chat: Hook;
let mail: Hook;
let outbox: Outbox;
let deps: ReturnType<typeof channelDeps>;

beforeEach(async () => {
  database = openDatabase((await freshDatabase()).url);
  store = createDeliveryStore(database);
  [chat, mail] = [await hook(), await hook()];
  deps = channelDeps();
  outbox = startOutbox({ store, channels: deps, firstPause: 20 });
});
afterEach(async () => {
  await outbox.close();
  await Promise.all([chat.close(), mail.close()]);
  await database.close();
});

const way = (channel: string, { url }: Hook): Way => ({ channel, type: 'webhook', url });
const one = (id: string, ...otherwise: Way[]) => ({ id, to: [id], otherwise });
const send = (notice: Notice, ...routes: Route[]) =>
  outbox.enqueue(routes.map((route) => outgoing(LAUNCH, notice, route)));
const told = async (key: string) => (await store.fateOf(LAUNCH, key)).told.sort();
const toldAre = (key: string, ...ids: string[]) =>
  until(`${ids.join()} are told of ${key}`, async () => (await told(key)).join() === ids.join());
const down = (target: Hook, times: number) => {
  target.answers.push(...Array.from({ length: times }, () => ({ status: 503 })));
};
const namesIn = (target: Hook): string[][] =>
  target.received.map(({ body }) => (JSON.parse(body) as { data: { to: string[] } }).data.to);

test('a channel that is down and comes back tells those who have no other; who has one is told by it meanwhile', async () => {
  down(chat, 7);
  await send(noticeOf('opened'), { way: way('chat', chat), recipients: [one('ana', way('mail', mail)), one('carl')] });
  await toldAre('opened', 'ana', 'carl');
  expect(namesIn(mail)).toEqual([['ana']]);
  expect(chat.received).toHaveLength(8);
  expect(new Set(chat.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect((await store.list({ launch: LAUNCH })).map(({ channel, state }) => [channel, state])).toEqual([
    ['mail', 'sent'],
    ['chat', 'sent'],
  ]);
});

test('once it is back it is the first again', async () => {
  down(chat, 5);
  const route = { way: way('chat', chat), recipients: [one('ana', way('mail', mail))] };
  await send(noticeOf('first'), route);
  await toldAre('first', 'ana');
  await send(noticeOf('second'), route);
  await toldAre('second', 'ana');
  expect(mail.received).toHaveLength(1);
  expect(chat.received).toHaveLength(6);
});

test('whoever falls back on a place where others were told already is told there by name', async () => {
  chat.answers.push({ status: 404 });
  await send(noticeOf('opened'), { way: way('mail', mail), recipients: [one('carl')] });
  await toldAre('opened', 'carl');
  await send(noticeOf('opened'), { way: way('chat', chat), recipients: [one('ana', way('mail', mail))] });
  await toldAre('opened', 'ana', 'carl');
  expect(namesIn(mail)).toEqual([['carl'], ['ana']]);
  expect(new Set(mail.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
});

test('two channels that fail lead to one fallback, which names everybody once', async () => {
  const third = await hook();
  for (const target of [chat, mail]) target.answers.push({ status: 404 });
  await send(
    noticeOf('opened'),
    { way: way('chat', chat), recipients: [one('ana', way('third', third))] },
    { way: way('mail', mail), recipients: [one('carl', way('third', third))] }
  );
  await toldAre('opened', 'ana', 'carl');
  expect(namesIn(third).flat().sort()).toEqual(['ana', 'carl']);
  await third.close();
});

test('a channel that asks for an hour of peace holds up nothing that can go another way, urgent or not', async () => {
  chat.answers.push({ status: 429, headers: { 'retry-after': '3600' } });
  const both = { way: way('chat', chat), recipients: [one('ana', way('mail', mail)), one('carl')] };
  await send(noticeOf('first'), { way: way('chat', chat), recipients: [one('ana', way('mail', mail))] });
  await toldAre('first', 'ana');
  await send(noticeOf('second'), both);
  await send(noticeOf('verdict', { urgent: true }), both);
  await send(noticeOf('alone'), { way: way('chat', chat), recipients: [one('carl')] });
  await toldAre('second', 'ana');
  await toldAre('verdict', 'ana');
  expect(namesIn(mail)).toEqual([['ana'], ['ana'], ['ana']]);
  // Nothing went there; who has no other way waits for it.
  expect(chat.received).toHaveLength(1);
  const waiting = (await store.list({ launch: LAUNCH })).filter(({ state }) => state === 'queued');
  expect(waiting.map(({ notice }) => notice.key).sort()).toEqual(['alone', 'second', 'verdict']);
});
