import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './errors';
import { findGo } from './go';
import { projectRoot } from './paths';
import { cachedProgram } from './program-cache';
import { elapsed, type Report } from './report';
import { runCommand } from './run-command';
import { sdkDownload } from './sdk-download';

const EXECUTABLE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
/** The first server with all that the workflows use: user metadata, update-with-start, worker versioning. */
const OLDEST_SERVER = [1, 28] as const;
const BUILD_WITHIN_MS = 30 * 60_000;
const ANSWERS_WITHIN_MS = 20_000;
const BUILD_TICK_MS = 12_000;

export interface LocateOptions {
  report: Report;
  env?: NodeJS.ProcessEnv;
}

/** A `temporal` program that can start a development server. */
export interface TemporalProgram {
  path: string;
  /** What it says of itself, for example `1.5.1 (Server 1.29.1, UI 2.42.1)`. */
  version: string;
  from: 'environment' | 'path' | 'cache' | 'download' | 'build';
}

/**
 * Finds or obtains Temporal's command-line program, which holds the server: LAUNCH_TEMPORAL_CLI, `temporal` on PATH,
 * the user's cache, the SDK's download, a build from `tools/temporal/go.mod`. Everything that takes longer than a
 * moment is said through `report`.
 * @throws StackError TEMPORAL_UNAVAILABLE with why each way failed and what to do
 */
export async function locateTemporal({ report, env = process.env }: LocateOptions): Promise<TemporalProgram> {
  const given = env['LAUNCH_TEMPORAL_CLI'];
  if (given) return { path: given, version: await versionOfGiven(given), from: 'environment' };
  const onPath = await usableOnPath(report, env);
  if (onPath) return { path: 'temporal', version: onPath, from: 'path' };

  const version = pinnedVersion();
  const { path, from } = await cachedProgram({
    folder: `temporal-${version}-${process.platform}-${process.arch}`,
    executable: EXECUTABLE,
    report,
    env,
    unavailable,
    ways: [
      {
        from: 'download',
        obtain: (into) =>
          sdkDownload({ server: 'dev-server', version: `v${version}`, into, executable: EXECUTABLE, report, env }),
      },
      { from: 'build', obtain: (into) => build({ version, into, report, env }) },
    ],
  });
  return { path, version: (await versionOf(path)) ?? version, from };
}

/** The version that `tools/temporal/go.mod` pins; the download is of the same one. */
function pinnedVersion(): string {
  const file = join(projectRoot(), 'tools', 'temporal', 'go.mod');
  const version = /^\s*github\.com\/temporalio\/cli v(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1];
  if (!version) throw new StackError('TEMPORAL_UNAVAILABLE', `${file} does not pin github.com/temporalio/cli.`);
  return version;
}

async function versionOf(path: string, env?: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { code, lastLines } = await runCommand(path, ['--version'], { timeoutMs: ANSWERS_WITHIN_MS, env });
  return code === 0 ? /temporal version (.*)/.exec(lastLines)?.[1] : undefined;
}

async function versionOfGiven(path: string): Promise<string> {
  const version = await versionOf(path);
  if (version) return version;
  throw new StackError(
    'TEMPORAL_UNAVAILABLE',
    `LAUNCH_TEMPORAL_CLI: '${path}' is not a Temporal command-line program that runs here ('${path} --version' does not answer). Correct it or unset it.`
  );
}

async function usableOnPath(report: Report, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const version = await versionOf('temporal', env);
  const server = /Server (\d+)\.(\d+)/.exec(version ?? '');
  if (!version || !server) return undefined;
  const [major, minor] = [Number(server[1]), Number(server[2])];
  const [oldestMajor, oldestMinor] = OLDEST_SERVER;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return version;
  report(`The 'temporal' on PATH is too old (${version}, server ${OLDEST_SERVER.join('.')} is needed): not used`);
  return undefined;
}

interface Build {
  version: string;
  into: string;
  report: Report;
  env: NodeJS.ProcessEnv;
}

async function build({ version, into, report, env }: Build): Promise<string | undefined> {
  const folder = join(projectRoot(), 'tools', 'temporal');
  const go = await findGo(folder, env, report);
  if (typeof go === 'string') return go;

  const startedAt = Date.now();
  report(`Building Temporal ${version} from source with Go. Once only, about 4 minutes on 2 cores`);
  let seen = 0;
  const progress = setInterval(
    () => report(`  building: ${elapsed(startedAt)} so far, ${seen} packages`),
    BUILD_TICK_MS
  );
  const stamp = `-s -w -X github.com/temporalio/cli/temporalcli.Version=${version}`;
  const args = [
    'build',
    '-v',
    '-trimpath',
    '-ldflags',
    stamp,
    '-o',
    join(into, EXECUTABLE),
    'github.com/temporalio/cli/cmd/temporal',
  ];
  const { code, lastLines } = await runCommand(go.command, args, {
    cwd: folder,
    env: { ...go.env, CGO_ENABLED: '0' },
    timeoutMs: BUILD_WITHIN_MS,
    onLine: () => seen++,
  });
  clearInterval(progress);
  if (code !== 0) return `build: ${lastLines}`;
  report(`Built in ${elapsed(startedAt)}`);
  return undefined;
}

function unavailable(reasons: string[]): StackError {
  return new StackError(
    'TEMPORAL_UNAVAILABLE',
    [
      'There is no Temporal server to start:',
      ...reasons.map((reason) => `  - ${reason}`),
      'Any one of these helps:',
      '  - set TEMPORAL_ADDRESS=HOST:PORT to a Temporal that runs already',
      "  - install Temporal's command-line program, or set LAUNCH_TEMPORAL_CLI to it",
      '  - install Go (it is then built from source, once)',
    ].join('\n')
  );
}
