import { CHECK_TYPES, check } from '../../plan/checks/registry';
import { smallPlan, validateValue } from './small';

const accepts = (value: unknown): boolean => check.safeParse(value).success;

test('the types are known by name', () => {
  const all = ['command', 'files', 'github', 'http', 'items', 'mcp', 'prisma-model', 'sql', 'tcp'];
  expect([...CHECK_TYPES].sort()).toEqual(all);
});

test.each<[string, unknown]>([
  ['an address', { type: 'http', url: 'https://example.com/health' }],
  ['an address of the worker', { type: 'http', url: { env: 'STAGING_URL' } }],
  [
    'everything',
    {
      type: 'http',
      url: 'http://localhost:8080/',
      method: 'POST',
      headers: { 'X-Key': { env: 'KEY' }, Accept: 'application/json' },
      body: { query: [1, null, 'two'] },
      expect: {
        status: [200, 204],
        headers: { 'content-type': { contains: 'json' } },
        text: { matches: '"ok"' },
        json: [
          { path: '$.items[?@.ok == true].id', exists: true },
          { path: '$.count', atLeast: 6 },
        ],
        latency: { atMost: '500ms' },
      },
    },
  ],
  ['one pattern', { type: 'files', glob: 'docs/**/*.md' }],
  [
    'files in detail',
    {
      type: 'files',
      glob: ['a', 'b'],
      root: 'sub',
      count: { equals: 6 },
      parses: 'jsonl',
      size: { atLeast: 1 },
      age: { atMost: '1d' },
      mustNotContain: '\\baudit_log\\b',
    },
  ],
  ['a query', { type: 'sql', database: 'shop', query: 'select 1', expect: { value: { equals: 1 } } }],
  [
    'a query with all that goes with it',
    {
      type: 'sql',
      database: 'shop',
      query: 'select id from orders where paid = $1 and key = $2',
      params: [true, { env: 'KEY' }],
      expect: { value: { exists: true }, rows: { atLeast: 1, atMost: 5 } },
    },
  ],
  ['a column of a table', { type: 'sql', database: 'shop', table: 'public.DashboardFact', column: 'createdAt' }],
  ['a model', { type: 'prisma-model', model: 'Fact' }],
  [
    'a model with all that goes with it',
    {
      type: 'prisma-model',
      schema: 'db/schema',
      model: 'Fact',
      fields: { id: 'String', at: 'DateTime?', tags: 'String[]' },
      migration: { folder: 'db/migrations' },
      database: 'shop',
    },
  ],
  ['a share of items', { type: 'items', where: { priority: 'P0' }, atLeast: '95%' }],
])('%s is accepted', (_, value) => expect(accepts(value)).toBe(true));

test.each<[string, unknown]>([
  ['another protocol', { type: 'http', url: 'file:///etc/passwd' }],
  ['a password in the address', { type: 'http', url: 'https://me:secret@example.com/' }],
  ['no address', { type: 'http', url: 'example.com' }],
  ['no expectation', { type: 'http', url: 'https://example.com', expect: { text: {} } }],
  [
    'a path that is no JSONPath',
    { type: 'http', url: 'https://example.com', expect: { json: [{ path: 'a.b', equals: 1 }] } },
  ],
  ['a status that is none', { type: 'http', url: 'https://example.com', expect: { status: 42 } }],
  ['a header that splits the request', { type: 'http', url: 'https://example.com', headers: { 'a\r\nb': 'c' } }],
  ['an absolute path', { type: 'files', glob: '/etc/*' }],
  ['a way out', { type: 'files', glob: 'a/../../b' }],
  ['a drive', { type: 'files', glob: 'C:\\secrets' }],
  ['a home folder', { type: 'files', glob: '~/x' }],
  ['a root outside', { type: 'files', glob: 'x', root: '..' }],
  ['a pattern that looks ahead', { type: 'files', glob: 'x', mustContain: '(?=a)' }],
  ['a pattern that refers back', { type: 'files', glob: 'x', mustContain: '(a)\\1' }],
  ['a pattern that does not end', { type: 'files', glob: 'x', mustContain: '(' }],
  ['nothing to count against', { type: 'items', where: {} }],
  ['more than all', { type: 'items', atLeast: '101%' }],
])('%s is refused', (_, value) => expect(accepts(value)).toBe(false));

const MODEL = { type: 'prisma-model', model: 'DashboardFact' };
const SQL = { type: 'sql', database: 'shop' };
const QUERY = { ...SQL, query: 'select 1', expect: { rows: { equals: 1 } } };

test.each<[what: string, value: unknown, problem: string]>([
  ['neither a query nor a table', SQL, ': a query or a table'],
  ['a query and a table', { ...QUERY, table: 'orders' }, 'table: a query or a table, not both'],
  ['a query without what is expected', { ...SQL, query: 'select 1' }, 'expect: what the answer of the query must be'],
  ['nothing expected', { ...QUERY, expect: {} }, 'expect: at least one of value, rows'],
  ['no number of rows', { ...QUERY, expect: { rows: {} } }, 'expect.rows: at least one of equals, atLeast, atMost'],
  ['no operator', { ...QUERY, expect: { value: {} } }, 'expect.value: at least one of equals, not, atLeast'],
  ['half a row', { ...QUERY, expect: { rows: { atLeast: 0.5 } } }, 'expect.rows.atLeast: a whole number'],
  ['rows the wrong way round', { ...QUERY, expect: { rows: { atLeast: 2, atMost: 1 } } }, 'expect.rows: an atMost'],
  ['an empty query', { ...QUERY, query: ' ' }, 'query: one SQL query'],
  ['a parameter that is a list', { ...QUERY, params: [1, [2]] }, 'params.1: a text, a number, true, false, null, or'],
  ['a column without a table', { ...QUERY, column: 'id' }, 'column: a column only with a table'],
  ['a table and what is expected', { ...SQL, table: 'a', expect: { rows: { equals: 1 } } }, 'expect: expect only with'],
  ['parameters of a table', { ...SQL, table: 'a', params: [1] }, 'params: params only with a query'],
  ['a table in quotes', { ...SQL, table: '"a"' }, 'table: a table as the database has it'],
  ['a table in three parts', { ...SQL, table: 'a.b.c' }, 'table: a table as the database has it'],
  ['a name that is longer than any', { ...SQL, table: 'a'.repeat(64) }, 'table: a table as the database has it'],
  ['no database', { type: 'sql', table: 'a' }, 'database: '],
  ['an address in the plan', { type: 'sql', database: 'postgres://a@b/c', table: 'a' }, 'database: letters, digits'],
  ['a key that is none', { ...QUERY, sql: 'select 1' }, ': Unrecognized key'],

  ['no model', { type: 'prisma-model' }, 'model: '],
  ['a model that is none', { ...MODEL, model: 'a b' }, 'model: a model as Prisma has it'],
  ['a schema outside', { ...MODEL, schema: '../schema.prisma' }, "schema: a path below the worker's folder"],
  ['an absolute schema', { ...MODEL, schema: '/etc/passwd' }, "schema: a path below the worker's folder"],
  ['no fields', { ...MODEL, fields: {} }, 'fields: at least one field'],
  ['a type that is none', { ...MODEL, fields: { id: 'Int @id' } }, 'fields.id: a type as Prisma writes it'],
  ['an optional list', { ...MODEL, fields: { id: 'Int[]?' } }, 'fields.id: a type as Prisma writes it'],
  ['a field that is none', { ...MODEL, fields: { 'a.b': 'Int' } }, 'fields.a.b: '],
  ['no migration', { ...MODEL, migration: false }, 'migration: true, or { folder: PATH }'],
  ['migrations outside', { ...MODEL, migration: { folder: '..' } }, 'migration'],
  ['an address of a database', { ...MODEL, database: 'postgresql://a/b' }, 'database: letters, digits'],
])('%s is one error, at its place', (_, value, problem) => {
  const issues = check.safeParse(value).error?.issues ?? [];
  const found = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  expect(found).toEqual([expect.stringContaining(problem)]);
});

test('a pattern cannot hang: it runs in linear time', async () => {
  const { RE2JS } = await import('re2js');
  const began = performance.now();
  expect(
    RE2JS.compile('(a+)+$')
      .matcher(`${'a'.repeat(5_000)}b`)
      .find()
  ).toBe(false);
  expect(performance.now() - began).toBeLessThan(2_000);
});

const TOOL = { type: 'mcp', server: 'support', tool: 'query_support' };
const COMMAND = { type: 'command', command: 'smoke' };
const CALL = 'true, or neither arguments nor expect: a tool that is not called returns nothing';

test.each<[what: string, value: unknown]>([
  ['a tool', TOOL],
  ['a tool that is only to be listed', { ...TOOL, call: false }],
  [
    'a tool with all that goes with it',
    {
      ...TOOL,
      call: true,
      arguments: { question: 'refunds', limit: 3, filters: [{ open: true }], since: null },
      expect: { text: { matches: '[1-9][0-9]* results' }, json: [{ path: '$.results', exists: true }] },
    },
  ],
  ['a command', COMMAND],
  [
    'a command with all that goes with it',
    {
      ...COMMAND,
      args: ['run', '--quiet', '', 'ä b'],
      expect: {
        exit: [0, 2],
        output: { contains: 'ok' },
        errorOutput: { length: 0 },
        json: [{ path: '$.open', equals: 0 }],
      },
    },
  ],
])('%s is accepted', (_, value) => expect(accepts(value)).toBe(true));

test.each<[what: string, value: unknown, path: string, problem: string]>([
  ['no server', { type: 'mcp', tool: 'a' }, 'server', 'expected a text'],
  ['an address for a server', { ...TOOL, server: 'https://a.example.com' }, 'server', 'expected letters, digits'],
  ['no tool', { type: 'mcp', server: 'a' }, 'tool', 'expected a text'],
  ['an empty tool', { ...TOOL, tool: '' }, 'tool', 'expected at least one letter'],
  ['a list of arguments', { ...TOOL, arguments: [1] }, 'arguments', 'expected arguments by name'],
  ['arguments where nothing is called', { ...TOOL, call: false, arguments: {} }, 'call', CALL],
  ['an expectation where nothing is called', { ...TOOL, call: false, expect: { text: { not: '' } } }, 'call', CALL],
  ['a word for true', { ...TOOL, call: 'no' }, 'call', 'expected true or false'],
  ['nothing expected', { ...TOOL, expect: {} }, 'expect', 'expected at least one of text, json'],
  ['no value expected', { ...TOOL, expect: { json: [] } }, 'expect.json', 'expected at least one value'],
  ['no operator', { ...TOOL, expect: { text: {} } }, 'expect.text', 'expected at least one of equals, not'],
  ['no JSONPath', { ...TOOL, expect: { json: [{ path: 'a', not: 1 }] } }, 'expect.json[0].path', 'expected a JSONPath'],
  ['a key that an MCP check has not', { ...TOOL, url: 'https://a.example.com' }, 'url', "unknown key 'url'"],
  ['no command', { type: 'command' }, 'command', 'expected a text'],
  ['a command line', { ...COMMAND, command: 'npm test' }, 'command', 'expected letters, digits'],
  ['arguments in one text', { ...COMMAND, args: 'run smoke' }, 'args', 'expected a list of texts'],
  ['a number without quotes', { ...COMMAND, args: [1] }, 'args[0]', 'expected a text; a number goes in quotes'],
  ['an argument of two lines', { ...COMMAND, args: ['a', 'b\nc'] }, 'args[1]', 'one line without control characters'],
  ['an argument with a NUL', { ...COMMAND, args: ['a\0b'] }, 'args[0]', 'one line without control characters'],
  ['an argument that is a book', { ...COMMAND, args: ['a'.repeat(501)] }, 'args[0]', 'at most 500 letters'],
  ['an exit code that is none', { ...COMMAND, expect: { exit: 256 } }, 'expect.exit', 'expected an exit code'],
  ['one of several', { ...COMMAND, expect: { exit: [0, -1] } }, 'expect.exit[1]', 'expected an exit code of 0 to 255'],
  ['no exit code', { ...COMMAND, expect: { exit: [] } }, 'expect.exit', 'expected at least one exit code'],
  ['a folder of the plan', { ...COMMAND, folder: '/' }, 'folder', "unknown key 'folder'"],
])('%s is one error of the plan, at its place', (...[, value, path, problem]) => {
  const criterion = { title: 'It is so', check: value };
  const plan = { ...smallPlan(), items: [{ title: 'One', owners: ['ben'], acceptance: [criterion] }] };
  const found = validateValue(plan).problems.filter(({ severity }) => severity === 'error');
  expect(found.map(({ path: at, message }) => `${at}: ${message}`)).toEqual([expect.stringContaining(problem)]);
  expect(found[0]!.path).toBe(`items[0].acceptance[0].check.${path}`);
});
