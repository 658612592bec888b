import { z } from 'zod';
import { count, fromEnvironment, id, text } from '../schema/scalars';
import { expectation } from './operators';

const MAX_PARAMS = 100;

const query = text.refine((sql) => sql.trim() !== '', { error: 'one SQL query' });

/** Postgres cuts longer names short without a word, and then another table answers. */
const MAX_NAME_BYTES = 63;
const isSqlName = (name: string): boolean =>
  name !== '' && Buffer.byteLength(name) <= MAX_NAME_BYTES && !/[\u0000-\u001f"]/.test(name);

/** As the catalog has it: no quotes, and letter case counts. */
const tableName = z.string().refine((name) => name.split('.').length <= 2 && name.split('.').every(isSqlName), {
  error: 'a table as the database has it, table or schema.table, without quotes',
});
const columnName = z.string().refine(isSqlName, { error: 'a column as the database has it, without quotes' });

const param = z.union(
  [
    z.string().refine((value) => !value.includes('\0'), { error: 'a text without the character 0' }),
    z.number(),
    z.boolean(),
    z.null(),
    fromEnvironment,
  ],
  { error: 'a text, a number, true, false, null, or { env: NAME }' }
);

const rows = z
  .strictObject({
    equals: count.optional().describe('Exactly this number of rows.'),
    atLeast: count.optional().describe('At least this number of rows.'),
    atMost: count.optional().describe('At most this number of rows.'),
  })
  .refine((value) => Object.values(value).some((bound) => bound !== undefined), {
    error: 'at least one of equals, atLeast, atMost',
  })
  .refine(({ atLeast = 0, atMost = Infinity }) => atLeast <= atMost, { error: 'an atMost that is not below atLeast' });

const expected = z
  .strictObject({
    value: expectation
      .optional()
      .describe('What the first column of the first row must be; without a row it is absent.'),
    rows: rows.optional().describe('How many rows there must be.'),
  })
  .refine(({ value, rows: number }) => value !== undefined || number !== undefined, {
    error: 'at least one of value, rows',
  });

interface Keys {
  query?: unknown;
  params?: unknown;
  expect?: unknown;
  table?: unknown;
  column?: unknown;
}

/** The first key that does not go with the others, and what was expected of it. */
function misplaced(check: Keys): { key?: keyof Keys; expected: string } | undefined {
  const { query: asked, table, expect } = check;
  if (asked === undefined && table === undefined) return { expected: 'a query or a table' };
  if (asked !== undefined && table !== undefined) return { key: 'table', expected: 'a query or a table, not both' };
  if (asked !== undefined) {
    if (expect === undefined) return { key: 'expect', expected: 'what the answer of the query must be' };
    return check.column === undefined ? undefined : { key: 'column', expected: 'a column only with a table' };
  }
  if (expect !== undefined) return { key: 'expect', expected: 'expect only with a query: a table has to exist' };
  return check.params === undefined ? undefined : { key: 'params', expected: 'params only with a query' };
}

export const sqlCheck = z
  .strictObject({
    type: z.literal('sql').describe('A query to a database, or whether a table is there.'),
    database: id.describe("Name of a database in the worker's configuration."),
    query: query.optional().describe('One SELECT (or WITH, VALUES, TABLE); it is run read only.'),
    params: z
      .array(param)
      .max(MAX_PARAMS, { error: `at most ${MAX_PARAMS} values` })
      .optional()
      .describe('Values of `$1`, `$2` … in the query; { env: NAME } is taken from the worker.'),
    expect: expected.optional().describe('What the answer of the query must be; needed with a query.'),
    table: tableName
      .optional()
      .describe(
        'Instead of a query: a table or view that must exist, `table` or `schema.table`, letter case as it is.'
      ),
    column: columnName.optional().describe('A column that the table must have, letter case as it is.'),
  })
  .superRefine((check, context) => {
    const found = misplaced(check);
    if (found) context.addIssue({ code: 'custom', message: found.expected, path: found.key ? [found.key] : [] });
  })
  .describe('Asks a Postgres database.');

export type SqlCheck = z.infer<typeof sqlCheck>;
