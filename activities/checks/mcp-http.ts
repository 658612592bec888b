import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { reasonOf } from './http-request';
import { breakable, CLOSE_WITHIN_MS, type Connection, MARK, Received, type Sdk, Unclear } from './mcp-connection';
import { CannotRun } from './result';

/** So long the last of a stream may be on its way through the SDK after it has ended. */
const SETTLE_MS = 500;
const CUT_SHORT = 'its answer was cut short';
const NO_CONTENT: readonly number[] = [204, 205, 304];

/** Where the requests of one run come together. */
interface Requests {
  calls: Set<http.ClientRequest>;
  received: Received;
  /** Ids of requests that have their answer. */
  answered: Set<unknown>;
  breakOff: (error: Error) => void;
}

/** The id of the request in a body; undefined: it awaits no answer. */
function awaited(body: unknown): unknown {
  const message = typeof body === 'string' ? (JSON.parse(body) as { id?: unknown; method?: unknown }) : {};
  return message.method === undefined ? undefined : message.id;
}

/** A body as far as it may be read. Its end without the answer that it was to bring breaks the connection off. */
async function* bounded(response: IncomingMessage, requests: Requests, id: unknown): AsyncGenerator<Buffer> {
  const { answered, breakOff } = requests;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const tooMuch = requests.received.tooMuch(chunk.length, chunk.toString('latin1').split(MARK).length - 1);
      if (tooMuch) {
        breakOff(tooMuch);
        throw tooMuch;
      }
      yield chunk;
    }
  } catch (error) {
    throw error instanceof Unclear ? error : new Unclear(CUT_SHORT);
  } finally {
    const ok = response.statusCode === 200;
    const settle = (): void => {
      if (ok && id !== undefined && !answered.has(id)) breakOff(new Unclear(CUT_SHORT));
    };
    setTimeout(settle, SETTLE_MS).unref();
  }
}

/** Requests over connections of their own, of which nothing is left once `requests.calls` are destroyed. */
function boundedFetch(requests: Requests): FetchLike {
  return async (address, { method = 'GET', headers, body, signal } = {}) => {
    // The stream of a server's own messages: a check waits for none.
    if (method === 'GET') return new Response(null, { status: 405 });
    const url = new URL(address);
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const given = Object.fromEntries(new Headers(headers as ConstructorParameters<typeof Headers>[0]));
        const sent = { 'user-agent': 'launch-director', ...given, 'accept-encoding': 'identity' };
        const options = { method, headers: sent, agent: false, signal: signal ?? undefined };
        const call = (url.protocol === 'https:' ? https : http).request(url, options, resolve);
        requests.calls.add(call);
        call.on('error', reject);
        call.on('upgrade', () => reject(new CannotRun('it answered 101')));
        call.end(typeof body === 'string' ? body : undefined);
      });
      response.on('error', () => {}); // where nobody reads it
      const status = response.statusCode ?? 0;
      const stream = Readable.toWeb(Readable.from(bounded(response, requests, awaited(body)))) as ReadableStream;
      const content = NO_CONTENT.includes(status)
        ? null
        : (stream as unknown as ConstructorParameters<typeof Response>[0]);
      return new Response(content, { status, headers: singleHeaders(response) });
    } catch (error) {
      throw error instanceof CannotRun ? error : new CannotRun(reasonOf(error));
    }
  };
}

/** Those that the SDK reads. */
function singleHeaders({ headers }: IncomingMessage): { [name: string]: string } {
  const names = ['content-type', 'mcp-session-id', 'location'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    })
  );
}

/** Not by the SDK: its transport sends nothing any more once a handshake was broken off. */
async function endSession(
  { sessionId, protocolVersion }: InstanceType<Sdk['StreamableHTTPClientTransport']>,
  send: (headers: { [name: string]: string }) => Promise<unknown>
): Promise<void> {
  if (sessionId === undefined) return;
  const headers: { [name: string]: string } = { 'mcp-session-id': sessionId };
  if (protocolVersion !== undefined) headers['mcp-protocol-version'] = protocolVersion;
  await send(headers).catch(() => {}); // then it is its server's to end it
}

/** Speaks to a server that runs, over Streamable HTTP. */
export function overHttp(url: URL, headers: { [name: string]: string }, sdk: Sdk): Connection {
  const { broken, breakOff } = breakable();
  const requests: Requests = { calls: new Set(), received: new Received(), answered: new Set(), breakOff };
  const fetch = boundedFetch(requests);
  const transport = new sdk.StreamableHTTPClientTransport(url, { requestInit: { headers }, fetch });
  // The client keeps this and calls it before its own.
  transport.onmessage = (message) => {
    if ('id' in message && !('method' in message)) requests.answered.add(message.id);
  };
  return {
    transport,
    broken,
    hint: () => '',
    close: async () => {
      await endSession(transport, (own) => {
        const signal = AbortSignal.timeout(CLOSE_WITHIN_MS);
        return fetch(url, { method: 'DELETE', headers: { ...headers, ...own }, signal });
      });
      await transport.close();
      requests.calls.forEach((call) => call.destroy());
    },
  };
}
