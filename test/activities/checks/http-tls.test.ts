import type net from 'node:net';
import { runCheck } from '../../../activities/checks/registry';
import { localAccess } from '../../support/access';
import { requireBuild } from '../../support/built';
import { until } from '../../support/until';
import { httpTarget, rawTarget, secureTarget, TRUSTED_UNTIL, type Target } from './target';
import { runTrusting } from './trusting';

const DAY = 86_400_000;
const daysLeft = (atLeast: number) => ({ tls: { daysLeft: { atLeast } } });

let trusted: Target;
let plain: Target;
const others: Target[] = [];

beforeAll(async () => {
  requireBuild();
  plain = await httpTarget((_, response) => response.end('not encrypted'));
  trusted = await secureTarget('trusted', (request, response) => {
    const to = new URL(request.url ?? '/', trusted.url).searchParams.get('to');
    if (to === null) response.end('ok');
    else response.writeHead(302, { location: to }).end();
  });
});
afterAll(() => Promise.all([trusted, plain, ...others].map((target) => target?.close())));

async function other(certificate: 'expired' | 'other-host' | 'self-signed'): Promise<string> {
  const target = await secureTarget(certificate, (_, response) => response.end('ok'));
  others.push(target);
  return target.url;
}

const byName = (url: string): string => url.replace('127.0.0.1', 'localhost');

test('a private authority is trusted by NODE_EXTRA_CA_CERTS, and by that alone', async () => {
  const check = { type: 'http', url: trusted.url };
  const [with1, byName1] = await runTrusting([check, { ...check, url: byName(trusted.url) }]);
  expect([with1, byName1]).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }]);
  const [without] = await runTrusting([check], { env: { NODE_EXTRA_CA_CERTS: '' } });
  expect(without).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('UNABLE_TO_VERIFY_LEAF') });
});

test('a certificate that is not to be trusted is errored, with the reason', async () => {
  const urls = [await other('expired'), await other('other-host'), await other('self-signed')];
  const checks = urls.map((url) => ({ type: 'http', url, expect: daysLeft(1) }));
  const results = await runTrusting(checks, {
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
  });
  expect(results).toMatchObject([
    { outcome: 'errored', seen: expect.stringContaining('its certificate has expired (CERT_HAS_EXPIRED)') },
    { outcome: 'errored', seen: expect.stringContaining('its certificate is for another host') },
    { outcome: 'errored', seen: expect.stringContaining('its certificate is self-signed') },
  ]);
});

test.each<[outcome: string, left: number, asked: number, seen: string]>([
  ['passed', 30 * DAY, 30, 'its certificate has 30 days left'],
  ['failed', 30 * DAY - 1, 30, 'its certificate has 29 days left, expected at least 30'],
  ['passed', 1.5 * DAY, 1, 'its certificate has 1 day left'],
  ['failed', DAY - 1, 1, 'its certificate has 0 days left, expected at least 1'],
])('%s: %d ms before the end of a certificate that must have %d days left', async (...[outcome, left, asked, seen]) => {
  const check = { type: 'http', url: trusted.url, expect: daysLeft(asked) };
  const [result] = await runTrusting([check], { now: TRUSTED_UNTIL - left });
  expect(result).toMatchObject({ outcome, seen: expect.stringMatching(new RegExp(`, ${seen}$`)) });
});

test('the certificate is held against what is expected where redirects lead, too', async () => {
  const check = { type: 'http', url: `${trusted.url}/?to=/`, redirects: 1, expect: daysLeft(30) };
  const [enough] = await runTrusting([check], { now: TRUSTED_UNTIL - 30 * DAY });
  const [tooFew] = await runTrusting([check], { now: TRUSTED_UNTIL - 29 * DAY });
  expect([enough, tooFew]).toMatchObject([{ outcome: 'passed' }, { outcome: 'failed' }]);
});

test('a redirect from https to http is not followed and never as expected', async () => {
  const check = { type: 'http', url: `${trusted.url}/?to=${plain.url}/`, redirects: 3 };
  const [unsaid, asked] = await runTrusting([check, { ...check, expect: { status: 302 } }]);
  expect(unsaid).toMatchObject({
    outcome: 'failed',
    seen: expect.stringContaining(`(it redirects to "${plain.url}/", which is not encrypted)`),
  });
  expect(asked).toMatchObject({ outcome: 'failed' });
});

test('an address of the environment without a certificate is errored where one is expected', async () => {
  const result = await runCheck(
    { type: 'http', url: { env: 'SHOP' }, expect: daysLeft(1) },
    { access: localAccess(__dirname), signal: AbortSignal.timeout(5_000), env: () => plain.url, now: Date.now }
  );
  expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('$SHOP is not an https address') });
});

test.each<[string, (socket: net.Socket) => void, string]>([
  ['says nothing in the handshake', () => {}, 'did not answer within'],
  ['speaks HTTP in the handshake', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), 'could not be asked'],
  ['hangs up in the handshake', (socket) => socket.destroy(), 'could not be asked'],
])('a server that %s is errored, and no connection is left', async (_, answer, seen) => {
  const target = await rawTarget(answer);
  const result = await runCheck(
    { type: 'http', url: target.url.replace('http:', 'https:') },
    { access: localAccess(__dirname), signal: AbortSignal.timeout(300), env: () => undefined, now: Date.now }
  );
  expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining(seen) });
  await until('the connection is closed', () => target.open() === 0);
  await target.close();
});
