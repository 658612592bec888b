import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Connection } from '@temporalio/client';
import { join } from 'node:path';
import type { Config } from '../config';
import { ensureSearchAttributes, SEARCH_ATTRIBUTES } from '../worker/search-attributes';
import type { ChildSpec } from './child-process';
import { ChildFailed, hasCode, reasonOf, StackError } from './errors';
import { freePorts } from './ports';
import type { Supervisor } from './processes';
import type { Report } from './report';
import type { StackFile } from './stack-file';
import { locateTemporal } from './temporal';

const DEFAULT_PORT = 7233;
const DEFAULT_UI_PORT = 8233;
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
const CONNECT_WITHIN_MS = 10_000;
/** One attempt against a server that is only just starting. */
const ATTEMPT_WITHIN_MS = 2_000;
/** Twice as fast on a file as the default, and a crash of the server loses nothing. */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=1'];

export interface TemporalOptions {
  data: string;
  config: Config;
  report: Report;
  env: NodeJS.ProcessEnv;
  /** Taken if free. */
  ports?: { server?: number; ui?: number };
}

/** What the server prints when it listens. */
const SERVES = /^(Temporal )?Server:/im;

export interface TemporalServer {
  /** As in stack.json, the pid being the present one. */
  describe(): StackFile['temporal'];
  /** What a worker needs in its environment to reach it. */
  env: NodeJS.ProcessEnv;
}

/**
 * The Temporal that is given by the environment, or one started in the data folder; with our search attributes.
 * @throws StackError TEMPORAL_UNAVAILABLE or CHILD_FAILED, SearchAttributesMissingError
 */
export async function provideTemporal(supervisor: Supervisor, options: TemporalOptions): Promise<TemporalServer> {
  const { temporalAddress, temporalProfile } = options.config;
  return temporalAddress || temporalProfile ? await useGiven(options) : await startServer(supervisor, options);
}

async function useGiven({ env }: TemporalOptions): Promise<TemporalServer> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({ overrideEnvVars: definedOnly(env) });
  const address = connectionOptions.address ?? 'localhost:7233';
  try {
    await withConnection({ ...connectionOptions, connectTimeout: CONNECT_WITHIN_MS }, (connection) =>
      ensureSearchAttributes(connection, namespace)
    );
  } catch (error) {
    if (hasCode(error, 'SEARCH_ATTRIBUTES_MISSING')) throw error;
    throw new StackError(
      'TEMPORAL_UNAVAILABLE',
      `Temporal at ${address}, namespace '${namespace}', cannot be used (${reasonOf(error)}). Correct TEMPORAL_ADDRESS or the profile, or unset them to have one started here.`,
      { cause: error }
    );
  }
  return { describe: () => ({ address, namespace, ui: null, cli: null, pid: null }), env: {} };
}

async function startServer(supervisor: Supervisor, options: TemporalOptions): Promise<TemporalServer> {
  const { data, config, report, env } = options;
  const { namespace } = config;
  const { path: cli } = await locateTemporal({ report, env });
  const wanted = [options.ports?.server ?? DEFAULT_PORT, options.ports?.ui ?? DEFAULT_UI_PORT];
  const start = async (preferred: ReadonlyArray<number | undefined>) => {
    const [port = 0, uiPort = 0] = await freePorts(preferred);
    const spec = serverSpec({ cli, port, uiPort, namespace, file: join(data, 'temporal.db') });
    return { port, uiPort, child: await supervisor.start(spec) };
  };
  // Another stack that starts at this moment may take what was free.
  const { port, uiPort, child } = await start(wanted).catch((error: unknown) => {
    if (!(error instanceof ChildFailed && error.output.includes('address already in use'))) throw error;
    return start([undefined, undefined]);
  });
  const address = `127.0.0.1:${port}`;
  return {
    describe: () => ({ address, namespace, ui: `http://127.0.0.1:${uiPort}`, cli, pid: child.pid() ?? null }),
    env: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
  };
}

interface ServerSpec {
  cli: string;
  port: number;
  uiPort: number;
  namespace: string;
  file: string;
}

function serverSpec({ cli, port, uiPort, namespace, file }: ServerSpec): ChildSpec {
  const flags: Array<[flag: string, value: string]> = [
    ['--ip', '127.0.0.1'],
    ['--port', String(port)],
    ['--ui-port', String(uiPort)],
    ['--db-filename', file],
    ['--namespace', namespace],
    ['--log-level', 'error'],
    ...SQLITE_PRAGMAS.map((pragma): [string, string] => ['--sqlite-pragma', pragma]),
    // Faster than asking for them afterwards; on a file that exists already they are not looked at.
    ...Object.entries(SEARCH_ATTRIBUTES).map(([name, type]): [string, string] => [
      '--search-attribute',
      `${name}=${type}`,
    ]),
  ];
  return {
    name: 'temporal',
    command: cli,
    args: ['server', 'start-dev', ...flags.flat()],
    env: withoutTemporalSettings(process.env),
    stopSignal: 'SIGTERM',
    stopWithinMs: STOP_WITHIN_MS,
    readyWithinMs: READY_WITHIN_MS,
    isReady: async (output) => {
      // Until it says so it may be somebody else's server that answers at this address.
      if (!SERVES.test(output)) return false;
      const connection = { address: `127.0.0.1:${port}`, connectTimeout: ATTEMPT_WITHIN_MS };
      await withConnection(connection, (connected) => ensureSearchAttributes(connected, namespace));
      return true;
    },
  };
}

/** The server's own program reads the same variables, and a profile's credentials are not for this one. */
export function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function withConnection<T>(
  options: Parameters<typeof Connection.connect>[0],
  use: (connection: Connection) => Promise<T>
): Promise<T> {
  const connection = await Connection.connect(options);
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
