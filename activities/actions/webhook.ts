import { Webhook as Signer } from 'standardwebhooks';
import type { ActionResult } from '../../domain/go-actions';
import type { Json } from '../../domain/plan';
import type { Webhook } from '../../plan/schema/action';
import { hostRefused, type Access } from '../checks/access';
import { codeOf, NOT_CONNECTED } from '../checks/dial';
import { fromEnvironment, secretsRefused } from '../checks/environment';
import { addressOf } from '../checks/http';
import { request } from '../checks/http-request';
import { redactor, secretsOfHeader } from '../checks/redact';
import { CannotRun, type CheckContext } from '../checks/result';

export interface Call {
  /** Goes as `webhook-id`. */
  key: string;
  webhook: Webhook;
  /** Sent where the plan gives no body. */
  message: Json;
}

/** Certificates that are not accepted: nothing was sent yet. */
const NOT_TRUSTED = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_)/;

/** Why a worker would not call it. */
export function webhookRefusals({ url, headers, secret }: Webhook, access: Access): string[] {
  const host = typeof url === 'string' ? hostRefused(access, new URL(url).hostname) : undefined;
  const secrets = [typeof url === 'string' ? undefined : url, ...Object.values(headers ?? {}), secret];
  return [...(host === undefined ? [] : [host]), ...secretsRefused(secrets, access)];
}

function signer(webhook: Webhook, context: CheckContext): Signer | undefined {
  if (!webhook.secret) return undefined;
  const { env } = webhook.secret;
  const secret = fromEnvironment(env, context);
  try {
    return new Signer(secret);
  } catch {
    throw new CannotRun(`${env} in the worker's environment is no key of Standard Webhooks; correct it there`);
  }
}

function prepare({ key, webhook, message }: Call, context: CheckContext) {
  const { url, shown, secrets } = addressOf(webhook.url, context);
  const method = webhook.method ?? 'POST';
  const body = method === 'GET' ? undefined : JSON.stringify(webhook.body ?? message);
  const headers: { [name: string]: string } = { 'user-agent': 'launch-director' };
  for (const [name, given] of Object.entries(webhook.headers ?? {})) {
    const value = typeof given === 'string' ? given : fromEnvironment(given.env, context);
    headers[name.toLowerCase()] = value;
    secrets.push(...secretsOfHeader(value));
  }
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  const at = new Date(context.now());
  headers['webhook-id'] = key;
  headers['webhook-timestamp'] = String(Math.floor(at.getTime() / 1_000));
  const signature = signer(webhook, context)?.sign(key, at, body ?? '');
  if (signature !== undefined) headers['webhook-signature'] = signature;
  const { signal, access } = context;
  return {
    toSend: { url, method, headers, body, signal, access },
    label: `${method} ${shown}`,
    redact: redactor(secrets),
  };
}

/** Whether an error came before a byte of the request was sent. */
function wasNotSent(error: unknown): boolean {
  if (!(error instanceof CannotRun)) return false;
  const { cause } = error;
  const code = codeOf(cause);
  return cause instanceof CannotRun || NOT_CONNECTED.has(code) || NOT_TRUSTED.test(code);
}

/**
 * Sends the request once. Done is an answer of 200 to 299; a request that may have arrived and was not answered is
 * unknown.
 * @throws CannotRun where there was nothing to send
 */
export async function callWebhook(call: Call, context: CheckContext): Promise<ActionResult> {
  const { toSend, label, redact } = prepare(call, context);
  try {
    const { status, ms } = await request(toSend);
    const isDone = status >= 200 && status <= 299;
    const expected = isDone ? '' : ', expected 200 to 299';
    return { outcome: isDone ? 'done' : 'failed', seen: `${label} answered ${status} in ${ms} ms${expected}` };
  } catch (error) {
    const why = error instanceof CannotRun ? error.message : 'the request broke';
    const isKnown = wasNotSent(error);
    const seen = `${label} ${redact(why)}${isKnown ? '' : '; it may have arrived all the same'}`;
    return { outcome: isKnown ? 'failed' : 'unknown', seen };
  }
}
