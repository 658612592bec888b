import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Connected } from '../client/connection';
import { compiled } from '../stack/paths';
import type { Report } from '../stack/report';
import { startStack, type RunningStack } from '../stack/up';

/** Somebody else's Temporal, database or settings are never loaded. */
const NOT_OURS = /^(TEMPORAL_|LAUNCH_(?!TEMPORAL_CLI$|CACHE$|NO_DOWNLOAD$)|DATABASE_URL$)/;

export interface OwnStack {
  stack: RunningStack;
  connected: Connected;
  /** Its data folder. */
  data: string;
}

export interface OwnStackOptions {
  report: Report;
  /** Of the worker's node, before the program. */
  nodeArgs?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/**
 * Works with a real server, Postgres and worker on loopback, in a folder that is gone afterwards, whatever happens. The
 * worker's checks may ask this machine.
 */
export async function withOwnStack<T>(
  { report, nodeArgs = [], env }: OwnStackOptions,
  signal: AbortSignal,
  work: (own: OwnStack) => Promise<T>
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'launch-bench-'));
  const [data, config] = [join(folder, 'stack'), join(folder, 'launch-director.yaml')];
  writeFileSync(config, 'checks: { allowLocal: true }\n');
  const program = [compiled('cli/index.js'), 'worker', '--alone', '--config', config, '--log-level', 'warn'];
  const worker = [process.execPath, ...nodeArgs, ...program] as const;
  const ours = Object.entries(process.env).filter(([name]) => !NOT_OURS.test(name));
  let stack: RunningStack | undefined;
  let connected: Connected | undefined;
  try {
    const given = { ...Object.fromEntries(ours), ...env };
    stack = await startStack({ data, report, env: given, worker }, signal);
    const { temporal, worker: running } = stack.stack();
    const { address, namespace } = temporal;
    connected = await connect({ address, namespace, taskQueue: running.taskQueue });
    return await work({ stack, connected, data });
  } finally {
    await connected?.close();
    await stack?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
