import { z } from 'zod';
import { requestHeaders } from '../schema/headers';
import { fromEnvironment, headerName, positive, text, timeLimit, webAddress } from '../schema/scalars';
import { expectation, expectationAt } from './operators';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const MOST_REDIRECTS = 10;
const status = z
  .int({ error: 'a status code' })
  .min(100, { error: 'a status code' })
  .max(599, { error: 'a status code' });

/** What nobody would see: the answer to HEAD has no body. */
const BODY_KEYS = ['text', 'json'] as const;

const isPlainHttp = (url: unknown): boolean => typeof url === 'string' && /^http:/i.test(url.trim());

export const httpCheck = z
  .strictObject({
    type: z.literal('http').describe('One HTTP request, and what its answer must look like.'),
    url: z
      .union([webAddress, fromEnvironment], { error: 'an http or https address, or { env: NAME }' })
      .describe('Address to ask, or { env: NAME } to take it from the worker.'),
    method: z.enum(METHODS).optional().meta({ description: 'HTTP method.', default: 'GET' }),
    headers: requestHeaders
      .optional()
      .describe('Request headers; a value may be { env: NAME }, which keeps it out of plan and history.'),
    body: z
      .union([text, z.record(z.string(), z.json()), z.array(z.json())], { error: 'a text, or a value sent as JSON' })
      .optional()
      .describe('Request body; a text as it is, anything else as JSON.'),
    redirects: z
      .int({ error: 'a whole number' })
      .min(0, { error: 'zero or more' })
      .max(MOST_REDIRECTS, { error: `at most ${MOST_REDIRECTS}` })
      .optional()
      .meta({ description: 'How many redirects are followed; 0: a redirect is the answer.', default: 0 }),
    expect: z
      .strictObject({
        status: z
          .union([status, z.array(status).min(1, { error: 'at least one status code' })], {
            error: 'a status code or a list of them',
          })
          .optional()
          .meta({ description: 'Status code, or a list of which any will do.', absent: '200 to 299' }),
        headers: z
          .record(headerName, expectation)
          .refine(
            (headers) =>
              new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
            { error: 'each header once; letter case does not tell them apart' }
          )
          .optional()
          .describe('What response headers must be.'),
        text: expectation.optional().describe('What the response body as a text must be; an empty one is absent.'),
        json: z.array(expectationAt).optional().describe('What values in the response body as JSON must be.'),
        latency: z
          .strictObject({ atMost: timeLimit.describe('Longest time to the full answer, as a duration.') })
          .optional()
          .describe('How fast the answer must be.'),
        tls: z
          .strictObject({
            daysLeft: z
              .strictObject({ atLeast: positive.describe('At least so many whole days.') })
              .describe('How long the certificate of the server stays valid.'),
          })
          .optional()
          .describe('What the TLS certificate must be, beyond valid now; the address must be https.'),
      })
      .optional()
      .meta({ description: 'What the answer must look like.', absent: '{ status: 200 to 299 }' }),
  })
  .refine(({ url, expect }) => !expect?.tls || !isPlainHttp(url), {
    path: ['url'],
    error: 'an https address, since something is expected of its certificate (expect.tls)',
  })
  .superRefine(({ method, expect }, { addIssue }) => {
    if (method !== 'HEAD') return;
    for (const key of BODY_KEYS.filter((each) => expect?.[each] !== undefined)) {
      const message = `no ${key} with method HEAD, whose answer has no body`;
      addIssue({ code: 'custom', path: ['expect', key], message });
    }
  })
  .describe('Asks an HTTP address.');

export type HttpCheck = z.infer<typeof httpCheck>;
