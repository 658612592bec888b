import callbackDns, { type LookupAddress } from 'node:dns';
import dns from 'node:dns/promises';
import { getEventListeners } from 'node:events';
import type { Access } from '../../../activities/checks/access';
import { dial } from '../../../activities/checks/dial';
import { runCheck } from '../../../activities/checks/registry';
import type { Json } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { until } from '../../support/until';
import { httpTarget, type Target } from './target';

const HERE = '127.0.0.1';
const METADATA = '169.254.169.254';
const only = { hosts: ['127.0.0.1/32'], allowLocal: false };

let target: Target;
let asked = 0;
/** The resolver is the world's end of this: what it answers one time after the other. */
let answers: Array<string[] | Error>;
let lookups: jest.SpyInstance;
let lateLookups: jest.SpyInstance;

beforeAll(async () => {
  target = await httpTarget((request, response) => {
    asked += 1;
    const to = new URL(request.url ?? '/', 'http://here').searchParams.get('to');
    if (to === null) response.end('ok');
    else response.writeHead(302, { location: to }).end();
  });
});
afterAll(() => target.close());
beforeEach(() => {
  asked = 0;
  answers = [];
  const next = async (): Promise<LookupAddress[]> => {
    const answer = answers.shift();
    if (answer === undefined) throw new Error('asked once too often');
    if (answer instanceof Error) throw answer;
    return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  lookups = jest.spyOn(dns, 'lookup').mockImplementation(next as unknown as typeof dns.lookup);
  lateLookups = jest.spyOn(callbackDns, 'lookup');
});
afterEach(() => jest.restoreAllMocks());

const at = (name: string, path = '/'): string => target.url.replace(HERE, name) + path;
const port = (): number => Number(new URL(target.url).port);

function run(
  check: { type: string; [key: string]: Json },
  access: Partial<Access> = only,
  signal = AbortSignal.timeout(5_000)
) {
  return runCheck(check, { signal, env: () => undefined, access: localAccess(__dirname, access), now: Date.now });
}

const httpAt = (name: string): { type: string; [key: string]: Json } => ({ type: 'http', url: at(name) });
const tcpAt = (name: string): { type: string; [key: string]: Json } => ({ type: 'tcp', host: name, port: port() });

describe.each([
  ['http', httpAt],
  ['tcp', tcpAt],
])('%s', (_, checkAt) => {
  test('a name is looked up once for each run, and the connection goes to that answer', async () => {
    answers = [[HERE], [METADATA]];
    expect(await run(checkAt('shop.example'))).toMatchObject({ outcome: 'passed' });
    expect(lookups).toHaveBeenCalledTimes(1);
    expect(lateLookups).not.toHaveBeenCalled();
    asked = 0;
    expect(await run(checkAt('shop.example'))).toMatchObject({
      outcome: 'errored',
      seen: expect.stringContaining(`"shop.example" is "${METADATA}", which is not an address that a check may ask`),
    });
    expect(lookups).toHaveBeenCalledTimes(2);
    expect(asked).toBe(0);
  });

  test.each([
    ['one that is not allowed', [HERE, METADATA]],
    ['one that is not allowed first', [METADATA, HERE]],
    ['a private one', [HERE, '10.0.0.1']],
    ['the same one in disguise, and another', ['::ffff:127.0.0.1', '::ffff:127.0.0.2']],
    ['one that cannot be read', [HERE, 'fe80::1%lo']],
  ])('a name of several addresses is not asked when there is %s among them', async (...[, addresses]) => {
    answers = [addresses];
    expect(await run(checkAt('shop.example'))).toMatchObject({ outcome: 'errored' });
    expect(asked).toBe(0);
  });

  test('a name of public addresses and a private one is not asked by a worker that asks public ones', async () => {
    answers = [['93.184.215.14', HERE]];
    expect(await run(checkAt('shop.example'), { allowLocal: false })).toMatchObject({
      outcome: 'errored',
      seen: expect.stringContaining('is a loopback or private address'),
    });
    expect(asked).toBe(0);
  });

  test('the next address is asked when the first does not answer', async () => {
    answers = [['::1', HERE]];
    const access = { hosts: ['127.0.0.1/32', '::1/128'], allowLocal: false };
    expect(await run(checkAt('shop.example'), access)).toMatchObject({ outcome: 'passed' });
  });

  test.each([
    ['that is not there', Object.assign(new Error(), { code: 'ENOTFOUND' }), 'there is no such host (ENOTFOUND)'],
    ['without an answer', Object.assign(new Error(), { code: 'EAI_AGAIN' }), 'the resolver gave no answer (EAI_AGAIN)'],
    ['with an empty answer', [], 'there is no such host (ENOTFOUND)'],
  ])('a name %s is errored', async (...[, answer, reason]) => {
    answers = [answer];
    expect(await run(checkAt('shop.example'))).toMatchObject({
      outcome: 'errored',
      seen: expect.stringContaining(reason),
    });
  });
});

test('each hop of a redirect is looked up by itself', async () => {
  const there = encodeURIComponent(at('shop.example', '/there'));
  const check = { type: 'http', url: at('shop.example', `/?to=${there}`), redirects: 1 };
  answers = [[HERE], [HERE]];
  expect(await run(check)).toMatchObject({ outcome: 'passed' });
  answers = [[HERE], [METADATA]];
  asked = 0;
  expect(await run(check)).toMatchObject({ outcome: 'errored' });
  expect([asked, lookups.mock.calls.length]).toEqual([1, 4]);
});

describe('a resolver that does not answer', () => {
  const never = (): void => void lookups.mockImplementation(() => new Promise(() => {}));

  test.each(['http', 'tcp'])('is errored when the time is up, and leaves nothing behind: %s', async (type) => {
    never();
    const signal = AbortSignal.timeout(100);
    const check = type === 'http' ? httpAt('silent.example') : tcpAt('silent.example');
    expect(await run(check, only, signal)).toMatchObject({ outcome: 'errored' });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('is asked once by all who wait for the same name', async () => {
    never();
    const ask = () => dial('mute.example', localAccess(__dirname), AbortSignal.timeout(100));
    const waiting = Array.from({ length: 20 }, ask);
    expect((await Promise.allSettled(waiting)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(lookups).toHaveBeenCalledTimes(1);
  });
});

test('a thousand checks that share a signal leave no listener on it', async () => {
  lookups.mockImplementation(async () => [{ address: HERE, family: 4 }]);
  const shared = new AbortController();
  const outcomes = new Set<string>();
  for (let round = 0; round < 10; round++) {
    const checks = Array.from({ length: 100 }, (_, n) => (n % 2 ? httpAt('shop.example') : tcpAt('shop.example')));
    const running = checks.map((check) => run(check, only, shared.signal));
    // One each while they run: what a run needs besides, it puts on a signal of its own.
    expect(getEventListeners(shared.signal, 'abort')).toHaveLength(100);
    (await Promise.all(running)).forEach(({ outcome }) => outcomes.add(outcome));
  }
  expect([...outcomes]).toEqual(['passed']);
  expect(getEventListeners(shared.signal, 'abort')).toHaveLength(0);
  await until('the connections are closed', () => target.open() === 0);
});
