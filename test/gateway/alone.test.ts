import { connect } from 'node:net';
import { LaunchError } from '../../client/errors';
import { MOST_WRONG } from '../../gateway/guesses';
import { MOST_OF_ONE } from '../../gateway/places';
import { MOST_SIGN_INS } from '../../gateway/routes/session';
import { ask, askAs, listen } from '../support/gateway';
import { gatewayAlone, MemoryLedger, OPERATOR_TOKEN, type GatewayAlone } from '../support/gateway-alone';
import { until } from '../support/until';

/** What the gateway decides by itself, whatever Temporal and the database say. */
let own: GatewayAlone | undefined;

async function start(...given: Parameters<typeof gatewayAlone>): Promise<GatewayAlone> {
  own = await gatewayAlone(...given);
  return own;
}

afterEach(async () => {
  await own?.close();
  own = undefined;
});

describe('what is of this machine', () => {
  const actAs = (headers: { [name: string]: string }) =>
    ask(`${own!.url}/api/me`, { token: OPERATOR_TOKEN, actAs: 'ana', headers });

  test.each([
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-host', 'localhost'],
    ['x-forwarded-proto', 'https'],
    ['forwarded', 'for=127.0.0.1'],
    ['x-real-ip', '127.0.0.1'],
    ['via', '1.1 proxy'],
    ['true-client-ip', '127.0.0.1'],
    ['cf-connecting-ip', '127.0.0.1'],
  ])('what has %s came through a proxy', async (name, value) => {
    await start();
    expect((await actAs({})).status).toBe(200);
    expect((await actAs({ [name]: value })).body).toMatchObject({ status: 403, code: 'ACT_AS_REFUSED' });
    expect(await askAs('localhost', `${own!.url}/metrics`, { [name]: value })).toBe(401);
  });

  test('nothing is, where a proxy stands in front', async () => {
    await start({ proxies: 1 });
    expect((await actAs({})).body).toMatchObject({ status: 403, code: 'ACT_AS_REFUSED' });
    expect(await askAs('localhost', `${own!.url}/metrics`)).toBe(401);
  });
});

describe('whose address it is', () => {
  const signIn = (forwarded: string) =>
    ask(`${own!.url}/api/session`, { body: { token: 'launch_guess' }, headers: { 'x-forwarded-for': forwarded } });
  const guesses = async (forwarded: (n: number) => string): Promise<number[]> => {
    const statuses: number[] = [];
    for (let n = 0; n < 40; n++) statuses.push((await signIn(forwarded(n))).status);
    return statuses;
  };

  test('a proxy adds it, and what the sender claims before it is not believed', async () => {
    await start({ proxies: 1 });
    expect((await guesses((n) => `198.51.100.${n}, 203.0.113.9`)).at(-1)).toBe(429);
    expect((await signIn('203.0.113.9, 203.0.113.10')).status).toBe(401);
  });

  test('of two proxies the first one does', async () => {
    await start({ proxies: 2 });
    expect((await guesses((n) => `198.51.100.${n}, 203.0.113.9, 192.0.2.${n}`)).at(-1)).toBe(429);
    expect((await signIn('203.0.113.9, 203.0.113.10, 192.0.2.1')).status).toBe(401);
  });

  test('without a proxy nothing that is sent is believed', async () => {
    await start();
    expect((await guesses((n) => `198.51.100.${n}`)).at(-1)).toBe(429);
  });
});

describe('signing in', () => {
  const signIn = (token: string, ip = '203.0.113.9') =>
    ask(`${own!.url}/api/session`, { body: { token }, headers: { 'x-forwarded-for': ip } });

  test('as many people as there are do from one address, each of them so often', async () => {
    const { known } = await start({ proxies: 1 });
    const people = Array.from({ length: 2 * MOST_SIGN_INS }, (_, n) => `launch_${n}`);
    for (const token of people) known.set(token, token);
    const statuses = [];
    for (const token of people) statuses.push((await signIn(token)).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (let n = 1; n < MOST_SIGN_INS; n++) expect((await signIn('launch_0')).status).toBe(200);
    expect((await signIn('launch_0')).body).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    expect((await signIn('launch_1')).status).toBe(200);
  });

  test('whoever guesses is slowed as with any other request, all of their network', async () => {
    const { asked } = await start({ proxies: 1 });
    const statuses = [];
    for (let n = 0; n < MOST_WRONG + 5; n++) statuses.push((await signIn(`launch_x${n}`, `2001:db8::${n + 1}`)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(MOST_WRONG);
    expect([statuses.at(-1), asked.tokens]).toEqual([429, MOST_WRONG]);
    expect((await signIn('launch_y', '2001:db8:1::1')).status).toBe(401);
  });
});

describe('who tries one token after the other', () => {
  const me = (token: string) => ask(`${own!.url}/api/me`, { token });

  test.each(['bearer', 'cookie'])(
    'by %s: costs the database no more questions, and those who are known go on',
    async (how) => {
      const { known, asked } = await start();
      known.set('launch_ana', 'ana');
      known.set('launch_dev', 'dev');
      expect((await me('launch_ana')).status).toBe(200);
      const guess = (n: number) =>
        how === 'bearer' ? me(`launch_guess-${n}`) : ask(`${own!.url}/api/me`, { cookie: `launch_session=guess-${n}` });
      const before = asked.tokens;
      const statuses = [];
      for (let n = 0; n < MOST_WRONG + 20; n++) statuses.push((await guess(n)).status);
      expect(statuses.slice(0, MOST_WRONG)).toEqual(Array.from({ length: MOST_WRONG }, () => 401));
      expect(new Set(statuses.slice(MOST_WRONG))).toEqual(new Set([429]));
      expect(asked.tokens - before).toBe(MOST_WRONG);
      expect((await me('launch_ana')).status).toBe(200);
      expect((await me(OPERATOR_TOKEN)).status).toBe(200);
      // Right or wrong: it is not looked up.
      expect((await me('launch_dev')).body).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    }
  );

  test('what is revoked is a guess like any other', async () => {
    const { known, asked } = await start();
    known.set('launch_ana', 'ana');
    expect((await me('launch_ana')).status).toBe(200);
    known.clear();
    const statuses = [];
    for (let n = 0; n <= MOST_WRONG; n++) statuses.push((await me('launch_ana')).status);
    expect([statuses[0], statuses.at(-1), asked.tokens]).toEqual([401, 429, 1 + MOST_WRONG]);
  });
});

test('that Temporal does not answer is told without saying where it is', async () => {
  const message = "Temporal at temporal.internal:7233 does not answer. Start it with 'launch up'.";
  const error = new LaunchError('UNREACHABLE', message, { address: 'temporal.internal:7233' });
  const { url } = await start({}, { board: () => Promise.reject(error) });
  const { status, body } = await ask(`${url}/api/launches/shop`, { token: OPERATOR_TOKEN });
  expect([status, body.code]).toEqual([503, 'UNREACHABLE']);
  expect(JSON.stringify(body)).not.toContain('temporal.internal');
  expect(body.detail).toContain('idempotency-key');
});

describe('streams', () => {
  const events = () => `${own!.url}/api/launches/shop/events`;

  test('one token has so many, another one its own; a place that is left is free again', async () => {
    const { known } = await start();
    for (const person of ['ana', 'dev']) known.set(`launch_${person}`, person);
    // All at once: a place is taken before the first question that takes time.
    const tries = await Promise.allSettled(
      Array.from({ length: MOST_OF_ONE + 5 }, () => listen(events(), { token: 'launch_ana' }))
    );
    const open = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(open).toHaveLength(MOST_OF_ONE);
    expect((await ask(events(), { token: 'launch_ana' })).body).toMatchObject({
      status: 429,
      code: 'TOO_MANY_STREAMS',
    });
    open.push(await listen(events(), { token: 'launch_dev' }));
    open[0]!.close();
    open.push(await until('the place', () => listen(events(), { token: 'launch_ana' })));
    for (const { close } of open) close();
  });

  test('those that cannot begin take no place', async () => {
    let isThere = false;
    const ledger = new MemoryLedger();
    const board = async () => (isThere ? ledger.board('Shop') : Promise.reject(new Error('not now')));
    const { known } = await start({}, { ledger, board });
    known.set('launch_ana', 'ana');
    for (let n = 0; n < MOST_OF_ONE + 5; n++) expect((await ask(events(), { token: 'launch_ana' })).status).toBe(500);
    isThere = true;
    (await listen(events(), { token: 'launch_ana' })).close();
  });

  test('one question is asked for all of one token; revoked they all end', async () => {
    const { known, asked } = await start();
    known.set('launch_ana', 'ana');
    const all = await Promise.all(Array.from({ length: 10 }, () => listen(events(), { token: 'launch_ana' })));
    expect(asked.tokens).toBe(10);
    await until('a heartbeat of each', () => all.every(({ beats }) => beats() >= 1));
    expect(asked.tokens - 10).toBeLessThan(10);
    known.clear();
    await until('the end of all', () => all.every(({ hasEnded }) => hasEnded()));
  });

  test('HEAD is not answered by one that never ends', async () => {
    await start();
    const response = await fetch(events(), { method: 'HEAD', headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
    expect(response.status).toBe(404);
  });
});

describe('requests that are none', () => {
  /** What comes back for these bytes, until the gateway closes the connection. */
  const answerTo = async (sent: string): Promise<{ head: string; body: { [name: string]: unknown } }> => {
    const socket = connect(own!.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.write(sent);
    await closed;
    const [head = '', body = ''] = text.split('\r\n\r\n');
    return { head, body: JSON.parse(body) as { [name: string]: unknown } };
  };

  test('what never comes to its end is not waited for, while streams stay', async () => {
    await start({ receivedWithinMs: 300 });
    const stream = await listen(`${own!.url}/api/launches/shop/events`, { token: OPERATOR_TOKEN });
    const begun = 'POST /api/session HTTP/1.1\r\nHost: localhost\r\n';
    const { head, body } = await answerTo(begun);
    expect(head).toMatch(/^HTTP\/1.1 408 Request Timeout\r\ncontent-type: application\/problem\+json/);
    expect(body).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
    const half = await answerTo(`${begun}content-type: application/json\r\ncontent-length: 100\r\n\r\n{`);
    expect(half.body).toMatchObject({ status: 408 });
    await until('a heartbeat', () => stream.beats() > 0);
    expect(stream.hasEnded()).toBe(false);
    stream.close();
  });

  test('headers without end, and what is not HTTP, are problems too', async () => {
    await start();
    const long = await answerTo(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nx-long: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect(long.head).toMatch(/^HTTP\/1.1 431 /);
    expect(long.body).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' });
    expect((await answerTo('nonsense\r\n\r\n')).body).toMatchObject({ status: 400, code: 'BAD_INPUT' });
  });

  test.each([
    ['not in UTF-8', Buffer.from([...Buffer.from('{"token":"'), 0xff, 0xfe, ...Buffer.from('"}')])],
    ['empty', Buffer.from('')],
    ['no JSON', Buffer.from('{"token"')],
    ['__proto__', Buffer.from('{"token":"launch_ana","__proto__":{"token":"launch_dev"}}')],
  ])('a body is told what is wrong with it, and nothing is put in its place: %s', async (what, body) => {
    const { asked } = await start();
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${own!.url}/api/session`, { method: 'POST', headers, body });
    const problem = (await answer.json()) as { [name: string]: unknown };
    expect(problem).toMatchObject({ status: 400, code: 'BAD_INPUT', detail: expect.stringContaining(what) });
    expect(asked.tokens).toBe(0);
  });

  test.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/json; charset=utf-16' }],
    [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
  ])('%j is not JSON as it is', async (headers) => {
    await start();
    const body = { token: OPERATOR_TOKEN };
    const answer = await ask(`${own!.url}/api/session`, { body, headers });
    expect(answer.body).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    const plain = { 'content-type': 'application/json; charset="UTF-8"' };
    expect((await ask(`${own!.url}/api/session`, { body, headers: plain })).status).toBe(200);
  });
});
