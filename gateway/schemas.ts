import { z } from 'zod';

/** What requests carry besides their bodies, and what answers look like, as the OpenAPI document says it. */

/** An id of the plan's making, or of the launch's own (`REPORTED-1`); a later run of a launch has a number behind it. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const id = z.string().regex(ID, 'expected letters, digits, ".", "_" and "-", at most 100');

export const launchParams = z.object({ id });
export const itemParams = z.object({ id, item: id });
export const criterionParams = z.object({ id, item: id, criterion: id });
export const tokenParams = z.object({ id: z.uuid() });

/** Of the ledger, or of the log of measurements: a number that grows, as text since it can outgrow a double. */
export const position = z.string().regex(/^\d{1,18}$/, 'expected a position: digits');
const limit = (most: number) => z.coerce.number().int().min(1).max(most).default(Math.min(most, 100));

export const launchesQuery = z.object({ cursor: z.string().max(400).optional(), limit: limit(200) });
export const meQuery = z.object({ launch: id.optional() });
export const planQuery = z.object({ revision: z.coerce.number().int().min(1).max(1_000_000).optional() });
export const factsQuery = z.object({
  after: position.default('0'),
  before: position.optional(),
  order: z.enum(['oldest', 'newest']).default('oldest'),
  limit: limit(1_000),
  type: z.string().min(1).max(60).optional(),
  item: id.optional(),
  by: id.optional().describe('who said it, as the plan writes them'),
});
export const standupsQuery = z.object({ limit: limit(100) });
export const outboxQuery = z.object({ limit: limit(1_000) });
export const measurementsQuery = z.object({
  after: position.optional().describe('in the order asked for'),
  limit: limit(1_000),
  order: z.enum(['oldest', 'newest']).default('oldest').describe('which come first'),
});
export const eventsQuery = z.object({ after: position.optional() });

export const sessionBody = z.strictObject({ token: z.string().min(1).max(200) });
export const startBody = z.strictObject({
  plan: z.string().min(1).max(1_000_000).describe('a plan document: YAML or JSON'),
  launchAt: z.string().min(1).max(100).optional(),
  speed: z.number().min(1).max(1_000_000).optional(),
  trial: z.boolean().optional(),
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)
    .optional(),
});
export const tokenBody = z.strictObject({
  person: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)
    .describe('as the plan writes them'),
  kind: z.enum(['person', 'agent', 'observer']).default('person'),
  launches: z
    .array(z.union([z.literal('*'), id]))
    .min(1)
    .max(100)
    .default(['*']),
  days: z.number().positive().max(3_660).default(90).describe('until it expires'),
  note: z.string().max(200).default(''),
});

/** Chosen by whoever acts: the same key again is not done twice. */
export const keyHeaders = z.object({
  'idempotency-key': z.string().min(1).max(400).regex(/\S/).optional(),
});

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .describe('RFC 9457, with a stable code');

const nullable = z.string().nullable();
export const launchesAnswer = z.object({
  launches: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      phase: nullable,
      launchAt: nullable,
      verdict: nullable,
      running: z.boolean().nullable().describe('null: Temporal does not answer'),
      mustOpen: z.int().nullable().describe('of one that runs, as Temporal lists it: seconds old'),
    })
  ),
  next: nullable.describe('the cursor of the next page'),
});
export const meAnswer = z.object({
  person: z.string(),
  kind: z.enum(['person', 'agent', 'observer', 'operator']),
  actsFor: z.string().optional(),
  csrf: nullable.describe('of a page that is signed in'),
  launches: z.union([z.literal('*'), z.array(z.string())]),
  people: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) })).optional(),
});
export const accepted = z.object({ text: z.string(), status: z.string(), looked: z.array(z.unknown()).optional() });
export const actions = z.object({
  actions: z.array(
    z.object({
      type: z.string(),
      allowed: z.boolean(),
      code: z.string().optional(),
      reason: z.string().optional(),
      choices: z.array(z.string()).optional(),
    })
  ),
});
export const ledgerAnswer = z.object({
  entries: z.int().describe('how many the launch says that it has'),
  head: nullable.describe('NUMBER:HASH of the last entry; null: the chain has not begun'),
  state: z
    .enum(['checking', 'sound', 'broken'])
    .describe('checking: nothing is known yet; sound: each entry up to `verified` is as it was written'),
  verified: z
    .object({ number: z.int(), head: z.string(), at: z.string() })
    .nullable()
    .describe('the last entry that was verified, its head, and when: each minute while somebody looks'),
  wholeAt: nullable.describe('when the entries verified before were read again to the last one'),
  vouched: z
    .object({ number: z.int(), from: z.string(), holds: z.boolean() })
    .nullable()
    .describe('the head that Temporal keeps; null: it keeps none, or did not answer'),
  broken: z.int().describe('how many places are not as they were written'),
  findings: z.array(z.object({ code: z.string(), number: z.int(), text: z.string() })).describe('the first of them'),
});
const token = {
  id: z.string(),
  person: z.string(),
  kind: z.string(),
  launches: z.array(z.string()),
  note: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  revokedAt: nullable,
};
export const tokenMade = z.object({ ...token, token: z.string().describe('told this once') });
export const tokensAnswer = z.object({ tokens: z.array(z.object(token)) });
/** What is described by the type of that name in domain/. */
export const anything = (what: string) => z.looseObject({}).describe(what) as unknown as z.ZodType<object>;
