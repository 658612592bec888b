import { z } from 'zod';
import type { WrittenFact } from '../domain/replay';
import { VERDICTS } from './schema';

/**
 * What a report reads of facts. They were written by the rules; but a database can be changed by hand, and a report is
 * what shows it.
 */

const text = z.string();
const at = z.number().min(-8.64e15).max(8.64e15);
const reasons = z.array(z.object({ code: text, ref: text, text }));
const by = z.looseObject({ by: text });

const OF_LAUNCH: { readonly [type: string]: z.ZodType } = {
  started: by,
  decided: z.looseObject({
    verdict: z.looseObject({ value: z.enum(VERDICTS), at, launchAt: at, reasons, conditions: reasons }),
  }),
  ended: z.looseObject({ how: text, reason: text }),
  signedOff: by.extend({
    answer: z.enum(['yes', 'no', 'withdraw']),
    digest: text,
    accepts: z.array(text),
    why: text.optional(),
  }),
  signOffVoided: by.extend({ reason: text }),
  signOffSuspended: by.extend({ item: text }),
  held: by.extend({ reason: text }),
  released: by.extend({ reason: text.optional() }),
  blockerReported: z.looseObject({
    report: by.extend({
      id: text,
      title: text,
      at,
      impact: text.optional(),
      priority: text.optional(),
      severity: text.optional(),
    }),
  }),
  blockerReviewed: by.extend({ report: text, accept: z.boolean(), reason: text.optional() }),
  rescheduled: by.extend({ launchAt: at, reason: text }),
  dateTaken: z.looseObject({ launchAt: at, reason: text }),
  amended: by.extend({
    reason: text,
    plan: z.looseObject({ revision: z.int(), items: z.array(z.looseObject({ id: text })) }),
  }),
};

const OF_ITEMS: { readonly [type: string]: z.ZodType } = {
  moved: z.looseObject({ to: text, text, fall: text.optional() }),
  waiverGiven: by.extend({ criterion: text, reason: text, risk: text, until: at }),
  retracted: by.extend({ criterion: text, what: text }),
};

/** Made once: to make a schema takes longer than to ask one. */
const ANY = z.looseObject({});

/** Whether a fact is as its type has it; of those that no report reads, always. */
export function isReadable({ item, type, body }: WrittenFact): boolean {
  const shapes = item === undefined ? OF_LAUNCH : OF_ITEMS;
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : ANY;
  return shape!.safeParse(body).success;
}
