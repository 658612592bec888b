import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { sendBy } from '../../../activities/notify/registry';
import { httpTarget, secureTarget } from '../checks/target';
import { channelDeps, hook, noticeOf } from './peers';

/** What peers do that mean no good, or are broken. */
const told = { launch: 'storefront', notice: noticeOf('opened'), people: ['ana'] };
const closing: Array<() => Promise<unknown>> = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const fixture = (part: string) => readFileSync(join('test/fixtures/tls', `self-signed-${part}.pem`));

async function listening(server: Server): Promise<number> {
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function post(url: string, within = 5_000): Promise<void> {
  const context = { ...channelDeps({ HOOK: url }), signal: AbortSignal.timeout(within) };
  return sendBy({ channel: 'chat', type: 'slack', url: { env: 'HOOK' } }, { key: 'k', told: [told] }, context);
}

function write(url: string, within = 5_000): Promise<void> {
  const deps = channelDeps({ SMTP_URL: url });
  const access = { ...deps.access, mail: { url: { env: 'SMTP_URL' }, from: 'launch@example.com' } };
  const context = { ...deps, access, signal: AbortSignal.timeout(within) };
  return sendBy({ channel: 'mail', type: 'email', to: ['ana@example.com'] }, { key: 'k', told: [told] }, context);
}

async function answering(answer: (response: ServerResponse) => void): Promise<string> {
  const target = await httpTarget((request, response) => void request.resume().on('end', () => answer(response)));
  closing.push(() => target.close());
  return target.url;
}

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ['closes without a word', (response) => response.socket?.destroy(), /closed before an answer/],
  ['closes within its headers', (response) => response.socket?.end('HTTP/1.1 200 O'), /could not be asked/],
  ['speaks no HTTP', (response) => response.socket?.end('220 mail.example.com ESMTP\r\n'), /did not answer in HTTP/],
  ['never answers', () => {}, /did not answer within/],
])('one that %s has not accepted, and is worth another attempt', async (_, answer, reason) => {
  const sent = post(await answering(answer), 700);
  await expect(sent).rejects.toMatchObject({ isFinal: false, message: expect.stringMatching(reason) as string });
});

test.each<[string, (response: ServerResponse) => void]>([
  [
    'closes within its body',
    (response) => response.writeHead(200, { 'content-length': '10' }).write('ok', () => response.socket?.destroy()),
  ],
  ['never ends its body', (response) => response.writeHead(200).write('ok')],
  ['answers without end', (response) => void setInterval(() => response.write('x'.repeat(60_000)), 1).unref()],
])('one that says 200 and then %s has accepted: it is not sent again', async (_, answer) => {
  await expect(post(await answering(answer), 1_500)).resolves.toBeUndefined();
});

test.each<[string, number]>([
  ['120', 120_000],
  ['  7 ', 7_000],
  ['86400', 3_600_000],
  ['99999999999999999999999999', 3_600_000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ['0', 0],
  ['-5', 0],
  ['soon', 0],
  ['1e9', 0],
])('Retry-After %s is a pause of %i ms', async (given, pause) => {
  const target = await hook();
  closing.push(() => target.close());
  target.answers.push({ status: 503, headers: { 'retry-after': given } });
  await expect(post(target.url)).rejects.toMatchObject({ isFinal: false, pause });
});

test('a redirect is not followed: who is behind it was never allowed', async () => {
  const other = await hook();
  const first = await hook();
  closing.push(
    () => other.close(),
    () => first.close()
  );
  for (const status of [301, 302, 303, 307, 308]) {
    first.answers.push({ status, headers: { location: other.url } });
    await expect(post(first.url)).rejects.toMatchObject({ isFinal: true });
  }
  expect(other.received).toEqual([]);
});

test('a server with a certificate that is not to be trusted is told nothing', async () => {
  let came = 0;
  const target = await secureTarget('self-signed', (_, response) => void (came++, response.end('ok')));
  closing.push(() => target.close());
  const error = (await post(`${target.url}/secret`).catch((thrown: unknown) => thrown)) as Error;
  expect(error).toMatchObject({
    isFinal: false,
    message: expect.stringMatching(/certificate is self-signed/) as string,
  });
  expect(error.message).not.toMatch(/secret|127\.0\.0\.1/);
  expect(came).toBe(0);
});

test('nor is a mail server, with TLS from the start or later', async () => {
  let came = 0;
  const options = {
    cert: fixture('cert'),
    key: fixture('key'),
    logger: false,
    authOptional: true,
    onMailFrom: (_: unknown, __: unknown, done: () => void) => void (came++, done()),
  };
  for (const [scheme, secure] of [
    ['smtps', true],
    ['smtp', false],
  ] as const) {
    const server = new SMTPServer({ ...options, secure });
    server.on('error', () => {});
    const port = await listening(server.server as Server);
    await expect(write(`${scheme}://127.0.0.1:${port}`)).rejects.toMatchObject({ isFinal: false });
  }
  expect(came).toBe(0);
});

test('a mail server that hangs up before it has taken the letters has not accepted', async () => {
  let letters = '';
  const server = createServer((socket) => {
    socket.on('error', () => {}).write('220 ready\r\n');
    socket.on('data', (chunk: Buffer) => {
      const said = chunk.toString();
      if (letters || said.startsWith('DATA')) letters += said;
      if (letters.endsWith('\r\n.\r\n')) socket.destroy();
      else if (!letters.startsWith('DATA\r\n') || letters === 'DATA\r\n')
        socket.write(letters ? '354 go\r\n' : '250 ok\r\n');
    });
  });
  const port = await listening(server);
  await expect(write(`smtp://127.0.0.1:${port}`)).rejects.toMatchObject({ isFinal: false });
  expect(letters).toContain('Staging answers 502');
});

test('a mail server that speaks no SMTP, or talks without end, is left in time', async () => {
  for (const said of ['HTTP/1.1 200 OK\r\n\r\n', '220-'.padEnd(2_000_000, 'x')]) {
    const server = createServer((socket) => void socket.on('error', () => {}).write(said));
    const sockets = new Set<{ destroy(): void }>();
    server.on('connection', (socket) => sockets.add(socket));
    const port = await listening(server);
    await expect(write(`smtp://127.0.0.1:${port}`, 1_000)).rejects.toMatchObject({ isFinal: false });
    sockets.forEach((socket) => socket.destroy());
  }
});
