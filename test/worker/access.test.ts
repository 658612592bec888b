import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readAccess } from '../../worker/access';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'access-'));
  file = join(folder, 'launch-director.yaml');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string, allowLocal?: boolean) {
  writeFileSync(file, text);
  return readAccess({ file, allowLocal });
}

test('without a file: public addresses, the working directory, and nothing else', () => {
  expect(readAccess({})).toEqual({
    hosts: undefined,
    allowLocal: false,
    root: resolve('.'),
    env: [],
    commands: {},
    databases: {},
    mcpServers: {},
  });
});

test('what a file says, its paths beginning at the file', () => {
  const access = read(`
checks:
  hosts: [staging.example.com, 10.0.0.0/8, 192.0.2.7, '2001:db8::1']
  root: workspace
  env: [TOKEN, CHECK_*]
  commands: { smoke: { run: ./smoke.sh, args: [run, { matches: '[a-z]+' }] }, node: { run: node } }
  databases: { production: { url: { env: DATABASE } } }
  mcpServers: { far: { url: 'https://mcp.example.com' }, near: { run: node, args: [server.mjs], folder: tools } }
`);
  expect(access).toEqual({
    hosts: ['staging.example.com', '10.0.0.0/8', '192.0.2.7/32', '2001:db8::1/128'],
    allowLocal: false,
    root: join(folder, 'workspace'),
    env: ['TOKEN', 'CHECK_*'],
    commands: {
      smoke: { run: join(folder, 'smoke.sh'), args: ['run', { matches: '[a-z]+' }], folder, env: {} },
      node: { run: 'node', args: [], folder, env: {} },
    },
    databases: { production: { url: { env: 'DATABASE' } } },
    mcpServers: {
      far: { url: 'https://mcp.example.com', headers: {} },
      near: { run: 'node', args: ['server.mjs'], folder: join(folder, 'tools'), env: {} },
    },
  });
});

test('an empty list of hosts allows none', () => {
  expect(read('checks: { hosts: [] }').hosts).toEqual([]);
});

test('--allow-local-checks opens this machine, and a file can', () => {
  expect(read('checks: {}').allowLocal).toBe(false);
  expect(read('checks: {}', true).allowLocal).toBe(true);
  expect(read('checks: { allowLocal: true }').allowLocal).toBe(true);
});

test.each([
  [
    'a setting that is none',
    'checks: { host: [a.example.com] }',
    { place: ':1:11: ', expected: "unknown key 'host'; is it 'hosts'?" },
  ],
  ['a section that is none', 'check: {}', { place: ':1:1: ', expected: "unknown key 'check'; is it 'checks'?" }],
  [
    'a host that is none',
    'checks:\n  hosts: [ok.example.com, "http://x/"]',
    { place: ':2:27: ', expected: 'a host name' },
  ],
  ['a wildcard inside', 'checks: { hosts: ["a.*.example.com"] }', { place: ':1:19: ', expected: 'a host name' }],
  ['half a CIDR', 'checks: { hosts: [10/8] }', { place: ':1:19: ', expected: 'a CIDR' }],
  ['a CIDR in octal', 'checks: { hosts: [010.0.0.0/8] }', { place: ':1:19: ', expected: 'a CIDR' }],
  ['an address in octal', 'checks: { hosts: [0177.0.0.1] }', { place: ':1:19: ', expected: 'an IP address' }],
  ['a number', 'checks: { hosts: ["2130706433"] }', { place: ':1:19: ', expected: 'an IP address' }],
  ['an address with a zone', 'checks: { hosts: ["fe80::1%eth0"] }', { place: ':1:19: ', expected: 'an IP address' }],
  ['a CIDR that is none', 'checks: { hosts: [10.0.0.0/40] }', { place: ':1:19: ', expected: 'a CIDR' }],
  ['every variable', "checks: { env: ['*'] }", { place: ':1:17: ', expected: 'the name of a variable' }],
  [
    'a pattern that is none',
    "checks: { commands: { a: { run: x, args: [{ matches: '(' }] } } }",
    { place: ':1:', expected: 'a regular expression in RE2 syntax' },
  ],
  ['a command without a program', 'checks: { commands: { a: { args: [] } } }', { place: ':1:', expected: 'a text' }],
  [
    'a server of both kinds',
    'checks: { mcpServers: { a: { run: x, url: y } } }',
    { place: ':1:', expected: '{ url, headers } of a server' },
  ],
  [
    'a database address in a list',
    'checks: { databases: { a: { url: [x] } } }',
    { place: ':1:', expected: '{ env: NAME }' },
  ],
  ['text that is no YAML', 'checks: [', { place: ':1:', expected: 'SYNTAX' }],
])('%s is one line with its place', (_, text, { place, expected }) => {
  const message = failure(text);
  expect(message.split('\n')).toHaveLength(1);
  expect(message).toContain(`launch-director.yaml${place}`);
  expect(message).toContain(expected);
});

function failure(text: string): string {
  try {
    read(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_CONFIG' });
    return (error as Error).message;
  }
  throw new Error('it was read');
}

test.each([
  'databases: { a: "postgres://ana:s3cr3t@host/shop" }',
  'databases: { a: { url: "postgres://ana:s3cr3t@host/shop", ssl: true } }',
  'databases: { "postgres://ana:s3cr3t@host/shop": {} }',
  'mcpServers: { a: { url: "https://a.example", headers: "Bearer s3cr3t" } }',
  'mcpServers: { a: { url: "https://a.example", headers: { authorization: [s3cr3t] } } }',
  'mcpServers: { a: "https://s3cr3t.example" }',
  'commands: { a: { run: x, env: { TOKEN: [s3cr3t] } } }',
  'commands: { a: { run: x, env: s3cr3t } }',
  'env: ["TOKEN=s3cr3t"]',
])('a mistake where a secret may stand does not print it: %s', (text) => {
  const message = failure(`checks: { ${text} }`);
  expect(message).not.toContain('s3cr3t');
  expect(message).not.toMatch(/Invalid|input/);
});

test('nor does one in the section mail', () => {
  expect(failure('mail: { url: "http://ana:s3cr3t@host", from: a@b.example }')).not.toContain('s3cr3t');
});

test.each(['', '# nothing yet\n', 'checks:\n'])('a file that says nothing (%j) allows nothing more', (text) => {
  expect(read(text)).toEqual(readAccess({}));
});

test('everything that is wrong is said at once', () => {
  expect(failure('checks: { allowLocal: yes please, root: 7, hosts: [""] }').split('\n')).toHaveLength(3);
});

test('a file that is named and not there is an error, never a looser default', () => {
  expect(() => readAccess({ file: join(folder, 'nowhere.yaml') })).toThrow('the configuration cannot be read (ENOENT)');
});
