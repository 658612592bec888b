import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Said } from '../domain/commands';
import { refuseKind } from '../domain/speakers';
import { ALL_LAUNCHES, hashOf, type StoredToken, type TokenStore } from '../prisma/tokens';
import { Guesses } from './guesses';
import { Problem } from './problem';

export const SESSION_COOKIE = 'launch_session';
export const CSRF_HEADER = 'x-csrf-token';
export const ACT_AS_HEADER = 'x-act-as';
export const OPERATOR = 'operator';

const KNOWN_FOR_MS = 3_000;
const BEARER = /^Bearer ([\w.~+/=-]{1,200})$/i;
/** Whatever a plan may call somebody, and what it would not: that is for the launch to say. */
const PERSON = /^\P{Cc}{1,200}$/u;
/** What proxies add to requests; no program of this machine sends any of it by itself. */
const OF_PROXIES =
  /^(forwarded|via|x-forwarded(-.+)?|x-original-.+|x-real-ip|x-proxyuser-ip|(x-|x-cluster-|true-)?client-ip|(cf|fastly|fly)-.+)$/;
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Who is asking. */
export interface Identity {
  /** For the log and the limits: the token's id, or `operator`. */
  id: string;
  person: string;
  kind: 'person' | 'agent' | 'observer' | 'operator';
  launches: '*' | readonly string[];
  /** Whom the operator acts as. */
  actsFor?: string;
  /** Of a page that is signed in: what its requests must carry besides the cookie. */
  csrf?: string;
}

export interface Keys {
  tokens: TokenStore;
  /** The operator's token; absent: there is no operator here. */
  operator?: string;
}

/** Turns a request into who is asking. @throws Problem UNAUTHENTICATED, CSRF, ACT_AS_REFUSED; LedgerError */
export type Identify = (request: FastifyRequest) => Promise<Identity>;

function same(given: string, wanted: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(given)), Buffer.from(hashOf(wanted)));
}

/**
 * Only this machine's own programs: nothing that came through a proxy, whichever header it leaves, and nothing at all
 * where a proxy is known to stand in front: one on this machine need not leave any.
 */
export function isLocal({ headers, ips, socket }: FastifyRequest): boolean {
  // There are none unless the server was told of proxies.
  if (ips !== undefined || Object.keys(headers).some((name) => OF_PROXIES.test(name))) return false;
  return /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
}

/** Whom a token is for, whoever brings it. */
async function holderOf(token: string, keys: Keys): Promise<Identity | undefined> {
  if (isOperators(token, keys)) return operatorIdentity();
  const found = await keys.tokens.find(token);
  return found && identityOf(found);
}

type Find = typeof holderOf;

function isOperators(token: string, { operator }: Keys): boolean {
  return operator !== undefined && same(token, operator);
}

function operatorIdentity(): Identity {
  return { id: OPERATOR, person: OPERATOR, kind: OPERATOR, launches: ALL_LAUNCHES };
}

function identityOf({ id, person, kind, launches }: StoredToken): Identity {
  return { id, person, kind, launches: launches.includes(ALL_LAUNCHES) ? ALL_LAUNCHES : launches };
}

async function sessionHolder(secret: string, { tokens, operator }: Keys): Promise<Identity | undefined> {
  const found = await tokens.session(secret);
  if (!found) return undefined;
  if ('token' in found) return identityOf(found.token);
  // A page of an operator's token that is no longer the present one.
  return operator !== undefined && found.operator === hashOf(operator) ? operatorIdentity() : undefined;
}

/** What a signed-in page proves that it can read: another site can send the cookie and not this. */
export function csrfOf(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}

function refuseForged(request: FastifyRequest, csrf: string): void {
  if (SAFE_METHODS.includes(request.method)) return;
  const given = request.headers[CSRF_HEADER];
  if (typeof given === 'string' && same(given, csrf)) return;
  throw new Problem('CSRF', `send the header ${CSRF_HEADER} with what GET /api/me says`);
}

function acting(request: FastifyRequest, identity: Identity): Identity {
  const actsFor = request.headers[ACT_AS_HEADER];
  if (actsFor === undefined) return identity;
  const refuse = (why: string) => new Problem('ACT_AS_REFUSED', why);
  if (identity.kind !== OPERATOR)
    throw refuse(`only the operator acts as somebody; this token is ${identity.person}'s`);
  if (!isLocal(request)) throw refuse('the operator acts as somebody on this machine only, and through no proxy');
  const person = typeof actsFor === 'string' ? decoded(actsFor) : undefined;
  if (person === undefined || !PERSON.test(person)) throw refuse(`${ACT_AS_HEADER} takes one person's id`);
  return { ...identity, actsFor: person };
}

/** A header is ASCII: anything else, and `%` itself, comes percent-encoded. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function unauthenticated(why: string): Problem {
  return new Problem('UNAUTHENTICATED', `${why}; a token is made with 'launch token create'`);
}

/** Looks up what a request brings, and slows whoever guesses. @throws Problem TOO_MANY_REQUESTS; LedgerError */
export type LookUp = (request: FastifyRequest, secret: string, find?: Find) => Promise<Identity | undefined>;

export function lookUp(keys: Keys): LookUp {
  const guesses = new Guesses();
  return async ({ ip }, secret, find = holderOf) => {
    // What is known without a question is no guess.
    if (isOperators(secret, keys)) return operatorIdentity();
    guesses.check(ip, secret);
    const holder = await find(secret, keys);
    if (holder) guesses.wasRight(secret);
    else guesses.wasWrong(ip, secret);
    return holder;
  };
}

/** The one place that turns a request into who is asking. */
export function identifier(known: LookUp): Identify {
  return async (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = BEARER.exec(authorization)?.[1];
      const holder = token === undefined ? undefined : await known(request, token);
      if (!holder) throw unauthenticated('this token is unknown, has expired, or was revoked');
      return acting(request, holder);
    }
    const secret = request.cookies[SESSION_COOKIE];
    if (secret === undefined || secret === '') throw unauthenticated('no token and no session');
    const holder = await known(request, secret, sessionHolder);
    if (!holder) throw unauthenticated('this session is over');
    const csrf = csrfOf(secret);
    refuseForged(request, csrf);
    return acting(request, { ...holder, csrf });
  };
}

/** As `identify`, for what asks again and again: one question serves all that bring the same for a moment. */
export function identifyAgain(identify: Identify): Identify {
  const asked = new Map<string, Promise<Identity>>();
  return async (request) => {
    const brought = JSON.stringify([request.headers.authorization, request.cookies[SESSION_COOKIE]]);
    const under = asked.get(brought) ?? identify(request);
    if (!asked.has(brought)) {
      asked.set(brought, under);
      setTimeout(() => asked.delete(brought), KNOWN_FOR_MS).unref();
    }
    return await under;
  };
}

/** What their commands carry. @throws Problem ACT_AS_MISSING */
export function speaking({ person, kind, actsFor }: Identity): Pick<Said, 'by' | 'kind' | 'via'> {
  if (kind !== OPERATOR) return { by: person, ...(kind === 'person' ? {} : { kind }) };
  if (actsFor !== undefined) return { by: actsFor, via: OPERATOR };
  throw actAsMissing();
}

function actAsMissing(): Problem {
  return new Problem('ACT_AS_MISSING', `say whom the operator acts as: ${ACT_AS_HEADER}: PERSON`);
}

/** Why they may not say this, whatever the launch and whoever they are in it. */
export function refusedAnyway(
  { kind, actsFor }: Identity,
  type: string
): { code: string; message: string } | undefined {
  if (kind === OPERATOR) return actsFor === undefined ? actAsMissing() : undefined;
  return refuseKind({ type, ...(kind === 'person' ? {} : { kind }) });
}

/** Whether they may know of this launch at all. */
export function maySee({ launches }: Identity, launch: string): boolean {
  return launches === ALL_LAUNCHES || launches.includes(launch);
}
