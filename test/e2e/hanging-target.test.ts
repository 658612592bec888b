import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { itemOf, testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** More checks than a worker once had room for, each on a target that takes the request and never answers. */
const [HANGING_ITEMS, CHECKS_EACH] = [90, 5];
const HANGING = HANGING_ITEMS * CHECKS_EACH;
/** Far longer than this test may take: whoever waits for one of them waits too long. */
const TIMEOUT = '20m';
const SOON_MS = 60_000;

let stack: TestStack;
let target: Server;
let base: string;
/** Requests that hang now. */
const hanging = new Set<Socket>();

const check = (id: string, path: string, timeout = '10s'): string =>
  `{ id: ${id}, title: ${id}, check: { type: http, url: "${base}/${path}" }, every: 1m, timeout: ${timeout} }`;
const word = (id: string): string => `{ id: ${id}, title: ${id}, attest: { by: [dev] } }`;

function plan(): string {
  const items = [
    ...Array.from({ length: HANGING_ITEMS }, (_, item) => {
      const checks = Array.from({ length: CHECKS_EACH }, (_each, index) => check(`c-${index}`, 'hangs', TIMEOUT));
      return { id: `HANGS-${item}`, acceptance: checks };
    }),
    { id: 'MIXED', acceptance: [check('stuck', 'hangs', TIMEOUT), check('up', 'ok'), word('seen')] },
  ].map(
    ({ id, acceptance }) => `  - { id: ${id}, title: ${id}, owners: [dev], acceptance: [${acceptance.join(', ')}] }`
  );
  return `version: 1\nid: hanging\ntitle: Hanging\nlaunch: { at: +9d 10:00, authority: { roles: [ana], quorum: all } }\npeople: [{ id: ana, name: Ana }, { id: dev, name: Dev }]\nitems:\n${items.join('\n')}\ngates: { must: [{ item: MIXED }] }\n`;
}

/** Of another launch, so that nothing of the first could help it. */
function healthy(): string {
  const item = `  - { id: HEALTHY, title: Healthy, owners: [dev], acceptance: [${check('up', 'ok')}, ${word('seen')}] }`;
  return `version: 1\nid: healthy\ntitle: Healthy\nlaunch: { at: +9d 10:00, authority: { roles: [ana], quorum: all } }\npeople: [{ id: ana, name: Ana }, { id: dev, name: Dev }]\nitems:\n${item}\ngates: { must: [{ item: HEALTHY }] }\n`;
}

beforeAll(async () => {
  target = createServer((request, response) => {
    if (request.url === '/ok') return void response.end();
    hanging.add(request.socket);
    request.socket.on('close', () => hanging.delete(request.socket));
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  stack = await testStack();
  const started = await stack.run('start', stack.file('hanging.yaml', plan()));
  if (started.code !== 0) throw new Error(started.stderr);
  await until('all of them hang', () => hanging.size === HANGING + 1, 2 * SOON_MS);
}, 240_000);

afterAll(async () => {
  // With all of them under way: a worker that is told to stop waits for none.
  await stack.stop();
  target.closeAllConnections();
  target.close();
});

const met = async (launch: string, item: string, criterion: string): Promise<boolean> =>
  itemOf(await stack.board(launch), item).criteria.find(({ id }) => id === criterion)?.state === 'met';

const factsOf = async (launch: string, item: string): Promise<string[]> => {
  const rows = await stack.rows<{ type: string }>('SELECT type FROM "Fact" WHERE "launchId" = $1 AND "itemId" = $2', [
    launch,
    item,
  ]);
  return rows.map(({ type }) => type);
};

afterEach(() => expect(hanging.size).toBe(HANGING + 1));

test('another launch starts, its check is met, and its facts are written, while hundreds of checks hang', async () => {
  expect((await stack.run('start', stack.file('healthy.yaml', healthy()))).code).toBe(0);
  await until('it is met', () => met('healthy', 'HEALTHY', 'up'), SOON_MS);
  expect((await stack.run('attest', 'healthy', 'HEALTHY', 'seen', '--as', 'dev')).code).toBe(0);
  const resolved = async () => itemOf(await stack.board('healthy'), 'HEALTHY').status === 'resolved';
  await until('it is resolved', resolved, SOON_MS);
  await until('the ledger has it', async () => (await factsOf('healthy', 'HEALTHY')).includes('measured'), SOON_MS);
});

test('people go on with the very item whose check hangs, and measure its other checks', async () => {
  await until('its other check is met', () => met('hanging', 'MIXED', 'up'), SOON_MS);
  expect((await stack.run('ack', 'hanging', 'MIXED', '--as', 'dev')).code).toBe(0);
  expect((await stack.run('attest', 'hanging', 'MIXED', 'seen', '--as', 'dev')).code).toBe(0);
  expect(await met('hanging', 'MIXED', 'seen')).toBe(true);
  const verified = await stack.run('verify', 'hanging', 'MIXED', 'up', '--as', 'dev');
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('passed') });
  const written = async () => (await factsOf('hanging', 'MIXED')).includes('attested');
  await until('the ledger has it', written, SOON_MS);
  expect(itemOf(await stack.board('hanging'), 'MIXED').status).toBe('acknowledged');
});
