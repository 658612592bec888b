import { spawn, type ChildProcess } from 'node:child_process';
import { compiled } from '../../stack/paths';
import { until } from './until';

/** What one run of `launch` came to. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

type Env = { [name: string]: string };

const READY_WITHIN_MS = 90_000;
/** Settings of whoever runs the tests must not reach the command under test. */
export const OURS = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_PROFILE',
  'TEMPORAL_NAMESPACE',
  'DATABASE_URL',
  'FORCE_COLOR',
  'LAUNCH_AS',
  'LAUNCH_GATEWAY',
  'LAUNCH_TOKEN',
  'LAUNCH_TOKEN_FILE',
];

/** Nothing of this process's settings, and `env`. */
export function cleanEnv(env: Env): NodeJS.ProcessEnv {
  const rest = Object.entries(process.env).filter(
    ([name]) => !OURS.includes(name) && !(name.startsWith('LAUNCH_') && name !== 'LAUNCH_TEMPORAL_CLI')
  );
  return { ...Object.fromEntries(rest), ...env };
}

/** Runs `launch ARGS` as a process of its own, with nothing of this one's settings but `env`. */
export function launch(args: readonly string[], env: Env = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [compiled('cli/index.js'), ...args], { env: cleanEnv(env) });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The command line as a person types it: quotes keep words together. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** `launch up ARGS`, running. */
export interface Up {
  output(): string;
  child: ChildProcess;
  /** Ctrl-C; returns the exit code. */
  interrupt(): Promise<number | null>;
}

/** Starts `launch up ARGS` and returns when it says `ready`. */
export async function launchUp(args: readonly string[], env: Env = {}): Promise<Up> {
  const child = spawn(process.execPath, [compiled('cli/index.js'), 'up', ...args], { env: cleanEnv(env) });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await until(
    'ready',
    () => {
      if (child.exitCode !== null) return 'ended';
      return /^ready$/m.test(output);
    },
    READY_WITHIN_MS
  );
  if (child.exitCode !== null) throw new Error(`launch up has ended with ${child.exitCode}:\n${output}`);
  const interrupt = (): Promise<number | null> => {
    child.kill('SIGINT');
    return ended;
  };
  return { output: () => output, child, interrupt };
}
