import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AllowedCommand } from '../../../activities/checks/access';
import { refusalsOf, runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json, ProbeCheck } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { requireBuild } from '../../support/built';
import { isRunning } from '../../support/running';
import { until } from '../../support/until';

const folder = mkdtempSync(path.join(tmpdir(), 'launch-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Given {
  rule?: Partial<AllowedCommand>;
  expect?: Json;
  env?: { [name: string]: string };
  /** ms */
  timeout?: number;
  signal?: AbortSignal;
}

const WORKER = { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8', WORKER_SECRET: 'hunter22' };

function ruled(rule: Partial<AllowedCommand>) {
  return localAccess(folder, { commands: { it: { run: '/bin/sh', args: [], folder, env: {}, ...rule } } });
}

function run(args: string[], { rule = {}, expect, env, timeout = 20_000, signal }: Given = {}): Promise<CheckResult> {
  const check = { type: 'command', command: 'it', args, ...(expect === undefined ? {} : { expect }) } as ProbeCheck;
  return runCheck(check, {
    signal: signal ?? AbortSignal.timeout(timeout),
    access: ruled({ args, ...rule }),
    env: (name) => ({ ...WORKER, ...env })[name],
    now: Date.now,
  });
}

/** A real script of a shell that the worker's configuration names, word for word. */
const script = (text: string, given?: Given): Promise<CheckResult> => run(['-c', text], given);

const node = (text: string, given?: Given): Promise<CheckResult> =>
  run(['-e', text], { ...given, rule: { run: process.execPath } });

let files = 0;
/** A file for a process to write its id to. */
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

const json = (at: string, rest: { [key: string]: Json }): Json => ({ json: [{ path: at, ...rest }] });

test.each<[outcome: string, what: string, text: string, expect?: Json]>([
  ['passed', 'an exit with 0', 'exit 0'],
  ['passed', 'the exit code that is asked for', 'exit 3', { exit: 3 }],
  ['passed', 'one of several exit codes', 'exit 3', { exit: [0, 3] }],
  ['passed', 'an output, without the line break at its end', 'echo ready', { output: { equals: 'ready' } }],
  ['passed', 'an output as a number', 'echo 42', { output: { atLeast: 42 } }],
  ['passed', 'no output, which is a text', ':', { output: { length: 0 } }],
  ['passed', 'an error output', 'echo warm >&2', { errorOutput: { matches: '^warm$' } }],
  ['passed', 'a value of an output as JSON', 'echo \'{"open":0}\'', json('$.open', { equals: 0 })],
  ['passed', 'one that reads its input: there is none', 'cat', { output: { equals: '' } }],
  ['passed', 'one that floods an output that nobody looks at', 'yes | head -c 100000000'],
  ['passed', 'one that leaves a process behind, where its output does not matter', 'sleep 600 & exit 0'],
  [
    'passed',
    'what was written before a process that is left behind',
    'sleep 600 & echo ok',
    { output: { equals: 'ok' } },
  ],

  ['failed', 'another exit code', 'exit 1'],
  ['failed', 'an exit with 0 where another is asked for', 'exit 0', { exit: 1 }],
  ['failed', 'an end by a signal', 'kill -s SEGV $$'],
  ['failed', 'another output', 'echo broken', { output: { equals: 'ready' } }],
  ['failed', 'an output as expected with another exit code', 'echo ready; exit 1', { output: { equals: 'ready' } }],
  ['failed', 'another value', 'echo \'{"open":2}\'', json('$.open', { equals: 0 })],
  ['failed', 'an absent value', "echo '{}'", json('$.open', { equals: 0 })],
  ['failed', 'another exit code with an output that is not JSON', 'exit 1', json('$.open', { equals: 0 })],

  ['inconclusive', 'an output that is not JSON', 'echo {', json('$.open', { exists: false })],
  ['inconclusive', 'more output than is read', 'yes', { output: { contains: 'y' } }],
  ['inconclusive', 'more error output than is read', 'yes >&2', { errorOutput: { contains: 'y' } }],
])('%s: %s', async (...[outcome, , text, expected]) => {
  expect(await script(text, { expect: expected })).toMatchObject({ outcome });
});

test('what was seen is one sentence with what was expected', async () => {
  expect((await script('exit 3')).seen).toMatch(/^command "it" exited with 3, expected 0 \(\d+ ms\)$/);
  expect((await script('kill -s KILL $$')).seen).toMatch(/^command "it" was ended by SIGKILL \(\d+ ms\)$/);
  expect((await script('echo a; echo b', { expect: { output: { equals: 'c' } } })).seen).toMatch(
    /^command "it" exited with 0, its output is "a\\nb", expected "c" \(\d+ ms\)$/
  );
});

describe('a program that cannot be started is errored', () => {
  const notExecutable = path.join(folder, 'not-executable');
  writeFileSync(notExecutable, '#!/bin/sh\n', { mode: 0o644 });
  test.each<[string, Partial<AllowedCommand>, string]>([
    ['that is not there', { run: '/nowhere/tool' }, 'there is no such program (ENOENT)'],
    ['that is not on the PATH', { run: 'no-such-tool-anywhere' }, 'there is no such program (ENOENT)'],
    ['that may not be executed', { run: notExecutable }, 'it may not be executed (EACCES)'],
    ['that is a folder', { run: folder }, 'it may not be executed (EACCES)'],
    ['whose folder is not there', { folder: '/nowhere' }, "its folder in the worker's configuration is not there"],
    ['whose variable is not set', { env: { KEY: { env: 'UNSET' } } }, "UNSET is not set in the worker's environment"],
  ])('%s', async (_, rule, reason) => {
    const result = await run([], { rule });
    expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining(reason) });
  });
});

describe('what a program is given', () => {
  test('is PATH, HOME, LANG and what its rule names, and its folder', async () => {
    const show =
      'process.stdout.write(JSON.stringify([Object.keys(process.env).sort(), process.cwd(), process.env.KEY]))';
    const expected = [['HOME', 'KEY', 'LANG', 'PATH'], folder, 'value'];
    const args = ['-e', show];
    const result = await run(args, {
      rule: { run: process.execPath, env: { KEY: 'value' } },
      expect: { output: { equals: JSON.stringify(expected) } },
    });
    expect(result).toMatchObject({ outcome: 'passed' });
  });

  test('is each argument as it is, for no shell looks at it', async () => {
    const args = ['$(id)', '; touch x', '`id`', '*', 'ä "quoted"', ''];
    const show = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const rules = ['-e', show, '--', ...args.map(() => ({ matches: '.*' }))];
    const result = await run(['-e', show, '--', ...args], {
      rule: { run: process.execPath, args: rules },
      expect: { output: { equals: JSON.stringify(args) } },
    });
    expect(result).toMatchObject({ outcome: 'passed' });
  });

  test('is not shown where it is secret, in whatever form it comes back', async () => {
    const rule = { env: { KEY: { env: 'WORKER_SECRET' } } };
    const { seen } = await script('echo "[$KEY]"', { rule, expect: { output: { equals: 'x' } } });
    expect(seen).toContain('its output is "[***]"');
    const inJson = await script('echo "{\\"key\\":\\"$KEY\\"}"', { rule, expect: json('$.key', { equals: 'x' }) });
    expect(inJson.seen).toContain('$.key is "***"');
  });
});

describe('what a plan may run', () => {
  const any = { matches: '.*' };
  const everything = { matches: '(?s).*' };
  test.each<[string, AllowedCommand['args'], string[], string]>([
    ['too few arguments', [any, any], ['a'], 'takes 2 arguments on this worker, and the check gives 1'],
    ['too many arguments', [any], ['a', 'b'], 'takes 1 arguments on this worker, and the check gives 2'],
    ['any argument where there is none', [], ['a'], 'takes 0 arguments'],
    ['another word', ['lint'], ['test'], 'is not what this worker allows there'],
    ['what only begins as the pattern says', [{ matches: 'v[0-9]+' }], ['v1; rm'], 'is not what this worker allows'],
    ['what only ends as the pattern says', [{ matches: 'main|dev' }], ['xdev'], 'is not what this worker allows'],
    ['a short option', [any], ['-x'], 'looks like an option'],
    ['a long option', [any], ['--upload-pack=id'], 'looks like an option'],
    ['the end of options', [any], ['--'], 'looks like an option'],
    ['standard input', [any], ['-'], 'looks like an option'],
    ['a file of arguments', [any], ['@/etc/passwd'], 'looks like an option'],
    ['an option by a pattern that is one', [{ matches: '--filter=[a-z]+' }], ['--filter=a'], 'looks like an option'],
    ['an option after the end of options', ['--', any], ['--', '-x'], 'looks like an option'],
    ['a line break', [everything], ['a\n-x'], 'one line without control characters'],
    ['a NUL', [everything], ['a\0b'], 'one line without control characters'],
    ['a terminal sequence', [everything], ['\u001b[2J'], 'one line without control characters'],
  ])('is refused before and at the run: %s', async (...[, rules, args, reason]) => {
    const access = ruled({ args: rules });
    const check = { type: 'command', command: 'it', args };
    expect(refusalsOf(check, access).join()).toContain(reason);
    expect(await run(args, { rule: { args: rules } })).toMatchObject({
      outcome: 'errored',
      seen: expect.stringContaining(reason),
    });
  });

  test.each<[string, AllowedCommand['args'], string[]]>([
    ['an option that the worker wrote itself', ['--quiet', { matches: '[a-z]+' }], ['--quiet', 'unit']],
    ['a dash that is no option', [{ matches: '.*' }], ['–help']],
    ['a dash inside', [{ matches: '[a-z-]+' }], ['end-to-end']],
    ['an empty one', [{ matches: '.*' }], ['']],
  ])('is allowed: %s', (_, rules, args) => {
    expect(refusalsOf({ type: 'command', command: 'it', args }, ruled({ args: rules }))).toEqual([]);
  });

  test.each(['other', 'constructor', 'toString'])('is only what has a name: %s', (command) => {
    expect(refusalsOf({ type: 'command', command }, ruled({}))).toEqual([
      `this worker has no command "${command}" (\`commands\`; it has "it"); allow it in the section \`checks\` of the worker's configuration, or change the plan`,
    ]);
  });
});

describe('a program that does not end', () => {
  /** Runs until the process has said its id, then gives up. */
  async function abandoned(start: (file: string, signal: AbortSignal) => Promise<CheckResult>) {
    const { file, pid } = pidFile();
    const waiting = new AbortController();
    const result = start(file, waiting.signal);
    const running = await until('the process runs', pid);
    expect(isRunning(running)).toBe(true);
    waiting.abort();
    return { pid: running, result: await result };
  }
  const notInTime = { outcome: 'errored', seen: 'command "it" did not end in time, and was ended' };

  test('is ended when the time is up', async () => {
    const { pid, result } = await abandoned((file, signal) => script(`echo $$ > ${file}; exec sleep 600`, { signal }));
    expect(result).toEqual(notInTime);
    await until('it has ended', () => !isRunning(pid));
  });

  test('is made to end where it ignores SIGTERM, and the run does not wait for that', async () => {
    const text = (file: string) =>
      `process.on('SIGTERM', () => {}); require('fs').writeFileSync('${file}', process.pid + '\\n'); setInterval(() => {}, 9e5)`;
    const { pid, result } = await abandoned((file, signal) => node(text(file), { signal }));
    expect(result).toEqual(notInTime);
    expect(isRunning(pid)).toBe(true); // it was asked to end, and did not
    await until('it has ended', () => !isRunning(pid));
  });

  test('takes what it has started with it', async () => {
    const { pid, result } = await abandoned((file, signal) =>
      script(`sh -c 'trap "" TERM; echo $$ > ${file}; while :; do sleep 1; done' & wait`, {
        signal,
        expect: { output: { equals: '' } },
      })
    );
    expect(result).toEqual(notInTime);
    await until('the process that it started has ended', () => !isRunning(pid));
  });

  test('is not started where nobody waits any more', async () => {
    const { file, pid } = pidFile();
    const result = await script(`echo $$ > ${file}`, { signal: AbortSignal.abort() });
    expect(result.outcome).toBe('errored');
    await script('exit 0'); // which would have let the other one begin
    expect(pid()).toBeUndefined();
  });
});

test('a process that it leaves in its group is ended with it', async () => {
  const { file, pid } = pidFile();
  const result = await script(
    `sh -c 'trap "" TERM; echo $$ > ${file}; sleep 600' & while ! [ -s ${file} ]; do :; done`
  );
  expect(result).toMatchObject({ outcome: 'passed' });
  const left = await until('it ran', pid);
  await until('it has ended', () => !isRunning(left));
});

test('a process that has left its group and holds the output open proves nothing, and holds nothing up', async () => {
  const { file, pid } = pidFile();
  const text = [
    "const options = { detached: true, stdio: ['ignore', 'inherit', 'ignore'] }",
    "const child = require('child_process').spawn('sleep', ['600'], options)",
    `require('fs').writeFileSync('${file}', child.pid + '\\n')`,
    'child.unref()',
    "console.log('ok')",
  ].join('; ');
  const held = await node(text, { expect: { output: { equals: 'ok' } } });
  process.kill((await until('it ran', pid))!, 'SIGKILL');
  expect(held).toMatchObject({
    outcome: 'inconclusive',
    seen: expect.stringContaining('something that it left running still holds its output open'),
  });
});

test('runs at the same time do not end each other', async () => {
  const waiting = new AbortController();
  const { file, pid } = pidFile();
  const other = script(`echo $$ > ${file}; sleep 600`, { signal: waiting.signal });
  await until('the other one runs', pid);
  const results = await Promise.all(Array.from({ length: 10 }, (_, code) => script(`exit ${code}`)));
  expect(results.map(({ outcome }) => outcome)).toEqual(['passed', ...Array.from({ length: 9 }, () => 'failed')]);
  expect(isRunning(pid()!)).toBe(true);
  waiting.abort();
  await other;
});

describe('a worker that is killed', () => {
  let worker: ChildProcess | undefined;
  afterEach(() => worker?.kill('SIGKILL'));

  test('leaves no program running', async () => {
    requireBuild();
    const { file, pid } = pidFile();
    const args = ['-c', `trap "" TERM; echo $$ > ${file}; while :; do sleep 1; done`];
    const stdio = { input: 'ignore', output: 'ignore', errorOutput: 'ignore' };
    const program = { run: '/bin/sh', args, folder, env: WORKER, stdio };
    const child = path.resolve('dist/activities/checks/child.js');
    const text = `require(${JSON.stringify(child)}).startChild(${JSON.stringify(program)}, new AbortController().signal)`;
    worker = spawn(process.execPath, ['-e', text], { stdio: 'inherit' });
    const running = await until('the program runs', pid);
    worker.kill('SIGKILL');
    await until('it has ended', () => !isRunning(running));
  });
});
