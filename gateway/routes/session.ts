import type { FastifyRequest } from 'fastify';
import { hashOf } from '../../prisma/tokens';
import { seeing, whoAsks, type App, type Deps } from '../app';
import { csrfOf, OPERATOR, SESSION_COOKIE, type Identity, type LookUp } from '../identity';
import type { Plan } from '../../domain/plan';
import { planOf } from '../plans';
import { Problem } from '../problem';
import { anything, meAnswer, meQuery, sessionBody } from '../schemas';

/** A page is signed in for a working day; its token may end it earlier. */
const SIGNED_IN_MS = 12 * 60 * 60_000;

/** With one token, in a minute, each of which is a row; all people of an office come from one address. */
export const MOST_SIGN_INS = 30;

/** What is counted: the token, before it is known whether it is one, from where it comes. */
function broughtBy({ body, ip }: FastifyRequest): string {
  const token: unknown = (body as { token?: unknown } | null | undefined)?.token;
  return `sign-in ${ip} ${hashOf(typeof token === 'string' ? token : '')}`;
}

function meOf({ person, kind, launches, actsFor, csrf }: Identity) {
  const all = launches === '*' ? launches : [...launches];
  return {
    person,
    kind,
    launches: all as '*' | string[],
    csrf: csrf ?? null,
    ...(actsFor === undefined ? {} : { actsFor }),
  };
}

/** Who is asking, and pages that sign in and out. */
export function sessionRoutes(app: App, deps: Deps, known: LookUp): void {
  const { keys } = deps;
  app.post(
    '/api/session',
    {
      config: { open: true, rateLimit: { max: MOST_SIGN_INS, timeWindow: '1 minute', keyGenerator: broughtBy } },
      schema: {
        summary: 'Sign a page in with a token; sets the session cookie',
        tags: ['session'],
        security: [],
        body: sessionBody,
        response: { 200: anything('{ me }, as GET /api/me') },
      },
    },
    async (request, reply) => {
      const { token } = request.body;
      const holder = await known(request, token);
      if (!holder) throw new Problem('UNAUTHENTICATED', 'this token is unknown, has expired, or was revoked');
      const who = holder.kind === OPERATOR ? { operator: hashOf(token) } : { tokenId: holder.id };
      const secret = await keys.tokens.signIn(who, Date.now() + SIGNED_IN_MS);
      const secure = request.protocol === 'https';
      reply.setCookie(SESSION_COOKIE, secret, { httpOnly: true, sameSite: 'strict', path: '/', secure });
      return { me: meOf({ ...holder, csrf: csrfOf(secret) }) };
    }
  );

  app.delete('/api/session', { schema: { summary: 'Sign out', tags: ['session'] } }, async (request, reply) => {
    const secret = request.cookies[SESSION_COOKIE];
    if (secret !== undefined) await keys.tokens.signOut(secret);
    reply.clearCookie(SESSION_COOKIE, { path: '/' });
    return reply.code(204).send();
  });

  app.get(
    '/api/me',
    { schema: { summary: 'Who is asking', tags: ['session'], querystring: meQuery, response: { 200: meAnswer } } },
    async (request) => {
      const me = meOf(whoAsks(request));
      const { launch } = request.query;
      if (launch === undefined) return me;
      seeing(request, launch);
      // Also of a launch that Temporal has forgotten.
      const { people } = (await planOf(deps, launch)) as Plan;
      return { ...me, people: people.map(({ id, name, roles }) => ({ id, name, roles })) };
    }
  );
}
