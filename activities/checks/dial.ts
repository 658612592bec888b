import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { addressRefused, hostRefused, mayConnect, plainHost, type Access } from './access';
import { CannotRun, quoted } from './result';

/** A host's addresses, looked up once and allowed: connections go to these and are never looked up again. */
export interface Dialled {
  addresses: LookupAddress[];
  /** For `net.connect` and `http.request`: answers with `addresses`, whatever it is asked. */
  lookup: LookupFunction;
}

/** One question for each host at a time: a resolver that hangs must not take all of node's few threads for itself. */
const asking = new Map<string, Promise<LookupAddress[]>>();

function addressesOf(host: string): Promise<LookupAddress[]> {
  const known = asking.get(host);
  if (known) return known;
  const asked = lookup(host, { all: true }).finally(() => asking.delete(host));
  asking.set(host, asked);
  return asked;
}

/** Why there is no connection, in words of our own: the messages of errors hold addresses, which may be secret. */
export const CONNECTION_REASONS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'the connection was refused',
  EHOSTUNREACH: 'there is no way to the host',
  EHOSTDOWN: 'the host is down',
  ENETUNREACH: 'there is no way to the network',
  ETIMEDOUT: 'the connection timed out',
};

/** Codes of a connection that was never made: nothing was sent. */
export const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ERR_INVALID_CHAR',
]);

/** A name that is not there, and a resolver that does not answer. */
const LOOKUP_REASONS: { readonly [code: string]: string } = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the resolver gave no answer',
};

export function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  return typeof code === 'string' ? code : 'unknown error';
}

async function lookedUp(name: string): Promise<LookupAddress[]> {
  try {
    const addresses = await addressesOf(name);
    if (addresses.length > 0) return addresses;
    throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
  } catch (error) {
    const code = codeOf(error);
    throw new CannotRun(
      `${quoted(name)} could not be looked up: ${LOOKUP_REASONS[code] ?? 'the look-up failed'} (${code})`
    );
  }
}

/** Settles with `work`, or rejects as soon as nobody waits any more. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function pinned(addresses: LookupAddress[]): LookupFunction {
  return (_host, { all, family }, done) => {
    const fitting = family === 4 || family === 6 ? addresses.filter((each) => each.family === family) : addresses;
    const first = fitting[0];
    if (all) done(null, fitting);
    else if (first) done(null, first.address, first.family);
    else done(Object.assign(new Error('no address of this family'), { code: 'ENOTFOUND' }), '', 0);
  };
}

/**
 * Looks a host up and holds every address against what the worker allows; one that is not allowed refuses the host,
 * since the next answer of the resolver might begin with it.
 * @param host a name, or an IP address with or without brackets
 * @throws CannotRun when it is not allowed or cannot be looked up; the signal's reason when it is aborted meanwhile
 */
export async function dial(host: string, access: Access, signal: AbortSignal): Promise<Dialled> {
  const name = plainHost(host);
  const refused = hostRefused(access, name);
  if (refused) throw new CannotRun(refused);
  const addresses = await unlessAborted(lookedUp(name), signal);
  const other = addresses.find(({ address }) => !mayConnect(access, name, address));
  if (other) throw new CannotRun(addressRefused(name, other.address));
  return { addresses, lookup: pinned(addresses) };
}
