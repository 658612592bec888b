import { CHECK_TYPES, check } from '../../plan/checks/registry';

const accepts = (value: unknown): boolean => check.safeParse(value).success;

test('the types are known by name', () => {
  expect(CHECK_TYPES).toEqual(['http', 'files', 'items']);
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
