import { z } from 'zod';
import { check } from '../checks/registry';
import { duration, id, interval, moment, names, patience, positive, quorum, sourceLine, text, title } from './scalars';

const by = names
  .optional()
  .meta({ description: 'People, roles or groups who may answer.', absent: "the item's owners" });
const enough = quorum.optional().meta({
  description:
    'How many answers are enough: any, all (each listed role), a number of people, or a number for each role.',
  default: 'any',
});

const attest = z.strictObject({ by, quorum: enough });
const acknowledge = z.strictObject({
  by,
  documents: z.array(title).optional().describe('What is to be read.'),
  quorum: enough,
});
const claim = z.strictObject({
  by,
  text: text.optional().describe('What is said to be done.'),
  quorum: enough,
});

/** Ways to meet a criterion; none of them means that the owners give their word. */
export const MEASURES = ['check', 'attest', 'acknowledge', 'claim'] as const;
/** How a check is run; said without a check they mean nothing. */
export const WATCH_KEYS = ['every', 'timeout', 'consecutive', 'failureLimit', 'errorLimit'] as const;

/** What a criterion and a gate entry with a criterion of its own have in common. */
export const measureKeys = {
  check: check.optional().describe('Measured automatically.'),
  attest: attest.optional().describe("Met by people's word."),
  acknowledge: acknowledge.optional().describe('Met when people say that they have read something.'),
  claim: claim.optional().describe('Said to be done already, and to be attested.'),
  independent: z.boolean().optional().meta({ description: "The item's own owners may not answer.", default: false }),
  freshFor: duration.optional().describe("People's word older than this duration is stale."),
  from: moment.optional().describe('Instant before which it is not looked at.'),
  every: interval
    .optional()
    .meta({ description: 'Duration between two measurements of a check; at least 1s.', default: '1m' }),
  timeout: patience
    .optional()
    .meta({ description: 'Duration after which a measurement is given up; at least 100ms.', default: '10s' }),
  consecutive: positive.optional().meta({ description: 'Passes in a row that make a check met.', default: 1 }),
  failureLimit: positive
    .optional()
    .meta({ description: 'Failures in a row that make a met check fall back.', default: 1 }),
  errorLimit: positive
    .optional()
    .meta({ description: 'Errors in a row after which the owner hears that the check itself is broken.', default: 5 }),
};

/** At most one way to be met, and watch keys only beside a check. */
export function refineMeasure(value: { [key: string]: unknown }, context: z.RefinementCtx): void {
  const given = MEASURES.filter((key) => value[key] !== undefined);
  for (const key of given.slice(1)) {
    context.addIssue({
      code: 'custom',
      path: [key],
      message: `only one of ${MEASURES.join(', ')}; ${given[0]} is there`,
    });
  }
  if (value.check !== undefined) return;
  for (const key of WATCH_KEYS) {
    if (value[key] !== undefined)
      context.addIssue({ code: 'custom', path: [key], message: `${key} only beside a check` });
  }
}

export const criterion = z
  .strictObject({
    id: id.optional().meta({ description: 'Unique within its item.', absent: 'made from the title' }),
    title: title.describe('What must be true.'),
    ...measureKeys,
    source: sourceLine.optional(),
  })
  .superRefine(refineMeasure);
export type CriterionDocument = z.infer<typeof criterion>;
