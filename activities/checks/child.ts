/** Programs that checks run: without a shell, in a group of processes of their own, which is ended with them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import type { Setting } from './access';
import { settingOf } from './environment';
import { CannotRun, type CheckContext } from './result';

/** So long a program has to end after SIGTERM. */
const KILL_AFTER_MS = 2_000;
/** So long its output is waited for once it has ended: what it started may have left its group and hold it open. */
const DRAIN_MS = 1_000;

/** The only variables of the worker that a program sees. */
const INHERITED = ['PATH', 'HOME', 'LANG'];

/**
 * A process of its own for each program: is told the group, and ends it when its input ends, which is when the worker was
 * killed. Nothing of a plan or a configuration is in it.
 */
const GUARD = 'read group || exit; read _; kill -s TERM -- "-$group"; sleep 2; kill -s KILL -- "-$group"';

export interface Program {
  /** A path, or a name that is found on the PATH. */
  run: string;
  args: readonly string[];
  /** An absolute path. */
  folder: string;
  /** All that it sees. */
  env: { [name: string]: string };
  /** What is piped has to be read. */
  stdio: { [stream in 'input' | 'output' | 'errorOutput']: 'pipe' | 'ignore' };
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Something that the program has started still held its output open. */
  heldOpen: boolean;
}

export interface Child {
  process: ChildProcess;
  /** Settles when the program has ended and its output is read, or held open by something else. */
  ended: Promise<Exit>;
  /** Asks the program and its group to end, and makes them after a while. May be called again. */
  end: () => Promise<void>;
}

/** What a program sees, and what of it nobody else may: the values that come from the worker's environment by name. */
export function environmentOf(
  settings: { [name: string]: Setting },
  context: Pick<CheckContext, 'env'>
): { env: Program['env']; secrets: string[] } {
  const inherited = INHERITED.flatMap((name) => {
    const value = context.env(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const given = Object.entries(settings).map(([name, setting]) => [name, settingOf(setting, context)] as const);
  const secrets = given.filter(([name]) => typeof settings[name] === 'object').map(([, value]) => value);
  return { env: Object.fromEntries([...inherited, ...given]), secrets };
}

const REASONS: { [code: string]: string } = {
  ENOENT: 'there is no such program',
  EACCES: 'it may not be executed',
  ENOEXEC: 'it is not a program',
  EINVAL: 'it needs a shell, and checks have none',
};

interface Guard {
  watch: (group: number) => void;
  /** It is not needed any more. */
  end: () => void;
}

function startGuard(): Guard {
  const guard = spawn('/bin/sh', ['-c', GUARD], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} });
  guard.on('error', () => {}); // where there is no shell, a killed worker leaves its programs to themselves
  guard.stdin.on('error', () => {});
  return { watch: (group) => void guard.stdin.write(`${group}\n`), end: () => void guard.kill('SIGKILL') };
}

interface Started {
  child: ChildProcess & { pid: number };
  guard: Guard;
}

async function started(program: Program, signal: AbortSignal): Promise<Started> {
  const { run, args, folder, env, stdio } = program;
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false
  );
  if (!isFolder) throw new CannotRun("could not be started: its folder in the worker's configuration is not there");
  if (signal.aborted) throw new CannotRun('was not started: the time was up');
  const guard = startGuard(); // first, so that there is no time in which only the program runs
  try {
    const streams = [stdio.input, stdio.output, stdio.errorOutput];
    const child = spawn(run, args, { cwd: folder, env, stdio: streams, shell: false, detached: true });
    if (child.pid !== undefined) guard.watch(child.pid);
    child.stdin?.on('error', () => {}); // it may end before it has read everything
    await once(child, 'spawn');
    child.on('error', () => {}); // of a signal that could not be sent
    return { child: child as Started['child'], guard };
  } catch (error) {
    guard.end();
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new CannotRun(`could not be started: ${REASONS[code] ?? 'the system refused it'} (${code})`);
  }
}

/** The end of a program's output after its own end, if it comes soon. */
async function drained(child: ChildProcess, closed: Promise<unknown>): Promise<{ heldOpen: boolean }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => (timer = setTimeout(() => resolve(true), DRAIN_MS)));
  const heldOpen = (await Promise.race([closed, late])) === true;
  clearTimeout(timer);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { heldOpen };
}

/**
 * Starts a program. Whoever does must see to its `end`, also when `signal` aborts.
 * @throws CannotRun when it cannot be started, with the reason
 */
export async function startChild(program: Program, signal: AbortSignal): Promise<Child> {
  const { child, guard } = await started(program, signal);
  const signalGroup = (name: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // nobody is left in it
    }
  };
  let gone = false;
  const closed = new Promise((resolve) => child.once('close', resolve));
  const ended = new Promise<Exit>((resolve) => {
    child.once('exit', (code, by) => {
      gone = true;
      signalGroup('SIGKILL'); // what it has left running
      guard.end();
      void drained(child, closed).then(({ heldOpen }) => resolve({ code, signal: by, heldOpen }));
    });
  });
  const end = async (): Promise<void> => {
    if (!gone) signalGroup('SIGTERM');
    const timer = setTimeout(() => gone || signalGroup('SIGKILL'), KILL_AFTER_MS);
    await ended;
    clearTimeout(timer);
  };
  return { process: child, ended, end };
}

/** Settles with `work`, or with undefined as soon as nobody waits any more. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
