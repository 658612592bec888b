import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { until } from './until';

/** A program of a test's, with all that it has written. */
export interface Program {
  child: ChildProcess;
  output(): string;
  exit: Promise<number | null>;
}

export interface ProgramOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

const started = new Set<ChildProcess>();

export function run([command = '', ...args]: readonly string[], options: ProgramOptions): Program {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => text, exit };
}

/** One that says `ready` on a line of its own when it is. */
export async function ready(program: Program): Promise<Program> {
  await until('ready', () => program.child.exitCode !== null || /^ready$/m.test(program.output()));
  if (program.child.exitCode === null) return program;
  throw new Error(`it has ended with ${program.child.exitCode}:\n${program.output()}`);
}

/** Ends whatever this test has started and that has not ended. */
export async function killAll(): Promise<void> {
  const left = [...started].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  await Promise.all(left.map((child) => (child.kill('SIGKILL'), once(child, 'close'))));
}
