import { join, resolve } from 'node:path';
import { readConfig, type Config } from '../config';
import { migrate } from '../prisma/migrate';
import type { ChildSpec } from './child-process';
import { ChildFailed } from './errors';
import { ownDataFolder, type OwnedFolder } from './data-folder';
import { operatorTokenFile } from './operator-token';
import { compiled } from './paths';
import { startPlayground, type Playground } from './playground';
import { freePorts } from './ports';
import { startPostgres } from './postgres';
import { identify } from './process-identity';
import { Supervisor, type Child } from './processes';
import type { Report } from './report';
import { writeStack, type StackFile } from './stack-file';
import { provideTemporal, withoutTemporalSettings, type TemporalServer } from './temporal-server';

const WORKER_READY_WITHIN_MS = 60_000;
const GATEWAY_READY_WITHIN_MS = 60_000;
/** It ends what is under way, and tells every page to connect again. */
const GATEWAY_STOP_WITHIN_MS = 5_000;
/** Taken if free. */
const GATEWAY_PORT = 8_480;
const LOOPBACK = '127.0.0.1';
/** A worker finishes what it has in hand. */
const WORKER_STOP_WITHIN_MS = 10_000;
/**
 * What a process can only be told before it starts: together a third less memory under a thousand checks (`npm run bench --
 * checks`). glibc gives each of many threads an arena of its own, and keeps what is freed; V8 takes three times 16 MB for
 * new objects in each of two threads. The image sets the same (`Dockerfile`).
 */
const WORKER_MEMORY = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  NODE_OPTIONS: '--max-semi-space-size=4',
};

export interface StackOptions {
  /** The data folder; made when it is not there. */
  data: string;
  report: Report;
  env?: NodeJS.ProcessEnv;
  /** Taken if free, else others. */
  ports?: { temporal?: number; ui?: number; database?: number; gateway?: number };
  /** What the worker's checks may reach; see `readAccess`. */
  checks?: { config?: string; allowLocal?: boolean };
  /** With stand-ins for the world of the example, which checks may then reach, and nothing else. */
  playground?: boolean;
  /** The command that runs a worker and prints a line `ready` when it polls. */
  worker?: readonly [command: string, ...args: string[]];
}

export interface RunningStack {
  /** Where everything is now; what DATA/stack.json says too. */
  stack(): StackFile;
  /** Stops everything in order and leaves no process. */
  stop(): Promise<void>;
  /** Ends every process at once. */
  kill(): void;
}

/**
 * Starts what is not given of Temporal, database and worker, and keeps it running. Returns when the worker polls.
 * When it fails, or `signal` is aborted meanwhile, nothing is left running.
 * @throws StackError, ConfigError, SearchAttributesMissingError or LedgerError, each one clear message
 */
export async function startStack(options: StackOptions, signal?: AbortSignal): Promise<RunningStack> {
  const config = readConfig(options.env);
  const data = resolve(options.data);
  const owned = await ownDataFolder(data, options.report);
  const starting = new Start(data, owned, { ...options, config });
  try {
    await Promise.race([starting.run(), untilAborted(signal)]);
    return starting;
  } catch (error) {
    await starting.stop();
    throw error;
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(new Error('interrupted'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}

interface Parts {
  temporal: TemporalServer;
  database: { url: string; pid(): number | undefined };
  worker: Child;
  gateway: { url: string; child: Child };
  playground?: Playground;
}

class Start implements RunningStack {
  private readonly supervisor: Supervisor;
  private parts?: Parts;

  constructor(
    private readonly data: string,
    private readonly owned: OwnedFolder,
    private readonly options: StackOptions & { config: Config }
  ) {
    this.supervisor = new Supervisor({
      logs: join(data, 'logs'),
      report: options.report,
      onChange: (living) => {
        owned.recordChildren(living);
        if (this.parts) writeStack(data, this.stack());
      },
    });
  }

  async run(): Promise<void> {
    const { report, config } = this.options;
    const [temporal, database, playground] = await Promise.all([
      this.startTemporal(),
      this.startDatabase(),
      this.startPlayground(),
    ]);
    const [worker, gateway] = await Promise.all([
      this.supervisor.start(this.workerSpec({ temporal, database, playground })),
      this.startGateway({ temporal, database }),
    ]);
    this.parts = { temporal, database, worker, gateway, playground };
    const stack = this.stack();
    writeStack(this.data, stack);
    report(`Temporal  ${stack.temporal.address}${started(stack.temporal.pid)}`);
    if (stack.temporal.ui) report(`Its page  ${stack.temporal.ui}`);
    report(`Database  ${new URL(stack.database.url).host}${started(stack.database.pid)}`);
    report(`Worker    task queue ${config.taskQueue}${started(stack.worker.pid)}`);
    report(`Gateway   ${gateway.url}${started(gateway.child.pid() ?? null)}`);
    playground?.lines().forEach(report);
    report('ready');
  }

  stack(): StackFile {
    if (!this.parts) throw new Error('the stack is not up yet');
    const { temporal, database, worker, gateway, playground } = this.parts;
    const { taskQueue } = this.options.config;
    return {
      owner: identify(process.pid) ?? { pid: process.pid, start: 'unknown' },
      temporal: temporal.describe(),
      database: { url: database.url, pid: database.pid() ?? null },
      worker: { taskQueue, pid: worker.pid() ?? null },
      gateway: { url: gateway.url, pid: gateway.child.pid() ?? null },
      ...(playground ? { playground: playground.describe() } : {}),
    };
  }

  async stop(): Promise<void> {
    await this.supervisor.stopAll();
    this.owned.release();
  }

  kill(): void {
    this.supervisor.killAll();
    this.owned.release();
  }

  private startTemporal(): Promise<TemporalServer> {
    const { config, report, env = process.env, ports } = this.options;
    const wanted = { server: ports?.temporal, ui: ports?.ui };
    return provideTemporal(this.supervisor, { data: this.data, config, report, env, ports: wanted });
  }

  private async startDatabase(): Promise<Parts['database']> {
    const { config, report, ports } = this.options;
    const database = config.databaseUrl
      ? { url: config.databaseUrl, pid: () => undefined }
      : await startPostgres(this.supervisor, { folder: join(this.data, 'postgres'), report, port: ports?.database });
    await migrate(database.url, { report });
    return database;
  }

  private async startPlayground(): Promise<Playground | undefined> {
    const { playground, report } = this.options;
    return playground ? await startPlayground(this.supervisor, this.data, report) : undefined;
  }

  /** At its usual port if that is free, also when it is asked for it: two stacks may start at once. */
  private async startGateway(known: Pick<Parts, 'temporal' | 'database'>): Promise<Parts['gateway']> {
    const [usual] = await freePorts([this.options.ports?.gateway ?? GATEWAY_PORT]);
    return await this.startGatewayAt(usual!, known).catch(async (error: unknown) => {
      // Of a child that ended all that is known is what it said.
      if (!(error instanceof ChildFailed && error.output.includes('PORT_TAKEN'))) throw error;
      const [other] = await freePorts([undefined]);
      return await this.startGatewayAt(other!, known);
    });
  }

  private async startGatewayAt(port: number, known: Pick<Parts, 'temporal' | 'database'>): Promise<Parts['gateway']> {
    const listen = `${LOOPBACK}:${port}`;
    const token = operatorTokenFile(this.data);
    const child = await this.supervisor.start({
      name: 'gateway',
      command: process.execPath,
      args: [compiled('cli/index.js'), 'gateway', '--listen', listen, '--operator-token', token],
      env: this.childEnv(known),
      stopSignal: 'SIGTERM',
      stopWithinMs: GATEWAY_STOP_WITHIN_MS,
      readyWithinMs: GATEWAY_READY_WITHIN_MS,
      isReady: (output) => /^ready$/m.test(output),
    });
    return { url: `http://${listen}`, child };
  }

  /** What our own programs are told of where everything is. */
  private childEnv({ temporal, database }: Pick<Parts, 'temporal' | 'database'>): NodeJS.ProcessEnv {
    const { config, env = process.env } = this.options;
    const given = config.temporalAddress || config.temporalProfile ? env : withoutTemporalSettings(env);
    return {
      ...given,
      ...temporal.env,
      DATABASE_URL: database.url,
      LAUNCH_DATA: this.data,
      LAUNCH_TASK_QUEUE: config.taskQueue,
    };
  }

  private workerSpec({ temporal, database, playground }: Omit<Parts, 'worker' | 'gateway'>): ChildSpec {
    const { worker, checks } = this.options;
    const local = checks?.allowLocal ? ['--allow-local-checks'] : [];
    const [command, ...args] = worker ?? [process.execPath, compiled('cli/index.js'), 'worker', '--alone', ...local];
    return {
      name: 'worker',
      command,
      args,
      env: {
        ...WORKER_MEMORY,
        ...this.childEnv({ temporal, database }),
        // The only worker, which nobody rolls out: it takes whatever there is.
        LAUNCH_DEPLOYMENT: '',
        LAUNCH_BUILD_ID: '',
        ...(checks?.config === undefined ? {} : { LAUNCH_CONFIG: resolve(checks.config) }),
        ...playground?.env,
      },
      stopSignal: 'SIGTERM',
      stopWithinMs: WORKER_STOP_WITHIN_MS,
      readyWithinMs: WORKER_READY_WITHIN_MS,
      isReady: (output) => /^ready$/m.test(output),
    };
  }
}

function started(pid: number | null): string {
  return pid === null ? ' (given)' : ` (pid ${pid})`;
}
