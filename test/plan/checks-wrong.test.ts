import { smallPlan, validateValue } from './small';

/** What is wrong in `given`, added to a check that is right. */
type Row = [given: object, path: string, expected: string];

const GITHUB = { type: 'github', repo: 'octo/app' };
const RUN = { file: 'ci.yml', branch: 'main' };
const WRONG: { [name: string]: { right: object; rows: Row[] } } = {
  http: {
    right: { type: 'http', url: 'https://example.com' },
    rows: [
      [{ url: 'ftp://example.com' }, 'url', 'an http or https address'],
      [{ url: { env: 'A-B' } }, 'url.env', 'the name of an environment variable'],
      [{ method: 'get' }, 'method', 'one of GET, HEAD'],
      [{ headers: { 'a b': 'c' } }, 'headers.a b', 'a header name'],
      [{ expect: { status: '200' } }, 'expect.status', 'a status code'],
      [{ expect: { text: { matches: '(' } } }, 'expect.text.matches', 'a regular expression in RE2 syntax'],
      [{ expect: { text: { matches: '(?:a?){999}'.repeat(9) } } }, 'expect.text.matches', 'smaller repetitions'],
      [{ expect: { headers: { etag: { exists: false, not: 'a' } } } }, 'expect.headers.etag', 'exists: false without'],
      [{ expect: { json: [{ path: '$.a' }] } }, 'expect.json[0]', 'at least one of equals'],
      [{ expect: { json: [{ path: '$..[', equals: 1 }] } }, 'expect.json[0].path', 'a JSONPath'],
      [{ expect: { json: [{ path: '$.a', atLeast: '5' }] } }, 'expect.json[0].atLeast', 'a number'],
      [{ expect: { json: [{ path: '$.a', atLeast: 5, atMost: 4 }] } }, 'expect.json[0]', 'not below atLeast'],
      [{ expect: { json: [{ path: '$.a', greater: 5 }] } }, 'expect.json[0].greater', 'atLeast'],
      [{ expect: { latency: { atMost: '500' } } }, 'expect.latency.atMost', 'a duration'],
      [{ expect: { latency: { atMost: '0s' } } }, 'expect.latency.atMost', 'a duration above zero'],
      [{ expect: { text: { matches: '' } } }, 'expect.text.matches', 'not found in every text'],
      [{ expect: { text: { matches: '(?i)up|' } } }, 'expect.text.matches', 'not found in every text'],
      [{ expect: { text: { matches: 'x*' } } }, 'expect.text.matches', 'not found in every text'],
      [{ expect: { text: { equals: 'a', not: 'a' } } }, 'expect.text', 'an equals that the other operators allow'],
      [{ expect: { json: [{ path: '$', equals: 1, atLeast: 2 }] } }, 'expect.json[0]', 'an equals that'],
      [{ method: 'HEAD', expect: { text: { not: 'down' } } }, 'expect.text', 'no text with method HEAD'],
      [{ method: 'HEAD', expect: { json: [{ path: '$', exists: true }] } }, 'expect.json', 'no json with method HEAD'],
      [
        { expect: { headers: { etag: { exists: true }, ETag: { exists: true } } } },
        'expect.headers',
        'each header once',
      ],
      [{ headers: { a: 'b', A: { env: 'B' } } }, 'headers.A', 'each header once'],
      [{ headers: { a: 'b\nc' } }, 'headers.a', 'one line of Latin letters'],
      ...['Host', 'Content-Length', 'TE', 'Keep-Alive', 'Proxy-Authorization', 'upgrade', 'connection'].map(
        (name): Row => [{ headers: { [name]: 'x' } }, `headers.${name}`, 'expected another header']
      ),
    ],
  },
  files: {
    right: { type: 'files', glob: 'docs/*.md' },
    rows: [
      [{ glob: '../*.md' }, 'glob', "a path below the worker's folder"],
      [{ glob: ['ok', '/etc/*'] }, 'glob[1]', "a path below the worker's folder"],
      [{ glob: [] }, 'glob', 'at least one pattern'],
      [{ glob: 'docs/a[z-a]' }, 'glob', 'a path pattern of `*`'],
      [{ glob: ['ok', 'docs/a[z-a]'] }, 'glob[1]', 'a path pattern of `*`'],
      [{ glob: '{a,b}'.repeat(9) }, 'glob', 'at most 256 alternatives'],
      [{ glob: `${'x'.repeat(60)}${'{a,b}'.repeat(8)}` }, 'glob', 'at most 10000 letters'],
      [{ glob: Array.from({ length: 30 }, () => 'x'.repeat(400)) }, 'glob', 'at most 10000 letters'],
      [{ mustContain: '' }, 'mustContain', 'not found in every text'],
      [{ mustNotContain: ['a', 'x*'] }, 'mustNotContain[1]', 'not found in every text'],
      [{ age: { atLeast: '2d', atMost: '1d' } }, 'age', 'an atMost that is not below atLeast'],
      [{ glob: 5 }, 'glob', 'a path pattern like'],
      [{ root: '~/docs' }, 'root', "a path below the worker's folder"],
      [{ count: 6 }, 'count', 'a mapping'],
      [{ count: {} }, 'count', 'at least one of equals, atLeast, atMost'],
      [{ count: { atLeast: 2, atMost: 1 } }, 'count', 'bounds that a number can hold'],
      [{ count: { equals: 2, atMost: 1 } }, 'count', 'bounds that a number can hold'],
      [{ size: { atLeast: -1 } }, 'size.atLeast', 'zero or more'],
      [{ age: { atMost: 'a day' } }, 'age.atMost', 'a duration like'],
      [{ parses: 'xml' }, 'parses', 'one of json, jsonl, yaml'],
      [{ mustContain: [] }, 'mustContain', 'at least one pattern'],
      [{ mustNotContain: ['ok', '(?=a)'] }, 'mustNotContain[1]', 'no look-around'],
    ],
  },
  github: {
    right: GITHUB,
    rows: [
      [{}, '', 'exactly one of issue, pull, workflow'],
      [
        { issue: 1, pull: 2 },
        '',
        'found the keys type, repo, issue, pull, expected exactly one of issue, pull, workflow',
      ],
      [{ issue: '#12' }, 'issue', 'a whole number'],
      [{ issue: 1, repo: 'https://github.com/octo/app' }, 'repo', 'a repository like owner/name'],
      [{ issue: 1, repo: 'octo/..' }, 'repo', 'a repository like owner/name'],
      [{ issue: 1, reason: 'fixed' }, 'reason', 'one of completed, not_planned, duplicate'],
      [{ pull: 1, reason: 'completed' }, 'reason', 'reason only beside issue'],
      [{ issue: 1, token: 'ghp_secret' }, 'token', 'a mapping'],
      [{ issue: 1, api: 'https://me:word@example.com' }, 'api', 'an http or https address without password'],
      [{ issue: 1, api: 'example.com' }, 'api', 'an http or https address without password'],
      [{ workflow: { file: 'ci.yml' } }, 'workflow.branch', 'branch is missing'],
      [{ workflow: { ...RUN, file: '.github/workflows/ci.yml' } }, 'workflow.file', 'without its folders'],
      [{ workflow: { ...RUN, file: '../x.yml' } }, 'workflow.file', 'without its folders'],
      [{ workflow: { ...RUN, branch: 'a b' } }, 'workflow.branch', 'the name of a branch'],
      [{ workflow: { ...RUN, event: 'Push!' } }, 'workflow.event', 'an event like push'],
      [{ workflow: { ...RUN, maxAge: '1 day' } }, 'workflow.maxAge', 'a duration like'],
    ],
  },
  'prisma-model': {
    right: { type: 'prisma-model', model: 'Fact' },
    rows: [
      [{ migration: false }, 'migration', 'found false, expected true, or { folder: PATH }'],
      [{ fields: { 'a-b': 'Int' } }, 'fields.a-b', 'found the key "a-b", expected a field as Prisma has it'],
    ],
  },
  tcp: {
    right: { type: 'tcp', host: 'example.com', port: 443 },
    rows: [
      [{ port: undefined }, 'port', 'port is missing: expected a whole number'],
      [{ within: '0s' }, 'within', 'a duration above zero'],
    ],
  },
  items: {
    right: { type: 'items', atLeast: '95%' },
    rows: [
      [{ atLeast: undefined }, '', 'at least one of atLeast, atMost'],
      [{ atLeast: '95' }, 'atLeast', 'a share like "95%"'],
      [{ atLeast: '101%' }, 'atLeast', 'a share like "95%"'],
      [{ atLeast: 0.95 }, 'atLeast', 'a count like 3, or a share'],
      [{ atMost: '94%' }, '', 'an atMost that is not below atLeast'],
      [{ is: 'done' }, 'is', 'one of resolved, open'],
      [{ where: { priority: 'p0' } }, 'where.priority', 'one of P0, P1'],
      [{ where: { kind: 'bug' } }, 'where.kind', 'one of blocker, verification'],
      [{ where: { severity: 'severe' } }, 'where.severity', 'one of critical, high'],
      [{ where: { owner: 'nobody' } }, 'where.owner', "no person, role or group 'nobody'"],
      [{ where: { ids: ['nothing'] } }, 'where.ids[0]', "no item 'nothing'"],
      [{ where: { state: 'open' } }, 'where.state', 'kind'],
    ],
  },
};

const BASE = 'items[0].acceptance[0].check';
const ROWS = Object.entries(WRONG).flatMap(([type, { right, rows }]) =>
  rows.map(([given, path, expected]) => ({ type, given, check: { ...right, ...given }, path, expected }))
);

test.each([
  { ...GITHUB, issue: 1, token: 's3cr3t' },
  { ...GITHUB, issue: 1, token: ['s3cr3t'] },
  { ...GITHUB, issue: 1, api: 'https://ana:s3cr3t@example.com' },
  { ...WRONG.http!.right, url: 'https://ana:s3cr3t@example.com' },
  { ...WRONG.http!.right, headers: { authorization: 'Bearer s3cr3t\n' } },
  { ...WRONG.http!.right, headers: 'authorization: Bearer s3cr3t' },
  { ...WRONG.http!.right, expect: { headers: { 'x-api-key': 's3cr3t' } } },
])('what may be a secret is not shown as found: %j', (check) => {
  const plan = { ...smallPlan(), items: [{ title: 'One', owners: ['ben'], acceptance: [{ title: 'So', check }] }] };
  const { problems } = validateValue(plan);
  expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
  expect(JSON.stringify(problems)).not.toContain('s3cr3t');
});

test.each(['^$', '^[^<]*$', '\\bok\\b', '(?m)^$', '[a-z]'])('a pattern that some text lacks is one: %s', (matches) => {
  const check = { ...WRONG.http!.right, expect: { text: { matches } } };
  const plan = { ...smallPlan(), items: [{ title: 'One', owners: ['ben'], acceptance: [{ title: 'So', check }] }] };
  expect(validateValue(plan).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test.each(ROWS)('$type with $given is one error, at $path', ({ check, path, expected }) => {
  const plan = { ...smallPlan(), items: [{ title: 'One', owners: ['ben'], acceptance: [{ title: 'So', check }] }] };
  const errors = validateValue(plan).problems.filter(({ severity }) => severity === 'error');
  expect(errors.map((error) => error.path)).toEqual([path === '' ? BASE : `${BASE}.${path}`]);
  const [{ found, expected: wanted, message }] = errors as [(typeof errors)[number]];
  expect([message, wanted, found].join(' ')).toContain(expected);
  expect(message).not.toMatch(/Invalid|Unrecognized|Too (big|small)|received/);
});

const CHECK = { type: 'http', url: 'https://example.com' };

test.each([
  [{ every: '0s' }, 'every', 'at least 1s'],
  [{ every: '999ms' }, 'every', 'at least 1s'],
  [{ timeout: '0s' }, 'timeout', 'at least 100ms'],
  [{ timeout: '1ms' }, 'timeout', 'at least 100ms'],
  [{ every: 'often' }, 'every', 'a duration like'],
  [{ every: '1s', timeout: '100ms' }, undefined, undefined],
])('a criterion with %j: what is wrong with how it is watched', (watch, key, expected) => {
  const acceptance = [{ title: 'So', check: CHECK, ...watch }];
  const plan = { ...smallPlan(), items: [{ title: 'One', owners: ['ben'], acceptance }] };
  const errors = validateValue(plan).problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ path }) => path)).toEqual(key ? [`items[0].acceptance[0].${key}`] : []);
  const said = errors.map(({ message, expected: wanted }) => `${message} ${wanted}`);
  expect(said).toEqual(key ? [expect.stringContaining(expected)] : []);
});
