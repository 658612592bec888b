import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gatewaySpeaker } from '../../client/by-gateway';

/** What stands where a gateway should: somebody else, something broken, something in between. */
interface Heard {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}
type Answers = (heard: Heard, response: ServerResponse) => void;

let server: Server;
let url: string;
let heard: Heard[];
let answers: Answers;

beforeEach(async () => {
  heard = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
      heard.push(one);
      answers(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function json(response: ServerResponse, body: unknown, status = 200): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

const problem = (code: string, status: number) => ({
  type: 'about:blank',
  title: 't',
  status,
  detail: `why ${code}`,
  code,
});
const isMe = ({ path }: Heard): boolean => path === '/api/me';

/** Ana's, of a gateway that knows her; what else is asked is answered so. */
function ana(rest: Answers): Answers {
  return (one, response) => (isMe(one) ? json(response, { person: 'ana', kind: 'person' }) : rest(one, response));
}

const speaker = (actAs?: string) =>
  gatewaySpeaker({ url, token: 'launch_secret', ...(actAs === undefined ? {} : { actAs }) });
const hold = { type: 'hold', reason: 'wait' } as const;
const DONE = { text: 'held', status: 'held' };

test('what is said carries no name and no kind; the key is a header, chosen where nobody chose one', async () => {
  answers = ana((_one, response) => json(response, DONE));
  const { by, tell } = await speaker().then((one) => ({ by: one.by, tell: one.tell.bind(one) }));
  expect(by).toBe('ana');
  expect(await tell('shop', { ...hold, key: 'mine' })).toEqual(DONE);
  await tell('shop', hold);
  const [, first, second] = heard;
  expect(first).toMatchObject({ method: 'POST', path: '/api/launches/shop/commands', body: JSON.stringify(hold) });
  expect(first?.headers).toMatchObject({ authorization: 'Bearer launch_secret', 'idempotency-key': 'mine' });
  expect(second?.headers['idempotency-key']).toMatch(/^[\w-]{36}$/);
  expect(first?.headers['x-act-as']).toBeUndefined();
});

test("whom the operator acts as is said by a header, whatever letters it has; nobody's is refused here", async () => {
  answers = (one, response) => json(response, isMe(one) ? { person: 'operator', kind: 'operator' } : DONE);
  await (await speaker('Ana Ö')).tell('shop', hold);
  expect(heard.at(-1)?.headers['x-act-as']).toBe('Ana%20%C3%96');
  await expect(speaker()).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('a token is of one person', async () => {
  answers = ana((_one, response) => json(response, DONE));
  expect((await speaker('ANA')).by).toBe('ana');
  await expect(speaker('carl')).rejects.toMatchObject({ code: 'ACT_AS_REFUSED' });
  expect(heard.every((one) => isMe(one) && one.headers['x-act-as'] === undefined)).toBe(true);
});

test('a connection that breaks is tried once more under the same key, and no oftener', async () => {
  answers = ana((_one, response) => response.destroy());
  const told = (await speaker()).tell('shop', hold);
  await expect(told).rejects.toMatchObject({ code: 'UNREACHABLE', details: { gateway: url, key: expect.any(String) } });
  const keys = heard.slice(1).map(({ headers }) => headers['idempotency-key']);
  expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  await expect(told).rejects.toThrow(`--key ${keys[0]}`);
});

test('a proxy with nobody behind it is no answer of the gateway', async () => {
  let left = 1;
  answers = ana((_one, response) =>
    left-- > 0 ? response.writeHead(502).end('<h1>Bad Gateway</h1>') : json(response, DONE)
  );
  expect(await (await speaker()).tell('shop', hold)).toEqual(DONE);
  answers = ana((_one, response) => response.writeHead(503).end('<h1>no</h1>'));
  await expect((await speaker()).tell('shop', hold)).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

test('a refusal is told as it was, and not tried again; a code that nobody knows is a failure', async () => {
  answers = ana((_one, response) => json(response, { ...problem('CHANGED', 409), details: { digest: 'x' } }, 409));
  const { tell } = await speaker().then((one) => ({ tell: one.tell.bind(one) }));
  await expect(tell('shop', hold)).rejects.toMatchObject({
    code: 'CHANGED',
    message: 'why CHANGED',
    details: { digest: 'x' },
  });
  expect(heard.filter((one) => !isMe(one))).toHaveLength(1);
  answers = ana((_one, response) => json(response, problem('SOMETHING_NEW', 500), 500));
  await expect(tell('shop', hold)).rejects.toMatchObject({ code: 'FAILED' });
  answers = ana((_one, response) => json(response, problem('DATABASE_UNREACHABLE', 503), 503));
  await expect(tell('shop', hold)).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: expect.stringContaining('--direct'),
  });
});

test.each<[string, Answers]>([
  ['another program', (_one, response) => response.end('<html>hello</html>')],
  ['another API', (_one, response) => json(response, { hello: 'world' })],
  ['somewhere else to go', (_one, response) => response.writeHead(302, { location: `${url}/elsewhere` }).end()],
  ['nothing there', (_one, response) => response.writeHead(404).end()],
])('%s is not taken for a gateway, and gets the token once', async (_what, answer) => {
  answers = answer;
  await expect(speaker()).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.not.stringContaining('launch_secret'),
  });
  expect(heard).toHaveLength(1);
});

test('what no launch or item can be called is not asked for', async () => {
  answers = ana((_one, response) => json(response, { items: [{ id: 'ONE' }] }));
  const one = await speaker();
  await expect(one.tell('../tokens', hold)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(one.tellItem('shop', 'ONE/../..', { type: 'acknowledge' })).rejects.toMatchObject({
    code: 'UNKNOWN_ITEM',
  });
  expect(heard.map(({ path }) => path)).toEqual(['/api/me', '/api/launches/shop']);
  await expect(one.tell('shop', { type: 'hold', reason: '' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(heard).toHaveLength(2);
});
