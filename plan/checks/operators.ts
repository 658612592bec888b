import { JSONPathEnvironment } from 'json-p3';
import { z } from 'zod';
import { count, searched } from '../schema/scalars';

const MAX_PATH_LETTERS = 1_000;

/** Beyond this several whole numbers are read as one, and another number would pass for the one that is meant. */
const exact = z
  .number({ error: 'a number' })
  .refine((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER, { error: 'a number below 2^53, or a text' });
const scalar = z.union([z.string(), exact, z.boolean(), z.null()], {
  error: 'a text, a number below 2^53, true, false or null',
});
const bound = z.number({ error: 'a number' });

/** One small set of operators for every check; all that are given must hold. */
const operators = {
  equals: scalar.optional().describe('Equal to this, letter for letter; texts and numbers are not mixed.'),
  not: scalar.optional().describe('Present, and different from this; lists and objects differ from null alone.'),
  atLeast: bound.optional().describe('A number that is at least this.'),
  atMost: bound.optional().describe('A number that is at most this.'),
  contains: z
    .string()
    .min(1, { error: 'at least one letter' })
    .optional()
    .describe('A text that contains this, or a list of which one value is this text.'),
  matches: searched.optional().describe('A text in which this RE2 pattern is found.'),
  exists: z.boolean().optional().describe('Whether it must be there at all; null is there.'),
  length: count.optional().describe('A text of exactly so many letters (code points), or a list of so many values.'),
};

const NAMES = Object.keys(operators) as Array<keyof typeof operators>;
type Given = { [operator in keyof typeof operators]?: unknown };
const namesOf = (given: Given): string[] => NAMES.filter((name) => given[name] !== undefined);

const hasOperator = (given: Given): boolean => namesOf(given).length > 0;
const oneOperator = { error: `at least one of ${NAMES.join(', ')}` };
/** What is absent has no value that another operator could hold for. */
const isPossible = (given: Given): boolean => given.exists !== false || namesOf(given).length === 1;
const possible = { error: 'exists: false without another operator' };
type Bounds = { atLeast?: number; atMost?: number };
const isInOrder = ({ atLeast = -Infinity, atMost = Infinity }: Bounds): boolean => atLeast <= atMost;
const inOrder = { error: 'an atMost that is not below atLeast' };
/** No value is what it must not be, or beyond its own bounds. */
const canEqual = ({ equals, not, atLeast = -Infinity, atMost = Infinity }: Bounds & Given): boolean =>
  equals === undefined || (equals !== not && (typeof equals !== 'number' || (equals >= atLeast && equals <= atMost)));
const equal = { error: 'an equals that the other operators allow' };

export const expectation = z
  .strictObject(operators)
  .refine(hasOperator, oneOperator)
  .refine(isPossible, possible)
  .refine(isInOrder, inOrder)
  .refine(canEqual, equal);
export type Expectation = z.infer<typeof expectation>;

function isJsonPath(path: string): boolean {
  try {
    new JSONPathEnvironment().compile(path);
    return true;
  } catch {
    return false;
  }
}

const jsonPath = z
  .string()
  .max(MAX_PATH_LETTERS, { error: `at most ${MAX_PATH_LETTERS} letters`, abort: true })
  .refine(isJsonPath, { error: 'a JSONPath (RFC 9535) like $.status' });

/** The same operators, applied to what a JSONPath selects. */
export const expectationAt = z
  .strictObject({
    path: jsonPath.describe('JSONPath (RFC 9535) of the value; none selected counts as absent.'),
    ...operators,
  })
  .refine(hasOperator, oneOperator)
  .refine(isPossible, possible)
  .refine(isInOrder, inOrder)
  .refine(canEqual, equal);
export type ExpectationAt = z.infer<typeof expectationAt>;
