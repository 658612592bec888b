import pg from 'pg';
import { LedgerError, toLedgerError } from './errors';

/** Owns no table; what it may do is granted in the migrations. */
export const APP_ROLE = 'launch_app';

/** A database that does not answer within this is treated as down. */
const CONNECT_TIMEOUT_MS = 5_000;

/** `user@host:port/database`, for messages: never the password. */
export function describeUrl(databaseUrl: string): string {
  const url = parse(databaseUrl);
  const user = url.username ? `${decodeURIComponent(url.username)}@` : '';
  return `${user}${url.hostname || 'localhost'}:${url.port || '5432'}${decodeURIComponent(url.pathname)}`;
}

/**
 * The driver's settings for a database URL (`postgresql://user:password@host:port/database?sslmode=…`).
 * Throws `DATABASE_NOT_READY` for a URL that is none, or that names a schema other than `public`.
 */
export function connectionConfig(databaseUrl: string): pg.ClientConfig {
  const url = parse(databaseUrl);
  const schema = url.searchParams.get('schema');
  if (schema && schema !== 'public') {
    const fix = 'give launch-director a database of its own and leave `schema` out';
    throw new LedgerError('DATABASE_NOT_READY', `DATABASE_URL: schema is '${schema}', only 'public' is used; ${fix}`);
  }
  url.searchParams.delete('schema');
  return { connectionString: url.toString(), connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true };
}

function parse(databaseUrl: string): URL {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return url;
  // Not shown: what was meant to be a URL may hold a password.
  const expected = 'expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE';
  throw new LedgerError('DATABASE_NOT_READY', `DATABASE_URL is not the URL of a Postgres database: ${expected}`);
}

/** Runs `use` on a connection of its own, closed at the end. The driver's errors come out as `LedgerError`. */
export async function withClient<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionConfig(databaseUrl));
  client.on('error', () => {}); // a connection lost between two queries fails the next one, with a better message
  try {
    await client.connect();
    return await use(client);
  } catch (error) {
    throw toLedgerError(error, 'A query', describeUrl(databaseUrl));
  } finally {
    await client.end().catch(() => {});
  }
}
