import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { z } from 'zod';
import { PRIORITIES, SEVERITIES } from '../domain/plan';
import { CliError } from './failure';

/** No report is longer; a wrong file may be. */
const LONGEST = 200_000;

const line = z.string({ error: 'a text' }).trim().min(1, { error: 'at least one letter' });
const lines = z.union([line.transform((one) => [one]), z.array(line)], { error: 'a text or a list of texts' });

/** The template of a reported blocker, as a program fills it in. */
const reportFields = z.strictObject({
  title: line,
  impact: line.optional(),
  owners: lines.optional(),
  priority: z.enum(PRIORITIES, { error: `one of ${PRIORITIES.join(', ')}` }).optional(),
  severity: z.enum(SEVERITIES, { error: `one of ${SEVERITIES.join(', ')}` }).optional(),
  deadline: line.optional(),
  acceptance: lines.optional(),
});
export type ReportFields = z.infer<typeof reportFields>;

/** @throws CliError BAD_INPUT naming every field that is wrong, and what was expected of it */
export function checkReport(value: unknown, from: string): ReportFields {
  const read = reportFields.safeParse(value);
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message, code }) => {
    const where = path.length > 0 ? `'${path.join('.')}' must be ` : '';
    return code === 'unrecognized_keys'
      ? `it takes ${Object.keys(reportFields.shape).join(', ')} (${message})`
      : `${where}${message}`;
  });
  throw new CliError('BAD_INPUT', `${from}: ${wrong.join('; ')}`);
}

async function readText(file: string): Promise<string> {
  try {
    return file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError('BAD_INPUT', `--file ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** The JSON object of a file or, as `-`, of standard input; what it says is not checked. @throws CliError BAD_INPUT */
export async function readReport(file: string): Promise<object> {
  const from = file === '-' ? 'standard input' : `--file ${file}`;
  const text = await readText(file);
  if (text.length > LONGEST) throw new CliError('BAD_INPUT', `${from}: at most ${LONGEST} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError('BAD_INPUT', `${from} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('BAD_INPUT', `${from}: one JSON object like {"title": "Checkout loses carts"}`);
  }
  return value;
}
