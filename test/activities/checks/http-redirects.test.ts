import type { IncomingMessage } from 'node:http';
import { runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import type { Access } from '../../../activities/checks/access';
import type { Json } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { until } from '../../support/until';
import { httpTarget, type Target } from './target';

interface Received {
  method?: string;
  url?: string;
  headers: IncomingMessage['headers'];
  body: string;
}

let here: Target;
let there: Target;
let received: Received[] = [];

/** `/301?to=X` redirects to X, `/loop/N` to `/loop/N+1` for ever, everything else answers. */
async function serve(): Promise<Target> {
  return httpTarget(async (request, response) => {
    const { method, url = '/', headers } = request;
    const body = (await request.toArray()).join('');
    received.push({ method, url, headers, body });
    const { pathname, searchParams } = new URL(url, 'http://here');
    const [, first = '', second] = pathname.split('/');
    if (/^3\d\d$/.test(first))
      response.writeHead(Number(first), { location: searchParams.get('to') ?? '' }).end('moved');
    else if (first === 'far') response.writeHead(302, { location: `/far/${Number(second) + 1}` }).end();
    else if (first === 'nowhere') response.writeHead(302).end();
    else if (first === 'endless') response.writeHead(302, { location: '/end' }).write('and so on');
    else response.end('the end');
  });
}

beforeAll(async () => {
  [here, there] = await Promise.all([serve(), serve()]);
});
afterAll(() => Promise.all([here.close(), there.close()]));
beforeEach(() => {
  received = [];
});

interface Given {
  access?: Partial<Access>;
  env?: { [name: string]: string };
}

function run(path: string, check: { [key: string]: Json }, { access, env = {} }: Given = {}): Promise<CheckResult> {
  return runCheck(
    { type: 'http', url: here.url + path, ...check },
    {
      signal: AbortSignal.timeout(5_000),
      env: (name) => env[name],
      access: localAccess(__dirname, access),
      now: Date.now,
    }
  );
}

const to = (status: number, address: string): string => `/${status}?to=${encodeURIComponent(address)}`;

test.each([301, 302, 303, 307, 308])('%d is an answer unless redirects are followed', async (status) => {
  const path = to(status, '/end');
  expect(await run(path, {})).toMatchObject({ outcome: 'failed' });
  expect(await run(path, { redirects: 0, expect: { status } })).toMatchObject({ outcome: 'passed' });
  expect(await run(path, { redirects: 1, expect: { text: { equals: 'the end' } } })).toMatchObject({
    outcome: 'passed',
    seen: expect.stringMatching(new RegExp(` answered 200 at ${here.url}/end in \\d+ ms, `)),
  });
});

test('as many are followed as is said, and one more fails, whatever status is expected', async () => {
  const twice = to(302, to(302, '/end'));
  expect(await run(twice, { redirects: 2 })).toMatchObject({ outcome: 'passed' });
  const tooMany = { outcome: 'failed', seen: expect.stringContaining('after 1 that were followed') };
  expect(await run(twice, { redirects: 1 })).toMatchObject(tooMany);
  expect(await run(twice, { redirects: 1, expect: { status: 302 } })).toMatchObject(tooMany);
  received = [];
  expect(await run('/far/0', { redirects: 10 })).toMatchObject({ outcome: 'failed' });
  expect(received).toHaveLength(11);
});

test('a circle fails as soon as it closes', async () => {
  const own = '/302?to=';
  expect(await run(own, { redirects: 10 })).toMatchObject({
    outcome: 'failed',
    seen: expect.stringContaining('it leads in a circle'),
  });
  expect(received).toHaveLength(1);
});

test.each<[string, string, string]>([
  ['no address', 'http://', 'which is not an address'],
  ['a file', 'file:///etc/passwd', 'which is not an http or https address'],
  ['a script', 'javascript:alert(1)', 'which is not an http or https address'],
])('a redirect to %s fails', async (_, address, why) => {
  const result = await run(to(302, address), { redirects: 5 });
  expect(result).toMatchObject({ outcome: 'failed', seen: expect.stringContaining(why) });
});

test('a redirect that does not say where to is an answer', async () => {
  expect(await run('/nowhere', { redirects: 5 })).toMatchObject({ outcome: 'failed' });
});

test('what a redirect says besides is not waited for, and no connection is left', async () => {
  expect(await run('/endless', { redirects: 1 })).toMatchObject({ outcome: 'passed' });
  await until('the connections are closed', () => here.open() === 0);
});

describe('an address that is not allowed is errored, and never asked', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'http://0.0.0.0/',
    'http://[fe80::1]/',
    'http://public.example@169.254.169.254/',
    '//169.254.169.254/',
  ])('%s', async (address) => {
    const result = await run(to(302, address), { redirects: 3 });
    expect(result).toMatchObject({
      outcome: 'errored',
      seen: expect.stringContaining('not an address that a check may ask'),
    });
    expect(result.seen).toContain('was redirected to http');
  });

  test('this machine by another name than the one that is allowed', async () => {
    const only = { hosts: ['127.0.0.1/32'], allowLocal: false };
    const byName = there.url.replace('127.0.0.1', '[::1]');
    const results = [await run(to(302, byName), { redirects: 1 }, { access: only })];
    results.push(await run(to(302, there.url), { redirects: 1 }, { access: only }));
    expect(results).toMatchObject([{ outcome: 'errored' }, { outcome: 'passed' }]);
  });
});

test('a redirect to where nobody listens is errored and says where', async () => {
  expect(await run(to(302, 'http://127.0.0.1:1/x?token=abc'), { redirects: 1 })).toMatchObject({
    outcome: 'errored',
    seen: expect.stringMatching(
      /was redirected to http:\/\/127\.0\.0\.1:1\/x\?…, which could not be asked: the connection was refused/
    ),
  });
});

describe('what the next server is told', () => {
  const headers = {
    Authorization: 'Bearer of-the-plan',
    Cookie: 'session=1',
    'X-Api-Key': 'key',
    'X-Session': 'abc',
    'X-From-Env': { env: 'SECRET' },
    'X-Who': 'us',
  };
  const env = { SECRET: 'hunter22' };
  const told = () => Object.keys(received.at(-1)!.headers);

  test('everything within one origin', async () => {
    await run(to(302, '/end'), { redirects: 1, headers }, { env });
    expect(received.at(-1)!.headers).toMatchObject({
      authorization: 'Bearer of-the-plan',
      cookie: 'session=1',
      host: new URL(here.url).host,
      'x-api-key': 'key',
      'x-from-env': 'hunter22',
      'x-who': 'us',
    });
  });

  test('no credential in another one, nor after coming back', async () => {
    const port = new URL(here.url).port;
    await run(to(302, there.url + to(302, `${here.url}/end`)), { redirects: 2, headers }, { env });
    expect(received).toHaveLength(3);
    for (const { headers: seen } of received.slice(1)) {
      expect(Object.keys(seen).sort()).toEqual(['accept-encoding', 'connection', 'host', 'user-agent', 'x-who']);
    }
    expect(received[1]!.headers.host).toBe(new URL(there.url).host);
    expect(received[2]!.headers.host).toBe(`127.0.0.1:${port}`);
  });

  test('no password of the address in another origin', async () => {
    const url = `${here.url.replace('//', '//ana:hunter22@')}${to(302, `${there.url.replace('//', '//eve:evil@')}/end`)}`;
    await run('', { url: { env: 'URL' }, redirects: 1 }, { env: { URL: url } });
    expect(received[0]!.headers.authorization).toBeDefined();
    expect(told()).not.toContain('authorization');
  });
});

test('a secret address is not shown by what it redirects to, nor by an error there', async () => {
  const url = `${here.url}/302?to=${encodeURIComponent('http://127.0.0.1:1/TOP-SECRET-PATH')}`;
  const { outcome, seen } = await run('', { url: { env: 'URL' }, redirects: 1 }, { env: { URL: url } });
  expect(outcome).toBe('errored');
  expect(seen).not.toContain('TOP-SECRET');
  expect(seen).not.toContain('127.0.0.1');
});

test.each<[method: string, status: number, becomes: string, body: string]>([
  ['POST', 301, 'GET', ''],
  ['POST', 302, 'GET', ''],
  ['POST', 303, 'GET', ''],
  ['POST', 307, 'POST', '{"a":1}'],
  ['POST', 308, 'POST', '{"a":1}'],
  ['PUT', 301, 'PUT', '{"a":1}'],
  ['PUT', 303, 'GET', ''],
  ['HEAD', 303, 'HEAD', ''],
  ['GET', 303, 'GET', ''],
])('%s becomes, after %d, %s', async (...[method, status, becomes, body]) => {
  const sent: { [key: string]: Json } = body === '' && method[0] !== 'P' ? {} : { body: { a: 1 } };
  expect(await run(to(status, '/end'), { method, redirects: 1, ...sent })).toMatchObject({ outcome: 'passed' });
  const last = received.at(-1)!;
  expect(last).toMatchObject({ method: becomes, url: '/end', body });
  expect('content-type' in last.headers).toBe(body !== '');
});

test('latency is that of the whole way', async () => {
  const held = await httpTarget(
    (_, response) => void setTimeout(() => response.writeHead(302, { location: `${here.url}/end` }).end(), 150)
  );
  const check = { url: held.url, redirects: 1, expect: { latency: { atMost: '100ms' } } };
  expect(await run('', check)).toMatchObject({
    outcome: 'failed',
    seen: expect.stringContaining('expected at most 100ms'),
  });
  await held.close();
});
