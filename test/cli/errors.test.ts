import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireBuild } from '../support/built';
import { launch, OURS } from '../support/cli';
import { compiled } from '../../stack/paths';

/** What a command says where there is no stack at all. */
let folder: string;
let nowhere: { LAUNCH_DATA: string };

beforeAll(() => {
  requireBuild();
  folder = mkdtempSync(join(tmpdir(), 'launch-cli-'));
  nowhere = { LAUNCH_DATA: join(folder, 'none') };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The compiled command line in this process, since a process for each of these lines takes most of the time. */
async function failure(args: string[], env: { [name: string]: string } = nowhere) {
  const { main } = jest.requireActual<{ main(args: string[]): Promise<void> }>(compiled('cli/program.js'));
  const before = { ...process.env };
  let stdout = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  try {
    for (const name of OURS) delete process.env[name];
    Object.assign(process.env, env);
    await main([...args, '--json']);
    return {
      exit: process.exitCode,
      ...(JSON.parse(stdout) as { error: { code: string; message: string; details?: object } }),
    };
  } finally {
    write.mockRestore();
    process.exitCode = undefined;
    process.env = before;
  }
}

const GOOD = `
version: 1
id: good
title: Good
launch: { at: +2d 14:00, authority: { roles: [ana] } }
people: [{ id: ana, name: Ana }]
items: [{ id: A, title: Do it, owners: [ana], acceptance: [{ id: done, title: It is done, attest: { by: [ana] } }] }]
gates: { must: [{ item: A }] }
`;

test('alone it prints a short help, and every command has one with examples', async () => {
  const { code, stdout } = await launch([], nowhere);
  expect([code, stdout]).toEqual([0, expect.stringContaining('launch status')]);
  const help = await launch(['sign-off', '--help'], nowhere);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('$ launch sign-off storefront-2 --as ana');
});

test('an error ends in one full stop, and names where the help is', async () => {
  const { error } = await failure(['status', 'demo', 'A', 'more']);
  expect(error.message).toMatch(/got 3\. See: launch status --help$/);
});

test('a plan whose launch is past can be started only with another date, and is not called startable without', async () => {
  const past = file('past.yaml', GOOD.replace('+2d 14:00', '2020-01-01 14:00'));
  const { stdout } = await launch(['validate', past]);
  expect(stdout).toContain('can be started with --launch-at WHEN: 1 warning');
});

test('an unknown command suggests the nearest', async () => {
  const { code, stderr } = await launch(['statsu'], nowhere);
  expect(code).toBe(2);
  expect(stderr).toContain("did you mean 'launch status'?");
  expect(await failure(['statsu'])).toMatchObject({ exit: 2, error: { code: 'BAD_INPUT' } });
});

test.each([
  ['a missing argument', ['attest', 'demo']],
  ['a missing option', ['hold', 'demo', '--as', 'ana']],
  ['an unknown option', ['status', '--bogus']],
  ['nobody who acts', ['ack', 'demo', 'A']],
  ['two answers at once', ['sign-off', 'demo', '--no', '--withdraw', '--as', 'ana']],
  ['neither accept nor reject', ['review-blocker', 'demo', 'REPORTED-1', '--as', 'ana']],
  ['a report of nothing', ['report-blocker', 'demo', '--as', 'qa']],
  ['a report that is no file', ['report-blocker', 'demo', '--file', 'nosuch.json', '--as', 'qa']],
  ['a report that is no JSON', ['report-blocker', 'demo', '--file', 'README.md', '--as', 'qa']],
  ['a report with other fields', ['report-blocker', 'demo', '--file', 'package.json', '--as', 'qa']],
  ['a report of two kinds', ['report', 'demo', '--html']],
  ['decisions as a page', ['report', 'demo', '--decisions', '--html']],
  ['a plan that is not there', ['start', 'nosuch.yaml']],
  ['a folder for a plan', ['validate', '.']],
  ['no name for a plan', ['start', '']],
  ['a link that is no address', ['attest', 'demo', 'A', '--link', 'see chat', '--as', 'ana']],
])('%s is bad input: exit 2', async (_what, args) => {
  expect(await failure(args)).toMatchObject({ exit: 2, error: { code: 'BAD_INPUT' } });
});

test.each([[['status']], [['todo', '--as', 'ana']], [['attest', 'demo', 'A', '--as', 'ana']]])(
  'without a stack %j cannot reach a service: exit 3, with the way out',
  async (args) => {
    const found = await failure(args);
    expect(found).toMatchObject({ exit: 3, error: { code: 'UNREACHABLE' } });
    expect(found.error.message).toContain('launch up');
  }
);

test('an address where nothing answers is said within seconds', async () => {
  const begun = Date.now();
  const found = await failure(['status'], { ...nowhere, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(found).toMatchObject({ exit: 3, error: { code: 'UNREACHABLE' } });
  expect(found.error.message).toContain('127.0.0.1:1');
  expect(Date.now() - begun).toBeLessThan(10_000);
});

test.each([
  ['DATABASE_UNAVAILABLE', {}, 'DATABASE_URL'],
  ['DATABASE_UNREACHABLE', { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, '127.0.0.1:1'],
])('a report without the ledger is %s: exit 3', async (code, env, named) => {
  const found = await failure(['report', 'demo'], { ...nowhere, ...env });
  expect(found).toMatchObject({ exit: 3, error: { code } });
  expect(found.error.message).toContain(named);
});

test('a setting that cannot be used names the variable', async () => {
  const found = await failure(['status'], { ...nowhere, TEMPORAL_ADDRESS: 'nonsense' });
  expect(found).toMatchObject({ exit: 2, error: { code: 'BAD_CONFIG' } });
  expect(found.error.message).toContain('TEMPORAL_ADDRESS');
});

test('a spoilt stack.json says how to mend it', async () => {
  const data = mkdtempSync(join(folder, 'spoilt-'));
  writeFileSync(join(data, 'stack.json'), '{"owner": 7');
  expect(await failure(['status', '--data', data], {})).toMatchObject({ exit: 3, error: { code: 'DATA_UNUSABLE' } });
});

test('doctor says what is missing, and is not well', async () => {
  const { code, stdout } = await launch(['doctor', '--json'], nowhere);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ ready: false, error: { code: 'NOT_READY' } });
});

test('a good plan is valid; a bad one has every problem with its place', async () => {
  const good = await launch(['validate', file('good.yaml', GOOD), '--json']);
  expect([good.code, JSON.parse(good.stdout)]).toEqual([0, { valid: true, problems: [] }]);
  const bad = file('bad.yaml', GOOD.replace('owners: [ana]', 'owners: [anna]').replace('item: A', 'item: B'));
  const { code, stdout } = await launch(['validate', bad]);
  expect(code).toBe(2);
  expect(stdout).toMatch(/bad\.yaml:7:\d+: error UNKNOWN_REFERENCE items\[0\]\.owners/);
  expect(stdout).toMatch(/bad\.yaml:8:\d+: error UNKNOWN_REFERENCE gates\.must\[0\]/);
  expect(stdout).not.toContain('\u001b');
  expect(await failure(['start', bad])).toMatchObject({ exit: 2, error: { code: 'INVALID_PLAN' } });
});

test('a launch in the past is offered --launch-at before anything is reached', async () => {
  const past = file('past.yaml', GOOD.replace('+2d 14:00', '"2020-01-01 14:00"'));
  const found = await failure(['start', past]);
  expect(found).toMatchObject({ exit: 2, error: { code: 'LAUNCH_IN_PAST' } });
  expect(found.error.message).toContain('--launch-at');
  expect(await failure(['start', past, '--launch-at', '+1h'])).toMatchObject({ exit: 3 });
});

test.each([
  ['2020-01-01 10:00', 'LAUNCH_IN_PAST'],
  ['soon', 'BAD_LAUNCH_AT'],
])('--launch-at %p is refused as what it is, whatever the speed', async (when, code) => {
  const found = await failure(['start', file('good.yaml', GOOD), '--speed', '360', '--launch-at', when]);
  expect(found).toMatchObject({ exit: 2, error: { code } });
  expect(found.error.message).toContain('--launch-at');
});

test.each([['0'], ['fast'], ['-3']])('--speed %s is no factor', async (speed) => {
  const found = await failure(['start', file('good.yaml', GOOD), `--speed=${speed}`]);
  expect(found).toMatchObject({ exit: 2, error: { code: 'BAD_SPEED' } });
});

test('an import gives a plan that is valid; a document without anything to meet gives none', async () => {
  const markdown = file(
    'direction.md',
    '# Launch\n\n## Blockers\n\n### BLOCKER-1: Staging is down\n\n- Owner: DevOps\n- [ ] Staging answers 200\n\n## Must have\n\n- [ ] Staging works\n'
  );
  const out = join(folder, 'imported.yaml');
  const imported = await launch(['import', markdown, '--out', out, '--json']);
  expect(imported.code).toBe(0);
  expect(JSON.parse(imported.stdout)).toMatchObject({ plan: { version: 1 }, contradictions: expect.any(Array) });
  expect(await failure(['import', markdown, '--out', out])).toMatchObject({ exit: 2 });
  expect((await launch(['import', markdown, '--out', out, '--force'])).code).toBe(0);
  const empty = file('empty.md', '# Nothing\n\nJust words.\n');
  expect(await failure(['import', empty])).toMatchObject({ exit: 2, error: { code: 'NO_CRITERION' } });
});
