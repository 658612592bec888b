import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AllowedMcpServer } from '../../../activities/checks/access';
import { refusalsOf, runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json, ProbeCheck } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { isRunning } from '../../support/running';
import { until } from '../../support/until';
import { brokenTarget, createPagedServer, createServer, mcpTarget, type McpTarget } from './mcp-target';
import { httpTarget, rawTarget } from './target';

const MB = 1_048_576;
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'launch-mcp-')));
const program = path.join(__dirname, 'mcp-server.js');
let target: McpTarget;

beforeAll(async () => {
  target = await mcpTarget(createServer);
});
afterAll(async () => {
  await target.close();
  rmSync(folder, { recursive: true, force: true });
});

const WORKER: { [name: string]: string } = {
  PATH: process.env.PATH ?? '',
  HOME: folder,
  LANG: 'C.UTF-8',
  WORKER_SECRET: 'hunter22-key',
};

interface Given {
  /** ms */
  timeout?: number;
  signal?: AbortSignal;
  env?: { [name: string]: string };
}

function ask(
  server: AllowedMcpServer,
  check: { [key: string]: Json },
  { timeout = 25_000, signal, env }: Given = {}
): Promise<CheckResult> {
  return runCheck({ type: 'mcp', server: 'support', ...check } as ProbeCheck, {
    signal: signal ?? AbortSignal.timeout(timeout),
    // Whose address it is, is the worker's own decision, whatever `hosts` a plan may name.
    access: localAccess(folder, { allowLocal: false, hosts: [], mcpServers: { support: server } }),
    env: (name) => ({ ...WORKER, ...env })[name],
    now: Date.now,
  });
}

const over = (url: string): AllowedMcpServer => ({ url, headers: {} });
const http = (tool: string, rest: { [key: string]: Json } = {}, given?: Given): Promise<CheckResult> =>
  ask(over(`${target.url}/mcp`), { tool, ...rest }, given);

const stdio = (args: string[] = []): AllowedMcpServer => ({
  run: process.execPath,
  args: [program, ...args],
  folder,
  env: {},
});
const script = (text: string): AllowedMcpServer => ({ run: '/bin/sh', args: ['-c', text], folder, env: {} });
const NOTICE = '{"jsonrpc":"2.0","method":"x"}';
const asks = { tool: 'query_support', arguments: { question: 'refunds' } };
const json = (at: string, rest: { [key: string]: Json }): { [key: string]: Json } => ({
  expect: { json: [{ path: at, ...rest }] },
});

describe('what a tool returns', () => {
  test.each<[outcome: string, what: string, tool: string, rest?: { [key: string]: Json }]>([
    ['passed', 'a result', 'query_support', { arguments: { question: 'refunds' } }],
    ['passed', 'a listed tool that is not to be called', 'fails', { call: false }],
    ['passed', 'an image', 'image'],
    ['passed', 'structured content', 'structured'],
    ['passed', 'JSON that holds something', 'json_text'],
    ['passed', 'a text as expected', 'says_no_index', { expect: { text: { contains: 'No latest' } } }],
    ['passed', 'a text as a number', 'number', { expect: { text: { atLeast: 42 } } }],
    ['passed', 'texts one below the other', 'two_texts', { expect: { text: { equals: 'first\nsecond' } } }],
    ['passed', 'no text where there is to be none', 'empty', { expect: { text: { exists: false } } }],
    ['passed', 'a value of a text as JSON', 'json_text', json('$.results', { length: 2 })],
    ['passed', 'a value of structured content', 'structured', json('$.results[0].id', { equals: 7 })],

    ['failed', 'a tool that is not listed', 'query'],
    ['failed', 'a tool that is not listed and not to be called', 'query', { call: false }],
    ['failed', 'an error', 'fails'],
    ['failed', 'an error, whatever is expected of its text', 'fails', { expect: { text: { contains: 'No' } } }],
    ['failed', 'an error without a text', 'fails_silently'],
    ['failed', 'a tool that throws', 'throws'],
    ['failed', 'arguments that the tool does not take', 'query_support'],
    ['failed', 'nothing', 'empty'],
    ['failed', 'white space', 'blank'],
    ['failed', 'JSON that holds nothing', 'empty_list'],
    ['failed', 'structured content that holds nothing', 'empty_structured'],
    ['failed', 'another text', 'says_no_index', { expect: { text: { matches: '[0-9]+ results' } } }],
    ['failed', 'no text where one is expected', 'image', { expect: { text: { not: 'x' } } }],
    ['failed', 'another value', 'json_text', json('$.results', { length: 3 })],
    ['failed', 'an absent value', 'structured', json('$.results[1]', { exists: true })],

    ['inconclusive', 'a text that is not JSON', 'broken_json', json('$.results', { exists: false })],
    ['inconclusive', 'nothing that could be JSON', 'empty', json('$.results', { exists: false })],
    ['inconclusive', '100 MB', 'sends_100_mb'],
  ])('%s: %s', async (...[outcome, , tool, rest]) => {
    expect(await http(tool, rest)).toMatchObject({ outcome });
  });

  test('is told in one sentence with what was expected', async () => {
    expect((await http('fails')).seen).toBe(
      'MCP server "support" called "fails", which returned an error: "No latest index found"'
    );
    expect((await http('query_support', { arguments: { question: 'x' } })).seen).toBe(
      'MCP server "support" called "query_support", which returned "3 results for x"'
    );
    expect((await http('says_no_index', { expect: { text: { matches: 'results' } } })).seen).toBe(
      'MCP server "support" called "says_no_index": its text is "No latest index found", expected matching "results"'
    );
    expect((await http('empty')).seen).toBe('MCP server "support" called "empty", which returned nothing');
    expect((await http('query_suport', { call: false })).seen).toBe(
      'MCP server "support" lists no tool "query_suport"; the nearest is "query_support"'
    );
    expect((await http('x')).seen).toMatch(/lists no tool "x"; it lists "query_support", .*, and \d+ more$/);
  });
});

describe('a list of tools over several pages', () => {
  test.each<[string, number, string, string]>([
    ['passed', 5, 'on_the_third', 'lists the tool "on_the_third"'],
    [
      'failed',
      5,
      'query_support',
      'lists no tool "query_support"; it lists "tool_0", "tool_1", "on_the_third", "tool_3"',
    ],
    ['inconclusive', Infinity, 'query_support', 'lists more than 100 pages of tools'],
  ])('%s of %d', async (...[outcome, pages, tool, seen]) => {
    const paged = await mcpTarget(() => createPagedServer(pages), { json: true });
    const result = await ask(over(paged.url), { tool, call: false });
    await paged.close();
    expect(result).toMatchObject({ outcome, seen: expect.stringContaining(seen) });
  });
});

describe('a server over Streamable HTTP', () => {
  test.each([{ stateless: true }, { json: true }, { stateless: true, json: true }])(
    'of any manner: %j',
    async (how) => {
      const other = await mcpTarget(createServer, how);
      const result = await ask(over(other.url), asks);
      await other.close();
      expect(result).toMatchObject({ outcome: 'passed' });
    }
  );

  test('is left without a session or a connection, whatever came of it', async () => {
    await Promise.all([http('query_support', asks), http('fails'), http('none')]);
    await until('the sessions are closed', () => target.sessions() === 0);
    await until('the connections are closed', () => target.open() === 0);
  });

  test.each(['initialize', 'tools/list', 'tools/call'])('is left, too, when the time is up at %s', async (method) => {
    const waiting = new AbortController();
    const before = target.asked(method);
    const result = http('hangs', {}, { signal: waiting.signal });
    await until('it is asked', () => target.asked(method) > before);
    waiting.abort();
    expect(await result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('did not answer in time') });
    await until('the connections are closed', () => target.open() === 0);
  });

  test('whose tool does not answer is told so, and its session closed', async () => {
    const waiting = new AbortController();
    const [called, cancelled] = ['tools/call', 'notifications/cancelled'].map(target.asked);
    const before = target.sessions(); // one whose handshake was broken off is known to the server alone
    const result = http('hangs', {}, { signal: waiting.signal });
    await until('it is called', () => target.asked('tools/call') > called!);
    waiting.abort();
    await result;
    await until('it is told', () => target.asked('notifications/cancelled') > cancelled!);
    await until('the session is closed', () => target.sessions() <= before);
  });

  test('gets the headers of the configuration, which are shown nowhere', async () => {
    const server = { url: target.url, headers: { authorization: { env: 'TOKEN' }, 'x-team': 'launch' } };
    const env = { TOKEN: 'Bearer s3cret-token' };
    const question = 'is s3cret-token valid';
    const { outcome, seen } = await ask(server, { tool: 'query_support', arguments: { question } }, { env });
    expect(outcome).toBe('passed');
    expect(seen).toContain('3 results for is *** valid');
    expect(target.headers()).toMatchObject({ authorization: 'Bearer s3cret-token', 'x-team': 'launch' });
  });

  test.each<[string, AllowedMcpServer, string]>([
    ['no address', over('support.example.com'), 'has no http or https address'],
    ['another kind of address', over('file:///etc/passwd'), 'has no http or https address'],
    ['an address that is not set', { url: { env: 'UNSET' }, headers: {} }, 'MCP server "support": UNSET is not set'],
    ['no header', { url: 'http://127.0.0.1:1', headers: { a: 'b\nc' } }, 'has a header that cannot be one'],
    ['nobody', over('http://127.0.0.1:1/'), 'was asked initialize: the connection was refused (ECONNREFUSED)'],
  ])('that is %s is errored', async (...[, server, reason]) => {
    expect(await ask(server, asks)).toMatchObject({ outcome: 'errored', seen: expect.stringContaining(reason) });
  });
});

describe('an HTTP server that answers otherwise', () => {
  const page =
    (status: number, headers: { [name: string]: string } = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(status, headers).end('<h1>page</h1>');

  test.each<[string, number, { [name: string]: string }, string]>([
    ['a web page', 200, { 'content-type': 'text/html' }, 'it is no MCP server'],
    ['nothing', 204, {}, 'it is no MCP server'],
    ['an old one', 405, {}, 'a server of the older HTTP+SSE cannot be asked'],
    ['not found', 404, {}, 'nothing there speaks Streamable HTTP'],
    ['not allowed', 401, {}, 'its credentials are headers'],
    ['a bad gateway', 502, {}, 'was asked initialize: it answered 502'],
  ])('is errored: %s', async (...[, status, headers, reason]) => {
    const other = await httpTarget((_, response) => page(status, headers)(response));
    const result = await ask(over(other.url), asks);
    await other.close();
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining(reason) });
  });

  test('is not followed to another place', async () => {
    let asked = 0;
    const elsewhere = await httpTarget((_, response) => {
      asked++;
      response.end();
    });
    const moved = await httpTarget((_, response) => page(307, { location: elsewhere.url })(response));
    const result = await ask(over(moved.url), asks);
    await Promise.all([elsewhere.close(), moved.close()]);
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('a redirect to elsewhere') });
    expect(asked).toBe(0);
  });

  const head = { 'content-type': 'application/json' };
  const events = { 'content-type': 'text/event-stream' };
  const begun = '{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"';
  const flood = (response: ServerResponse): void => {
    const chunk = Buffer.alloc(MB, 'a');
    let sent = 0;
    const more = (): void => {
      while (sent++ < 100 && !response.destroyed) {
        if (!response.write(chunk)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  };
  const ways: { [what: string]: (response: ServerResponse, id: number) => void } = {
    'half an answer': (response) => {
      response.writeHead(200, { ...head, 'content-length': 1_000 });
      response.write(begun, () => response.destroy());
    },
    'half an event': (response) => {
      response.writeHead(200, events);
      response.write(`data: ${begun}`, () => response.destroy());
    },
    'a stream without an answer': (response) => void response.writeHead(200, events).end(': nothing\n\n'),
    'a stream with something else': (response) => void response.writeHead(200, events).end('data: {"a":1}\n\n'),
    'invalid JSON': (response) => void response.writeHead(200, head).end(begun),
    'other JSON': (response) => void response.writeHead(200, head).end('{"result":true}'),
    'an answer to something else': (response, id) =>
      void response.writeHead(200, head).end(JSON.stringify({ jsonrpc: '2.0', id: id + 7, result: {} })),
    'more messages than anybody sends': (response) =>
      void response.writeHead(200, events).end('data: {"jsonrpc":"2.0","method":"x"}\n\n'.repeat(2_000)),
    'as many in one': (response) =>
      void response.writeHead(200, head).end(`[${Array(2_000).fill('{"jsonrpc":"2.0","method":"x"}').join()}]`),
    '100 MB of JSON': (response) => flood(response.writeHead(200, head)),
    '100 MB of an event': (response) => flood(response.writeHead(200, events)),
  };
  describe.each(['initialize', 'tools/list', 'tools/call'])('at %s', (at) => {
    test.each(Object.keys(ways))('is inconclusive: %s', async (what) => {
      const broken = await brokenTarget(at, ways[what]!);
      const result = await ask(over(broken.url), { tool: 'tool' });
      await until('the connections are closed', () => broken.open() === 0);
      await broken.close();
      expect(result).toMatchObject({ outcome: 'inconclusive', seen: expect.stringContaining(`was asked ${at}: `) });
    });

    test('is errored: nothing in time', async () => {
      const waiting = new AbortController();
      const silent = await brokenTarget(at, () => waiting.abort());
      const result = await ask(over(silent.url), { tool: 'tool' }, { signal: waiting.signal });
      await until('the connections are closed', () => silent.open() === 0);
      await silent.close();
      const seen = `MCP server "support" was asked ${at}: it did not answer in time`;
      expect(result).toEqual({ outcome: 'errored', seen });
    });
  });

  test.each<[string, string, unknown]>([
    [
      'errored',
      'initialize',
      { protocolVersion: '1999-01-01', capabilities: {}, serverInfo: { name: 'a', version: '1' } },
    ],
    ['inconclusive', 'initialize', { hello: 'world' }],
    ['inconclusive', 'tools/list', { tools: 5 }],
    ['inconclusive', 'tools/call', { content: [{ type: 'text' }] }],
    ['failed', 'tools/call', {}],
  ])('is %s: at %s the result %j', async (...[outcome, at, result]) => {
    const other = await brokenTarget(at, (response, id) => {
      response.writeHead(200, head).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
    const found = await ask(over(other.url), { tool: 'tool' });
    await other.close();
    expect(found).toMatchObject({ outcome });
  });

  test.each<[string, string]>([
    ['errored', 'initialize'],
    ['failed', 'tools/list'],
    ['failed', 'tools/call'],
  ])('is %s: an error as the answer to %s', async (outcome, at) => {
    const other = await brokenTarget(at, (response, id) => {
      const error = { code: -32_601, message: 'Method not found' };
      response.writeHead(200, head).end(JSON.stringify({ jsonrpc: '2.0', id, error }));
    });
    const found = await ask(over(other.url), { tool: 'tool' });
    await other.close();
    const seen = `MCP server "support" was asked ${at}: it answered with the error -32601, "Method not found"`;
    expect(found).toEqual({ outcome, seen });
  });

  test.each<[string, string, string]>([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'it did not answer in HTTP'],
    ['nothing', '', 'the connection was closed before an answer'],
    ['another protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'it answered 101'],
    ['a header without end', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`, 'its headers are too long'],
  ])('is errored: %s', async (...[, bytes, reason]) => {
    const raw = await rawTarget((socket) => (bytes === '' ? socket.end() : socket.write(bytes)));
    const result = await ask(over(raw.url), asks);
    await raw.close();
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining(reason) });
  });

  test('does not take back what was found by not closing its session', async () => {
    const list = { tools: [{ name: 'tool', inputSchema: { type: 'object' } }] };
    const answer = (response: ServerResponse, id: number): void =>
      void response.writeHead(200, head).end(JSON.stringify({ jsonrpc: '2.0', id, result: list }));
    const slow = await brokenTarget('tools/list', answer, 'session-1');
    const result = await ask(over(slow.url), { tool: 'tool', call: false });
    await until('the connections are closed', () => slow.open() === 0);
    await slow.close();
    expect(result).toMatchObject({ outcome: 'passed' });
  });
});

let files = 0;
function pidFile(): { file: string; pid: () => number | undefined } {
  const file = path.join(folder, `pid-${++files}`);
  const pid = (): number | undefined => {
    try {
      return Number(/^\d+\n/.exec(readFileSync(file, 'utf8'))?.[0]) || undefined;
    } catch {
      return undefined;
    }
  };
  return { file, pid };
}

describe('a server that is started', () => {
  test('answers, and has ended when the run has', async () => {
    const { file, pid } = pidFile();
    const result = await ask(stdio(['plain', file]), asks);
    expect(result).toMatchObject({ outcome: 'passed', seen: expect.stringContaining('3 results for refunds') });
    expect(isRunning(pid()!)).toBe(false);
  });

  test('sees PATH, HOME, LANG and what the configuration names, and its folder', async () => {
    const server = { ...stdio(), env: { KEY: { env: 'WORKER_SECRET' } } };
    const seen = { expect: { text: { equals: 'HOME KEY LANG PATH' } } };
    expect(await ask(server, { tool: 'environment', ...seen })).toMatchObject({ outcome: 'passed' });
    expect(await ask(server, { tool: 'folder', expect: { text: { equals: folder } } })).toMatchObject({
      outcome: 'passed',
    });
    expect((await ask(server, { tool: 'secret' })).seen).toMatch(/returned "the key is \*\*\*"$/);
  });

  test.each<[string, string, AllowedMcpServer, { [key: string]: Json }, string]>([
    ['passed', 'one that logs on its standard output', stdio(['noisy']), asks, '3 results'],
    ['passed', 'one that floods its error output', stdio(['stderr-flood']), asks, '3 results'],
    [
      'inconclusive',
      'one that dies under the call',
      stdio(),
      { tool: 'exits' },
      'was asked tools/call: it exited with 7',
    ],
    ['inconclusive', 'one that sends 100 MB', stdio(), { tool: 'sends_100_mb' }, 'it sent more than 1 MB'],
    ['inconclusive', 'one that sends lines for ever', script('exec yes'), asks, 'it sent more than 1 MB'],
    [
      'inconclusive',
      'one that sends messages for ever',
      script(`exec yes '${NOTICE}'`),
      asks,
      'more than 1000 messages',
    ],
    ['inconclusive', 'one that sends one line for ever', script('exec cat /dev/zero'), asks, 'it sent more than 1 MB'],
    ['inconclusive', 'half a message', script('echo \'{"jsonrpc":"2.0","id":0,\'; sleep 600'), asks, 'not one of MCP'],
    ['errored', 'one that exits at once', script('exit 3'), asks, 'was asked initialize: it exited with 3'],
    ['errored', 'one that is killed', script('kill -s KILL $$'), asks, 'it was ended by SIGKILL'],
    ['errored', 'one that says back what it hears', script('exec cat'), asks, 'was asked initialize'],
    ['errored', 'no program', { ...stdio(), run: '/nowhere/server' }, asks, 'there is no such program'],
    ['errored', 'no folder', { ...stdio(), folder: '/nowhere' }, asks, 'its folder'],
    ['errored', 'a variable that is not set', { ...stdio(), env: { A: { env: 'UNSET' } } }, asks, 'UNSET is not set'],
  ])('%s: %s', async (...[outcome, , server, check, seen]) => {
    expect(await ask(server, check)).toMatchObject({ outcome, seen: expect.stringContaining(seen) });
  });

  test('one that never says a word is errored when the time is up', async () => {
    const { file, pid } = pidFile();
    const waiting = new AbortController();
    const result = ask(script(`echo $$ > ${file}; exec sleep 600`), asks, { signal: waiting.signal });
    const running = await until('it runs', pid);
    waiting.abort();
    const seen = 'MCP server "support" was asked initialize: it did not answer in time';
    expect(await result).toEqual({ outcome: 'errored', seen });
    await until('it has ended', () => !isRunning(running));
  });

  test('one whose tool does not answer is errored when the time is up, with a hint', async () => {
    const { file, pid } = pidFile();
    const waiting = new AbortController();
    const server = { ...stdio(['noisy']), env: { CALLED_FILE: file } };
    const result = ask(server, { tool: 'hangs' }, { signal: waiting.signal });
    const running = await until('the tool is called', pid);
    waiting.abort();
    expect(await result).toEqual({
      outcome: 'errored',
      seen: 'MCP server "support" was asked tools/call: it did not answer in time, and wrote lines to its standard output that are no messages',
    });
    await until('it has ended', () => !isRunning(running));
  });

  test('one that ignores SIGTERM and the end of its input is made to end', async () => {
    const { file, pid } = pidFile();
    const waiting = new AbortController();
    const result = ask(stdio(['stubborn', file]), { tool: 'hangs' }, { signal: waiting.signal });
    const running = await until('it runs', pid);
    waiting.abort();
    expect(await result).toMatchObject({ outcome: 'errored' });
    await until('it has ended', () => !isRunning(running));
  });

  test('what was found stands, also where the server takes its time to end', async () => {
    const { file, pid } = pidFile();
    const result = await ask(stdio(['stubborn', file]), asks);
    expect(result).toMatchObject({ outcome: 'passed' });
    expect(isRunning(pid()!)).toBe(false);
  });

  test('takes what it has started with it', async () => {
    const { file, pid } = pidFile();
    const server = script(`sh -c 'trap "" TERM; echo $$ > ${file}; sleep 600' & exec ${process.execPath} ${program}`);
    const result = await ask(server, asks);
    expect(result).toMatchObject({ outcome: 'passed' });
    const left = await until('it ran', pid);
    await until('it has ended', () => !isRunning(left));
  });
});

test('several at once do not meet', async () => {
  const questions = ['a', 'b', 'c', 'd'];
  const servers = questions.flatMap((question) => [over(target.url), stdio()].map((server) => ({ server, question })));
  const results = await Promise.all(
    servers.map(({ server, question }) =>
      ask(server, { ...asks, arguments: { question }, expect: { text: { equals: `3 results for ${question}` } } })
    )
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(servers.map(() => 'passed'));
});

test.each(['other', 'constructor'])('only what has a name in the configuration is asked: %s', async (server) => {
  const check = { type: 'mcp', server, tool: 'x' };
  const refused = `this worker has no MCP server "${server}" (\`mcpServers\`; it has "support"); allow it in the section \`checks\` of the worker's configuration, or change the plan`;
  expect(refusalsOf(check, localAccess(folder, { mcpServers: { support: stdio() } }))).toEqual([refused]);
  expect(await ask(stdio(), { ...asks, server })).toEqual({ outcome: 'errored', seen: refused });
});
