import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../../domain/board';
import {
  ask,
  gatewayUrl,
  listen,
  operatorToken,
  positionsIn,
  type Ask,
  type Answer,
  type ProblemBody,
} from '../support/gateway';
import { gapsInFacts, testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

const PLAN = (id: string) => `
version: 1
id: ${id}
title: Launch of ${id}
timezone: UTC
launch: { at: +2h, finalPoll: 1m, authority: { roles: [manager], quorum: all } }
people:
  - { id: ana, name: Ana, roles: [manager] }
  - { id: dev, name: Dev }
  - { id: qa, name: QA }
  - { id: bot, name: Bot }
items:
  - { id: ONE, kind: task, title: "Do what hidden-words say", owners: [dev, bot], acceptance: [ { id: ok, title: It works, attest: { by: [qa] } } ] }
gates: { must: [ { item: ONE } ] }
`;

let stack: TestStack;
let operator: string;
let base: string;
const tokens: { [name: string]: string } = {};
const secrets: string[] = [];

const api = <Body = ProblemBody>(path: string, asked: Ask = {}): Promise<Answer<Body>> =>
  ask<Body>(`${base}${path}`, asked);
const asOperator = <Body = ProblemBody>(path: string, asked: Ask = {}) =>
  api<Body>(path, { token: operator, ...asked });
const say = (launch: string, body: object, asked: Ask) =>
  api<ProblemBody & { text: string }>(`/api/launches/${launch}/commands`, { body, ...asked });
const sayToOne = (launch: string, body: object, asked: Ask) =>
  api<ProblemBody & { text: string }>(`/api/launches/${launch}/items/ONE/commands`, { body, ...asked });

async function tokenFor(person: string, more: object = {}): Promise<{ id: string; token: string }> {
  const made = await asOperator<{ id: string; token: string }>('/api/tokens', { body: { person, ...more } });
  expect(made.status).toBe(201);
  secrets.push(made.body.token);
  return made.body;
}

async function startLaunch(id: string): Promise<void> {
  const { status } = await asOperator('/api/launches', { body: { plan: PLAN(id) } });
  expect(status).toBe(201);
  await until(
    `${id} on the board`,
    async () => (await asOperator<Board>(`/api/launches/${id}`)).body.items.length === 1
  );
  await until(`${id}'s item`, async () => (await asOperator(`/api/launches/${id}/items/ONE`)).status === 200);
}

beforeAll(async () => {
  stack = await testStack();
  base = gatewayUrl(stack);
  operator = operatorToken(stack);
  secrets.push(operator);
  await startLaunch('shop');
  for (const person of ['ana', 'dev', 'qa']) tokens[person] = (await tokenFor(person)).token;
  tokens.bot = (await tokenFor('bot', { kind: 'agent' })).token;
  tokens.watcher = (await tokenFor('ana', { kind: 'observer' })).token;
});
afterAll(() => stack?.stop());

test('it lives, is ready, has metrics, and describes itself', async () => {
  expect((await api('/healthz')).body).toEqual({ ok: true });
  expect((await api('/readyz')).body).toEqual({ ready: true, temporal: 'ok', database: 'ok' });
  const metrics = await (await fetch(`${base}/metrics`)).text();
  expect(metrics).toMatch(/launch_gateway_request_duration_seconds_bucket\{[^}]*route="\/api\/launches"/);
  expect(metrics).toContain('launch_director_musts_open{launch="shop"} 1');
  const { body } = await api<{ openapi: string; paths: object }>('/api/openapi.json');
  expect(body.openapi).toMatch(/^3\.1/);
  expect(Object.keys(body.paths)).toContain('/api/launches/{id}/items/{item}/commands');
});

test('stack.json names it, and the operator token is for its owner alone', () => {
  expect(stack.where().gateway?.pid).toBeGreaterThan(0);
  expect(statSync(join(stack.data, 'operator-token')).mode & 0o777).toBe(0o600);
  expect(stack.up.output()).toContain(`Gateway   ${base}`);
  expect(stack.up.output()).not.toContain(operator);
});

describe('who is asking', () => {
  test.each([
    ['nobody', {}],
    ['a wrong token', { token: 'launch_wrong' }],
    ['no token at all', { headers: { authorization: 'Basic YTpi' } }],
    ['a cookie of nobody', { cookie: 'launch_session=abc' }],
  ] as Array<[string, Ask]>)('%s is told so, and nothing else', async (_what, asked) => {
    for (const path of ['/api/launches', '/api/launches/shop', '/api/launches/shop/events', '/api/tokens', '/api/me']) {
      const { status, body, headers } = await api(path, asked);
      expect([path, status, body.code]).toEqual([path, 401, 'UNAUTHENTICATED']);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(headers.get('x-request-id')).toBe(body.requestId);
    }
    expect(await say('shop', { type: 'hold', reason: 'x' }, asked)).toMatchObject({ status: 401 });
  });

  test('a token is a person; an expired or revoked one is nothing, nor what was signed in with it', async () => {
    const { id, token } = await tokenFor('ana');
    expect((await api('/api/me', { token })).body).toEqual({
      person: 'ana',
      kind: 'person',
      launches: '*',
      csrf: null,
    });
    const signedIn = await api('/api/session', { body: { token } });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0];
    const stream = await listen(`${base}/api/launches/shop/events`, { token });
    expect((await api('/api/me', { cookie })).status).toBe(200);
    expect((await asOperator(`/api/tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
    for (const asked of [{ token }, { cookie }])
      expect((await api('/api/me', asked)).body.code).toBe('UNAUTHENTICATED');
    await until('the end of its stream', () => stream.hasEnded());

    const late = await tokenFor('ana', { days: 1 });
    await stack.rows(`UPDATE "Token" SET "expiresAt" = now() - interval '1 second' WHERE "id" = $1`, [late.id]);
    expect((await api('/api/me', { token: late.token })).status).toBe(401);
    const kept =
      JSON.stringify(await stack.rows('SELECT * FROM "Token"')) +
      JSON.stringify(await stack.rows('SELECT * FROM "Session"'));
    for (const secret of [...secrets, cookie!.split('=')[1]!]) expect(kept).not.toContain(secret);
  });

  test('launch token makes, lists and revokes', async () => {
    const made = await stack.json<{ id: string; token: string }>(
      'token',
      'create',
      'qa',
      '--kind',
      'agent',
      '--launch',
      'shop'
    );
    secrets.push(made.value.token);
    expect((await api('/api/me', made.value)).body).toMatchObject({ person: 'qa', kind: 'agent', launches: ['shop'] });
    const listed = await stack.json<{ tokens: Array<{ id: string }> }>('token', 'list');
    expect(listed.value.tokens.map(({ id }) => id)).toContain(made.value.id);
    expect(JSON.stringify(listed.value)).not.toContain(made.value.token);
    expect((await stack.run('token', 'revoke', made.value.id)).code).toBe(0);
    expect((await api('/api/me', made.value)).status).toBe(401);
    expect(await stack.refused('token', 'revoke', 'nothing')).toEqual({ exit: 2, code: 'NOT_FOUND' });
    expect(await stack.refused('token', 'create', 'qa', '--kind', 'king')).toEqual({ exit: 2, code: 'BAD_INPUT' });
  });

  test('only the operator starts plans, makes tokens and acts as somebody', async () => {
    const { ana } = tokens;
    for (const [path, body] of [
      ['/api/launches', { plan: PLAN('other') }],
      ['/api/tokens', { person: 'carl' }],
    ] as const) {
      expect((await api(path, { token: ana, body })).body).toMatchObject({ status: 403, code: 'OPERATOR_ONLY' });
    }
    expect((await api('/api/tokens', { token: ana })).body.code).toBe('OPERATOR_ONLY');
    expect((await api('/api/me', { token: ana, actAs: 'dev' })).body.code).toBe('ACT_AS_REFUSED');
    const forwarded = { 'x-forwarded-for': '203.0.113.9' };
    expect((await asOperator('/api/me', { actAs: 'dev', headers: forwarded })).body.code).toBe('ACT_AS_REFUSED');
    expect((await asOperator('/api/me', { actAs: 'dev' })).body).toMatchObject({ kind: 'operator', actsFor: 'dev' });
    const wrong = await asOperator('/api/launches', { body: { plan: 'version: 1\nid: x' } });
    expect(wrong.body).toMatchObject({ status: 400, code: 'INVALID_PLAN' });
  });
});

describe('a page that is signed in', () => {
  test('its cookie is for this site alone, and acts only with what the page can read', async () => {
    const { body, headers } = await api<{ me: { person: string; csrf: string } }>('/api/session', {
      body: { token: tokens.dev },
    });
    const set = headers.get('set-cookie')!;
    expect(set).toMatch(/^launch_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = set.split(';')[0];
    const { csrf } = body.me;
    expect((await api('/api/me', { cookie })).body).toMatchObject({ person: 'dev', csrf });
    const comment = { type: 'comment', text: 'from a page' };
    for (const asked of [{ cookie }, { cookie, csrf: 'guessed' }]) {
      expect((await sayToOne('shop', comment, asked)).body).toMatchObject({ status: 403, code: 'CSRF' });
    }
    expect((await sayToOne('shop', comment, { cookie, csrf })).status).toBe(200);
    expect((await api('/api/session', { method: 'DELETE', cookie })).body.code).toBe('CSRF');
    expect((await api('/api/session', { method: 'DELETE', cookie, csrf })).status).toBe(204);
    expect((await api('/api/me', { cookie })).status).toBe(401);
  });

  test('nothing else may frame it, script it or be contacted by it', async () => {
    const { headers } = await api('/healthz');
    const csp = headers.get('content-security-policy')!;
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('what may be said', () => {
  test('an observer reads everything and says nothing', async () => {
    const { watcher: token } = tokens;
    for (const path of ['', '/items/ONE', '/facts', '/plan', '/actions', '/standups', '/outbox']) {
      expect([path, (await api(`/api/launches/shop${path}`, { token })).status]).toEqual([path, 200]);
    }
    const told = await Promise.all([
      say('shop', { type: 'hold', reason: 'x' }, { token }),
      say('shop', { type: 'signOff', answer: 'yes' }, { token }),
      sayToOne('shop', { type: 'comment', text: 'x' }, { token }),
    ]);
    for (const { body } of told) expect(body).toMatchObject({ status: 403, code: 'OBSERVER_MAY_NOT' });
    const { body } = await api<{ actions: Array<{ allowed: boolean }> }>('/api/launches/shop/actions', { token });
    expect(body.actions.filter(({ allowed }) => allowed)).toEqual([]);
    expect((await asOperator<Board>('/api/launches/shop')).body.holds).toEqual([]);
  });

  test('an agent works and reports, and decides nothing; a body cannot say who speaks', async () => {
    const { bot: token } = tokens;
    expect((await sayToOne('shop', { type: 'acknowledge' }, { token })).status).toBe(200);
    for (const body of [
      { type: 'hold', reason: 'x' },
      { type: 'signOff', answer: 'yes' },
      { type: 'cancel', reason: 'x' },
    ]) {
      expect((await say('shop', body, { token })).body).toMatchObject({ status: 403, code: 'AGENT_MAY_NOT' });
    }
    for (const field of ['by', 'kind', 'via']) {
      const body = { type: 'comment', text: 'x', [field]: 'ana' };
      expect((await sayToOne('shop', body, { token })).body).toMatchObject({ status: 400, code: 'BAD_INPUT' });
    }
  });

  test('a refusal of the rules keeps its code; the same key is done once', async () => {
    expect((await say('shop', { type: 'signOff', answer: 'yes' }, { token: tokens.dev })).body).toMatchObject({
      status: 409,
      code: 'NOT_ALLOWED',
    });
    const asked = { token: tokens.qa, key: 'once' };
    const answers = await Promise.all(
      [1, 2].map(() => sayToOne('shop', { type: 'comment', text: 'only once' }, asked))
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const other = await sayToOne('shop', { type: 'comment', text: 'something else' }, asked);
    expect(other.body).toMatchObject({ status: 409, code: 'KEY_REUSED' });
    const { body } = await asOperator<{ comments: Array<{ text: string }> }>('/api/launches/shop/items/ONE');
    expect(body.comments.filter(({ text }) => text === 'only once')).toHaveLength(1);
    expect((await sayToOne('nothing', { type: 'comment', text: 'x' }, asked)).body.code).toBe('NOT_FOUND');
    const nowhere = await api('/api/launches/shop/items/TWO/commands', { ...asked, body: { type: 'resolve' } });
    expect(nowhere.body).toMatchObject({ status: 404, code: 'UNKNOWN_ITEM' });
  });

  test('what the operator says for somebody is recorded as that', async () => {
    const comment = { type: 'comment', text: 'for dev' };
    expect((await sayToOne('shop', comment, { token: operator })).body.code).toBe('ACT_AS_MISSING');
    expect((await sayToOne('shop', comment, { token: operator, actAs: 'dev' })).status).toBe(200);
    expect((await say('shop', { type: 'hold', reason: 'wait' }, { token: operator, actAs: 'ana' })).status).toBe(200);
    expect((await say('shop', { type: 'release' }, { token: tokens.ana })).status).toBe(200);
    const facts = await until('its facts', async () => {
      const rows = await stack.rows<{ type: string; body: { by?: string; via?: string } }>(
        `SELECT "type", "body" FROM "Fact" WHERE "launchId" = 'shop' AND "type" IN ('commented', 'held', 'released')`
      );
      return rows.some(({ type }) => type === 'released') ? rows : undefined;
    });
    const via = facts.filter(({ body }) => body.via === 'operator').map(({ type, body }) => [type, body.by]);
    expect(via.sort()).toEqual([
      ['commented', 'dev'],
      ['held', 'ana'],
    ]);
  });

  test('what is possible is what the rules would take', async () => {
    const possible = async (path: string, token: string | undefined) =>
      (
        await api<{ actions: Array<{ type: string; allowed: boolean; choices?: string[]; code?: string }> }>(path, {
          token,
        })
      ).body.actions;
    const ofLaunch = await possible('/api/launches/shop/actions', tokens.dev);
    expect(ofLaunch.find(({ type }) => type === 'reschedule')).toMatchObject({ allowed: false, code: 'NOT_ALLOWED' });
    expect(ofLaunch.find(({ type }) => type === 'hold')).toMatchObject({ allowed: true });
    const { attest } = Object.fromEntries(
      (await possible('/api/launches/shop/items/ONE', tokens.qa)).map((each) => [each.type, each])
    );
    expect(attest).toMatchObject({ allowed: true, choices: ['ok'] });
  });

  test('the operator is told to say for whom, as when they act', async () => {
    for (const path of ['/api/launches/shop/actions', '/api/launches/shop/items/ONE']) {
      const codes = async (asked: Ask) =>
        (await asOperator<{ actions: Array<{ code?: string }> }>(path, asked)).body.actions.map(({ code }) => code);
      expect(new Set(await codes({}))).toEqual(new Set(['ACT_AS_MISSING']));
      expect(await codes({ actAs: 'ana' })).not.toContain('ACT_AS_MISSING');
    }
    const { status, body } = await say('shop', { type: 'hold', reason: 'x' }, { token: operator });
    expect([status, body.code]).toEqual([400, 'ACT_AS_MISSING']);
  });
});

test('a token for one launch knows of no other', async () => {
  await startLaunch('secret');
  const { token } = await tokenFor('ana', { launches: ['shop'] });
  for (const path of ['', '/facts', '/plan', '/events', '/items/ONE', '/outbox', '/standups', '/actions', '/ledger']) {
    expect([path, (await api(`/api/launches/secret${path}`, { token })).body.code]).toEqual([path, 'NOT_FOUND']);
  }
  expect((await say('secret', { type: 'hold', reason: 'x' }, { token })).status).toBe(404);
  const { body } = await api<{ launches: Array<{ id: string }> }>('/api/launches', { token });
  expect(body.launches.map(({ id }) => id)).toEqual(['shop']);
});

test('lists go on where they ended', async () => {
  type Page = { launches: Array<{ id: string }>; next: string | null };
  await until('both in the ledger', async () => (await asOperator<Page>('/api/launches')).body.launches.length === 2);
  const first = (await asOperator<Page>('/api/launches?limit=1')).body;
  const second = (await asOperator<Page>(`/api/launches?limit=1&cursor=${first.next}`)).body;
  expect([...first.launches, ...second.launches].map(({ id }) => id)).toEqual(['secret', 'shop']);
  expect(second.next).toBeNull();
  expect((await asOperator('/api/launches?cursor=e30')).body.code).toBe('BAD_INPUT');
  type Facts = { facts: Array<{ position: string }>; next: string | null };
  const all = (await asOperator<Facts>('/api/launches/shop/facts')).body.facts.map(({ position }) => position);
  const paged: string[] = [];
  for (let after: string | null = '0'; after !== null;) {
    const page: Facts = (await asOperator<Facts>(`/api/launches/shop/facts?limit=2&after=${after}`)).body;
    paged.push(...page.facts.map(({ position }) => position));
    after = page.next;
  }
  expect(paged.slice(0, all.length)).toEqual(all);
});

test('the ledger is read from its end too, and by whose words it holds', async () => {
  type Fact = { position: string; type: string; body: { by?: string } };
  type Facts = { facts: Fact[]; next: string | null };
  const read = async (query: string) => (await asOperator<Facts>(`/api/launches/shop/facts?${query}`)).body;
  const all = (await read('limit=1000')).facts;
  const before = all.at(-1)!.position;
  const first = await read(`order=newest&limit=2&before=${before}`);
  expect(first.facts).toEqual(all.slice(-3, -1).toReversed());
  const second = await read(`order=newest&limit=1000&before=${first.next}`);
  expect(second).toEqual({ facts: all.slice(0, -3).toReversed(), next: null });
  const ofQa = (await read('by=qa')).facts;
  expect(ofQa.length).toBeGreaterThan(0);
  expect(ofQa).toEqual(all.filter(({ body }) => body.by === 'qa'));
  expect((await asOperator('/api/launches/shop/facts?order=sideways')).body.code).toBe('BAD_INPUT');
});

test('how far the ledger was verified is told at once, and an entry that was changed is named', async () => {
  interface Ledger {
    entries: number;
    head: string | null;
    state: string;
    verified: { number: number; head: string } | null;
    vouched: { holds: boolean } | null;
    findings: Array<{ code: string; number: number }>;
  }
  const of = async (launch: string) => (await asOperator<Ledger>(`/api/launches/${launch}/ledger`)).body;
  await until('something is written', async () => (await of('shop')).head !== null);
  const sound = await until('shop is verified', async () => {
    const ledger = await of('shop');
    return ledger.state === 'sound' ? ledger : undefined;
  });
  expect(sound.verified?.head).toMatch(/^\d+:[0-9a-f]{64}$/);
  expect(sound).toMatchObject({ vouched: { holds: true }, findings: [] });
  // Before anybody looks at it: the first look reads all of it.
  await startLaunch('altered');
  const [fact] = await until('its first facts', async () => {
    const rows = await stack.rows<{ number: number }>(
      `UPDATE "Fact" SET "body" = jsonb_set("body", '{by}', '"nobody"') WHERE "launchId" = 'altered' AND "type" = 'started'
       RETURNING "number"`
    );
    return rows.length > 0 ? rows : undefined;
  });
  const broken = await until('altered is read', async () => {
    const ledger = await of('altered');
    return ledger.state === 'checking' ? undefined : ledger;
  });
  expect(broken).toMatchObject({ state: 'broken', verified: null });
  expect(broken.findings.map(({ code, number }) => `${code} ${number}`)).toEqual([`CHANGED ${fact!.number}`]);
});

test('a ledger that is gone as a whole is missed by the launch that wrote it', async () => {
  await startLaunch('wiped');
  const of = async () =>
    (await asOperator<{ state: string; findings: Array<{ code: string }> }>('/api/launches/wiped/ledger')).body;
  await until('Temporal keeps a head', async () =>
    (await stack.run('ledger', 'verify', 'wiped')).stdout.includes('vouched for by')
  );
  await stack.rows(`DELETE FROM "Fact" WHERE "launchId" = 'wiped'`);
  await stack.rows(`UPDATE "Launch" SET "headNumber" = 0, "headHash" = NULL WHERE "id" = 'wiped'`);
  const found = await until('it is read', async () => {
    const ledger = await of();
    return ledger.state === 'checking' ? undefined : ledger;
  });
  expect(found.state).toBe('broken');
  expect(found.findings[0]?.code).toMatch(/^(CUT|NOT_VOUCHED)$/);
});

test.each([
  'facts',
  'standups',
  'outbox',
  'ledger',
  'items/ONE/criteria/ok/measurements',
  'plan',
  'report?format=json',
  'events',
  '',
])('what there is no launch of is not there: …/%s', async (what) => {
  const { status, body } = await asOperator(`/api/launches/unheard-of/${what}`.replace(/\/$/, ''));
  expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
  if (what !== 'events') expect((await asOperator(`/api/launches/shop/${what}`.replace(/\/$/, ''))).status).toBe(200);
});

test('events come as they happen, and after a lost connection each fact once', async () => {
  const url = `${base}/api/launches/shop/events`;
  const before = await listen(`${url}?after=0`, { token: tokens.qa });
  await before.next('the board', ({ event }) => event === 'board');
  await sayToOne('shop', { type: 'comment', text: 'first' }, { token: tokens.qa });
  const said = ({ data }: { data: unknown }, text: string) => JSON.stringify(data).includes(`"text":"${text}"`);
  await before.next('the first', (event) => event.event === 'facts' && said(event, 'first'));
  before.close();
  await sayToOne('shop', { type: 'comment', text: 'missed' }, { token: tokens.qa });
  const last = before.events.findLast(({ event }) => event === 'facts')!.id!;
  const after = await listen(url, { token: tokens.qa, headers: { 'last-event-id': last } });
  await sayToOne('shop', { type: 'comment', text: 'live' }, { token: tokens.qa });
  await after.next('the live one', (event) => event.event === 'facts' && said(event, 'live'));
  await until('a heartbeat', () => after.beats() > 0);
  after.close();
  const positions = positionsIn([...before.events, ...after.events]);
  const stored = await stack.rows<{ position: string }>(
    `SELECT "position"::text FROM "Fact" WHERE "launchId" = 'shop' AND "seq" IS NOT NULL ORDER BY "Fact"."position"`
  );
  expect(positions).toEqual(stored.map(({ position }) => position));
  await expect(listen(url, { token: tokens.qa, headers: { 'last-event-id': 'x' } })).rejects.toThrow('400');
});

test('each revision of the plan stays readable; an amendment that is no plan is refused', async () => {
  const { token } = { token: tokens.ana };
  const first = (await api<{ title: string; revision: number }>('/api/launches/shop/plan', { token })).body;
  const amended = { type: 'amend', plan: { ...first, title: 'Another title' }, reason: 'a better title' };
  expect((await say('shop', amended, { token })).status).toBe(200);
  const plan = async (query: string) =>
    (await api<{ title: string }>(`/api/launches/shop/plan${query}`, { token })).body;
  expect(await plan('')).toMatchObject({ title: 'Another title', revision: first.revision + 1 });
  expect(await plan(`?revision=${first.revision}`)).toEqual(first);
  expect(await plan('?revision=99')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect((await say('shop', { ...amended, plan: { id: 'shop' } }, { token })).body).toMatchObject({ status: 400 });
  const { ledger } = (await api<{ ledger: { position: string; head: string } }>('/api/launches/shop', { token })).body;
  expect(ledger).toEqual({
    position: expect.stringMatching(/^\d+$/),
    head: expect.stringMatching(/^\d+:[0-9a-f]{64}$/),
  });
});

test('a gateway that is killed comes back where it was: pages stay signed in and go on', async () => {
  const { headers, body } = await api<{ me: { csrf: string } }>('/api/session', { body: { token: tokens.qa } });
  const asked = { cookie: headers.get('set-cookie')!.split(';')[0], csrf: body.me.csrf };
  const stream = await listen(`${base}/api/launches/shop/events?after=0`, asked);
  await stream.next('facts', ({ event }) => event === 'facts');
  const { pid } = stack.where().gateway!;
  process.kill(pid!, 'SIGKILL');
  await until('its end', () => stream.hasEnded());
  await stack.run('comment', 'shop', 'ONE', 'said meanwhile', '--as', 'qa', '--direct');
  const back = await until('the gateway again', async () => {
    const { gateway } = stack.where();
    return gateway?.pid && gateway.pid !== pid && (await api('/readyz')).status === 200 ? gateway : undefined;
  });
  expect(back.url).toBe(base);
  expect((await sayToOne('shop', { type: 'comment', text: 'and on' }, asked)).status).toBe(200);
  const last = stream.events.findLast(({ event }) => event === 'facts')!.id!;
  const again = await listen(`${base}/api/launches/shop/events`, { ...asked, headers: { 'last-event-id': last } });
  await again.next('what was said', ({ data }) => JSON.stringify(data).includes('and on'));
  again.close();
  const positions = positionsIn([...stream.events, ...again.events]);
  expect(new Set(positions).size).toBe(positions.length);
  expect(JSON.stringify(again.events)).toContain('said meanwhile');
  expect(await gapsInFacts(stack, 'shop')).toEqual([]);
});

test('a launch that Temporal has forgotten is still there to read, and takes nothing', async () => {
  expect((await say('secret', { type: 'cancel', reason: 'over' }, { token: tokens.ana })).status).toBe(200);
  await until('its board to be kept', async () => {
    const kept = await stack.rows<{ ended: boolean }>(
      `SELECT "board"->'ended' <> 'null' AS "ended" FROM "KeptBoard" WHERE "launchId" = 'secret'`
    );
    return kept[0]?.ended;
  });
  const { address, cli, namespace } = stack.where().temporal;
  const { spawnSync } = await import('node:child_process');
  for (const id of ['launch:secret', 'launch:secret:item:ONE', 'launch:secret:standup']) {
    spawnSync(cli!, ['workflow', 'delete', '--address', address, '--namespace', namespace, '--workflow-id', id]);
  }
  const read = await until('Temporal to forget it', async () => {
    const { status, body } = await asOperator<Board & { live: boolean }>('/api/launches/secret');
    return status === 200 && !body.live ? body : undefined;
  });
  expect(read).toMatchObject({ title: 'Launch of secret', ended: { how: 'cancelled' }, broken: false });
  // What was kept of it is outside of the ledger: nothing is read from there that the ledger says.
  await stack.rows(
    `UPDATE "KeptBoard" SET "board" = jsonb_set("board", '{title}', '"Another"') WHERE "launchId" = 'secret'`
  );
  expect((await asOperator<Board>('/api/launches/secret')).body.title).toBe('Launch of secret');
  const item = await asOperator<{ actions: Array<{ code: string }>; title: string }>('/api/launches/secret/items/ONE');
  expect(item.status).toBe(200);
  expect(new Set(item.body.actions.map(({ code }) => code))).toEqual(new Set(['ENDED']));
  for (const path of ['/plan', '/facts', '/standups', '/outbox', '/actions', '/measurements']) {
    expect([path, (await asOperator(`/api/launches/secret${path}`)).status]).toEqual([path, 200]);
  }
  const me = await api<{ people: unknown[] }>('/api/me?launch=secret', { token: tokens.ana });
  expect(me.body.people).toHaveLength(4);
  expect((await say('secret', { type: 'hold', reason: 'x' }, { token: tokens.ana })).body.code).toBe('NOT_FOUND');
});

test('the page and its files are for everybody, what it asks is not', async () => {
  const page = await fetch(`${base}/launches/shop`, { headers: { accept: 'text/html' } });
  const html = await page.text();
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1];
  const asset = await fetch(base + script);
  expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  expect((await api('/assets/none.js')).status).toBe(404);
  expect((await api('/assets/../server.js')).status).toBe(404);
  expect((await api('/api/launches/shop', { headers: { accept: 'text/html' } })).status).toBe(401);
});

test('guessing at tokens is slowed down, by a problem like all others', async () => {
  expect((await api('/api/me', { token: tokens.ana })).status).toBe(200);
  const answers: Array<Answer<ProblemBody>> = [];
  for (let tried = 0; tried < 40; tried++)
    answers.push(await api('/api/session', { body: { token: `guess-${tried}` } }));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
    new Set(['401 UNAUTHENTICATED', '429 TOO_MANY_REQUESTS'])
  );
  expect(Number(answers.at(-1)!.headers.get('retry-after'))).toBeGreaterThan(0);
  // Whoever had a token lately is not held up by who has none.
  expect((await api('/api/me', { token: tokens.ana })).status).toBe(200);
});

test('the log names who asked by the id of their token, and has no token, cookie or plan in it', () => {
  const log = readFileSync(join(stack.data, 'logs', 'gateway.log'), 'utf8');
  expect(log.includes('"who":"operator"')).toBe(true);
  for (const secret of [...secrets, 'launch_session=', 'hidden-words', 'only once'])
    expect([secret.slice(0, 12), log.includes(secret)]).toEqual([secret.slice(0, 12), false]);
});
