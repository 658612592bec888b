import ipaddr from 'ipaddr.js';
import { hashOf } from '../prisma/tokens';
import { Problem } from './problem';

/** Of one address; after that nothing that it brings is looked up until the minute is over. */
export const MOST_WRONG = 30;
const WITHIN_MS = 60_000;
/** What was right lately is looked up still: others behind the same address go on. */
const RIGHT_FOR_MS = 15 * 60_000;
const MOST_REMEMBERED = 10_000;

/** Whoever has one address of the sixth version has all of its network. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}

function remember<T>(all: Map<string, T>, key: string, what: T): void {
  all.delete(key);
  all.set(key, what);
  const [oldest] = all.keys();
  if (all.size > MOST_REMEMBERED && oldest !== undefined) all.delete(oldest);
}

/** Slows whoever tries one secret after the other, each of which costs a question to the database. */
export class Guesses {
  private readonly wrong = new Map<string, { count: number; until: number }>();
  /** By hash; until when, epoch ms. */
  private readonly right = new Map<string, number>();

  /** @throws Problem TOO_MANY_REQUESTS */
  check(address: string, secret: string, now = Date.now()): void {
    const found = this.wrong.get(networkOf(address));
    if (!found || found.until <= now || found.count < MOST_WRONG) return;
    if ((this.right.get(hashOf(secret)) ?? 0) > now) return;
    const seconds = Math.ceil((found.until - now) / 1_000);
    const message = `too many that nobody is known by; again in ${seconds} seconds`;
    throw new Problem('TOO_MANY_REQUESTS', message, { retryAfterS: seconds });
  }

  wasRight(secret: string, now = Date.now()): void {
    remember(this.right, hashOf(secret), now + RIGHT_FOR_MS);
  }

  wasWrong(address: string, secret: string, now = Date.now()): void {
    this.right.delete(hashOf(secret));
    const network = networkOf(address);
    const found = this.wrong.get(network);
    const isUnder = found !== undefined && found.until > now;
    remember(
      this.wrong,
      network,
      isUnder ? { ...found, count: found.count + 1 } : { count: 1, until: now + WITHIN_MS }
    );
  }
}
