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
  /** One that does something with it in a block of code, which is not followed. */
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
const CHANGES = /\b(create|drop|rename|set\s+schema|rollback)\b/i;

/** Code that is run, or may be, and names the table beside a word that would make or end it; and what undoes all. */
function isUnsure(statement: readonly Token[], { name }: TableName): boolean {
  const [first] = statement;
  if (first?.kind !== 'word') return false;
  if (first.text === 'rollback') return true;
  if (!CODE.has(first.text)) return false;
  const code = statement.filter(({ kind }) => kind === 'string').map(({ text }) => text);
  const isRename = first.text.startsWith('exec') && statement.some(({ text }) => /sp_rename$/i.test(text));
  return code.some((text) => text.toLowerCase().includes(name.toLowerCase()) && (isRename || CHANGES.test(text)));
}

/** Whether the effect is on this table, or on all of its schema. */
function concerns(effect: Effect, wanted: TableName): boolean {
  if (effect.does !== 'drop-schema') return keyOf(effect.table) === keyOf(wanted);
  return keyOf({ schema: effect.schema, name: '' }) === keyOf({ ...wanted, name: '' });
}

/** Most migrations are about other tables. */
function mayConcern(sql: string, { name }: TableName): boolean {
  return sql.toLowerCase().includes(name.toLowerCase()) || /\bschema\b/i.test(sql);
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
    for await (const statement of statementsOf(sql, signal)) {
      if (isUnsure(statement, wanted)) history = { ...history, unsure: name };
      for (const effect of effectsOf(statement).filter((each) => concerns(each, wanted))) {
        history = effect.does === 'create' ? { createdBy: name } : { droppedBy: name };
      }
    }
  }
  return history;
}
