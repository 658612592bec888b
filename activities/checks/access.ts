/**
 * What the checks of a worker may reach. A plan asks; the worker's configuration (`worker/access.ts` reads it) decides,
 * where a launch is started and again at every run.
 */
import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import { quoted } from './result';

/** A text that is the same everywhere, or the variable of the worker's environment that holds it. */
export type Setting = string | { env: string };

export interface AllowedCommand {
  /** The program: an absolute path, or a name that is found on the worker's PATH. */
  run: string;
  /** What its arguments must be, one for one; a `matches` pattern (RE2) fits the whole argument. */
  args: Array<string | { matches: string }>;
  /** An absolute path. */
  folder: string;
  /** The only variables it sees besides PATH, HOME and LANG. */
  env: { [name: string]: Setting };
}

export interface AllowedDatabase {
  url: Setting;
}

export type AllowedMcpServer =
  | { url: Setting; headers: { [name: string]: Setting } }
  /** Started for each run of a check, and ended after it. */
  | { run: string; args: string[]; folder: string; env: { [name: string]: Setting } };

export interface MailServer {
  /** `smtp://` or `smtps://`, with user and password where it wants them. */
  url: Setting;
  /** The sender, as mail programs show it. */
  from: string;
}

export interface Access {
  /** Host names (`*.example.com` is every name below it) and CIDRs; undefined: every public address. */
  hosts?: readonly string[];
  /** Loopback and private addresses too. */
  allowLocal: boolean;
  /** An absolute path: no check looks at a file outside it. */
  root: string;
  /** Names of variables that `{ env: NAME }` may read; `CHECK_*` is every name that begins so. */
  env: readonly string[];
  commands: { readonly [name: string]: AllowedCommand };
  databases: { readonly [name: string]: AllowedDatabase };
  mcpServers: { readonly [name: string]: AllowedMcpServer };
  /** By which channels of type `email` send; absent: they cannot. */
  mail?: MailServer;
}

/** What a worker without a configuration allows: public addresses, and nothing on its own machine but files. */
export function publicAccess(root: string): Access {
  return { allowLocal: false, root, env: [], commands: {}, databases: {}, mcpServers: {} };
}

/** How an address is seen from the worker. `special` is what no one asks by mistake: link-local, multicast, reserved. */
export type Reach = 'public' | 'local' | 'special';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const LOCAL_RANGES: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** All of IPv6 that is routed in public; outside it are deprecated and unassigned ones. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const TRANSLATED = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Whether the last half is one of ISATAP (RFC 5214), which ends in an IPv4 address. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe;
}

/**
 * What is really asked: IPv4 addresses hide in IPv6 ones, mapped, translated (RFC 6145, RFC 6052) and tunnelled (6to4).
 * Undefined where they hide in a way that does not tell which (Teredo, ISATAP, a network's own translation, `::a.b.c.d`),
 * and where a zone (`%eth0`) picks one of the worker's own networks: no rule allows those.
 */
function plainAddress(ip: string): Address | undefined {
  if (!ipaddr.isValid(ip)) return undefined;
  const address = ipaddr.parse(ip);
  if (address.kind() === 'ipv4') return address;
  const six = address as ipaddr.IPv6;
  const bytes = six.toByteArray();
  if (six.zoneId !== undefined || isIsatap(six)) return undefined;
  switch (six.range() as string) {
    case 'ipv4Mapped':
    case 'rfc6145':
      return ipaddr.fromByteArray(bytes.slice(12));
    case 'rfc6052':
      return six.match(TRANSLATED) ? ipaddr.fromByteArray(bytes.slice(12)) : undefined;
    case '6to4':
      return ipaddr.fromByteArray(bytes.slice(2, 6));
    case 'teredo':
      return undefined;
    case 'unicast':
      return bytes.slice(0, 12).every((byte) => byte === 0) ? undefined : six;
    default:
      return six;
  }
}

/** @param ip a literal as a resolver gives it, without brackets */
export function reachOf(ip: string): Reach {
  const address = plainAddress(ip);
  if (!address) return 'special';
  const range = address.range() as string;
  if (LOCAL_RANGES.has(range)) return 'local';
  const isPublic = address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_UNICAST);
  return range === 'unicast' && isPublic ? 'public' : 'special';
}

function isInCidr(ip: string, rule: string): boolean {
  const address = plainAddress(ip);
  if (!address || !ipaddr.isValidCIDR(rule)) return false;
  const [network, bits] = ipaddr.parseCIDR(rule);
  return address.kind() === network.kind() && address.match([network, bits] as [ipaddr.IPv4, number]);
}

/** Lower case, without a trailing dot and without the brackets of an IPv6 literal. */
export function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** An address fits no name, however it is written. */
function fitsName(host: string, rule: string): boolean {
  if (isIp(host)) return false;
  const wanted = plainHost(rule);
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) && host.length >= wanted.length : host === wanted;
}

const isIp = (host: string): boolean => ipaddr.isValid(plainHost(host));

/** Whether a connection to `ip`, which `host` was resolved to (or is), may be made. */
export function mayConnect({ hosts, allowLocal }: Access, host: string, ip: string): boolean {
  const byCidr = hosts?.some((rule) => isInCidr(ip, rule)) ?? false;
  if (byCidr) return true;
  const byName = hosts === undefined || hosts.some((rule) => fitsName(plainHost(host), rule));
  const reach = reachOf(ip);
  return byName && (reach === 'public' || (reach === 'local' && allowLocal));
}

/** What to do about a refusal; the end of its sentence. */
export const ASK_OPERATOR = "allow it in the section `checks` of the worker's configuration, or change the plan";

/** Several refusals of one check, of which only the last says what to do. */
export function askedOnce(refusals: readonly string[]): string[] {
  const ask = `; ${ASK_OPERATOR}`;
  const last = refusals.findLastIndex((refusal) => refusal.endsWith(ask));
  return refusals.map((refusal, at) => (at < last && refusal.endsWith(ask) ? refusal.slice(0, -ask.length) : refusal));
}

/**
 * Why this host must not be asked, as far as its name tells; undefined: that is left to its addresses, which are looked
 * at when a connection is made.
 */
export function hostRefused(access: Access, host: string): string | undefined {
  const name = plainHost(host);
  if (isIp(name)) return mayConnect(access, name, name) ? undefined : addressRefused(name, name);
  if (name === 'localhost' || name.endsWith('.localhost')) {
    return mayConnect(access, name, '127.0.0.1') ? undefined : addressRefused(name, '127.0.0.1');
  }
  const { hosts } = access;
  const byAddress = hosts?.some((rule) => ipaddr.isValidCIDR(rule)) ?? false;
  if (hosts === undefined || byAddress || hosts.some((rule) => fitsName(name, rule))) return undefined;
  return `this worker does not ask the host ${quoted(name)} (\`hosts\`); ${ASK_OPERATOR}`;
}

/** The sentence for an address that must not be asked. */
export function addressRefused(host: string, ip: string): string {
  const which = host === ip ? quoted(ip) : `${quoted(host)} is ${quoted(ip)}, which`;
  switch (reachOf(ip)) {
    case 'local':
      return `${which} is a loopback or private address, and this worker does not ask those (\`hosts\`, \`allowLocal\`; \`--allow-local-checks\` for one start); ${ASK_OPERATOR}`;
    case 'special':
      return `${which} is not an address that a check may ask; ${ASK_OPERATOR}`;
    case 'public':
      return `${which} is not among the \`hosts\` that this worker asks; ${ASK_OPERATOR}`;
  }
}

/** Why a check may not read this variable; undefined: it may. */
export function envRefused({ env }: Access, name: string): string | undefined {
  const allowed = env.some((rule) => (rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule));
  return allowed ? undefined : `this worker's checks may not read the variable ${name} (\`env\`); ${ASK_OPERATOR}`;
}

/** The one of `allowed` with this name, or why there is none. Names are looked up, never inherited. */
export function named<Value>(
  allowed: { readonly [name: string]: Value },
  name: string,
  what: { one: string; key: keyof Access }
): { value: Value } | { refused: string } {
  if (Object.hasOwn(allowed, name)) return { value: allowed[name]! };
  const known = Object.keys(allowed);
  const list = known.length > 0 ? `it has ${known.map(quoted).join(', ')}` : 'it has none';
  return { refused: `this worker has no ${what.one} ${quoted(name)} (\`${what.key}\`; ${list}); ${ASK_OPERATOR}` };
}

/** Whether an argument is what a rule says: the same text, or a whole match of its pattern. */
export function argumentFits(rule: string | { matches: string }, argument: string): boolean {
  return typeof rule === 'string' ? rule === argument : RE2JS.compile(rule.matches).matches(argument);
}
