import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** A process that a SIGKILL does not end within this hangs in the kernel; nobody can do more. */
const KILLED_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 20;

/**
 * A process, told apart from a later one that got the same number: `start` is when it started, in whatever form the
 * system gives, only ever compared for equality.
 */
export const processSchema = z.object({ pid: z.number().int().positive(), start: z.string() });
export type ProcessIdentity = z.infer<typeof processSchema>;

/** Field 22 of /proc/PID/stat, counted after the closing parenthesis of the name, which may itself hold spaces. */
const START_TIME_AFTER_NAME = 19;
const STATE_AFTER_NAME = 0;

/** Undefined: there is no such process, or it is a zombie, or the system does not tell. */
export function identify(pid: number): ProcessIdentity | undefined {
  const start = process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
  return start ? { pid, start } : undefined;
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.start === identity.start;
}

/** Sends a signal if, and only if, the process is still the same one. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Asks the process to end, and after `graceMs` ends it. Returns when it is gone, or cannot be ended. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  signalProcess(identity, signal);
  if (await goneWithin(identity, graceMs)) return;
  signalProcess(identity, 'SIGKILL');
  await goneWithin(identity, KILLED_WITHIN_MS);
}

async function goneWithin(identity: ProcessIdentity, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await delay(LOOK_AGAIN_MS);
  }
  return true;
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE_AFTER_NAME] === 'Z' || fields[STATE_AFTER_NAME] === 'X') return undefined;
    return `${bootId()}/${fields[START_TIME_AFTER_NAME] ?? ''}`;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function startFromPs(pid: number): string | undefined {
  try {
    const shown = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [state, ...start] = shown.toString().trim().split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
}
