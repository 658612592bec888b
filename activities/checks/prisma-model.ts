import { stat } from 'node:fs/promises';
import path from 'node:path';
import { prismaModelCheck, type PrismaModelCheck } from '../../plan/checks/prisma-model';
import { nearest } from '../../plan/nearest';
import { named, type Access } from './access';
import type { CheckType } from './check-type';
import { findFiles } from './glob';
import { codeOf, openPlain, readShort, realPathInside, realRoot } from './inside-root';
import { historyOf, type Migration } from './migrations';
import { DATABASES, placeOf, readOnly } from './postgres';
import { parseSchema, type ParsedSchema, type PrismaField, type SchemaFile } from './prisma-schema';
import type { CheckContext, CheckResult, Finding } from './result';
import { CannotRun, failed, inconclusive, MAX_READ_BYTES, passed, quoted, worstOf } from './result';
import { findTable, type TableName } from './sql-catalog';
import { UnreadableScript } from './sql-script';
import { inTurn } from './turns';

const DEFAULT_SCHEMA = 'prisma/schema.prisma';
const MAX_SCHEMA_FILES = 1_000;
const MAX_MIGRATIONS = 2_000;
/** Of several thousand names the nearest is not looked for in all, nor among those that nobody writes. */
const MAX_NAMES_COMPARED = 1_000;
const MAX_NAME_COMPARED = 100;
/** So many of those that are not as expected are told one by one. */
const MAX_TOLD = 5;

type Model = NonNullable<Extract<ParsedSchema, { names: string[] }>['model']>;

/** What cannot be told, in the midst of reading; its message says why. */
class CannotTell extends Error {}

/** A file of the worker's folder. */
async function textOf(inside: string, name: string): Promise<string> {
  const real = await realPathInside(inside, path.join(inside, name));
  const file = await openPlain(real).catch((error: unknown) => {
    const why = error instanceof CannotRun ? error.message : codeOf(error);
    throw new CannotRun(`${quoted(name)} cannot be read (${why})`);
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new CannotRun(`${quoted(name)} is not a file`);
    const bytes = await readShort(file, stats.size);
    if (bytes) return new TextDecoder().decode(bytes);
    throw new CannotTell(`${quoted(name)} is longer than ${MAX_READ_BYTES / 1_048_576} MB`);
  } finally {
    await file.close();
  }
}

/** The names, from the worker's folder on, of the files that a pattern finds below a folder. */
async function namesIn(folder: { inside: string; name: string }, pattern: string, signal: AbortSignal) {
  const real = await realPathInside(folder.inside, path.join(folder.inside, folder.name));
  const found = await findFiles(real, [pattern], signal).catch((error: unknown) => {
    if (error instanceof CannotRun || signal.aborted) throw error;
    throw new CannotRun(`${quoted(folder.name)} cannot be looked into (${codeOf(error)})`);
  });
  if (!found.complete) throw new CannotTell(`${quoted(folder.name)} has more files than are looked at`);
  const [link] = found.passedOver;
  if (link !== undefined)
    throw new CannotTell(`${quoted(path.join(folder.name, link))} is a link to a folder, which is not followed`);
  return found.files.map(({ name }) => path.join(folder.name, name));
}

const isFolder = async (full: string): Promise<boolean> => (await stat(full)).isDirectory();

interface Schema {
  files: SchemaFile[];
  /** Where its migrations are if the check does not say. */
  beside: string[];
}

async function readSchema(inside: string, name: string, signal: AbortSignal): Promise<Schema> {
  const real = await realPathInside(inside, path.join(inside, name));
  if (!(await isFolder(real))) {
    const content = await textOf(inside, name);
    return { files: [{ name, content }], beside: [path.join(path.dirname(name), 'migrations')] };
  }
  const names = await namesIn({ inside, name }, '**/*.prisma', signal);
  if (names.length === 0) throw new CannotRun(`there is no .prisma file in ${quoted(name)}`);
  if (names.length > MAX_SCHEMA_FILES) throw new CannotTell(`${quoted(name)} has more than ${MAX_SCHEMA_FILES} files`);
  const files: SchemaFile[] = [];
  let length = 0;
  for (const each of names) {
    signal.throwIfAborted();
    const content = await textOf(inside, each);
    length += content.length;
    if (length > MAX_READ_BYTES)
      throw new CannotTell(`${quoted(name)} is longer than ${MAX_READ_BYTES / 1_048_576} MB`);
    files.push({ name: each, content });
  }
  return { files, beside: [path.join(name, 'migrations'), path.join(path.dirname(name), 'migrations')] };
}

function hintAmong(word: string, names: readonly string[]): string {
  const short = names.filter(({ length }) => length <= MAX_NAME_COMPARED).slice(0, MAX_NAMES_COMPARED);
  const near = nearest(word, short);
  return near === undefined ? '' : ` (there is ${quoted(near)})`;
}

const typeOf = ({ type, isList, isRequired }: PrismaField): string => `${type}${isList ? '[]' : isRequired ? '' : '?'}`;

/** One finding for each field that is not as expected, or one for all. */
function fieldFindings(model: Model, expected: PrismaModelCheck['fields']): Finding[] {
  const wanted = Object.entries(expected ?? {});
  const missed = wanted.flatMap(([name, type]) => {
    const field = model.fields.find((each) => each.name === name);
    const names = model.fields.map((each) => each.name);
    if (!field) return [failed(`it has no field ${quoted(name)}${hintAmong(name, names)}`)];
    const found = typeOf(field);
    return found === type ? [] : [failed(`its field ${quoted(name)} is ${found}, expected ${type}`)];
  });
  if (missed.length > 0 || wanted.length === 0) return missed;
  return [passed(wanted.length === 1 ? 'it has the field' : `it has the ${wanted.length} fields`)];
}

const tableOf = ({ name, dbName, schema }: Model): TableName => ({ schema: schema ?? undefined, name: dbName ?? name });
const shownTable = ({ schema, name }: TableName): string => quoted(schema === undefined ? name : `${schema}.${name}`);

async function folderOfMigrations(inside: string, candidates: readonly string[]): Promise<string | undefined> {
  for (const name of candidates) {
    const isThere = await isFolder(path.join(inside, name)).catch(() => false);
    if (isThere) return name;
  }
  return undefined;
}

/** Read one after the other, and none is kept: together they may be long. */
async function* migrationsIn(inside: string, folder: string, signal: AbortSignal): AsyncGenerator<Migration> {
  const names = await namesIn({ inside, name: folder }, '*/migration.sql', signal);
  if (names.length > MAX_MIGRATIONS)
    throw new CannotTell(`${quoted(folder)} has more than ${MAX_MIGRATIONS} migrations`);
  for (const name of names) {
    signal.throwIfAborted();
    yield { name: path.basename(path.dirname(name)), sql: await textOf(inside, name) };
  }
}

async function migrationFinding(table: TableName, candidates: readonly string[], look: Look): Promise<Finding> {
  const { inside, signal } = look;
  const folder = await folderOfMigrations(inside, candidates);
  if (folder === undefined) return failed(`there is no folder ${candidates.map(quoted).join(' or ')} of migrations`);
  const { createdBy, droppedBy, unsure } = await historyOf(table, migrationsIn(inside, folder, signal), signal);
  const shown = shownTable(table);
  if (unsure !== undefined) {
    return inconclusive(`the migration ${quoted(unsure)} does what cannot be followed, perhaps to the table ${shown}`);
  }
  if (createdBy !== undefined) return passed(`the migration ${quoted(createdBy)} creates its table ${shown}`);
  if (droppedBy !== undefined) return failed(`the migration ${quoted(droppedBy)} drops or renames its table ${shown}`);
  return failed(`no migration in ${quoted(folder)} creates its table ${shown}`);
}

const columnsOf = ({ fields }: Model): string[] =>
  fields.filter(({ kind }) => kind !== 'object').map(({ name, dbName }) => dbName ?? name);

async function databaseFinding(model: Model, database: string, context: CheckContext): Promise<Finding> {
  const table = tableOf(model);
  const found = await readOnly(database, context, (ask) => findTable(table, ask));
  const where = `the database ${quoted(database)}`;
  if (!found.exists) return failed(`${where} has no table ${shownTable(table)}${found.hint}`);
  const columns = columnsOf(model);
  const missing = columns.filter((column) => !found.columns.includes(column));
  if (missing.length === 0)
    return passed(`${where} has the table ${shownTable(table)} with its ${columns.length} columns`);
  const more = missing.length > MAX_TOLD ? ` and ${missing.length - MAX_TOLD} more` : '';
  const names = missing.slice(0, MAX_TOLD).map(quoted).join(', ');
  return failed(`in ${where} the table ${shownTable(table)} lacks the columns ${names}${more}`);
}

interface Look {
  inside: string;
  signal: AbortSignal;
}

/** What cannot be told of one part is no reason to look at none of the others. */
async function told(finding: Promise<Finding>): Promise<Finding> {
  return finding.catch((error: unknown) => {
    if (error instanceof CannotTell) return inconclusive(error.message);
    if (error instanceof UnreadableScript) return inconclusive(`a migration is not SQL: ${error.message}`);
    if (error instanceof CannotRun) return { outcome: 'errored', seen: error.message };
    throw error;
  });
}

/** What the files say. */
interface Read {
  model?: Model;
  findings: Finding[];
}

/** Reads the schema and the migrations. @throws CannotTell where the model cannot be told */
async function readFiles(check: PrismaModelCheck, { inside, signal }: Look): Promise<Read> {
  const name = check.schema ?? DEFAULT_SCHEMA;
  const { files, beside } = await readSchema(inside, name, signal);
  const parsed = await parseSchema(files, check.model, signal);
  if ('why' in parsed) throw new CannotTell(`${quoted(name)} ${parsed.why}`);
  const { model, names } = parsed;
  if (!model) {
    return {
      findings: [failed(`${quoted(name)} has no model ${quoted(check.model)}${hintAmong(check.model, names)}`)],
    };
  }
  const { migration } = check;
  const folders = typeof migration === 'object' && migration.folder !== undefined ? [migration.folder] : beside;
  const findings = [
    passed(`${quoted(name)} has the model ${quoted(check.model)}`),
    ...fieldFindings(model, check.fields),
    ...(migration ? [await told(migrationFinding(tableOf(model), folders, { inside, signal }))] : []),
  ];
  return { model, findings };
}

function together(findings: readonly Finding[]): CheckResult {
  const outcome = worstOf(findings);
  const [first, ...others] = findings;
  const said = others.filter((finding) => outcome === 'passed' || finding.outcome !== 'passed').map(({ seen }) => seen);
  const more = said.length > MAX_TOLD ? [`and ${said.length - MAX_TOLD} more`] : [];
  return { outcome, seen: [first?.seen ?? '', ...said.slice(0, MAX_TOLD), ...more].join(', ') };
}

/**
 * Looks at a model as Prisma's parser sees it, at the migrations and at the database. It takes the place of one that
 * reads files and, when that is left, the one at the database: a database that hangs holds up no files.
 */
async function runPrismaModel(check: PrismaModelCheck, context: CheckContext): Promise<CheckResult> {
  const { signal, access } = context;
  const { database } = check;
  try {
    const inside = await realRoot(access.root);
    const { model, findings } = await inTurn('files', context, () => readFiles(check, { inside, signal }));
    if (!model || database === undefined) return together(findings);
    const asked = inTurn(placeOf(database), context, () => databaseFinding(model, database, context));
    return together([...findings, await told(asked)]);
  } catch (error) {
    if (error instanceof CannotTell) return inconclusive(error.message);
    throw error;
  }
}

function refusals({ database }: PrismaModelCheck, access: Access): string[] {
  if (database === undefined) return [];
  const found = named(access.databases, database, DATABASES);
  return 'refused' in found ? [found.refused] : [];
}

/** Paths that lead out of the worker's folder are refused by the schema, links when they are followed. */
export const prismaModel: CheckType<PrismaModelCheck> = {
  schema: prismaModelCheck,
  refusals,
  run: runPrismaModel,
};
