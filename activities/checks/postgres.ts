/** Read-only questions to a Postgres of the worker's configuration. */
import net from 'node:net';
import pg from 'pg';
import { named } from './access';
import { settingOf } from './environment';
import { redactor } from './redact';
import { CannotRun, MAX_READ_BYTES, quoted, type CheckContext } from './result';

/** More than an answer has around the value that is read: names of columns, settings, and the like. */
const MAX_ANSWER_BYTES = MAX_READ_BYTES + 65_536;

/**
 * Nothing can write in a read-only transaction, and once it has taken its snapshot (the last statement here does) it
 * cannot be made another one. Whatever way out of it there may be leads into a session that only reads as well. All of
 * it is undone by the end of the transaction, so that a pooler's connection is given back as it was.
 *
 * A server that is left alone with a query ends it by itself: at once where it can hear that the connection is gone, or
 * when the operator's limit for it is over, or ours.
 */
const BEGIN = `
  BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET default_transaction_read_only = on;
  SET LOCAL TimeZone = 'UTC';
  SET LOCAL DateStyle = 'ISO';
  SET LOCAL client_min_messages = error;
  SELECT set_config(name, CASE name WHEN 'statement_timeout' THEN '10min' ELSE '1s' END, true)
  FROM pg_catalog.pg_settings
  WHERE setting = '0' AND (name = 'statement_timeout'
    OR name = 'client_connection_check_interval' AND version() LIKE '%linux%')`;

const IN_SCHEMA = `SELECT set_config('search_path', $1, true)`;

/** What many checks of one database share. */
export const placeOf = (name: string): string => `the database ${quoted(name)}`;

export const DATABASES = { one: 'database', key: 'databases' } as const;

/** Asks one statement: the extended protocol takes no second one behind it. */
export type Ask = <Row extends pg.QueryResultRow>(sql: string, values: unknown[]) => Promise<Row[]>;

const REASONS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'cannot be reached: the connection was refused',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  ENOTFOUND: 'cannot be reached: there is no such host',
  EAI_AGAIN: 'cannot be reached: its host could not be looked up',
  EHOSTUNREACH: 'cannot be reached: there is no way to its host',
  ENETUNREACH: 'cannot be reached: there is no way to its network',
  ETIMEDOUT: 'cannot be reached: the connection timed out',
  CERT_HAS_EXPIRED: 'cannot be trusted: its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'cannot be trusted: its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'cannot be trusted: its certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'cannot be trusted: its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'cannot be trusted: its certificate is of an unknown issuer',
  ERR_TLS_CERT_ALTNAME_INVALID: 'cannot be trusted: its certificate is for another host',
  '08P01': 'cannot run the query: it has other parameters ($1, $2 …) than there are `params`',
  '25006': 'does not run the query: it would write, and checks only read',
  '28000': "does not let the worker's user in",
  '28P01': "does not let the worker's user in with its password",
  '3D000': 'is not there on its server',
  '53300': 'has no connection left',
  '57014': 'stopped the query: it took too long, or somebody cancelled it',
  '57P01': 'closed the connection',
  '57P03': 'cannot be asked now: it is starting, or shutting down',
};

/** The query asks for something that is not there, or is no query; its message quotes the query, and its parameters. */
export const WRONG_QUERY = '42';

/** The same without the message; its own text holds the code. */
export class WrongQuery extends Error {}

function reasonOf(error: unknown, redact: (text: string) => string): string {
  if (error instanceof WrongQuery) return `cannot run the query (${error.message})`;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return describeDriver(error);
  if (error instanceof pg.DatabaseError && code.startsWith(WRONG_QUERY)) {
    return `cannot run the query: ${redact(error.message)} (${code})`;
  }
  return `${REASONS[code] ?? 'could not be asked'} (${code})`;
}

/** The driver's own errors have no code; what they say is a fixed text, of which a few are worth telling. */
function describeDriver(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message === 'The server does not support SSL connections') return 'does not encrypt, and its address asks for it';
  if (message.startsWith('Connection terminated')) return 'closed the connection';
  if (message.includes('password must be')) return "asks for a password, and the worker's address of it has none";
  return `could not be asked (${error instanceof Error ? error.name : 'unknown error'})`;
}

interface Address {
  config: pg.ClientConfig;
  /** Prisma writes into an address in which schema its tables are. */
  schema?: string;
  secrets: string[];
}

/** A part of an address as it was meant; what is not encoded well is taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function addressOf(name: string, context: CheckContext): Address {
  const found = named(context.access.databases, name, DATABASES);
  if ('refused' in found) throw new CannotRun(found.refused);
  const given = settingOf(found.value.url, context);
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    const expected = 'expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE';
    throw new CannotRun(
      `The worker's address of the database ${quoted(name)} is not one: ${expected}; correct it there`
    );
  }
  const schema = url.searchParams.get('schema') ?? undefined;
  const password = url.searchParams.get('password') ?? decoded(url.password);
  url.searchParams.delete('schema');
  const config = { connectionString: url.toString(), application_name: 'launch-director check', keepAlive: true };
  return { config, schema, secrets: [given, password].filter((secret) => secret !== '') };
}

/** Hangs up on a server that sends more than was asked for: an error's message can hold all that the query made. */
function limitAnswers(client: pg.Client, hangUp: () => void): { isTooLong: () => boolean } {
  // The stream that is left when the connection is encrypted; the types do not show it.
  const { stream } = (client as unknown as { connection: pg.Connection }).connection;
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) hangUp();
  });
  return { isTooLong: () => bytes > MAX_ANSWER_BYTES };
}

function clientOf(name: string, { config }: Address, socket: net.Socket): pg.Client {
  try {
    return new pg.Client({ ...config, stream: () => socket });
  } catch (error) {
    // It reads files that the address names, for TLS.
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new CannotRun(
      `The worker's address of the database ${quoted(name)} cannot be used (${code}); correct it there`
    );
  }
}

/** Without it the driver sends a text without values by the simple protocol, which takes any number of statements. */
function extended(text: string, values: unknown[]): pg.QueryConfig & { queryMode: 'extended' } {
  return { text, values, queryMode: 'extended' };
}

async function begin(client: pg.Client, { schema }: Address): Promise<void> {
  await client.query(BEGIN);
  if (schema !== undefined) await client.query(IN_SCHEMA, [client.escapeIdentifier(schema)]);
}

interface Opened {
  client: pg.Client;
  socket: net.Socket;
  address: Address;
}

async function transaction<T>(opened: Opened, name: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const { client, socket, address } = opened;
  let answers: { isTooLong: () => boolean } | undefined;
  try {
    await client.connect();
    answers = limitAnswers(client, () => void socket.destroy());
    await begin(client, address);
    const result = await work(async (text, values) => (await client.query(extended(text, values))).rows);
    await client.query('ROLLBACK');
    return result;
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    const why = answers?.isTooLong() ? 'sent more than was asked for' : reasonOf(error, redactor(address.secrets));
    throw new CannotRun(`The database ${quoted(name)} ${why}`);
  } finally {
    await client.end().catch(() => {});
    socket.destroy();
  }
}

/**
 * Runs `work` in one read-only transaction over a connection of its own, which is closed afterwards.
 * @param name of one of the worker's databases
 * @throws CannotRun where it cannot be asked, or `work` asks what cannot be answered
 */
export async function readOnly<T>(name: string, context: CheckContext, work: (ask: Ask) => Promise<T>): Promise<T> {
  const { signal } = context;
  signal.throwIfAborted();
  const address = addressOf(name, context);
  // Ours, so that it can be cut off at any stage: the driver gives none up before it is connected.
  const socket = new net.Socket();
  const client = clientOf(name, address, socket);
  client.on('error', () => {}); // what is lost between two questions fails the next one
  let hangUp = (): void => {};
  const late = new Promise<never>((_, reject) => {
    hangUp = (): void => {
      socket.destroy();
      reject(new CannotRun(`The database ${quoted(name)} did not answer in time`));
    };
    signal.addEventListener('abort', hangUp, { once: true });
  });
  try {
    return await Promise.race([transaction({ client, socket, address }, name, work), late]);
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
}
