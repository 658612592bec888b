/** What follows a verdict. The activity that carries an action out reads its part again. */
import { z } from 'zod';
import { requestHeaders } from './headers';
import { fromEnvironment, id, names, timeLimit, title, webAddress } from './scalars';

const argument = z
  .string({ error: 'a text; a number goes in quotes' })
  .max(500, { error: 'at most 500 letters' })
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, { error: 'one line without control characters' });

export const webhook = z
  .strictObject({
    url: z
      .union([webAddress, fromEnvironment], { error: 'an http or https address, or { env: NAME }' })
      .describe('Address, or { env: NAME }.'),
    secret: fromEnvironment.optional().meta({
      description:
        'Key that it is signed with by Standard Webhooks, as { env: NAME }: `whsec_` and base64, or base64 alone.',
      absent: 'it is not signed',
    }),
    method: z.enum(['POST', 'PUT', 'GET']).optional().meta({ description: 'HTTP method.', default: 'POST' }),
    headers: requestHeaders.optional().describe('Request headers; a value may be { env: NAME }.'),
    body: z
      .json()
      .optional()
      .meta({ description: 'Request body, sent as JSON.', absent: 'what the verdict was, and of which launch' }),
  })
  .refine(({ method, body }) => method !== 'GET' || body === undefined, {
    path: ['body'],
    error: 'no body with GET; with POST or PUT it is sent',
  });
export type Webhook = z.infer<typeof webhook>;

export const commandAction = z.strictObject({
  name: id.describe("Name of one of the `commands` in the worker's configuration, which says what it runs."),
  args: z
    .array(argument, { error: 'a list of texts' })
    .optional()
    .meta({ description: "Its arguments, one for one as the worker's configuration allows them.", absent: 'none' }),
});

const KINDS = ['webhook', 'command', 'notify'] as const;

const action = z
  .strictObject({
    title: title.optional().meta({ description: 'What it is called.', absent: 'what it does, in short' }),
    webhook: webhook.optional().describe('Calls an address; an answer of 200 to 299 is done.'),
    command: commandAction.optional().describe('Runs a command, without a shell; exit code 0 is done.'),
    notify: names.optional().describe('Tells people, roles, groups or channels.'),
    timeout: timeLimit.optional().meta({ description: 'Duration that it may take.', default: '1m' }),
  })
  .refine((value) => KINDS.filter((kind) => value[kind] !== undefined).length === 1, {
    error: `one of ${KINDS.join(', ')}`,
  });

export const onVerdict = z.strictObject({
  go: z.array(action).optional().describe('After GO, in order, each attempted once; the first failure stops the rest.'),
  delay: z.array(action).optional().describe('After each DELAY, in order, each attempted once.'),
  noGo: z.array(action).optional().describe('After NO_GO, in order, each attempted once.'),
});
