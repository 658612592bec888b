import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Told } from '../../../activities/notify/channel';
import { messageId } from '../../../activities/notify/email';
import { sendBy } from '../../../activities/notify/registry';
import { channelDeps, noticeOf } from './peers';

interface Mail {
  from: string;
  to: string[];
  raw: string;
}

interface Mailbox {
  url: string;
  mails: Mail[];
  close(): Promise<void>;
}

const servers: Mailbox[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** A mail server on this machine that keeps what it takes. */
async function mailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(chunks).toString();
        mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  const box: Mailbox = {
    url: `smtp://launch:pass-word@127.0.0.1:${port}`,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  if (options.authOptional === undefined && !options.onAuth) box.url = `smtp://127.0.0.1:${port}`;
  servers.push(box);
  return box;
}

const told = (more: object = {}): Told => ({ launch: 'storefront', notice: noticeOf('opened', more), people: ['ana'] });

async function send(url: string, { all = [told()], to = ['ana@example.com'], within = 5_000 } = {}): Promise<void> {
  const deps = channelDeps({ SMTP_URL: url });
  const access = { ...deps.access, env: [], mail: { url: { env: 'SMTP_URL' }, from: 'Launch <launch@example.com>' } };
  const message = { key: 'storefront/opened/mail', told: all as [Told, ...Told[]] };
  await sendBy({ channel: 'mail', type: 'email', to }, message, {
    ...deps,
    access,
    signal: AbortSignal.timeout(within),
  });
}

const header = (raw: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(raw.split('\r\n\r\n')[0]!)?.[1];

test('a mail has the notice as text and HTML, the command that answers it, and a Message-ID made of its key', async () => {
  const { url, mails } = await mailbox();
  await send(url);
  await send(url);
  expect(mails[0]).toMatchObject({ from: 'launch@example.com', to: ['ana@example.com'] });
  const { raw } = mails[0]!;
  expect(header(raw, 'Subject')).toBe('Staging answers 502 (opened)');
  expect(header(raw, 'From')).toBe('Launch <launch@example.com>');
  expect(header(raw, 'Auto-Submitted')).toBe('auto-generated');
  expect(raw).toMatch(/Content-Type: text\/plain[^]*launch ack STAGING --as ana[^]*Content-Type: text\/html[^]*<pre/);
  expect(mails.map((mail) => header(mail.raw, 'Message-ID'))).toEqual(
    Array(2).fill(messageId('storefront/opened/mail'))
  );
});

test('no letter of a notice or an address becomes a header, a recipient or markup', async () => {
  const { url, mails } = await mailbox();
  const evil = 'Hi\r\nBcc: eve@example.com\r\n\r\n<script>x</script>\u202e';
  await send(url, { all: [told({ subject: evil, text: evil, command: evil, about: evil })] });
  await send(url, {
    to: ['ana@example.com\r\nRCPT TO:<eve@example.com>', 'Ana, eve@example.com <ana@example.com>'],
  }).catch(() => {});
  expect(mails[0]!.to).toEqual(['ana@example.com']);
  for (const { to, raw } of mails) {
    expect(to).not.toContain('eve@example.com');
    expect(header(raw, 'Bcc')).toBeUndefined();
  }
  const html = mails[0]!.raw.split('Content-Type: text/html')[1];
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;');
});

test('several notices are one mail', async () => {
  const { url, mails } = await mailbox();
  await send(url, { all: [told(), told({ subject: 'Second' }), told({ subject: 'Third' })] });
  expect(header(mails[0]!.raw, 'Subject')).toContain('3 notices, first: Staging answers 502');
  expect(mails[0]!.raw).toContain('Third');
});

const refusing = (responseCode: number, message: string) => ({
  onRcptTo: (_: unknown, __: unknown, done: (error?: Error) => void) =>
    done(Object.assign(new Error(message), { responseCode })),
});

test('a mailbox that is not there is final; one that is busy, a server that is away or knows no login is not', async () => {
  const [gone, busy] = [await mailbox(refusing(550, 'no such mailbox')), await mailbox(refusing(450, 'come again'))];
  await expect(send(gone.url)).rejects.toMatchObject({
    isFinal: true,
    message: expect.stringContaining('550') as string,
  });
  await expect(send(busy.url)).rejects.toMatchObject({ isFinal: false });
  await expect(send('smtp://127.0.0.1:1')).rejects.toMatchObject({ isFinal: false });
  const strict = await mailbox({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _, done) => done(new Error(`no ${password} here`)),
  });
  const refused = (await send(strict.url).catch((error: unknown) => error)) as Error;
  expect(refused).toMatchObject({ isFinal: false, message: expect.stringMatching(/did not take it/) as string });
  expect(refused.message).not.toContain('pass-word');
});

test('a server that hangs is left in time', async () => {
  const hanging = await mailbox({ onConnect: () => {} });
  await expect(send(hanging.url, { within: 500 })).rejects.toMatchObject({
    isFinal: false,
    message: 'the mail server did not take it in time',
  });
});

test('a worker without a mail server says so', async () => {
  const message = { key: 'k', told: [told()] as [Told] };
  const way = { channel: 'mail', type: 'email' as const, to: ['ana@example.com'] };
  const sent = sendBy(way, message, { ...channelDeps(), signal: AbortSignal.timeout(5_000) });
  await expect(sent).rejects.toMatchObject({
    isFinal: false,
    message: expect.stringContaining('has no mail server') as string,
  });
});
