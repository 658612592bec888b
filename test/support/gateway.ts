import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { compiled } from '../../stack/paths';
import { cleanEnv } from './cli';
import type { TestStack } from './test-stack';
import { until } from './until';

/** An answer of the gateway. */
export interface Answer<Body> {
  status: number;
  body: Body;
  headers: Headers;
}

export interface ProblemBody {
  status: number;
  code: string;
  detail: string;
  requestId: string;
  details?: { [key: string]: unknown };
}

export interface Ask {
  token?: string;
  actAs?: string;
  cookie?: string;
  csrf?: string;
  key?: string;
  method?: string;
  /** Sent as JSON; makes it a POST. */
  body?: unknown;
  headers?: { [name: string]: string };
}

export function headersOf({ token, actAs, cookie, csrf, key, body, headers }: Ask): { [name: string]: string } {
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(actAs === undefined ? {} : { 'x-act-as': actAs }),
    ...(cookie === undefined ? {} : { cookie }),
    ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
}

/** Asks as any program would. */
export async function ask<Body = ProblemBody>(url: string, asked: Ask = {}): Promise<Answer<Body>> {
  const { method = asked.body === undefined ? 'GET' : 'POST', body } = asked;
  const response = await fetch(url, {
    method,
    headers: headersOf(asked),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text ? JSON.parse(text) : undefined) as Body, headers: response.headers };
}

export function operatorToken({ data }: TestStack): string {
  return readFileSync(join(data, 'operator-token'), 'utf8').trim();
}

export function gatewayUrl(stack: TestStack): string {
  const { gateway } = stack.where();
  if (!gateway) throw new Error('no gateway');
  return gateway.url;
}

export interface StreamedEvent {
  id?: string;
  event: string;
  data: unknown;
}

/** A page that listens to a launch. */
export interface Listening {
  events: StreamedEvent[];
  /** How many heartbeats. */
  beats(): number;
  /** Whether the gateway has ended it. */
  hasEnded(): boolean;
  /** Waits for the first event that fits. */
  next(what: string, fits: (event: StreamedEvent) => boolean): Promise<StreamedEvent>;
  close(): void;
}

function eventOf(block: string): StreamedEvent | undefined {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const [id, event, data] = [field('id'), field('event'), field('data')];
  if (event === undefined || data === undefined) return undefined;
  return { event, data: JSON.parse(data), ...(id === undefined ? {} : { id }) };
}

/** The whole events of a stream that was read as it came over the wire; what was cut short is none. */
export function readEvents(wire: string): StreamedEvent[] {
  // The lengths of a chunked answer stand on lines of their own.
  const text = wire.replace(/\r\n[\da-f]+\r\n/g, '');
  return text
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block) => eventOf(block) ?? []);
}

/** @throws where it is refused, with the status */
export async function listen(url: string, asked: Ask = {}): Promise<Listening> {
  const abort = new AbortController();
  const response = await fetch(url, { headers: headersOf(asked), signal: abort.signal });
  if (response.status !== 200 || !response.body) throw new Error(`refused: ${response.status}`);
  const events: StreamedEvent[] = [];
  let [beats, hasEnded] = [0, false];
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
      text = blocks.pop() ?? '';
      beats += blocks.filter((block) => block.startsWith(': heartbeat')).length;
      events.push(...blocks.flatMap((block) => eventOf(block) ?? []));
    }
  };
  void read(response.body)
    .catch(() => undefined)
    .then(() => (hasEnded = true));
  return {
    events,
    beats: () => beats,
    hasEnded: () => hasEnded,
    next: (what, fits) => until(what, () => events.find(fits)),
    close: () => abort.abort(),
  };
}

/** The positions of all facts that were streamed, in order. */
export function positionsIn(events: readonly StreamedEvent[]): string[] {
  return events.flatMap(({ event, data }) =>
    event === 'facts' ? (data as { facts: Array<{ position: string }> }).facts.map(({ position }) => position) : []
  );
}

/** A gateway of its own beside that of the stack, on a port that the system picks. */
export interface OwnGateway {
  url: string;
  pid: number;
  log(): string;
  stop(): Promise<void>;
}

export async function ownGateway({ data }: TestStack, args: readonly string[] = []): Promise<OwnGateway> {
  const listen = ['--listen', '127.0.0.1:0', '--operator-token', join(data, 'operator-token')];
  const words = [compiled('cli/index.js'), 'gateway', '--data', data, ...listen, ...args];
  const child = spawn(process.execPath, words, { env: cleanEnv({}) });
  let [output, log] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const url = await until('a gateway of its own', () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${output}${log}`);
    return /^Gateway +(\S+)\nready$/m.exec(output)?.[1];
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, pid: child.pid!, log: () => log, stop };
}

/** As `ask`, with a Host header of one's own, which fetch does not send. */
export async function askAs(host: string, url: string, headers: { [name: string]: string } = {}): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host, ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}
