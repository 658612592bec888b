/** Which tables a folder of migrations leaves behind. */
import type { TableName } from './sql-catalog';
import { statementsOf, type Token } from './sql-script';

export interface Migration {
  name: string;
  sql: string;
}

/** What the migrations, run in order, come to for one table. */
export interface TableHistory {
  /** The migration that the present table was made by. */
  createdBy?: string;
  /** The last one that took it away, where there is none now. */
  droppedBy?: string;
  /** One that does something, perhaps with it, that is not followed. */
  unsure?: string;
}

type Effect = { does: 'create' | 'drop'; table: TableName } | { does: 'drop-schema'; schema: string };

/** What unqualified names mean, by default, in Postgres, SQL Server and SQLite. */
const USUAL_SCHEMAS: ReadonlySet<string> = new Set(['public', 'dbo', 'main']);

const keyOf = ({ schema, name }: TableName): string =>
  JSON.stringify([schema === undefined || USUAL_SCHEMAS.has(schema) ? '' : schema, name]);

/** Reads a statement from left to right. */
class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** Passes these words if they are next. */
  words(...words: string[]): boolean {
    const next = this.tokens.slice(this.at, this.at + words.length);
    const areNext = words.every((word, index) => next[index]?.kind === 'word' && next[index].text === word);
    if (areNext) this.at += words.length;
    return areNext;
  }

  sign(sign: string): boolean {
    const isNext = this.tokens[this.at]?.kind === 'sign' && this.tokens[this.at]!.text === sign;
    if (isNext) this.at++;
    return isNext;
  }

  private identifier(): string | undefined {
    const inBrackets = this.sign('[');
    const token = this.tokens[this.at];
    if (token?.kind !== 'word' && token?.kind !== 'name') return undefined;
    this.at++;
    if (inBrackets) this.sign(']');
    return token.text;
  }

  table(): TableName | undefined {
    const parts: string[] = [];
    do {
      const part = this.identifier();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (this.sign('.'));
    const [name = '', schema] = parts.reverse();
    return { schema, name };
  }
}

function listOf(reader: Reader): TableName[] {
  const tables: TableName[] = [];
  do {
    const table = reader.table();
    if (table) tables.push(table);
  } while (reader.sign(','));
  return tables;
}

function createEffects(reader: Reader): Effect[] {
  // A temporary table is gone with the migration.
  if (reader.words('temporary') || reader.words('temp') || reader.words('local') || reader.words('global')) return [];
  reader.words('unlogged');
  if (!reader.words('table')) return [];
  reader.words('if', 'not', 'exists');
  const table = reader.table();
  return table ? [{ does: 'create', table }] : [];
}

function dropEffects(reader: Reader): Effect[] {
  const isSchema = reader.words('schema');
  if (!isSchema && !reader.words('table')) return [];
  reader.words('if', 'exists');
  const names = listOf(reader);
  if (isSchema) return names.map(({ name }) => ({ does: 'drop-schema', schema: name }));
  return names.map((table) => ({ does: 'drop', table }));
}

const moved = (from: TableName, to: TableName): Effect[] => [
  { does: 'drop', table: from },
  { does: 'create', table: to },
];

function alterEffects(reader: Reader): Effect[] {
  if (!reader.words('table')) return [];
  reader.words('if', 'exists');
  reader.words('only');
  const table = reader.table();
  if (!table) return [];
  if (reader.words('rename', 'to') || reader.words('rename', 'as')) {
    const to = reader.table();
    return to ? moved(table, { schema: to.schema ?? table.schema, name: to.name }) : [];
  }
  if (!reader.words('set', 'schema')) return [];
  const schema = reader.table()?.name;
  return schema === undefined ? [] : moved(table, { schema, name: table.name });
}

/** MySQL's `RENAME TABLE a TO b, c TO d`. */
function renameEffects(reader: Reader): Effect[] {
  if (!reader.words('table')) return [];
  const effects: Effect[] = [];
  do {
    const from = reader.table();
    const to = reader.words('to') ? reader.table() : undefined;
    if (from && to) effects.push(...moved(from, to));
  } while (reader.sign(','));
  return effects;
}

function effectsOf(statement: readonly Token[]): Effect[] {
  const reader = new Reader(statement);
  if (reader.words('create')) return createEffects(reader);
  if (reader.words('drop')) return dropEffects(reader);
  if (reader.words('alter')) return alterEffects(reader);
  return reader.words('rename') ? renameEffects(reader) : [];
}

const CODE = new Set(['do', 'execute', 'exec', 'call', 'create', 'select', 'prepare', 'set', 'declare', 'if']);
const CHANGES = /\b(create|drop|rename|set\s+schema|rollback|abort)\b/i;
/** Code that changes tables or all of a schema, and puts texts together that it runs. */
const TABLES = /\b(table|schema|owned)\b/i;
const MADE_UP = /\bexec(ute)?\b|\|\||\bformat\s*\(|\bconcat/i;
const UNDOES: ReadonlySet<string> = new Set(['rollback', 'abort']);
const CHANGING: ReadonlySet<string> = new Set(['create', 'drop', 'alter', 'rename']);
/** What is made of these is code, of which a statement of its own may be only a part. */
const ROUTINES: ReadonlySet<string> = new Set(['function', 'procedure', 'trigger', 'event']);

const wordsOf = (statement: readonly Token[]): string[] =>
  statement.map(({ kind, text }) => (kind === 'word' ? text : ''));

/** Code in texts that is run, or may be, and names the table, or makes names up, beside what would make or end it. */
function isUnsureCode(statement: readonly Token[], name: string): boolean {
  const [first] = wordsOf(statement);
  if (first === undefined || !CODE.has(first)) return false;
  const code = statement.filter(({ kind }) => kind === 'string').map(({ text }) => text);
  const isRename = first.startsWith('exec') && statement.some(({ text }) => /sp_rename$/i.test(text));
  if (code.some((text) => text.toLowerCase().includes(name) && (isRename || CHANGES.test(text)))) return true;
  const all = code.join('\n');
  const isRun = first !== 'create' && first !== 'select' && first !== 'set';
  return isRun && CHANGES.test(all) && TABLES.test(all) && (MADE_UP.test(all) || code.length > 1);
}

/** A statement within another one that makes or ends the table: in a routine, a schema, a condition. */
function isUnsureWithin(statement: readonly Token[], name: string): boolean {
  const words = wordsOf(statement);
  const begin = words.findIndex((word, at) => at > 0 && CHANGING.has(word) && words[at + 1] === 'table');
  return begin > 0 && statement.slice(begin).some(({ text }) => text.toLowerCase() === name);
}

/** What may do something to the table that is not followed. */
function isUnsure(statement: readonly Token[], wanted: TableName): boolean {
  const name = wanted.name.toLowerCase();
  const [first = '', second] = wordsOf(statement);
  if (UNDOES.has(first) || (first === 'drop' && (second === 'owned' || second === 'database'))) return true;
  if (statement.some(({ kind, text }) => kind === 'unfollowed' && (text === '\\' || CHANGING.has(first)))) return true;
  return isUnsureCode(statement, name) || isUnsureWithin(statement, name);
}

/** Whether what follows it may be something else than statements: a routine's body, or data. */
function opensOther(statement: readonly Token[]): boolean {
  const words = wordsOf(statement);
  if (words[0] === 'copy') return words.some((word, at) => word === 'from' && words[at + 1] === 'stdin');
  return words[0] === 'create' && words.slice(1, 4).some((word) => ROUTINES.has(word)) && words.includes('begin');
}

/** Whether the effect is on this table, or on all of its schema. */
function concerns(effect: Effect, wanted: TableName): boolean {
  if (effect.does !== 'drop-schema') return keyOf(effect.table) === keyOf(wanted);
  return keyOf({ schema: effect.schema, name: '' }) === keyOf({ ...wanted, name: '' });
}

/** Most migrations are about other tables. */
function mayConcern(sql: string, { name }: TableName): boolean {
  return (
    sql.toLowerCase().includes(name.toLowerCase()) ||
    /\b(schema|owned|database|do|exec|execute|prepare)\b|u&["']|^\s*\\/im.test(sql)
  );
}

/**
 * Follows one table through migrations.
 * @param migrations in the order in which they are run
 * @throws UnreadableScript; the signal's reason when it is aborted
 */
export async function historyOf(
  wanted: TableName,
  migrations: AsyncIterable<Migration>,
  signal: AbortSignal
): Promise<TableHistory> {
  let history: TableHistory = {};
  for await (const { name, sql } of migrations) {
    if (!mayConcern(sql, wanted)) continue;
    let isFollowed = true;
    for await (const statement of statementsOf(sql, signal)) {
      if (isUnsure(statement, wanted)) history = { ...history, unsure: name };
      for (const effect of effectsOf(statement).filter((each) => concerns(each, wanted))) {
        history = effect.does === 'create' ? { createdBy: name } : { droppedBy: name };
        if (!isFollowed) history = { ...history, unsure: name };
      }
      if (opensOther(statement)) isFollowed = false;
    }
  }
  return history;
}
