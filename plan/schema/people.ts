import { z } from 'zod';
import { fromEnvironment, id, moment, name, secret, title } from './scalars';

const webAddress = z.union([z.url({ protocol: /^https?$/, error: 'an http or https address' }), fromEnvironment], {
  error: 'an http or https address, or { env: NAME }',
});

export const person = z.strictObject({
  id: id.describe('Unique among people; also a role that only this person holds.'),
  name: title.optional().meta({ description: 'As shown.', absent: 'the id' }),
  roles: z.array(name).optional().describe('Roles this person holds.'),
  email: z.email({ error: 'an email address' }).optional().describe('Email address.'),
  channels: z.array(id).optional().meta({
    description: 'Channels this person is reached by: the first, and when it is given up the next.',
    absent: 'the first channel of type `email` where they have an address, else the fallback, else the log',
  }),
  delegate: z
    .strictObject({
      to: id.describe('Person who answers instead.'),
      until: moment.describe('Instant until which that holds.'),
    })
    .optional()
    .describe('Somebody who answers instead of this person for a while.'),
});
export type PersonDocument = z.infer<typeof person>;

export const groups = z.record(id, z.array(id));

export const channel = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('log').describe("Written to the worker's log.") }),
    z.strictObject({
      type: z.literal('slack').describe('A Slack incoming webhook.'),
      url: webAddress.describe('Address of the webhook; best as { env: NAME }.'),
    }),
    z.strictObject({
      type: z.literal('email').describe("Email by the worker's mail server."),
      to: z
        .union([z.email(), z.array(z.email())], { error: 'an email address or a list of them' })
        .optional()
        .meta({ description: 'Addresses, besides the person told.', absent: "the person's `email`" }),
    }),
    z.strictObject({
      type: z.literal('webhook').describe('An HTTP POST of the notice as JSON, by Standard Webhooks.'),
      url: webAddress.describe('Address; best as { env: NAME }.'),
      secret: secret
        .optional()
        .describe('Key of Standard Webhooks (`whsec_…`) that requests are signed with; best as { env: NAME }.'),
    }),
  ],
  { error: 'a channel of a type that is known: log, slack, email, webhook' }
);
export type ChannelDocument = z.infer<typeof channel>;
