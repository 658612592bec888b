/** A real server of MCP, by the official SDK. As a program it speaks over its standard input and output. */
const { McpServer } = require('@modelcontextprotocol/sdk/server/mcp.js');
const { StdioServerTransport } = require('@modelcontextprotocol/sdk/server/stdio.js');
const { ListToolsRequestSchema } = require('@modelcontextprotocol/sdk/types.js');
const { writeFileSync } = require('node:fs');
const { z } = require('zod');

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const TOOLS = {
  says_no_index: () => text('No latest index found'),
  fails: () => ({ isError: true, ...text('No latest index found') }),
  fails_silently: () => ({ isError: true, content: [] }),
  throws: () => {
    throw new Error('the database is away');
  },
  empty: () => ({ content: [] }),
  blank: () => text(' \n'),
  empty_list: () => text('{"results": [], "next": null}'),
  two_texts: () => ({ content: [...text('first').content, ...text('second').content] }),
  number: () => text('42'),
  image: () => ({ content: [{ type: 'image', data: PIXEL, mimeType: 'image/png' }] }),
  json_text: () => text('{"results":[{"id":1},{"id":2}]}'),
  broken_json: () => text('{"results":[{'),
  structured: () => ({ ...text('not JSON'), structuredContent: { results: [{ id: 7 }] } }),
  empty_structured: () => ({ ...text('{"results":[]}'), structuredContent: { results: [] } }),
  sends_100_mb: () => text('a'.repeat(100 * 1_048_576)),
  secret: () => text(`the key is ${process.env.KEY}`),
  environment: () => text(Object.keys(process.env).sort().join(' ')),
  folder: () => text(process.cwd()),
  exits: () => process.exit(7),
  hangs: () => {
    if (process.env.CALLED_FILE) writeFileSync(process.env.CALLED_FILE, `${process.pid}\n`);
    return new Promise(() => {});
  },
};

function createServer() {
  const server = new McpServer({ name: 'support', version: '1.0.0' });
  const inputSchema = { question: z.string() };
  server.registerTool('query_support', { description: 'Answers.', inputSchema }, ({ question }) =>
    text(`3 results for ${question}`)
  );
  for (const [name, run] of Object.entries(TOOLS)) server.registerTool(name, { description: name }, async () => run());
  return server;
}

/** One whose list of tools goes on for ever, or over some pages. */
function createPagedServer(pages) {
  const server = createServer();
  const tool = (page) => ({ name: page === 2 ? 'on_the_third' : `tool_${page}`, inputSchema: { type: 'object' } });
  server.server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const page = Number(params?.cursor ?? 0);
    return { tools: [tool(page)], nextCursor: page + 1 < pages ? String(page + 1) : undefined };
  });
  return server;
}

const MODES = {
  noisy: () => console.log('Server starting…\n{ "level": 30, "msg": "listening" }'),
  'stderr-flood': () => process.stderr.write('e'.repeat(50 * 1_048_576)),
  stubborn: () => {
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 900_000);
  },
};

async function serve([mode, pidFile]) {
  MODES[mode]?.();
  await createServer().connect(new StdioServerTransport());
  if (pidFile) writeFileSync(pidFile, `${process.pid}\n`);
}

module.exports = { createServer, createPagedServer };
if (require.main === module) void serve(process.argv.slice(2));
