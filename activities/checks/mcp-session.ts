import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { nearest } from '../../plan/nearest';
import { untilAborted } from './child';
import { type Connection, Gone, type Sdk, Unclear } from './mcp-connection';
import { CannotRun, quoted } from './result';

/** What ends a request is the run's own signal. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;
/** A list of tools that goes on after this is taken to have no end. */
const MAX_PAGES = 100;
const MAX_NAMES_SHOWN = 5;

const HANDSHAKE = 'initialize';

/** The server answered that it will not. */
export class Refused extends Error {}

export interface Session {
  sdk: Sdk;
  client: InstanceType<Sdk['Client']>;
  connection: Connection;
  signal: AbortSignal;
  redact: (text: string) => string;
}

function httpReason(status: number | undefined): string {
  if (status === -1) return 'it is no MCP server: its answer is neither JSON nor a stream of events';
  if (status === 401 || status === 403) {
    return `it answered ${status}; its credentials are headers in the worker's configuration`;
  }
  if (status === 404 || status === 405) {
    return `it answered ${status}: nothing there speaks Streamable HTTP (a server of the older HTTP+SSE cannot be asked)`;
  }
  const moved = status !== undefined && status >= 300 && status <= 399;
  return `it answered ${status ?? 'with no status'}${moved ? ', a redirect to elsewhere, which is not followed' : ''}`;
}

/** What became of a request, in words of our own: what a server says is quoted. */
function explained(error: unknown, what: string, { sdk, redact }: Session): unknown {
  const told = (text: string): string => `was asked ${what}: ${text}`;
  const shaking = what === HANDSHAKE;
  if (error instanceof CannotRun) return new CannotRun(told(error.message));
  if (error instanceof Gone) return shaking ? new CannotRun(told(error.message)) : new Unclear(told(error.message));
  if (error instanceof Unclear) return new Unclear(told(error.message));
  if (error instanceof sdk.StreamableHTTPError) return new CannotRun(told(httpReason(error.code)));
  if (error instanceof sdk.McpError) {
    const message = error.message.replace(/^MCP error -?\d+: /, '');
    const text = told(`it answered with the error ${error.code}, ${quoted(redact(message))}`);
    return shaking ? new CannotRun(text) : new Refused(text);
  }
  // By name: of these there are several classes.
  const { name } = Object(error) as { name?: unknown };
  if (/ZodError$|^SyntaxError$/.test(String(name))) return new Unclear(told('its answer is not one of MCP'));
  // The only other error that the SDK's client has for a handshake.
  return shaking ? new CannotRun(told('it speaks a version of MCP that is not known here')) : error;
}

/**
 * One request and its answer.
 * @throws Refused, Unclear or CannotRun
 */
async function ask<T>(session: Session, what: string, request: (options: RequestOptions) => Promise<T>): Promise<T> {
  const { connection, signal } = session;
  const cancelled = new AbortController();
  const stop = (): void => cancelled.abort();
  signal.addEventListener('abort', stop, { once: true });
  const options = { signal: cancelled.signal, timeout: NO_TIMEOUT_MS };
  try {
    const work = Promise.race([request(options).then((value) => ({ value })), connection.broken]);
    const answer = await untilAborted(work, signal);
    if (answer) return answer.value;
  } catch (error) {
    throw explained(error, what, session);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  throw new CannotRun(`was asked ${what}: it did not answer in time${connection.hint()}`);
}

export async function handshake(session: Session): Promise<void> {
  const { client, connection } = session;
  await ask(session, HANDSHAKE, (options) => client.connect(connection.transport, options));
}

function notListed(tool: string, names: readonly string[]): Refused {
  const near = nearest(tool, names);
  if (near) return new Refused(`lists no tool ${quoted(tool)}; the nearest is ${quoted(near)}`);
  const shown = names.slice(0, MAX_NAMES_SHOWN).map(quoted).join(', ');
  const more = names.length > MAX_NAMES_SHOWN ? `, and ${names.length - MAX_NAMES_SHOWN} more` : '';
  return new Refused(`lists no tool ${quoted(tool)}; it lists ${shown ? shown + more : 'none'}`);
}

/** @throws Refused where the server does not list the tool, Unclear where its list has no end */
export async function findTool(session: Session, tool: string): Promise<void> {
  const { client, sdk, redact } = session;
  const names: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const request = { method: 'tools/list', params: cursor === undefined ? {} : { cursor } } as const;
    const list = await ask(session, 'tools/list', (options) =>
      client.request(request, sdk.ListToolsResultSchema, options)
    );
    if (list.tools.some(({ name }) => name === tool)) return;
    names.push(...list.tools.map(({ name }) => redact(name)));
    cursor = list.nextCursor;
    if (!cursor) throw notListed(tool, names);
  }
  throw new Unclear(`lists more than ${MAX_PAGES} pages of tools, and not ${quoted(tool)} so far`);
}

export function callTool(
  session: Session,
  name: string,
  given: { [name: string]: unknown } | undefined
): Promise<CallToolResult> {
  const { client, sdk } = session;
  const request = { method: 'tools/call', params: { name, arguments: given } } as const;
  return ask(session, 'tools/call', (options) => client.request(request, sdk.CallToolResultSchema, options));
}
