import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { isUnavailable, LaunchError } from '../client/errors';
import { LedgerError } from '../prisma/errors';

export const PROBLEM_TYPE = 'application/problem+json';

/**
 * By code. What the gateway itself refuses is here too: its codes are part of the public interface, and never renamed.
 * Every other code is of a rule and 409: the request was understood, and the launch does not take it as it is now.
 */
const STATUS: { readonly [code: string]: number } = {
  BAD_INPUT: 400,
  INVALID_PLAN: 400,
  ACT_AS_MISSING: 400,
  FACT_REFUSED: 400,
  UNAUTHENTICATED: 401,
  CSRF: 403,
  ACT_AS_REFUSED: 403,
  OPERATOR_ONLY: 403,
  METRICS_REFUSED: 403,
  AGENT_MAY_NOT: 403,
  OBSERVER_MAY_NOT: 403,
  NOT_FOUND: 404,
  NO_SUCH_ROUTE: 404,
  UNKNOWN_ITEM: 404,
  REQUEST_TIMEOUT: 408,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  MISDIRECTED: 421,
  TOO_MANY_REQUESTS: 429,
  TOO_MANY_STREAMS: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  FAILED: 502,
  UNREACHABLE: 503,
  NO_WORKER: 503,
  SEARCH_ATTRIBUTES_MISSING: 503,
  DATABASE_UNREACHABLE: 503,
  DATABASE_NOT_READY: 503,
  MIGRATION_REFUSED: 503,
  UNFINISHED: 504,
};

/** An answer that is no success; `details` is for programs. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: string,
    message: string,
    readonly details?: { [key: string]: unknown }
  ) {
    super(message);
  }

  get status(): number {
    return STATUS[this.code] ?? 409;
  }
}

const TITLES: { readonly [status: number]: string } = {
  400: 'The request cannot be understood',
  401: 'Nobody is signed in',
  403: 'Not allowed',
  404: 'There is no such thing',
  409: 'Refused',
  408: 'Not in time',
  413: 'Too large',
  415: 'Not JSON',
  421: 'Not for this gateway',
  429: 'Too many at once',
  431: 'Too large',
  500: 'The gateway failed',
  502: 'The worker failed',
  503: 'A service does not answer',
  504: 'Not finished in time',
};

function invalid(error: FastifyError): Problem | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const problems = error.validation.map(({ instancePath, message }) => ({
    path: `${error.validationContext ?? 'body'}${instancePath}`,
    message: message ?? 'cannot be used',
  }));
  const first = problems.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
  return new Problem('BAD_INPUT', first.join('; ') || 'the request cannot be read', { problems });
}

const NO_TEMPORAL =
  'Temporal does not answer the gateway; try again later, what was said with the same idempotency-key: it is done once';

/** What the server refuses before any route is asked. */
const OF_STATUS: { readonly [status: number]: string } = {
  404: 'NO_SUCH_ROUTE',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
};

function ofFastify({ statusCode = 500, message }: FastifyError): Problem | undefined {
  if (statusCode < 400 || statusCode >= 500) return undefined;
  return new Problem(OF_STATUS[statusCode] ?? 'BAD_INPUT', message);
}

/** Whatever was thrown, as what is answered; nothing of an error that nobody foresaw is told. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // Where Temporal is, and how to start it, is for the log too.
  if (isUnavailable(error) || (error instanceof LaunchError && error.code === 'UNREACHABLE'))
    return new Problem('UNREACHABLE', NO_TEMPORAL);
  if (error instanceof LaunchError) return new Problem(error.code, error.message, error.details);
  if (error instanceof LedgerError) {
    // Its message names the database's host and user, which is for the log.
    const message = error.code === 'FACT_REFUSED' ? 'this cannot be stored' : 'the database does not answer';
    return new Problem(error.code, message);
  }
  const known =
    error instanceof Error ? (invalid(error as FastifyError) ?? ofFastify(error as FastifyError)) : undefined;
  return known ?? new Problem('INTERNAL', 'something went wrong here; the log says more under this request id');
}

/** RFC 9457, with the refusal's code. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status } = problem;
  const again = problem.details?.retryAfterS;
  if (typeof again === 'number') reply.header('retry-after', again);
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="launch-director"');
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemBody(problem, request.id));
}

export function problemBody({ status, code, message, details }: Problem, requestId?: string): object {
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Problem',
    status,
    detail: message,
    code,
    ...(requestId === undefined ? {} : { requestId }),
    ...(details === undefined ? {} : { details }),
  };
}
