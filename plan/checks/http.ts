import { z } from 'zod';
import { duration, fromEnvironment, secret, text } from '../schema/scalars';
import { expectation, expectationAt } from './operators';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const status = z
  .int({ error: 'a status code' })
  .min(100, { error: 'a status code' })
  .max(599, { error: 'a status code' });

const webAddress = z
  .string()
  .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), { error: 'an http or https address' })
  .refine((url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''), {
    error: 'an address without a password; give it as a header from { env: NAME }',
  });
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'a header name' });
export const httpCheck = z
  .strictObject({
    type: z.literal('http').describe('One HTTP request, and what its answer must look like.'),
    url: z
      .union([webAddress, fromEnvironment], { error: 'an http or https address, or { env: NAME }' })
      .describe('Address to ask, or { env: NAME } to take it from the worker.'),
    method: z.enum(METHODS).optional().meta({ description: 'HTTP method.', default: 'GET' }),
    headers: z
      .record(headerName, secret)
      .optional()
      .describe('Request headers; a value may be { env: NAME }, which keeps it out of plan and history.'),
    body: z
      .union([text, z.record(z.string(), z.json()), z.array(z.json())], { error: 'a text, or a value sent as JSON' })
      .optional()
      .describe('Request body; a text as it is, anything else as JSON.'),
    expect: z
      .strictObject({
        status: z
          .union([status, z.array(status).min(1, { error: 'at least one status code' })], {
            error: 'a status code or a list of them',
          })
          .optional()
          .meta({ description: 'Status code, or a list of which any will do.', absent: '200 to 299' }),
        headers: z.record(headerName, expectation).optional().describe('What response headers must be.'),
        text: expectation.optional().describe('What the response body as a text must be.'),
        json: z.array(expectationAt).optional().describe('What values in the response body as JSON must be.'),
        latency: z
          .strictObject({ atMost: duration.describe('Longest time to the full answer, as a duration.') })
          .optional()
          .describe('How fast the answer must be.'),
      })
      .optional()
      .meta({ description: 'What the answer must look like.', absent: '{ status: 200 to 299 }' }),
  })
  .describe('Asks an HTTP address.');

export type HttpCheck = z.infer<typeof httpCheck>;
