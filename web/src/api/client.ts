import { speakAs, speaksAs } from './speaks-as';
import { NO_ANSWER, Refused, UNREADABLE } from './refused';
import type { Me, ProblemAnswer } from './types';

/** After this nobody is listening any more; the gateway's own deadlines are shorter. */
const ANSWER_WITHIN_MS = 40_000;

export interface Ask {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  /** Chosen by whoever acts: the same key again is not done twice. */
  key?: string;
  /** Whom the operator speaks as: null for nobody but themselves; without it, whom they have chosen. */
  as?: string | null;
  signal?: AbortSignal;
}

/** What commands carry besides the session's cookie. */
const session: { csrf: string | null } = { csrf: null };

export function headersOf({ method = 'GET', body, key, as = speaksAs() }: Ask): { [name: string]: string } {
  return {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(method !== 'GET' && session.csrf !== null && { 'x-csrf-token': session.csrf }),
    ...(as !== null && { 'x-act-as': as }),
    ...(key !== undefined && { 'idempotency-key': key }),
  };
}

/** @throws Refused as the problem says, or UNREADABLE */
export async function refusalOf(response: Response): Promise<Refused> {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  try {
    const { code, detail, details, requestId: id } = (await response.json()) as ProblemAnswer;
    return new Refused(code, detail, { status: response.status, requestId: id, details });
  } catch {
    return new Refused(UNREADABLE, `The gateway answered ${response.status} without saying why.`, {
      status: response.status,
      requestId,
    });
  }
}

/** @throws Refused */
export async function open(path: string, asked: Ask = {}): Promise<Response> {
  const { method, body, signal } = asked;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: headersOf(asked),
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      signal,
    });
  } catch (error) {
    if (signal?.aborted && !(signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'))
      throw error;
    throw new Refused(NO_ANSWER, 'The gateway does not answer.');
  }
  if (!response.ok) throw await refusalOf(response);
  return response;
}

/** Asks the API. @throws Refused */
export async function ask<Answer>(path: string, asked: Ask = {}): Promise<Answer> {
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const signal = asked.signal ? AbortSignal.any([asked.signal, limit]) : limit;
  const response = await open(path, { ...asked, signal });
  if (response.status === 204) return undefined as Answer;
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new Refused(UNREADABLE, 'The gateway gave an answer that cannot be read.');
  }
}

/** Who is asking; with a launch also its people. Remembers what commands must carry. */
export async function fetchMe(launch?: string, signal?: AbortSignal): Promise<Me> {
  const of = launch === undefined ? '' : `?launch=${encodeURIComponent(launch)}`;
  const me = await ask<Me>(`/api/me${of}`, { as: null, signal });
  session.csrf = me.csrf;
  if (me.kind !== 'operator' && speaksAs() !== null) speakAs(null);
  return me;
}

/** Exchanges a token for a session. @throws Refused UNAUTHENTICATED */
export async function signIn(token: string): Promise<void> {
  const { me } = await ask<{ me: Me }>('/api/session', { method: 'POST', body: { token }, as: null });
  session.csrf = me.csrf;
}

export async function signOut(): Promise<void> {
  await ask('/api/session', { method: 'DELETE', as: null });
  session.csrf = null;
}

/** An address of the API below a launch; ids can hold what a path does not. */
export function launchPath(launch: string, ...rest: string[]): string {
  return ['/api/launches', launch, ...rest].map((part, at) => (at === 0 ? part : encodeURIComponent(part))).join('/');
}
