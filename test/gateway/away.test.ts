import type { Board } from '../../domain/board';
import { ask, gatewayUrl, listen, operatorToken, positionsIn, type Ask } from '../support/gateway';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** The database is away: who can still be known, what is still told, and what comes when it is back. */
const PLAN = `
version: 1
id: dry
title: Dry
timezone: UTC
launch: { at: +2d 14:00, finalPoll: 20s, authority: { roles: [ana], quorum: all } }
people: [{ id: ana, name: Ana }, { id: dev, name: Dev }]
items: [{ id: ONE, title: One, owners: [dev] }]
gates: { must: [{ item: ONE }] }
`;

let stack: TestStack;
let base: string;
let operator: string;
let token: string;

beforeAll(async () => {
  stack = await testStack();
  [base, operator] = [gatewayUrl(stack), operatorToken(stack)];
  const { code, stderr } = await stack.run('start', stack.file('dry.yaml', PLAN));
  if (code !== 0) throw new Error(stderr);
  token = (await ask<{ token: string }>(`${base}/api/tokens`, { token: operator, body: { person: 'dev' } })).body.token;
  await until('its item', async () => (await stack.board('dry')).items[0]?.status === 'open');
}, 180_000);

afterAll(() => stack.stop());

/** Kills Postgres, and each one that the stack starts instead, until it is called off. */
function keepKilling(): () => void {
  let last: number | null = null;
  const timer = setInterval(() => {
    const { pid } = stack.where().database;
    if (pid === null || pid === last) return;
    last = pid;
    process.kill(pid, 'SIGKILL');
  }, 20);
  return () => clearInterval(timer);
}

const api = <Body>(path: string, asked: Ask) => ask<Body>(`${base}${path}`, asked);
const say = (text: string) =>
  ask(`${base}/api/launches/dry/items/ONE/commands`, {
    token: operator,
    actAs: 'dev',
    body: { type: 'comment', text },
  });
const hold = (type: 'hold' | 'release') =>
  ask(`${base}/api/launches/dry/commands`, { token: operator, actAs: 'dev', body: { type, reason: 'dry' } });

test('the operator works, others are told to wait, boards still come; the facts when it is back, each once', async () => {
  const page = await listen(`${base}/api/launches/dry/events?after=0`, { token });
  await page.next('the facts so far', ({ event }) => event === 'facts');
  const calledOff = keepKilling();
  try {
    await until(
      'the database to be away',
      async () => (await api<{ database: string }>('/readyz', {})).body.database === 'down'
    );
    expect((await api('/healthz', {})).status).toBe(200);
    expect((await api<{ code: string }>('/api/me', { token })).body).toMatchObject({
      status: 503,
      code: 'DATABASE_UNREACHABLE',
    });
    const told = await ask(`${base}/api/launches/dry/commands`, { token, body: { type: 'hold', reason: 'x' } });
    expect(told.body).toMatchObject({ status: 503, code: 'DATABASE_UNREACHABLE' });
    expect(JSON.stringify(told.body)).not.toMatch(/postgres|launch_app/);

    expect((await api<{ kind: string }>('/api/me', { token: operator })).body).toMatchObject({ kind: 'operator' });
    expect(
      (await api<{ launches: Array<{ id: string }> }>('/api/launches', { token: operator })).body.launches
    ).toHaveLength(1);
    expect((await api<Board & { live: boolean }>('/api/launches/dry', { token: operator })).body).toMatchObject({
      live: true,
    });
    expect((await api('/api/launches/dry/facts', { token: operator })).status).toBe(503);
    expect((await say('while it was away')).status).toBe(200);
    expect((await hold('hold')).status).toBe(200);

    const held = ({ event, data }: { event: string; data: unknown }) =>
      event === 'board' && (data as Board).holds.length === 1;
    await page.next('a board with the hold', held);
    const another = await listen(`${base}/api/launches/dry/events?after=0`, { token: operator });
    await another.next('its board', held);
    const facts = (events: typeof page.events) => JSON.stringify(events.filter(({ event }) => event === 'facts'));
    expect(facts(page.events)).not.toContain('while it was away');
    expect(page.hasEnded()).toBe(false);

    calledOff();
    for (const { next, events } of [page, another]) {
      await next(
        'what was said meanwhile',
        ({ event, data }) => event === 'facts' && JSON.stringify(data).includes('"held"')
      );
      expect(facts(events)).toContain('while it was away');
      const positions = positionsIn(events);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => Number(BigInt(a) - BigInt(b))));
    }
    another.close();
  } finally {
    calledOff();
    page.close();
  }
}, 240_000);
