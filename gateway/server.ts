import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import files from '@fastify/static';
import swagger from '@fastify/swagger';
import { fastify, LogController, type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify';
import { jsonSchemaTransform, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { App, Deps } from './app';
import { hostCheck, type KnownHosts } from './hosts';
import { identifier, lookUp, type Identify, type LookUp } from './identity';
import { readJsonAlone } from './json-body';
import { Problem, problemOf, sendProblem } from './problem';
import { commandRoutes } from './routes/commands';
import { eventRoutes } from './routes/events';
import { healthRoutes } from './routes/health';
import { launchRoutes } from './routes/launches';
import { recordRoutes } from './routes/records';
import { reportRoutes } from './routes/report';
import { ledgerRoutes } from './routes/ledger';
import { sessionRoutes } from './routes/session';
import { tokenRoutes } from './routes/tokens';
import { answerUnreadable } from './unreadable';

/** A plan document may have a megabyte, in JSON somewhat more. */
const BODY_LIMIT_BYTES = 2_000_000;
/** Of one token, or one address that has none, in a minute. */
const MOST_REQUESTS = 1_200;
/** A request that has not come by then is none; how long its answer takes is another matter. */
const RECEIVED_WITHIN_MS = 30_000;
const HEADERS_WITHIN_MS = 15_000;
/** All that may watch, and as many again that ask. */
const MOST_CONNECTIONS = 4_000;
const REQUEST_ID = /^[\w.-]{8,100}$/;

export interface ServerOptions extends KnownHosts {
  log: FastifyBaseLogger;
  /** The folder of the built page, if there is one. */
  page?: string;
  requestsPerMinute?: number;
  /** Until the whole of a request must have come. */
  receivedWithinMs?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Nobody needs to be identified. */
    open?: boolean;
  }
}

const CSP = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** One line for each request; of it the log keeps neither headers nor query nor body. */
function logAnswer({ method, url, ip, identity, routeOptions, log }: FastifyRequest, reply: FastifyReply): void {
  const { statusCode: status, elapsedTime } = reply;
  const who = identity && { who: identity.id, person: identity.person, actsFor: identity.actsFor };
  const line = { method, path: url.split('?', 1)[0], ip, ...who, status, ms: Math.round(elapsedTime) };
  // Probes and scrapes come every few seconds for ever.
  if (routeOptions.config.rateLimit === false) log.debug(line, 'answered');
  else log.info(line, 'answered');
}

function idOf(headers: { [name: string]: unknown }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** What would be read as something else than was sent. @throws Problem UNSUPPORTED_MEDIA_TYPE */
function checkMedia({ headers }: FastifyRequest): void {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
  const refuse = (what: string) => new Problem('UNSUPPORTED_MEDIA_TYPE', `${what}; expected JSON in UTF-8 as it is`);
  if (encoding.trim().toLowerCase() !== 'identity') throw refuse(`found a body that is encoded: ${encoding}`);
  for (const [, charset = ''] of type.matchAll(/;\s*charset\s*=\s*"?([^";\s]*)/gi))
    if (!/^(utf-?8|us-ascii)$/i.test(charset)) throw refuse(`found the charset ${charset}`);
}

async function addPlugins(app: App, { requestsPerMinute = MOST_REQUESTS }: ServerOptions): Promise<void> {
  // Whether there is TLS in front only its operator knows: HSTS is theirs.
  await app.register(helmet, { contentSecurityPolicy: CSP, hsts: false, referrerPolicy: { policy: 'no-referrer' } });
  await app.register(cookie);
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    hook: 'preValidation',
    keyGenerator: (request) => (request.identity ? `token ${request.identity.id}` : `address ${request.ip}`),
    errorResponseBuilder: (_request, { after }) => new Problem('TOO_MANY_REQUESTS', `too many; again in ${after}`),
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'launch-director',
        version: '1',
        description:
          'Launches: their boards, what happens to them, and what people say to them. Problems are RFC 9457.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'launch_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
  });
}

/** The page, and for every path of its own the page again; without one there is the API alone. */
async function addPage(app: App, page: string | undefined): Promise<void> {
  const has = page !== undefined && existsSync(join(page, 'index.html'));
  if (has) {
    // What is added from here on is the page's files alone: whoever is not signed in yet needs them.
    app.addHook('onRoute', (route) => void (route.config = { ...route.config, open: true }));
    await app.register(files, { root: page, index: ['index.html'], wildcard: false, globIgnore: ['assets/**'] });
    // Their names change with what is in them.
    const lasting = { maxAge: '365d', immutable: true, index: false, decorateReply: false } as const;
    await app.register(files, { root: join(page, 'assets'), prefix: '/assets/', ...lasting });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const isPage = has && request.method === 'GET' && !/^\/api(\/|$)/.test(request.url);
    if (isPage && (request.headers.accept ?? '').includes('text/html')) return reply.sendFile('index.html');
    const path = request.url.split('?', 1)[0];
    return sendProblem(new Problem('NO_SUCH_ROUTE', `there is no ${request.method} ${path}`), request, reply);
  });
}

/** The gateway as a server that does not listen yet. */
export async function createServer(deps: Deps, options: ServerOptions): Promise<App> {
  const { proxies = 0, receivedWithinMs = RECEIVED_WITHIN_MS } = options;
  const headersTimeout = Math.min(HEADERS_WITHIN_MS, receivedWithinMs);
  const app: App = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: ({ headers }) => idOf(headers),
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: receivedWithinMs,
    http: { requestTimeout: receivedWithinMs, headersTimeout, connectionsCheckingInterval: headersTimeout / 3 },
    clientErrorHandler: answerUnreadable,
    // Of the addresses that a request names only as many are believed as proxies have added: the others are its sender's.
    trustProxy: proxies > 0 && ((_address: string, hop: number) => hop < proxies),
    // What it answers itself, before any route.
    frameworkErrors: (error, request, reply) => void sendProblem(problemOf(error), request, reply),
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = MOST_CONNECTIONS;
  readJsonAlone(app);
  app.setValidatorCompiler(validatorCompiler);
  // Answers are of types that were checked when this was compiled.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'the request failed');
    return sendProblem(problem, request, reply);
  });
  await addPlugins(app, options);
  const known = lookUp(deps.keys);
  const identify = identifier(known);
  const checkHost = hostCheck(options);
  app.decorateRequest('identity', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    checkHost(request);
    checkMedia(request);
    if (request.is404 || request.routeOptions.config.open) return;
    request.identity = await identify(request);
  });
  app.addHook('onResponse', async (request, reply) => logAnswer(request, reply));
  addRoutes(app, deps, { identify, known });
  await addPage(app, options.page);
  return app;
}

function addRoutes(app: App, deps: Deps, { identify, known }: { identify: Identify; known: LookUp }): void {
  healthRoutes(app, deps, identify);
  sessionRoutes(app, deps, known);
  launchRoutes(app, deps);
  recordRoutes(app, deps);
  reportRoutes(app, deps);
  ledgerRoutes(app, deps);
  commandRoutes(app, deps);
  eventRoutes(app, deps, identify);
  tokenRoutes(app, deps);
  app.get('/api/openapi.json', { config: { open: true }, schema: { hide: true } }, async () => app.swagger());
  app.addHook('preClose', async () => deps.streams.forEach((stream) => stream.end()));
}
