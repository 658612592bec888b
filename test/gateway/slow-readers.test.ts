import { connect, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { listen, operatorToken, ownGateway, positionsIn, readEvents, type OwnGateway } from '../support/gateway';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** Pages that take nothing while a lot happens: they cost little, hold nobody up, and miss nothing when they come back. */
const PLAN = `
version: 1
id: busy
title: Busy
timezone: UTC
launch: { at: +2d 14:00, finalPoll: 20s, authority: { roles: [ana], quorum: all } }
people: [{ id: ana, name: Ana }, { id: dev, name: Dev }]
items: [{ id: ONE, title: One, owners: [dev] }]
gates: { must: [{ item: ONE }] }
`;
const STALLED = 20;
/** Of 4 kB each: more than every buffer between here and there together. */
const FACTS = 12_000;
/** Unbounded it would be 50 MB for each of them. */
const MOST_MORE_MB = 400;

let stack: TestStack;
let own: OwnGateway;

beforeAll(async () => {
  stack = await testStack();
  own = await ownGateway(stack);
  const { code, stderr } = await stack.run('start', stack.file('busy.yaml', PLAN));
  if (code !== 0) throw new Error(stderr);
  await until('its item', async () => (await stack.board('busy')).items[0]?.status === 'open');
}, 180_000);

afterAll(async () => {
  await own?.stop();
  await stack.stop();
});

interface Raw {
  socket: Socket;
  text(): string;
  hasEnded(): boolean;
}

/** A reader that can stop taking what comes, which fetch cannot. */
async function rawReader(after: string): Promise<Raw> {
  const { hostname, port } = new URL(own.url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  let hasEnded = false;
  socket.on('data', (chunk) => void chunks.push(chunk));
  socket.on('close', () => (hasEnded = true));
  socket.on('error', () => (hasEnded = true));
  socket.write(
    `GET /api/launches/busy/events?after=${after} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${operatorToken(stack)}\r\n\r\n`
  );
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  await until('its board', () => text().includes('event: board'));
  return { socket, text, hasEnded: () => hasEnded };
}

/** Memory of the process in MB, as Linux counts it. */
function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_000;
}

const positions = () =>
  stack.rows<{ position: string }>(
    `SELECT "position"::text FROM "Fact" WHERE "launchId" = 'busy' AND "seq" IS NOT NULL ORDER BY "Fact"."position"`
  );

test('they are cut off, whoever reads is told all of it, and coming back each fact is told once', async () => {
  const stalled = await Promise.all(Array.from({ length: STALLED }, () => rawReader('0')));
  for (const { socket } of stalled) socket.pause();
  const healthy = await listen(`${own.url}/api/launches/busy/events?after=0`, { token: operatorToken(stack) });
  await healthy.next('facts', ({ event }) => event === 'facts');
  const before = memoryOf(own.pid);
  await stack.rows(`
    INSERT INTO "Fact" ("launchId", "workflowId", "firstRunId", "seq", "type", "at", "body")
    SELECT 'busy', 'noise', 'run', n, 'noise', now(), jsonb_build_object('text', repeat('x', 4000)) FROM generate_series(1, ${FACTS}) n`);
  const stored = (await positions()).map(({ position }) => position);
  await until('all of it for who reads', () => positionsIn(healthy.events).length >= stored.length);
  expect(positionsIn(healthy.events).slice(0, stored.length)).toEqual(stored);
  expect(memoryOf(own.pid) - before).toBeLessThan(MOST_MORE_MB);
  healthy.close();

  await until('the others to be cut off', () => own.log().split('is cut off').length - 1 >= STALLED);
  const [one] = stalled;
  for (const { socket } of stalled) socket.resume();
  await until('its end', () => one!.hasEnded());
  const seen = readEvents(one!.text());
  const last = seen.findLast(({ id }) => id !== undefined)?.id ?? '0';
  const known = positionsIn(seen);
  expect(known.length).toBeLessThan(stored.length);
  const again = await listen(`${own.url}/api/launches/busy/events`, {
    token: operatorToken(stack),
    headers: { 'last-event-id': last },
  });
  await until('the rest', () => known.length + positionsIn(again.events).length >= stored.length);
  again.close();
  expect([...known, ...positionsIn(again.events)].slice(0, stored.length)).toEqual(stored);
}, 300_000);
