import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';

/** One message that arrived whole, as whoever received it wrote it down. Instants are epoch ms. */
export interface Receipt {
  /** `webhook-id` or `Message-ID`. */
  id: string;
  /** What it says; the same for every attempt. */
  says: string;
  /** Keys of the notices in it; a mail shows none. */
  notices: string[];
  at: number;
  /** When its receiver said that it has it; absent: not yet. */
  answeredAt?: number;
}

export interface Receivers {
  url: { hook: string; mail: string };
  receipts: Receipt[];
  /** What nobody should have sent: a wrong signature, no key. */
  wrong: string[];
  close(): Promise<void>;
}

interface Box {
  url: string;
  close(): Promise<void>;
}

interface Payload {
  type: string;
  timestamp: string;
  data: { key: string } | { notices: Array<{ key: string }> };
}

export const SIGNING_KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Every third answer or so comes late, so that sends are under way when something is killed; far below any timeout. */
function answerAfter(random: () => number): number {
  return random() < 0.35 ? Math.round(300 + 1_200 * random()) : 0;
}

/** Keeps what came, and answers it when its time has come. */
class Desk {
  readonly receipts: Receipt[] = [];
  readonly wrong: string[] = [];

  constructor(private readonly random: () => number) {}

  take(said: Omit<Receipt, 'at'>, answer: () => void): void {
    const receipt: Receipt = { ...said, at: Date.now() };
    this.receipts.push(receipt);
    const say = (): void => {
      receipt.answeredAt = Date.now();
      answer();
    };
    const after = answerAfter(this.random);
    if (after === 0) say();
    else setTimeout(say, after);
  }
}

async function posted(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  try {
    // Its timestamp is of this attempt, and is checked here.
    const { type, data } = new Webhook(SIGNING_KEY).verify(body, headers) as Payload;
    const notices = 'notices' in data ? data.notices.map(({ key }) => key) : [data.key];
    const said = { id: headers['webhook-id']!, says: JSON.stringify({ type, data }), notices };
    desk.take(said, () => response.writeHead(200).end('ok'));
  } catch (error) {
    desk.wrong.push(`${String(error)}: ${body.slice(0, 200)}`);
    response.writeHead(200).end();
  }
}

async function webhooks(desk: Desk): Promise<Box> {
  const server = createServer((request, response) => {
    // Whoever is killed while it sends has sent nothing.
    posted(desk, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, close };
}

/** What a mail says without what differs from one attempt to the next: its date and its boundaries. */
function withoutAttempt(raw: string): string {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1];
  const same = boundary === undefined ? raw : raw.replaceAll(boundary, 'BOUNDARY');
  return same.replace(/^Date: .*$/m, 'Date: then');
}

async function mails(desk: Desk): Promise<Box> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const id = /^Message-ID: (<[^>]+>)/im.exec(raw)?.[1];
        if (id === undefined) desk.wrong.push(`a mail without Message-ID: ${raw.slice(0, 200)}`);
        desk.take({ id: id ?? '', says: withoutAttempt(raw), notices: [] }, () => done());
      });
    },
  });
  // Of connections whose other end was killed.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** A receiver of webhooks and a mail server on this machine, which write down what arrived and when they said so. */
export async function receivers(random: () => number): Promise<Receivers> {
  const desk = new Desk(random);
  const [hook, mail] = await Promise.all([webhooks(desk), mails(desk)]);
  return {
    url: { hook: hook.url, mail: mail.url },
    receipts: desk.receipts,
    wrong: desk.wrong,
    close: async () => void (await Promise.all([hook.close(), mail.close()])),
  };
}
