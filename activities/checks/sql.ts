import pg from 'pg';
import type { Json } from '../../domain/plan';
import type { Expectation } from '../../plan/checks/operators';
import { sqlCheck, type SqlCheck } from '../../plan/checks/sql';
import { named, type Access } from './access';
import type { CheckType } from './check-type';
import { fromEnvironment, secretsRefused } from './environment';
import { evaluate } from './operators';
import { DATABASES, placeOf, readOnly, WRONG_QUERY, WrongQuery, type Ask } from './postgres';
import type { CheckContext, CheckResult, Finding } from './result';
import { failed, inconclusive, MAX_READ_BYTES, NOT_SHOWN, passed, quoted, worstOf } from './result';
import { findTable } from './sql-catalog';

/** Rows are counted at least so far, so that what is told is the number itself wherever that is cheap. */
const COUNT_UP_TO = 10_000;
/** Errors that the data made (a division by zero, a text that is no number, a function that raised one). */
const BY_DATA = /^(21|22|P0)/;

interface Answer {
  /** At most one more than was to be counted. */
  rows: string;
  hasFirst: boolean;
  /** The first value as JSON; null as well for SQL's null. */
  first: string | null;
  isTooLong: boolean | null;
}

/**
 * The plan's query stands where only a query can stand, whatever it says: no other statement, none that writes, and
 * (by the extended protocol) none after it. The server sends one row of at most MAX_READ_BYTES, and stops counting.
 */
function statementOf({ query = '', expect }: SqlCheck): { statement: string; begin: number } {
  const asked = query.replace(/[\s;]+$/, '');
  // What is not asked for is not computed.
  const counted = expect?.rows ? `SELECT FROM answer LIMIT ${countUpTo(expect.rows) + 1}` : 'SELECT WHERE false';
  const first = `SELECT to_json("launch-director value")::text AS json FROM answer LIMIT 1`;
  const none = `SELECT NULL::text AS json WHERE false`;
  const before = `
    WITH answer${expect?.value ? ' ("launch-director value")' : ''} AS (SELECT * FROM (\n`;
  const statement = `${before}${asked}\n) AS asked),
         first AS (${expect?.value ? first : none})
    SELECT (SELECT count(*) FROM (${counted}) AS counted) AS rows,
           EXISTS (SELECT FROM first) AS "hasFirst",
           (SELECT octet_length(json) > ${MAX_READ_BYTES} FROM first) AS "isTooLong",
           (SELECT CASE WHEN octet_length(json) <= ${MAX_READ_BYTES} THEN json END FROM first) AS first`;
  return { statement, begin: before.length };
}

/** A number's digits without what does not count: the sign, the point, zeros before and behind. */
function significant(digits: string): string {
  const [mantissa = ''] = digits.split(/e/i);
  const fraction = mantissa.includes('.') ? mantissa.replace(/0+$/, '') : mantissa;
  return fraction.replace(/[-.]/g, '').replace(/^0+/, '');
}

const EXACT_DIGITS = 15;

/** Whether a number that is longer than JavaScript's may be the operand, or only nearly. */
function isTooNear(json: string, number: number, { equals, not, atLeast, atMost }: Expectation): boolean {
  const isExact = significant(json).length <= EXACT_DIGITS || String(number) === json;
  return !isExact && [equals, not, atLeast, atMost].includes(number);
}

/** Lists and objects are described: whatever else is in them is nobody's business here. */
function shownJson(value: Json, json: string): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'number') return json;
  return value !== null && typeof value === 'object' ? 'an object' : quoted(value);
}

/** @param hidden of a query that knows a secret no value is told: it can be the secret in any disguise */
function valueFinding({ hasFirst, first, isTooLong }: Answer, expected: Expectation, hidden: boolean): Finding {
  if (!hasFirst) return evaluate(expected, { name: 'the first value of no row', value: undefined });
  const name = 'the first value';
  if (isTooLong) return inconclusive(`${name} is longer than ${MAX_READ_BYTES / 1_048_576} MB`);
  const json = first ?? 'null';
  const value = JSON.parse(json) as Json;
  if (typeof value === 'number' && isTooNear(json, value, expected)) {
    return inconclusive(`${name} is ${hidden ? NOT_SHOWN : json}, too long a number to be told from the operand`);
  }
  return evaluate(expected, { name, value, shown: hidden ? NOT_SHOWN : shownJson(value, json) });
}

function rowsFinding(rows: number, expected: NonNullable<NonNullable<SqlCheck['expect']>['rows']>): Finding {
  const most = countUpTo(expected);
  const shown = rows > most ? `more than ${most}` : String(rows);
  return evaluate(expected, { name: 'the number of rows', value: rows, shown });
}

const countUpTo = ({ equals = 0, atLeast = 0, atMost = 0 }: { equals?: number; atLeast?: number; atMost?: number }) =>
  Math.max(COUNT_UP_TO, equals, atLeast, atMost);

const isSecret = (param: unknown): boolean => typeof param === 'object' && param !== null;

/** What a wrong query was told, without the message: it quotes values, in which a secret is not found any more. */
function withoutMessage(error: unknown, begin: number): unknown {
  if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith(WRONG_QUERY)) return error;
  const letter = Number(error.position ?? NaN) - begin;
  return new WrongQuery(`${error.code}${letter > 0 ? `, at letter ${letter} of the query` : ''}`);
}

async function askQuery(check: SqlCheck, ask: Ask, context: CheckContext): Promise<Finding[]> {
  const values = (check.params ?? []).map((param) =>
    param === null || typeof param !== 'object' ? param : fromEnvironment(param.env, context)
  );
  const hasSecrets = (check.params ?? []).some(isSecret);
  const { value, rows } = check.expect ?? {};
  const { statement, begin } = statementOf(check);
  const [answer] = await ask<Answer & pg.QueryResultRow>(statement, values).catch((error: unknown) => {
    throw hasSecrets ? withoutMessage(error, begin) : error;
  });
  if (!answer) return [inconclusive('the query gave no answer')];
  return [
    ...(value ? [valueFinding(answer, value, hasSecrets)] : []),
    ...(rows ? [rowsFinding(Number(answer.rows), rows)] : []),
  ];
}

async function tableFinding({ table = '', column }: SqlCheck, ask: Ask): Promise<Finding> {
  const [name = '', schema] = table.split('.').reverse();
  const found = await findTable({ schema, name }, ask);
  if (!found.exists) return failed(`there is no table ${quoted(table)}${found.hint}`);
  if (column === undefined) return passed(`there is the table ${quoted(table)}`);
  if (found.columns.includes(column)) return passed(`the table ${quoted(table)} has the column ${quoted(column)}`);
  const other = found.columns.find((name) => name.toLowerCase() === column.toLowerCase());
  const hint = other === undefined ? '' : ` (there is ${quoted(other)})`;
  return failed(`the table ${quoted(table)} has no column ${quoted(column)}${hint}`);
}

/** One question to a database of the worker's. */
async function runSql(check: SqlCheck, context: CheckContext): Promise<CheckResult> {
  const findings = await readOnly(check.database, context, async (ask) => {
    if (check.table !== undefined) return [await tableFinding(check, ask)];
    return askQuery(check, ask, context).catch((error: unknown): Finding[] => {
      if (!(error instanceof pg.DatabaseError) || !BY_DATA.test(error.code ?? '')) throw error;
      // Its message may hold what is in the database.
      return [inconclusive(`the query was ended by an error in what it computes (${error.code})`)];
    });
  });
  const told = findings.map(({ seen }) => seen).join(', ');
  return { outcome: worstOf(findings), seen: `in the database ${quoted(check.database)} ${told}` };
}

function refusals({ database, params = [] }: SqlCheck, access: Access): string[] {
  const found = named(access.databases, database, DATABASES);
  const secrets = params.filter((param) => typeof param === 'object' && param !== null);
  return [...('refused' in found ? [found.refused] : []), ...secretsRefused(secrets, access)];
}

export const sql: CheckType<SqlCheck> = {
  schema: sqlCheck,
  refusals,
  shares: ({ database }) => placeOf(database),
  run: runSql,
};
