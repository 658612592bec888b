/** What tables there are, from Postgres' catalog, which everybody who is let in may read. */
import type { Ask } from './postgres';
import { quoted } from './result';

export type FoundTable =
  | { exists: true; columns: string[] }
  /** `hint`: what it may have been taken for, to be put behind a sentence; empty if nothing is like it. */
  | { exists: false; hint: string };

/** Tables, partitioned and foreign ones, views and materialised views. */
const KINDS = `'r', 'p', 'f', 'v', 'm'`;

const FIND_TABLE = `
  SELECT ARRAY(
    SELECT attname::text FROM pg_catalog.pg_attribute
    WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum
  ) AS columns
  FROM pg_catalog.pg_class AS class
  JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
  WHERE class.relkind IN (${KINDS}) AND class.relname::text = $1
    AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(class.oid) ELSE namespace.nspname::text = $2 END`;

const FIND_LIKE_IT = `
  SELECT namespace.nspname || '.' || class.relname AS name
  FROM pg_catalog.pg_class AS class
  JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
  WHERE class.relkind IN (${KINDS}) AND lower(class.relname) = lower($1)
  ORDER BY lower(namespace.nspname) = lower($2) DESC NULLS LAST, 1
  LIMIT 1`;

export interface TableName {
  /** Undefined: as an unqualified name is looked for. */
  schema?: string;
  name: string;
}

/** Letter case counts. */
export async function findTable({ schema, name }: TableName, ask: Ask): Promise<FoundTable> {
  const [found] = await ask<{ columns: string[] }>(FIND_TABLE, [name, schema ?? null]);
  if (found) return { exists: true, columns: found.columns };
  const [other] = await ask<{ name: string }>(FIND_LIKE_IT, [name, schema ?? null]);
  return { exists: false, hint: other ? ` (there is ${quoted(other.name)})` : '' };
}
