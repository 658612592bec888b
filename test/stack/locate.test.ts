import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { locateTemporal } from '../../stack/temporal';
import { locateTestServer } from '../../stack/test-server';
import { temporalPath, testServerPath } from '../support/servers';

let folder: string;
let said: string[];
const report = (line: string): void => void said.push(line);

beforeEach(() => {
  said = [];
  folder = mkdtempSync(join(tmpdir(), 'launch-locate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A machine with nothing on it: no program on PATH, no cache, no download. */
function bare(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    HOME: folder,
    PATH: join(folder, 'bin'),
    LAUNCH_CACHE: join(folder, 'cache'),
    LAUNCH_NO_DOWNLOAD: '1',
    ...more,
  };
}

function script(name: string, body: string): string {
  const path = join(folder, 'bin', name);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('Temporal', () => {
  test('with nothing on the machine there is one error, with every way that failed and every way out', async () => {
    const attempt = locateTemporal({ report, env: bare() });
    await expect(attempt).rejects.toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
    const { message } = (await attempt.catch((error: unknown) => error)) as Error;
    expect(message).toContain("no 'go' on PATH");
    expect(message).toContain('LAUNCH_NO_DOWNLOAD');
    expect(message).toMatch(/TEMPORAL_ADDRESS[^]*LAUNCH_TEMPORAL_CLI[^]*Go/);
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });

  test('a download that the network refuses fails over to the next way', async () => {
    const unreachable = bare({ LAUNCH_NO_DOWNLOAD: '', HTTPS_PROXY: 'http://127.0.0.1:1' });
    await expect(locateTemporal({ report, env: unreachable })).rejects.toThrow(/download: [^]*build: no 'go'/);
  });

  test('LAUNCH_TEMPORAL_CLI is taken, and refused when it is no Temporal', async () => {
    const good = await locateTemporal({ report, env: bare({ LAUNCH_TEMPORAL_CLI: temporalPath() }) });
    expect(good).toMatchObject({ path: temporalPath(), from: 'environment' });
    const env = bare({ LAUNCH_TEMPORAL_CLI: join(folder, 'nothing') });
    await expect(locateTemporal({ report, env })).rejects.toThrow(/LAUNCH_TEMPORAL_CLI: .*nothing/);
  });

  test('the one on PATH is used when its server is new enough, else it is said why not', async () => {
    script('temporal', "echo 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)'");
    expect(await locateTemporal({ report, env: bare() })).toMatchObject({ path: 'temporal', from: 'path' });
    script('temporal', "echo 'temporal version 0.12.0 (Server 1.23.0, UI 2.22.3)'");
    await expect(locateTemporal({ report, env: bare() })).rejects.toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
    expect(said.join('\n')).toContain('too old');
  });

  test('what is built is kept: two at once build once, the second of them waits', async () => {
    const log = join(folder, 'builds');
    script('go', fakeGo(log));
    const env = bare({ PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter) });
    const both = await Promise.all([locateTemporal({ report, env }), locateTemporal({ report, env })]);
    expect(both.map(({ from }) => from).sort()).toEqual(['build', 'cache']);
    expect(readdirSync(join(folder, 'cache'))).toHaveLength(1);
    expect(said.join('\n')).toMatch(/Building Temporal [\d.]+ from source with Go. Once only, about 4 minutes/);
    expect((await locateTemporal({ report, env })).from).toBe('cache');
  });

  test('a build that fails says so with its last lines, and leaves nothing in the cache', async () => {
    script('go', 'case "$1" in env) echo go1.25.0;; *) echo "no space left" >&2; exit 1;; esac');
    await expect(locateTemporal({ report, env: bare() })).rejects.toThrow(/build: no space left/);
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });

  test('a cache that cannot be written is one error that names LAUNCH_CACHE', async () => {
    writeFileSync(join(folder, 'cache'), 'a file where the folder should be');
    await expect(locateTemporal({ report, env: bare() })).rejects.toThrow(/cannot be written .*LAUNCH_CACHE/);
  });
});

/** Answers like go and "builds" a program that says a version. */
function fakeGo(log: string): string {
  return `case "$1" in
  env) echo go1.25.0;;
  build) echo built >> ${log}; sleep 0.5
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\necho "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"\\n' > "$2"; chmod 755 "$2";;
esac`;
}

describe('the time-skipping test server', () => {
  test('is there for the tests', () => {
    expect(existsSync(testServerPath())).toBe(true);
  });

  test('without Java there is one error with the ways out', async () => {
    const attempt = locateTestServer({ report, env: bare() });
    await expect(attempt).rejects.toMatchObject({ code: 'TEST_SERVER_UNAVAILABLE' });
    await expect(attempt).rejects.toThrow(/no 'java' on PATH[^]*Maven[^]*LAUNCH_TEST_SERVER/);
  });
});
