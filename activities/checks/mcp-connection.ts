/** What a server of MCP is asked over: the SDK, loaded when the first check needs it, and one connection for each run. */
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { MAX_READ_BYTES } from './result';

const MB = 1_048_576;

/** So long a session is given to be closed, after which it is left to its server. */
export const CLOSE_WITHIN_MS = 1_000;

/** Each message costs time that other checks have to wait for, however short it is. */
export const MAX_MESSAGES = 1_000;

/** In every message, and in no text that a message holds. */
export const MARK = '"jsonrpc"';

/** The server answered, or began to, but what it sent tells nothing. */
export class Unclear extends Error {}

/** The program that serves has ended. */
export class Gone extends Error {}

/** One connection to a server, over whatever it speaks. */
export interface Connection {
  transport: Transport;
  /** Rejects when no further answer can come; never resolves. */
  broken: Promise<never>;
  /** What else is worth saying when no answer came in time. */
  hint: () => string;
  /** Ends everything that belongs to it. */
  close: () => Promise<void>;
}

/** What a server sends in one run, held against what is read of it. */
export class Received {
  private bytes = 0;
  private messages = 0;

  /** @returns why no more of it is read; undefined: it may go on */
  tooMuch(bytes: number, messages: number): Unclear | undefined {
    this.bytes += bytes;
    this.messages += messages;
    if (this.bytes > MAX_READ_BYTES) return new Unclear(`it sent more than ${MAX_READ_BYTES / MB} MB`);
    return this.messages > MAX_MESSAGES ? new Unclear(`it sent more than ${MAX_MESSAGES} messages`) : undefined;
  }
}

/** A promise that only ever breaks, and does no harm where nobody waits for it. */
export function breakable(): { broken: Promise<never>; breakOff: (error: Error) => void } {
  let breakOff: (error: Error) => void = () => {};
  const broken = new Promise<never>((_, reject) => (breakOff = reject));
  broken.catch(() => {});
  return { broken, breakOff };
}

/** The SDK takes a quarter of a second and some 25 MB to load, so that only a worker with such a check does. */
export async function loadSdk() {
  const [client, http, stdio, types] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/shared/stdio.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ]);
  return {
    Client: client.Client,
    StreamableHTTPClientTransport: http.StreamableHTTPClientTransport,
    StreamableHTTPError: http.StreamableHTTPError,
    deserializeMessage: stdio.deserializeMessage,
    serializeMessage: stdio.serializeMessage,
    McpError: types.McpError,
    CallToolResultSchema: types.CallToolResultSchema,
    ListToolsResultSchema: types.ListToolsResultSchema,
  };
}

export type Sdk = Awaited<ReturnType<typeof loadSdk>>;
