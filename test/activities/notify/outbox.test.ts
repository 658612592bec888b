import { startOutbox, type Outbox } from '../../../activities/outbox';
import { outgoing, type Route, type Way } from '../../../domain/routing';
import type { Notice } from '../../../domain/notice';
import { openDatabase, type Database } from '../../../prisma/database';
import { createDeliveryStore, type DeliveryStore } from '../../../prisma/deliveries';
import { freshDatabase, type FreshDatabase } from '../../support/database';
import { until } from '../../support/until';
import { httpTarget } from '../checks/target';
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
const LOG: Way = { channel: 'log', type: 'log' };
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
  await until('it is sent', isSent('opened'));
  const ids = target.received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  expect(target.received[1]!.at - target.received[0]!.at).toBeGreaterThanOrEqual(1_900);
});

test('one that is refused for good goes to the fallback at once, and to nobody twice', async () => {
  const other = await hook();
  target.answers.push({ status: 400, body: 'no such <!channel>' });
  const deps = channelDeps();
  start(deps);
  const two = [hookWay('other', other.url)];
  const route = { way: hookWay(), recipients: ['ana', 'carl'].map((id) => ({ id, to: [id], otherwise: two })) };
  await send(noticeOf('opened'), route);
  await until('the other has it', () => other.received.length === 1);
  await until('it is marked', async () => (await store.fateOf(launch, 'opened')).told.length === 2);
  expect((await store.list({ launch })).map(({ key, state: now, lastError }) => [key, now, lastError])).toEqual([
    [`${launch}/opened/other`, 'sent', undefined],
    [`${launch}/opened/hook`, 'failed', `${target.url} answered 400 "no such <!channel>"`],
  ]);
  expect([target.received.length, other.received.length]).toEqual([1, 1]);
  expect(deps.lines).toMatchObject([{ level: 'warn', message: 'Notice was not accepted; it goes another way' }]);
  await other.close();
});

test('a channel that is down is tried five times, then the fallback', async () => {
  target.answers.push(...Array.from({ length: 5 }, () => ({ status: 503 })));
  start();
  const deps = channelDeps();
  start(deps);
  await send(noticeOf('opened'), routeBy(hookWay(), [LOG]));
  await until('it went another way', async () => (await store.fateOf(launch, 'opened')).isOver);
  expect(target.received).toHaveLength(5);
  expect((await store.list({ launch })).map(({ channel, state: now }) => [channel, now])).toEqual([
    ['log', 'sent'],
    ['hook', 'failed'],
  ]);
});

test('what no way is left for stands in the log, whole', async () => {
  target.answers.push({ status: 404 });
  const deps = channelDeps();
  start(deps);
  await send(noticeOf('opened'), routeBy(hookWay()));
  const lost = await until('it is told', () => deps.lines.find(({ message }) => /any channel/.test(message)));
  expect(lost).toMatchObject({
    to: 'ana',
    subject: 'Staging answers 502 (opened)',
    command: 'launch ack STAGING --as ana',
  });
  expect(await state('opened')).toBe('failed');
});

test('one that hangs holds up no other, and is tried again', async () => {
  const hanging = await hook();
  hanging.answers.push(null);
  start();
  await send(noticeOf('slow'), routeBy(hookWay('slow', hanging.url)));
  await until('it hangs', () => hanging.received.length === 1);
  await send(noticeOf('fast'), routeBy(hookWay()));
  await until('the other is sent meanwhile', isSent('fast'));
  expect(await state('slow')).toBe('queued');
  await until('it is sent in the end', isSent('slow'));
  expect(hanging.received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(2).fill(`${launch}/slow/slow`));
  expect((await store.list({ launch })).find(({ channel }) => channel === 'slow')?.lastError).toMatch(
    /did not answer within/
  );
  await hanging.close();
});

test('three workers at once send nothing twice, one after the other to each address', async () => {
  let underWay = 0;
  let most = 0;
  const busy = await httpTarget((request, response) => {
    most = Math.max(most, ++underWay);
    request.resume().on('end', () => setTimeout(() => void (underWay--, response.end('ok')), 5));
  });
  const databases = [openDatabase(fresh.url), openDatabase(fresh.url)];
  for (const each of [store, ...databases.map(createDeliveryStore)]) {
    outboxes.push(startOutbox({ store: each, channels: channelDeps(), firstPause: 20 }));
  }
  const keys = Array.from({ length: 40 }, (_, n) => `notice-${n}`);
  await store.enqueue(keys.map((key) => outgoing(launch, noticeOf(key), routeBy(hookWay()))));
  await store.enqueue(keys.map((key) => outgoing(launch, noticeOf(`busy-${key}`), routeBy(hookWay('busy', busy.url)))));
  await until(
    'all are sent',
    async () => (await store.list({ launch })).every(({ state: now }) => now === 'sent'),
    40_000
  );
  const ids = target.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(40);
  expect([ids.length, most]).toEqual([40, 1]);
  await Promise.all(outboxes.splice(0).map((outbox) => outbox.close()));
  await Promise.all([busy.close(), ...databases.map((each) => each.close())]);
});

/** Long enough for a slow machine to count within it, short enough to wait for. */
const SPAN = 4_000;

test('beyond the limit of an address messages of all launches wait and go as one; urgent ones never wait', async () => {
  start();
  const way = hookWay('hook', target.url, { limit: { most: 2, per: SPAN } });
  const other = `${launch}-other`;
  const keys = ['a', 'b', 'c', 'd', 'e'];
  await store.enqueue(keys.map((key, n) => outgoing(n % 2 ? other : launch, noticeOf(key), routeBy(way))));
  await send(noticeOf('verdict', { urgent: true }), routeBy(way));
  await until('the verdict is sent', isSent('verdict'));
  const all = async () => [...(await store.list({ launch })), ...(await store.list({ launch: other }))];
  await until('nothing waits', async () => (await all()).every(({ state: now }) => now !== 'queued'));
  const told = target.received.map(
    ({ body }) => JSON.parse(body) as { type: string; data: { notices?: Array<{ key: string }>; key: string } }
  );
  const single = told.filter(({ type }) => type === 'launch.notice').map(({ data }) => data.key);
  const bundled = told
    .filter(({ type }) => type === 'launch.notices')
    .flatMap(({ data }) => data.notices!.map(({ key }) => key));
  expect([...single, ...bundled].sort()).toEqual([...keys, 'verdict']);
  expect(single).toContain('verdict');
  expect(single.length).toBeLessThanOrEqual(3);
  expect((await all()).filter(({ state: now }) => now === 'bundled')).toHaveLength(bundled.length - 1);
  const limited = target.received.filter(({ body }) => !body.includes('"verdict"')).map(({ at }) => at);
  for (const [index, at] of limited.entries()) {
    if (index >= 2) expect(at - limited[index - 2]!).toBeGreaterThanOrEqual(SPAN - 500);
  }
});

test('a message that a worker was killed with is sent again with the same key and the same words', async () => {
  const way = hookWay('hook', target.url, { limit: { most: 1, per: SPAN } });
  await store.enqueue(['a', 'b', 'c'].map((key) => outgoing(launch, noticeOf(key), routeBy(way))));
  const take = () => store.take({ most: 5, lease: 200, bundle: 20 });
  const [first] = (await take()).taken;
  await store.markSent(first!);
  expect((await take()).taken).toEqual([]);
  const lead = await until('the others go together', async () => (await take()).taken[0]);
  expect(lead.bundled.map(({ notice }) => notice.key)).toEqual(['c']);
  await send(noticeOf('d'), routeBy(way));
  // Nobody marks it: as when its worker is gone.
  const again = await until('its lease is over', async () => (await take()).taken.find(({ key }) => key === lead.key));
  expect(again).toEqual({ ...lead, attempts: 2 });
});

test('secrets that the plan does not hold are not in the table, nor in what is told of failures', async () => {
  const deps = channelDeps({
    HOOK: `${target.url}/services/T0/very-secret-path`,
    KEY: 'whsec_bm90IGEga2V5IGF0IGFsbA==',
  });
  target.answers.push({ status: 400, body: 'bad very-secret-path' });
  start(deps);
  const way: Way = { channel: 'hook', type: 'webhook', url: { env: 'HOOK' }, secret: { env: 'KEY' } };
  await send(noticeOf('opened'), routeBy(way));
  await until('it failed', async () => (await state('opened')) === 'failed');
  const rows = JSON.stringify(await fresh.admin('SELECT * FROM "Delivery"'));
  for (const text of [rows, JSON.stringify(deps.lines)]) expect(text).not.toMatch(/very-secret|bm90IGEg/);
  expect(rows).toContain('$HOOK answered 400');
});

test('a channel that the worker may not reach, or whose variable it lacks, is tried again: another worker may', async () => {
  const strict = channelDeps();
  strict.access = { ...strict.access, allowLocal: false, env: ['HOOK'] };
  start(strict);
  await send(noticeOf('local'), routeBy(hookWay()));
  await send(noticeOf('unset'), routeBy({ channel: 'unset', type: 'slack', url: { env: 'HOOK' } }));
  await send(noticeOf('denied'), routeBy({ channel: 'denied', type: 'slack', url: { env: 'OTHER' } }));
  const errors = async () => (await store.list({ launch })).map(({ lastError }) => lastError ?? '').reverse();
  const told = await until('all were tried', async () => ((await errors()).every(Boolean) ? errors() : undefined));
  expect(told[0]).toContain('loopback or private address');
  expect(told[1]).toContain('HOOK is not set');
  expect(told[2]).toContain('may not read the variable OTHER');
  start();
  await until('a worker that may sends it', isSent('local'));
  expect(target.received).toHaveLength(1);
});

test('connections to the database that break on the way lose nothing and send nothing twice', async () => {
  start();
  const keys = Array.from({ length: 30 }, (_, n) => `notice-${n}`);
  await store.enqueue(keys.map((key) => outgoing(launch, noticeOf(key), routeBy(hookWay()))));
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${fresh.name}' AND pid <> pg_backend_pid()`;
  for (const after of [3, 10]) {
    await until('some are sent', () => target.received.length >= after);
    await fresh.admin(cut);
  }
  await until(
    'all are sent',
    async () => (await store.list({ launch })).every(({ state: now }) => now === 'sent'),
    90_000
  );
  expect(new Set(target.received.map(({ headers }) => headers['webhook-id'])).size).toBe(30);
  expect(target.received).toHaveLength(30);
});

test('what was done with long ago is removed, what waits is not', async () => {
  await store.enqueue(['sent', 'queued'].map((key) => outgoing(launch, noticeOf(key), routeBy(LOG))));
  const { taken } = await store.take({ most: 1, lease: 1_000, bundle: 1 });
  await store.markSent(taken[0]!);
  await fresh.admin(`UPDATE "Delivery" SET "nextTryAt" = now() - interval '31 days'`);
  expect(await store.prune({ age: 30 * 86_400_000, limit: 10 })).toBe(1);
  expect((await store.list()).map(({ state: now }) => now)).toEqual(['queued']);
});
