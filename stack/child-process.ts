import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ChildFailed, reasonOf } from './errors';
import type { Guarded } from './guard';
import { endProcess, identify, type ProcessIdentity } from './process-identity';

/** A log beyond this is put aside (one is kept) when its process starts the next time. */
const LOG_LIMIT_BYTES = 20_000_000;
/** How much of its log an error about a child repeats. */
const SHOWN_LOG_LINES = 12;
const SHOWN_LOG_BYTES = 64_000;
const LOOK_AGAIN_MS = 25;

export interface ChildSpec {
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  stopSignal: Guarded['stopSignal'];
  /** From the stop signal to SIGKILL. */
  stopWithinMs: number;
  /** From each start until `isReady`. */
  readyWithinMs: number;
  /** Asked again and again; `output` is what the process has written since it started. May throw: not yet. */
  isReady: (output: string) => Promise<boolean> | boolean;
  /** Runs before every start. */
  prepare?: () => Promise<void>;
}

/** One process of a child, from its start to its end. */
export interface Running {
  identity: ProcessIdentity | undefined;
  /** Resolves when it has ended, with how. */
  ended: Promise<string>;
  hasEnded(): boolean;
  /** What it has written since it started. */
  output(): string;
}

/** Starts the process in a session of its own, so that a Ctrl-C in the terminal reaches its owner alone. */
export function startProcess(spec: ChildSpec, log: string): Running {
  if (existsSync(log) && statSync(log).size > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
  const file = openSync(log, 'a', 0o600);
  const from = statSync(log).size;
  const child = spawn(spec.command, spec.args, { env: spec.env, detached: true, stdio: ['ignore', file, file] });
  closeSync(file);
  let how: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve((how = error.message)));
    child.once('exit', (code, signal) => resolve((how = signal ? `ended by ${signal}` : `exit code ${code}`)));
  });
  return {
    identity: child.pid === undefined ? undefined : identify(child.pid),
    ended,
    hasEnded: () => how !== undefined,
    output: () => readFrom(log, from),
  };
}

/**
 * Returns when the process is ready.
 * @throws ChildFailed when it ends before or takes too long (it is ended then), with its last output
 */
export async function untilReady(spec: ChildSpec, running: Running, log: string): Promise<void> {
  const deadline = Date.now() + spec.readyWithinMs;
  let lastReason = '';
  while (!running.hasEnded()) {
    try {
      if (await spec.isReady(running.output())) return;
    } catch (error) {
      lastReason = reasonOf(error);
    }
    if (Date.now() >= deadline) {
      if (running.identity) await endProcess(running.identity, spec.stopSignal, spec.stopWithinMs);
      const seconds = spec.readyWithinMs / 1_000;
      throw childFailed(
        `${spec.name} was not ready within ${seconds} s${lastReason && `: ${lastReason}`}`,
        running,
        log
      );
    }
    await Promise.race([delay(LOOK_AGAIN_MS), running.ended]);
  }
  throw childFailed(`${spec.name} did not start (${await running.ended})`, running, log);
}

function childFailed(what: string, running: Running, log: string): ChildFailed {
  const output = running.output();
  const lines = output.trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
  const shown = lines.some(Boolean) ? `It said:\n${lines.map((line) => `  ${line}`).join('\n')}` : 'It said nothing.';
  return new ChildFailed(`${what}. ${shown}\nIts whole log is ${log}`, output);
}

function readFrom(log: string, from: number): string {
  const size = statSync(log).size;
  const start = Math.max(from, size - SHOWN_LOG_BYTES);
  const buffer = Buffer.alloc(Math.max(0, size - start));
  const file = openSync(log, 'r');
  try {
    readSync(file, buffer, 0, buffer.length, start);
  } finally {
    closeSync(file);
  }
  return buffer.toString('utf8');
}
