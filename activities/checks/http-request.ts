import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type TcpNetConnectOpts } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { plainHost, type Access } from './access';
import { codeOf, CONNECTION_REASONS, dial } from './dial';
import { isRedirect, redirected, shownTarget } from './http-redirect';
import { CannotRun, MAX_READ_BYTES } from './result';

export interface HttpRequest {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: { [name: string]: string };
  /** Names of those headers that no other origin may see; none where it is absent. */
  secretHeaders?: ReadonlySet<string>;
  body?: string;
  /** So many are followed; none where it is absent. */
  redirects?: number;
  signal: AbortSignal;
  access: Access;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Every line of each header, names in lower case. */
  lines: ReadonlyMap<string, readonly string[]>;
  /** As far as it was read. */
  body: Buffer;
  /** How reading the body ended; anything but `whole` can prove nothing. */
  end: 'whole' | 'cut-short' | 'too-long' | 'timed-out';
  /** From the first step of the first request to the end of what was read. */
  ms: number;
  /** Where redirects led. */
  answeredBy: URL;
  /** Why a redirect is the last answer although redirects are followed. */
  notFollowed?: string;
  /** Epoch ms: the first end of the certificates on the way; absent where there was none. */
  validTo?: number;
}

/** Of several addresses of a host the next is tried after this; node's own quarter of a second is less than some lines take. */
const NEXT_ADDRESS_AFTER_MS = 1_000;

const REASONS: { [code: string]: string } = {
  ...CONNECTION_REASONS,
  ECONNRESET: 'the connection was closed before an answer',
  EPROTO: 'no TLS connection could be made',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an unknown issuer',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_INVALID_CHAR: 'a request header holds a character that is not allowed',
  HPE_HEADER_OVERFLOW: 'its headers are too long',
};

/** In words of our own: the messages of errors hold addresses, which may be secret. */
export function reasonOf(error: unknown): string {
  if (error instanceof CannotRun) return error.message;
  const code = codeOf(error);
  if (REASONS[code]) return `${REASONS[code]} (${code})`;
  return code.startsWith('HPE_') ? `it did not answer in HTTP (${code})` : `the request failed (${code})`;
}

async function readBody(
  response: IncomingMessage,
  signal: AbortSignal
): Promise<{ body: Buffer; end: HttpAnswer['end'] }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let end: HttpAnswer['end'] = 'cut-short';
  try {
    for await (const chunk of response) {
      size += (chunk as Buffer).length;
      if (size > MAX_READ_BYTES) return { body: Buffer.concat(chunks), end: 'too-long' };
      chunks.push(chunk as Buffer);
    }
    if (response.complete) end = 'whole';
  } catch {
    if (signal.aborted) end = 'timed-out';
  }
  return { body: Buffer.concat(chunks), end };
}

/** Sends a request over a connection of its own, so that nothing is measured but this one. */
async function send(toSend: HttpRequest): Promise<{ response: IncomingMessage; hangUp: () => void }> {
  const { url, method, headers, body, signal, access } = toSend;
  const { lookup } = await dial(url.hostname, access, signal);
  const options: https.RequestOptions & Pick<TcpNetConnectOpts, 'autoSelectFamilyAttemptTimeout'> = {
    method,
    headers,
    signal,
    lookup,
    agent: false,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    rejectUnauthorized: true,
    servername: isIP(plainHost(url.hostname)) ? '' : url.hostname,
  };
  return new Promise((resolve, reject) => {
    const call = (url.protocol === 'https:' ? https : http).request(url, options, (response) =>
      resolve({ response, hangUp: () => call.destroy() })
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** Epoch ms; undefined where the connection is not encrypted. NaN where the certificate does not say it in a way we read. */
function validToOf({ socket }: IncomingMessage): number | undefined {
  const certificate = (socket as Partial<TLSSocket>).getPeerX509Certificate?.();
  return certificate && Date.parse(certificate.validTo);
}

/** Not by node's own `headersDistinct`: a header can be called as what every object inherits. */
function linesOf({ rawHeaders }: IncomingMessage): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    lines.set(name, [...(lines.get(name) ?? []), rawHeaders[at + 1]!]);
  }
  return lines;
}

/** What has happened before a request. */
interface Way {
  asked: ReadonlySet<string>;
  validTo?: number;
}

/** What comes next of an answer: another request, or why there is none although it redirects. */
function nextOf(sent: HttpRequest, response: IncomingMessage, asked: Way['asked']) {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  const most = sent.redirects ?? 0;
  if (most === 0 || !isRedirect(status) || location === undefined) return undefined;
  const next = redirected(sent, { status, location });
  if ('refused' in next) return next;
  if (asked.has(keyOf(next.request))) return { refused: 'where it has been already: it leads in a circle' };
  return asked.size > most ? { refused: `after ${most} that were followed` } : next;
}

const keyOf = ({ method, url }: HttpRequest): string => `${method} ${url.href}`;

/** Follows where it leads; every hop is looked up, and held against what the worker allows, by itself. */
async function ask(toSend: HttpRequest, before: Way): Promise<Omit<HttpAnswer, 'ms'>> {
  const asked = new Set([...before.asked, keyOf(toSend)]);
  const { response, hangUp } = await send(toSend).catch((error: unknown) => {
    throw toSend.signal.aborted
      ? error
      : new CannotRun(`${wayTo(toSend, before)}could not be asked: ${reasonOf(error)}`, { cause: error });
  });
  let next: ReturnType<typeof nextOf>;
  let validTo: number | undefined;
  try {
    const ends = [before.validTo, validToOf(response)].filter((end) => end !== undefined);
    validTo = ends.length > 0 ? Math.min(...ends) : undefined;
    next = nextOf(toSend, response, asked);
    if (!next || 'refused' in next) {
      const read = await readBody(response, toSend.signal);
      const { statusCode: status = 0, headers } = response;
      const lines = linesOf(response);
      return { status, headers, lines, ...read, answeredBy: toSend.url, notFollowed: next?.refused, validTo };
    }
  } finally {
    hangUp();
  }
  return ask(next.request, { asked, validTo });
}

const wayTo = ({ url }: HttpRequest, { asked }: Way): string =>
  asked.size > 0 ? `was redirected to ${shownTarget(url)}, which ` : '';

/**
 * The answer to a request, and to those that it redirects to where that is asked for: without, a redirect is an answer,
 * or a login page's 200 would stand for the page that was asked for.
 * @throws CannotRun when there is no answer, with the reason
 */
export async function request(first: HttpRequest): Promise<HttpAnswer> {
  const begun = performance.now();
  const elapsed = (): number => Math.round(performance.now() - begun);
  try {
    return { ...(await ask(first, { asked: new Set() })), ms: elapsed() };
  } catch (error) {
    if (first.signal.aborted) throw new CannotRun(`did not answer within ${elapsed()} ms`);
    throw error;
  }
}
