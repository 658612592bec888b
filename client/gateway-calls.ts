import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isLaunchErrorCode, LaunchError } from './errors';

/** How long a question may take; the gateway gives up on Temporal before. */
export const ANSWERED_WITHIN_MS = 30_000;
/** Whether anything is there that answers at all. */
const THERE_WITHIN_MS = 10_000;
/** As `tellWorkflow` waits at the gateway: until a worker has taken it, and until its checks have run. */
export const TOLD_WITHIN_MS = 150_000;
/** Before the one more try: a gateway that was killed is back by then more often than at once. */
const AGAIN_AFTER_MS = 1_000;
/** What stands in front of a gateway says when the gateway is not there. */
const NOBODY_BEHIND: readonly number[] = [502, 503, 504];
const PROBLEM_TYPE = 'application/problem+json';

/** Which gateway, and who asks it. */
export interface GatewayAccess {
  /** Without a slash at its end. */
  url: string;
  token: string;
  /** Whom the operator acts as; without a meaning for any other token. */
  actAs?: string;
}

export interface Call {
  path: string;
  body?: object;
  /** Makes repeating it safe. */
  key?: string;
  withinMs?: number;
}

const problem = z.object({
  code: z.string(),
  detail: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** Said wherever the gateway is what is in the way. */
export const PAST_IT = 'whoever can reach Temporal goes past the gateway with --direct';

function headersOf({ token, actAs }: GatewayAccess, { body, key }: Call): { [name: string]: string } {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(actAs === undefined ? {} : { 'x-act-as': encodeURIComponent(actAs) }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
}

interface Answered {
  status: number;
  isProblem: boolean;
  /** Undefined where it is no JSON. */
  json: unknown;
}

async function ask(access: GatewayAccess, call: Call): Promise<Answered> {
  const { path, body, withinMs = ANSWERED_WITHIN_MS } = call;
  const response = await fetch(`${access.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: headersOf(access, call),
    // Its token is for this address and no other.
    redirect: 'manual',
    signal: AbortSignal.timeout(withinMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isProblem = (response.headers.get('content-type') ?? '').startsWith(PROBLEM_TYPE);
  return { status: response.status, isProblem, json: jsonIn(text) };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why nothing came back, in a few words: of a network error the cause says more than its own message. */
function whyLost(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: unknown };
  const { code } = (cause ?? {}) as { code?: unknown };
  if (typeof code === 'string') return code;
  const told = cause instanceof Error && cause.message !== '' ? cause : error;
  return told instanceof Error ? told.message : String(told);
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

function unreachable({ url }: GatewayAccess, why: string, key: string | undefined): LaunchError {
  const repeat =
    key === undefined ? '' : ` It may have been taken: repeat it with --key ${key} and it is not done twice.`;
  const message = `The gateway at ${url} does not answer (${why}).${repeat} Start it again ('launch up', 'launch gateway'), or correct --gateway; ${PAST_IT}.`;
  return new LaunchError('UNREACHABLE', message, { gateway: url, ...(key === undefined ? {} : { key }) });
}

/** The connection was lost on the way: whether it was heard nobody knows, so the same is asked once more. */
async function askTwice(access: GatewayAccess, call: Call): Promise<Answered> {
  for (let isAgain = false; ; isAgain = true) {
    let why: string;
    try {
      const answered = await ask(access, call);
      const isNobody = NOBODY_BEHIND.includes(answered.status) && !answered.isProblem;
      if (!isNobody) return answered;
      why = `status ${answered.status}`;
    } catch (error) {
      if (isTimeout(error)) throw unreachable(access, 'not in time', call.key);
      why = whyLost(error);
    }
    if (isAgain) throw unreachable(access, why, call.key);
    await delay(AGAIN_AFTER_MS);
  }
}

function problemIn({ isProblem, json }: Answered): LaunchError | undefined {
  const read = isProblem ? problem.safeParse(json) : undefined;
  if (!read?.success) return undefined;
  const { code, detail, details } = read.data;
  const message =
    code === 'DATABASE_UNREACHABLE' ? `${detail}, so that the gateway does not know who asks; ${PAST_IT}` : detail;
  return new LaunchError(isLaunchErrorCode(code) ? code : 'FAILED', message, details);
}

function notAGateway({ url }: GatewayAccess, status: number): LaunchError {
  const message = `What answers at ${url} is no gateway of launches (status ${status}); correct --gateway or LAUNCH_GATEWAY.`;
  return new LaunchError('UNREACHABLE', message, { gateway: url });
}

/**
 * Asks the gateway, once more with the same key where the connection was lost, and reads the answer.
 * @throws LaunchError what the gateway refuses, with its code; UNREACHABLE
 */
export async function callGateway<T>(access: GatewayAccess, call: Call, answer: z.ZodType<T>): Promise<T> {
  const answered = await askTwice(access, call);
  const problemTold = problemIn(answered);
  if (problemTold) throw problemTold;
  const read = answered.status < 300 ? answer.safeParse(answered.json) : undefined;
  if (!read?.success) throw notAGateway(access, answered.status);
  return read.data;
}

/** Asked first: whether it is there, and whose token this is. */
export async function whoAmI(access: GatewayAccess): Promise<{ person: string; kind: string }> {
  const me = z.object({ person: z.string(), kind: z.string() });
  return await callGateway(access, { path: '/api/me', withinMs: THERE_WITHIN_MS }, me);
}
