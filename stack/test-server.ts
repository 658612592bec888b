import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './errors';
import { projectRoot } from './paths';
import { cachedProgram } from './program-cache';
import { elapsed, ticking } from './report';
import { runCommand } from './run-command';
import { sdkDownload } from './sdk-download';
import type { LocateOptions } from './temporal';

const EXECUTABLE = 'temporal-test-server';
const MAVEN_WITHIN_MS = 10 * 60_000;
const JAVA_ANSWERS_WITHIN_MS = 20_000;

export interface TestServerProgram {
  path: string;
  from: 'environment' | 'cache' | 'download' | 'build';
}

/**
 * Finds or obtains the time-skipping server that workflow tests run on: LAUNCH_TEST_SERVER, the user's cache, the SDK's
 * download, Maven with `tools/test-server/pom.xml`.
 * @throws StackError TEST_SERVER_UNAVAILABLE with why each way failed and what to do
 */
export async function locateTestServer({ report, env = process.env }: LocateOptions): Promise<TestServerProgram> {
  const given = env['LAUNCH_TEST_SERVER'];
  if (given) return { path: given, from: 'environment' };
  return await cachedProgram({
    folder: `test-server-${pinnedVersion()}-${process.platform}-${process.arch}`,
    executable: EXECUTABLE,
    report,
    env,
    unavailable,
    ways: [
      {
        from: 'download',
        obtain: (into) =>
          sdkDownload({ server: 'test-server', version: 'default', into, executable: EXECUTABLE, report, env }),
      },
      { from: 'build', obtain: (into) => fetchByMaven(into, { report, env }) },
    ],
  });
}

const POM = ['tools', 'test-server', 'pom.xml'];

function pinnedVersion(): string {
  const file = join(projectRoot(), ...POM);
  const version = /temporal-test-server<\/artifactId>\s*<version>([^<]+)</.exec(readFileSync(file, 'utf8'))?.[1];
  if (!version) throw new StackError('TEST_SERVER_UNAVAILABLE', `${file} does not pin temporal-test-server.`);
  return version;
}

async function fetchByMaven(into: string, { report, env = process.env }: LocateOptions): Promise<string | undefined> {
  const java = await runCommand('java', ['-version'], { timeoutMs: JAVA_ANSWERS_WITHIN_MS, env });
  if (java.code !== 0) return "maven: no 'java' on PATH";
  const startedAt = Date.now();
  report("Fetching Temporal's test server with Maven (38 MB, about 10 s)");
  const args = [
    '-q',
    '-B',
    '-f',
    join(projectRoot(), ...POM),
    'dependency:copy-dependencies',
    `-DoutputDirectory=${into}`,
  ];
  const maven = runCommand('mvn', args, { timeoutMs: MAVEN_WITHIN_MS, env });
  const { code, lastLines } = await ticking(report, 'fetching', maven);
  if (code !== 0) return `maven: ${lastLines || 'failed'}`;
  const wrapper = join(into, EXECUTABLE);
  writeFileSync(wrapper, '#!/bin/sh\nexec java -cp "$(dirname "$0")/*" io.temporal.testserver.TestServer "$@"\n');
  chmodSync(wrapper, 0o755);
  report(`Fetched in ${elapsed(startedAt)}`);
  return undefined;
}

function unavailable(reasons: string[]): StackError {
  return new StackError(
    'TEST_SERVER_UNAVAILABLE',
    [
      "Temporal's time-skipping test server is missing, and tests need it:",
      ...reasons.map((reason) => `  - ${reason}`),
      'Any one of these helps:',
      '  - install Java 17 or later and Maven (Debian: apt-get install default-jre-headless maven)',
      '  - set LAUNCH_TEST_SERVER to an executable of it',
    ].join('\n')
  );
}
