import type { HttpRequest } from './http-request';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What describes a body, and goes with it. */
const BODY_HEADERS: readonly string[] = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
];

export const isRedirect = (status: number): boolean => REDIRECTS.has(status);

/** An address as it may be shown: its query may hold anybody's tokens. */
export function shownAddress({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search ? '?…' : ''}`;
}

/** A piece of a path that nobody has written by hand: a key, a token, an id. */
const MADE_UP = /^(?=.*\d)(?=.*\p{L}).{8,}$|^.{33,}$/u;

/** An address that a target has led to: who may ask, and the keys in its path and query, are left out. */
export function shownTarget({ origin, pathname, search, hash }: URL): string {
  const path = pathname.replace(/[^/]+/g, (piece) => (MADE_UP.test(piece) ? '***' : piece));
  return `${origin}${path}${search || hash ? '?…' : ''}`;
}

/** The same of a header `location`; without the origin where it is the one that has answered. */
export function shownLocation(location: string, from: URL): string {
  if (!URL.canParse(location, from.href)) return 'what is no address';
  const url = new URL(location, from.href);
  if (!/^https?:$/.test(url.protocol)) return `an address of ${url.protocol}`;
  const shown = shownTarget(url);
  return url.origin === from.origin ? shown.slice(url.origin.length) : shown;
}

function without(headers: HttpRequest['headers'], names: Iterable<string>): HttpRequest['headers'] {
  const dropped = new Set(names);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

/** As `fetch` has it: 303 asks for a GET (HEAD stays), and so in practice do 301 and 302 after a POST. */
function becomesGet({ method }: HttpRequest, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

/** The next request, or why it is not made. Its address is held against what the worker allows when it is made. */
export function redirected(
  from: HttpRequest,
  { status, location }: { status: number; location: string }
): { request: HttpRequest } | { refused: string } {
  if (!URL.canParse(location, from.url.href)) return { refused: 'which is not an address' };
  const url = new URL(location, from.url.href);
  if (!/^https?:$/.test(url.protocol)) return { refused: 'which is not an http or https address' };
  if (from.url.protocol === 'https:' && url.protocol === 'http:') return { refused: 'which is not encrypted' };
  let { method, body, headers } = from;
  if (becomesGet(from, status)) {
    method = 'GET';
    body = undefined;
    headers = without(headers, BODY_HEADERS);
  }
  if (url.origin !== from.url.origin) {
    url.username = '';
    url.password = '';
    headers = without(headers, from.secretHeaders ?? []);
  }
  return { request: { ...from, url, method, headers, body } };
}
