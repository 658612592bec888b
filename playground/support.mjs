/**
 * Stands in for the support tools: an MCP server over Streamable HTTP with the one tool `query_support`. It answers from
 * the index in the world, read at every question; without one it says so as an ordinary result, not as an error.
 *
 *   node support.mjs PORT WORLD
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

const [port, world] = process.argv.slice(2);
const DOCUMENTS = join(world, 'data', 'support-index', 'latest', 'docstore.json');
const MOST = 3;

async function indexed() {
  try {
    const { documents } = JSON.parse(await readFile(DOCUMENTS, 'utf8'));
    return Array.isArray(documents) ? documents : undefined;
  } catch {
    return undefined;
  }
}

const wordsOf = (text) =>
  new Set(
    String(text)
      .toLowerCase()
      .match(/\p{L}{3,}/gu) ?? []
  );

/** The documents that share most words with the question. */
function search(documents, query) {
  const wanted = wordsOf(query);
  return documents
    .map(({ id, title, text }) => {
      const found = wordsOf(`${title} ${text}`);
      return { id, title, text, score: [...wanted].filter((word) => found.has(word)).length };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
}

function createSupport() {
  const support = new McpServer({ name: 'support', version: '1.0.0' });
  support.registerTool(
    'query_support',
    { description: 'Answers a question from the support documents.', inputSchema: { query: z.string() } },
    async ({ query }) => {
      const documents = await indexed();
      const text = documents ? JSON.stringify({ query, results: search(documents, query) }) : 'No latest index found';
      console.log(`${new Date().toISOString()} query_support ${JSON.stringify(query)}: ${text.slice(0, 80)}`);
      return { content: [{ type: 'text', text }] };
    }
  );
  return support;
}

async function handle(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://support');
  if (pathname !== '/mcp') return void response.writeHead(404).end();
  // Nothing is kept between requests, so there is no stream to listen to and no session to end.
  if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
  const support = createSupport();
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on('close', () => void support.close());
  await support.connect(transport);
  await transport.handleRequest(request, response);
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500).end();
  });
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
