import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem';

export interface KnownHosts {
  /** Names by which it is reached, besides those of this machine; without ports. */
  hosts?: readonly string[];
  /** How many proxies stand in front, one behind the other; none unless it says so. */
  proxies?: number;
}

/** Without its port, brackets and final dot; undefined where it is none. */
function nameOf(host: string): string | undefined {
  if (!URL.canParse(`http://${host}`)) return undefined;
  const { hostname, pathname, username, search } = new URL(`http://${host}`);
  const isPlain = pathname === '/' && username === '' && search === '';
  return isPlain ? hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase() : undefined;
}

/**
 * Whether a request was meant for this gateway. A page of somewhere else can make its own name lead to this machine and
 * then read all that this machine's programs may (DNS rebinding), but it cannot make its browser say another name than
 * its own. An address is no name, so it cannot be led anywhere.
 */
export function hostCheck({ hosts = [], proxies = 0 }: KnownHosts): (request: FastifyRequest) => void {
  const known = new Set(hosts.map((host) => nameOf(host) ?? host.toLowerCase()));
  const isOurs = (host: string): boolean => {
    const name = nameOf(host);
    if (name === undefined) return false;
    return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0 || known.has(name);
  };
  return ({ headers }) => {
    const forwarded = proxies > 0 ? (headers['x-forwarded-host'] ?? []) : [];
    const asked = [headers.host ?? [], forwarded].flat().flatMap((each) => each.split(',').map((name) => name.trim()));
    // No browser leaves its host out.
    if (asked.every(isOurs)) return;
    throw new Problem('MISDIRECTED', "this gateway is not known by that name; it is told its names with '--host NAME'");
  };
}
