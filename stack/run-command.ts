import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How much of a command's last output an error message repeats. */
const KEPT_LINES = 15;

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** The command is killed after that long. */
  timeoutMs?: number;
  /** Called for every line of its output and its errors. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  /** Null: it could not be started, or was killed. */
  code: number | null;
  /** Its last lines, output and errors mixed; when it could not be started or ran out of time, that. */
  lastLines: string;
}

const running = new Set<ChildProcess>();
process.on('exit', killRunningCommands);

/** Ends every command that still runs. */
export function killRunningCommands(): void {
  for (const child of running) end(child);
}

/** With all that it has started itself: they would write on, and hold its output open. */
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already, or a system without process groups.
    child.kill('SIGKILL');
  }
}

/** Runs a command to its end, without a shell and without an input. Never throws. It does not outlive this process. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {}
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const { cwd, env, timeoutMs } = options;
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    // Not spawn's own timeout: its timer goes on when the program cannot be started.
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => end(child), timeoutMs);
    running.add(child);
    const lines: string[] = [];
    const take = (line: string): void => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      options.onLine?.(line);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', take);
    child.once('error', (error) => finish(null, error.message));
    child.once('close', (code, signal) => {
      if (code === null) take(`(killed by ${signal ?? 'a signal'})`);
      finish(code, lines.join('\n'));
    });
    const finish = (code: number | null, lastLines: string): void => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, lastLines });
    };
  });
}
