import type { ServerResponse } from 'node:http';
import { localAccess } from '../../support/access';
import { runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json, ProbeCheck } from '../../../domain/plan';
import { until } from '../../support/until';
import { httpTarget, rawTarget, type Target } from './target';

const MB = 1_048_576;
let target: Target;
let secretSeen: string | undefined;

const PAGES: { [path: string]: (response: ServerResponse) => void } = {
  '/ok': (response) => response.end('all is well'),
  '/down': (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>'),
  '/moved': (response) => response.writeHead(302, { location: '/login' }).end(),
  '/slow': (response) => void setTimeout(() => response.end(), 30),
  '/hangs': () => {},
  '/drips': (response) => {
    response.writeHead(200, { 'content-length': 1_000 });
    const drop = setInterval(() => response.write('a'), 20);
    response.on('close', () => clearInterval(drop));
  },
  '/early-hints': (response) => {
    const hint = setInterval(() => response.writeProcessing(), 20);
    response.on('close', () => clearInterval(hint));
  },
  '/begins': (response) => response.writeHead(200, { 'content-length': 10 }).write('half'),
  '/half': (response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('{"status":"up"', () => response.destroy());
  },
  '/half-chunked': (response) => response.write('{"status":"up"', () => response.destroy()),
  '/half-502': (response) => {
    response.writeHead(502, { 'content-length': 1000 });
    response.write('half', () => response.destroy());
  },
  '/huge': (response) => sendForEver(response, 100 * MB),
  '/almost': (response) => response.end('a'.repeat(MB)),
  '/json': (response) => response.end('{"status":"up","queue":7,"names":["a","b"],"nothing":null,"text":"12"}'),
  '/not-json': (response) => response.end('{"status":"up"'),
  '/deep': (response) => response.end('['.repeat(500_000) + ']'.repeat(500_000)),
  '/many': (response) => response.end(JSON.stringify(Array.from({ length: 100_000 }, () => 1))),
  '/evil': (response) => response.end(JSON.stringify([{ a: `${'a'.repeat(50_000)}!` }])),
  '/zipped': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('zipped'),
  '/headers': (response) => response.writeHead(200, { 'x-depth': '12', 'set-cookie': 'session=s3cr3t' }).end('ok'),
  '/empty': (response) => response.end(),
  '/twice': (response) => {
    const lines = 'Content-Type: application/json\r\nContent-Type: text/html\r\nX-A: up\r\nX-A: down\r\n';
    response.socket!.end(`HTTP/1.1 200 OK\r\n${lines}Content-Length: 2\r\n\r\n{}`);
  },
  '/secrets': (response) => {
    const headers = { 'x-auth-token': 'eyJs3cr3t', authorization: 'Bearer s3cr3t', 'x-api-key': 's3cr3t' };
    const body = { access_token: 's3cr3t', password: 's3cr3t', tokens: ['s3cr3t', 's3cr3t'], 'api-key': 123_777 };
    response.writeHead(200, headers).end(JSON.stringify({ ...body, author: 'ana', auth: { isOn: true } }));
  },
  '/to-secrets': (response) =>
    response
      .writeHead(302, { location: 'https://ana:s3cr3t@other.example/reset/eyJs3cr3t123456?k=s3cr3t#s3cr3t' })
      .end(),
  '/no-content': (response) => response.writeHead(204).end(),
};

let sent = 0;
function sendForEver(response: ServerResponse, most: number): void {
  const chunk = Buffer.alloc(MB, 'a');
  const more = (): void => {
    while (sent < most && !response.destroyed) {
      sent += chunk.length;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

beforeAll(async () => {
  target = await httpTarget((request, response) => {
    const { authorization } = request.headers;
    secretSeen = authorization;
    const page = PAGES[new URL(request.url ?? '/', 'http://here').pathname];
    if (page) page(response);
    else response.end(JSON.stringify({ told: authorization, url: request.url, method: request.method }));
  });
});
afterAll(() => target.close());
beforeEach(() => {
  sent = 0;
});

interface Asked {
  env?: { [name: string]: string };
  timeout?: number;
}

function run(check: { [key: string]: Json }, { env = {}, timeout = 3_000 }: Asked = {}): Promise<CheckResult> {
  return runCheck({ type: 'http', ...check } as ProbeCheck, {
    signal: AbortSignal.timeout(timeout),
    env: (name) => env[name],
    access: localAccess(__dirname),
    now: Date.now,
  });
}

const ask = (path: string, expect?: Json, timeout?: number): Promise<CheckResult> =>
  run({ url: target.url + path, ...(expect === undefined ? {} : { expect }) }, { timeout });

const json = (path: string, rest: { [key: string]: Json }): Json => ({ json: [{ path, ...rest }] });

test.each<[outcome: string, what: string, path: string, expect?: Json]>([
  ['passed', 'any 2xx where nothing is said', '/ok'],
  ['passed', 'no content', '/no-content'],
  ['passed', 'the status that is asked for', '/down', { status: 502 }],
  ['passed', 'one of several', '/ok', { status: [204, 200] }],
  ['passed', 'a redirect that is asked for', '/moved', { status: 302 }],
  ['passed', 'a text', '/ok', { text: { contains: 'well' } }],
  ['passed', 'exactly as much as is read', '/almost', { text: { length: MB } }],
  ['passed', 'a value', '/json', json('$.status', { equals: 'up' })],
  ['passed', 'a number within bounds', '/json', json('$.queue', { atLeast: 7, atMost: 7 })],
  ['passed', 'every one of several values', '/json', json('$.names[*]', { matches: '^[ab]$' })],
  ['passed', 'what must be absent', '/json', json('$.error', { exists: false })],
  ['passed', 'null, which is there', '/json', json('$.nothing', { exists: true, equals: null })],
  ['passed', 'a header as a number', '/headers', { headers: { 'X-Depth': { atMost: 12 } } }],
  ['passed', 'an empty body, where that is asked for', '/empty', { text: { length: 0 } }],
  ['passed', 'a text that must not be there', '/empty', { text: { exists: false } }],
  ['passed', 'a header that is a list in several lines', '/twice', { headers: { 'x-a': { equals: 'up, down' } } }],
  ['passed', 'an answer fast enough', '/ok', { latency: { atMost: '1m' } }],

  ['failed', 'another status', '/down'],
  ['failed', 'a redirect, which is not followed', '/moved'],
  ['failed', '200 where something else is asked for', '/ok', { status: 204 }],
  ['failed', 'a text that lacks it', '/ok', { text: { contains: 'bad' } }],
  ['failed', 'another value', '/json', json('$.status', { equals: 'down' })],
  ['failed', 'an absent value', '/json', json('$.error', { equals: 'x' })],
  ['failed', 'an absent value that is not to be x', '/json', json('$.error', { not: 'x' })],
  ['failed', 'a text for a number', '/json', json('$.text', { atLeast: 1 })],
  ['failed', 'a number for a text', '/json', json('$.queue', { equals: '7' })],
  ['failed', 'one of several values', '/json', json('$.names[*]', { equals: 'a' })],
  ['failed', 'one of two operators', '/json', json('$.queue', { atLeast: 1, atMost: 6 })],
  ['failed', 'a header that is absent', '/ok', { headers: { 'x-depth': { exists: true } } }],
  ['failed', 'a bad status with half a body', '/half-502'],
  ['failed', 'a bad status where JSON was asked for', '/down', json('$.status', { equals: 'up' })],
  ['failed', 'an answer too slow', '/slow', { latency: { atMost: '1ms' } }],
  ['failed', 'an empty body that must not say it', '/empty', { text: { not: 'Service unavailable' } }],
  ['failed', 'an empty body that must be there', '/empty', { text: { exists: true } }],
  ['failed', 'a header of what every object inherits', '/ok', { headers: { constructor: { exists: true } } }],
  ['failed', 'that with another operator', '/ok', { headers: { tostring: { not: 'x' } } }],
  ['failed', 'a type that is said twice', '/twice', { headers: { 'content-type': { equals: 'application/json' } } }],
  ['failed', 'only one line of a list', '/twice', { headers: { 'x-a': { equals: 'up' } } }],

  ['inconclusive', 'half an answer, though its status is good', '/half'],
  ['inconclusive', 'half an answer of unknown length', '/half-chunked', json('$.status', { equals: 'up' })],
  ['inconclusive', 'more than is read', '/huge'],
  ['inconclusive', 'what is not JSON', '/not-json', json('$.status', { equals: 'up' })],
  ['inconclusive', 'what is not JSON and may be absent', '/not-json', json('$.status', { exists: false })],
  ['inconclusive', 'more values than anybody means', '/many', json('$[*]', { equals: 1 })],
  ['inconclusive', 'an encoding that was not asked for', '/zipped', { text: { contains: 'zip' } }],
])('%s: %s', async (...[outcome, , path, wanted]) => {
  expect(await ask(path, wanted)).toMatchObject({ outcome });
});

test('what was seen is one sentence with what was expected', async () => {
  expect((await ask('/down', { status: 200 })).seen).toMatch(
    /^GET http:\/\/127\.0\.0\.1:\d+\/down answered 502 in \d+ ms, expected 200$/
  );
  expect((await ask('/json', json('$.status', { equals: 'down' }))).seen).toMatch(
    /answered 200 in \d+ ms, \$\.status is "up", expected "down"$/
  );
  expect((await ask('/moved')).seen).toContain('expected 200 to 299 (it redirects to "/login", which is not followed)');
});

describe('a target that does not answer', () => {
  test.each(['/hangs', '/begins', '/drips', '/early-hints'])(
    'is errored when the time is up, not later: %s',
    async (path) => {
      const begun = performance.now();
      const result = await ask(path, undefined, 200);
      expect(result).toMatchObject({ outcome: 'errored' });
      expect(performance.now() - begun).toBeLessThan(2_000);
    }
  );

  test('leaves no connection behind', async () => {
    await Promise.all([ask('/hangs', undefined, 100), ask('/ok'), ask('/huge'), ask('/half')]);
    await until('the connections are closed', () => target.open() === 0);
  });

  test('is not read on when it sends too much', async () => {
    expect(await ask('/huge')).toMatchObject({ outcome: 'inconclusive' });
    await until('the connection is closed', () => target.open() === 0);
    expect(sent).toBeLessThan(50 * MB);
  });

  test.each<[string, string]>([
    ['http://127.0.0.1:1/', 'could not be asked: the connection was refused (ECONNREFUSED)'],
    ['http://nowhere.invalid/', 'could not be asked: '],
  ])('is errored with the reason: %s', async (url, reason) => {
    const result = await run({ url });
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining(`GET ${url} ${reason}`) });
  });

  test('is errored when its headers come letter by letter, and is hung up on', async () => {
    const raw = await rawTarget((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const drop = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(drop));
    });
    const result = await run({ url: raw.url }, { timeout: 200 });
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('did not answer within') });
    await until('the connection is closed', () => raw.open() === 0);
    await raw.close();
  });

  test.each<[string, string]>([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a status line that is none', 'HTTP/1.1 2000 Fine\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
    ['a header in two parts', 'HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n'],
    ['too many headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(100_000)}`],
    ['a header without end', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`],
    ['nothing', ''],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('is errored when it sends %s', async (_, bytes) => {
    const raw = await rawTarget((socket) => socket.end(bytes));
    const result = await run({ url: raw.url });
    await raw.close();
    expect(result).toMatchObject({ outcome: 'errored' });
  });
});

test.each(['/deep', '/evil'])('a document made to break the one who reads it passes nothing: %s', async (path) => {
  const begun = performance.now();
  const result = await ask(path, json("$[?search(@.a, '^(a+)+$')]", { exists: true }));
  expect(result.outcome).not.toBe('passed');
  expect(performance.now() - begun).toBeLessThan(2_000);
});

describe('the request', () => {
  test('sends method, headers and a body as JSON', async () => {
    const received = await httpTarget(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { 'content-type': type, 'x-who': who } = request.headers;
      response.end([request.method, type, who, Buffer.concat(chunks).toString()].join(' '));
    });
    const expected = { text: { equals: 'GET application/json us {"a":[1]}' } };
    const check = { url: received.url, headers: { 'X-Who': 'us' }, body: { a: [1] }, expect: expected };
    const result = await run(check);
    const posted = await run({ ...check, method: 'POST', expect: { text: { matches: '^POST' } } });
    const head = await run({ url: received.url, method: 'HEAD' });
    await received.close();
    expect([result, posted, head]).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }, { outcome: 'passed' }]);
  });

  test('takes its address from the environment and does not show it', async () => {
    const address = `${target.url.replace('//', '//ana:hunter22@')}/echo/T0PSECRET?key=alsoSecret`;
    const check = { url: { env: 'STAGING_URL' }, expect: { json: [{ path: '$.url', equals: 'x' }] } };
    const { outcome, seen } = await run(check, { env: { STAGING_URL: ` ${address}\n` } });
    expect(outcome).toBe('failed');
    expect(seen).toMatch(/^GET \$STAGING_URL answered 200 in \d+ ms, \$\.url is "\/echo\/\*\*\*/);
    for (const secret of ['hunter22', 'T0PSECRET', 'alsoSecret', '127.0.0.1']) expect(seen).not.toContain(secret);
    expect(secretSeen).toBe(`Basic ${Buffer.from('ana:hunter22').toString('base64')}`);
  });

  test('does not show a credential that the target sends back', async () => {
    const headers = { authorization: { env: 'TOKEN' } };
    const check = { url: `${target.url}/echo`, headers, expect: { json: [{ path: '$.told', equals: 'x' }] } };
    const { seen } = await run(check, { env: { TOKEN: 'Bearer a"b\\c-token' } });
    expect(secretSeen).toBe('Bearer a"b\\c-token');
    expect(seen).toMatch(/\$\.told is "\*\*\*", expected "x"$/);
  });

  test.each<Json>([
    { headers: { 'x-auth-token': { exists: true }, authorization: { length: 13 }, 'X-Api-Key': { equals: 's3cr3t' } } },
    { headers: { 'x-auth-token': { equals: 'x' }, authorization: { equals: 'x' }, 'X-Api-Key': { equals: 'x' } } },
    { json: [{ path: '$.access_token', equals: 'x' }, { path: '$.password', not: 'x' }] }, // prettier-ignore
    {
      json: [
        { path: '$.tokens[*]', matches: '^x' },
        { path: '$..password', contains: 'x' },
      ],
    },
    {
      json: [
        { path: "$['api-key']", atMost: 1 },
        { path: '$[?@ == "s3cr3t"]', not: 's3cr3t!' },
      ],
    },
    {
      json: [
        { path: '$.*', exists: true },
        { path: '$.password', length: 6 },
      ],
    },
  ])('does not show what is named as a credential: %j', async (expected) => {
    const { seen } = await ask('/secrets', expected);
    expect(seen.replaceAll(/\$\S*.@ == "s3cr3t".|s3cr3t!/g, '')).not.toMatch(/s3cr3t|123777/);
  });

  test('shows what is only named nearly so', async () => {
    const paths = ['$.author', '$.auth.isOn'].map((path) => ({ path, not: 'x' }));
    expect((await ask('/secrets', { json: paths })).seen).toMatch(/\$\.author is "ana", \$\.auth\.isOn is true$/);
  });

  test('does not show what an address that it is sent to may hold', async () => {
    const { seen } = await ask('/to-secrets', { status: 200, headers: { location: { equals: 'x' } } });
    expect(seen).not.toContain('s3cr3t');
    expect(seen).toContain('it redirects to "https://other.example/reset/***?…"');
  });

  test('does not show a cookie', async () => {
    const { seen } = await ask('/headers', { headers: { 'set-cookie': { contains: 'other' } } });
    expect(seen).not.toContain('s3cr3t');
  });

  test.each<[string, { [name: string]: string }, string]>([
    ['is not set', {}, "STAGING_URL is not set in the worker's environment"],
    ['is empty', { STAGING_URL: ' ' }, "STAGING_URL is not set in the worker's environment"],
    ['is no address', { STAGING_URL: 'hunter22' }, 'is not an http or https address'],
    ['is another kind of address', { STAGING_URL: 'file:///hunter22' }, 'is not an http or https address'],
  ])('is errored when its variable %s', async (_, env, reason) => {
    const result = await run({ url: { env: 'STAGING_URL' } }, { env });
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining(reason) });
    expect(result.seen).not.toContain('hunter22');
  });

  test.each(['Host', 'content-length', 'Transfer-Encoding', 'proxy-authorization', 'expect', 'te'])(
    'is not made with a header that is not for a plan to set: %s',
    async (name) => {
      const result = await run({ url: target.url, headers: { [name]: 'x' }, method: 'POST', body: 'x' });
      expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('expected another header') });
    }
  );

  test('of HEAD is not asked for its body', async () => {
    const result = await run({ url: target.url, method: 'HEAD', expect: { text: { not: 'down' } } });
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('no text with method HEAD') });
  });

  test('is errored when a header from the environment cannot be one', async () => {
    const result = await run({ url: target.url, headers: { a: { env: 'A' } } }, { env: { A: 'x\ny' } });
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('ERR_INVALID_CHAR') });
  });
});

test('what was seen stays below 2 kB and on one line', async () => {
  const long = `${'é'.repeat(300)}\u202e`;
  const expectations = Array.from({ length: 50 }, () => ({ path: '$.status', equals: long }));
  const { seen } = await ask('/json', { json: expectations });
  expect(Buffer.byteLength(seen)).toBeLessThanOrEqual(2_000);
  expect(Buffer.byteLength(seen)).toBeGreaterThan(1_900);
  expect(seen).not.toMatch(/[\n\u202e\uFFFD]/);
});
