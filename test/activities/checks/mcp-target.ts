import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { httpTarget, type Target } from './target';

export const { createServer, createPagedServer } = require('./mcp-server.js') as {
  createServer: () => McpServer;
  createPagedServer: (pages: number) => McpServer;
};

export interface McpTarget extends Target {
  /** Sessions that are open now. */
  sessions: () => number;
  /** How often each method was asked for. */
  asked: (method: string) => number;
  /** The headers of the last request. */
  headers: () => IncomingMessage['headers'];
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
}

/** A real server over Streamable HTTP, with a session for each client, or with none. */
export async function mcpTarget(
  create: () => McpServer,
  { stateless = false, json = false }: { stateless?: boolean; json?: boolean } = {}
): Promise<McpTarget> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  let last: IncomingMessage['headers'] = {};
  const asked = new Map<string, number>();
  async function opened(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: stateless ? undefined : randomUUID,
      enableJsonResponse: json,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await create().connect(transport);
    return transport;
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    last = request.headers;
    const body = await bodyOf(request);
    const { method = '' } = (body ?? {}) as { method?: string };
    asked.set(method, (asked.get(method) ?? 0) + 1);
    const transport = sessions.get(String(request.headers['mcp-session-id'])) ?? (await opened());
    await transport.handleRequest(request, response, body);
  }
  const target = await httpTarget((request, response) => void answer(request, response));
  return { ...target, sessions: () => sessions.size, asked: (method) => asked.get(method) ?? 0, headers: () => last };
}

type Message = { id?: number; method: string };

const RESULTS: { [method: string]: unknown } = {
  initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'raw', version: '1' } },
  'tools/list': { tools: [{ name: 'tool', inputSchema: { type: 'object' } }] },
};

/** One that answers as it should until the method `at`, which is left to `answer`; no session of its is ever closed. */
export function brokenTarget(
  at: string,
  answer: (response: ServerResponse, id: number) => void,
  session?: string
): Promise<Target> {
  return httpTarget((request, response) => {
    if (request.method === 'DELETE') return;
    if (session !== undefined) response.setHeader('mcp-session-id', session);
    void bodyOf(request).then((body) => {
      const { id, method } = body as Message;
      if (method === at) answer(response, id!);
      else if (id === undefined) response.writeHead(202).end();
      else {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result: RESULTS[method] }));
      }
    });
  });
}
