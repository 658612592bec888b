import { JSONPathEnvironment } from 'json-p3';
import { z } from 'zod';
import { count, pattern } from '../schema/scalars';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'a text, a number, true, false or null',
});
const bound = z.number({ error: 'a number' });

/** One small set of operators for every check; all that are given must hold. */
const operators = {
  equals: scalar.optional().describe('Equal to this; texts and numbers are not mixed.'),
  not: scalar.optional().describe('Present, and different from this.'),
  atLeast: bound.optional().describe('A number that is at least this.'),
  atMost: bound.optional().describe('A number that is at most this.'),
  contains: z
    .string()
    .min(1, { error: 'at least one letter' })
    .optional()
    .describe('A text or list that contains this.'),
  matches: pattern.optional().describe('A text in which this RE2 pattern is found.'),
  exists: z.boolean().optional().describe('Whether it must be there at all.'),
  length: count.optional().describe('A text or list of exactly this length.'),
};

const atLeastOne = (value: object): boolean => Object.values(value).some((operand) => operand !== undefined);
const oneOperator = { error: `at least one of ${Object.keys(operators).join(', ')}` };

export const expectation = z.strictObject(operators).refine(atLeastOne, oneOperator);
export type Expectation = z.infer<typeof expectation>;

function isJsonPath(path: string): boolean {
  try {
    new JSONPathEnvironment().compile(path);
    return true;
  } catch {
    return false;
  }
}

const jsonPath = z.string().refine(isJsonPath, { error: 'a JSONPath (RFC 9535) like $.status' });

/** The same operators, applied to what a JSONPath selects. */
export const expectationAt = z
  .strictObject({
    path: jsonPath.describe('JSONPath (RFC 9535) of the value; none selected counts as absent.'),
    ...operators,
  })
  .refine((value) => atLeastOne({ ...value, path: undefined }), oneOperator);
export type ExpectationAt = z.infer<typeof expectationAt>;
