import type { SecretRef } from '../../domain/routing';
import { SECOND } from '../../domain/units';
import { hostRefused } from '../checks/access';
import { fromEnvironment } from '../checks/environment';
import { request, type HttpAnswer } from '../checks/http-request';
import { redactor, secretsOfAddress } from '../checks/redact';
import { CannotRun, quoted } from '../checks/result';
import { NotAccepted, type ChannelContext } from './channel';

/** Answers of the 4xx that ask to come again. */
const AGAIN: ReadonlySet<number> = new Set([408, 425, 429]);
/** A pause that is longer is taken for this one: nobody can silence a launch for days. */
const LONGEST_PAUSE = 3_600 * SECOND;

type Worker = Pick<ChannelContext, 'access' | 'env'>;

interface Address {
  url: URL;
  /** As it may be shown. */
  shown: string;
  redact: (text: string) => string;
}

/** @throws NotAccepted: what the worker may allow or have later is worth another attempt */
export function secretOf(ref: SecretRef, context: Worker): string {
  if (typeof ref === 'string') return ref;
  try {
    return fromEnvironment(ref.env, context);
  } catch (error) {
    if (error instanceof CannotRun) throw new NotAccepted(error.message, false);
    throw error;
  }
}

/** An address that this worker may ask, as far as its name tells. @throws NotAccepted */
export function addressOf(ref: SecretRef, context: Worker): Address {
  const value = secretOf(ref, context);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    const what = typeof ref === 'string' ? 'the address in the plan' : `${ref.env} in the worker's environment`;
    throw new NotAccepted(`${what} is not an http or https address`, typeof ref === 'string');
  }
  // A webhook's path is its key: of an address in the plan only the host is shown.
  const shown = typeof ref === 'string' ? url.origin : `$${ref.env}`;
  const secrets = typeof ref === 'string' ? [] : [value, url.hostname];
  const redact = redactor([...secrets, ...secretsOfAddress(url).filter((each) => each !== url.host)]);
  const refused = hostRefused(context.access, url.hostname);
  if (refused) throw new NotAccepted(`${shown}: ${redact(refused)}`, false);
  return { url, shown, redact };
}

function pauseOf({ headers }: HttpAnswer, now: number): number {
  const given = headers['retry-after']?.trim();
  if (!given) return 0;
  const ms = /^\d+$/.test(given) ? Number(given) * SECOND : Date.parse(given) - now;
  return ms > 0 ? Math.min(ms, LONGEST_PAUSE) : 0;
}

/**
 * Posts JSON; every 2xx is an acceptance. The host is looked up once, held against what the worker allows, and
 * connected to; redirects are not followed.
 * @throws NotAccepted
 */
export async function postJson(
  ref: SecretRef,
  { body, headers = {} }: { body: string; headers?: { [name: string]: string } },
  context: ChannelContext
): Promise<void> {
  const { url, shown, redact } = addressOf(ref, context);
  const sent = {
    'user-agent': 'launch-director',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const { signal, access, now } = context;
  const answer = await request({ url, method: 'POST', headers: sent, body, signal, access }).catch((error: unknown) => {
    if (error instanceof CannotRun) throw new NotAccepted(`${shown} ${redact(error.message)}`, false);
    throw error;
  });
  const { status } = answer;
  if (status >= 200 && status <= 299) return;
  const said = redact(answer.body.subarray(0, 500).toString().trim());
  const isFinal = status < 500 && !AGAIN.has(status);
  throw new NotAccepted(`${shown} answered ${status}${said && ` ${quoted(said)}`}`, isFinal, pauseOf(answer, now()));
}
