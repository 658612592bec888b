import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Access } from './access';
import { dial } from './dial';
import { CannotRun, MAX_READ_BYTES } from './result';

export interface HttpRequest {
  url: URL;
  method: string;
  headers: { [name: string]: string };
  body?: string;
  signal: AbortSignal;
  access: Access;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** As far as it was read. */
  body: Buffer;
  /** How reading the body ended; anything but `whole` can prove nothing. */
  end: 'whole' | 'cut-short' | 'too-long' | 'timed-out';
  /** From the first step of the request to the end of what was read. */
  ms: number;
}

const REASONS: { [code: string]: string } = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed before an answer',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host could not be looked up',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ETIMEDOUT: 'the connection timed out',
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

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  return typeof code === 'string' ? code : 'unknown error';
}

/** In words of our own: the messages of errors hold addresses, which may be secret. */
export function reasonOf(error: unknown): string {
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

/**
 * One request over a connection of its own, so that nothing is measured but this one. Redirects are answers: following
 * them would let a login page's 200 stand for the page that was asked for.
 * @throws CannotRun when there is no answer, with the reason
 */
export async function request({ url, method, headers, body, signal, access }: HttpRequest): Promise<HttpAnswer> {
  const begun = performance.now();
  const elapsed = (): number => Math.round(performance.now() - begun);
  let call: http.ClientRequest | undefined;
  try {
    const { lookup } = await dial(url.hostname, access, signal);
    const options = { method, headers, signal, lookup, agent: false, rejectUnauthorized: true } as const;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      call = (url.protocol === 'https:' ? https : http).request(url, options, resolve);
      call.on('error', reject);
      call.end(body);
    });
    const read = await readBody(response, signal);
    return { status: response.statusCode ?? 0, headers: response.headers, ...read, ms: elapsed() };
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(
      signal.aborted ? `did not answer within ${elapsed()} ms` : `could not be asked: ${reasonOf(error)}`
    );
  } finally {
    call?.destroy();
  }
}
